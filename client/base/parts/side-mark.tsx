/** The mark of a side: a blue square for the buyer, an orange circle for the supplier. */
import { useTranslation } from 'react-i18next';
import styles from '#client/base/parts/side-mark.module.css';
import type { Side } from '#shared/base/audience.ts';

/** Shape and colour of a side. `named` adds the word for readers who do not see it; leave out beside visible words. */
export function SideMark({ side, named = false }: { side: Side; named?: boolean }) {
  const { t } = useTranslation();
  const word = named ? { role: 'img', 'aria-label': t(`side.${side}`) } : { 'aria-hidden': true };
  return <span className={styles['mark']} data-side={side} {...word} />;
}
