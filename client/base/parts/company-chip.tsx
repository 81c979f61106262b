/** The chip of a company in a workspace: its side by colour, shape and icon, its name in words. */
import { IconBuildingFactory2, IconBuildingStore } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from '#client/base/parts/company-chip.module.css';
import type { Side } from '#shared/base/audience.ts';

const icons = { buyer: IconBuildingStore, supplier: IconBuildingFactory2 };

/** `shrinks` leaves only the shape on narrow screens; the name stays for screen readers. */
export function CompanyChip({
  name,
  side,
  shrinks = false,
}: {
  name: string;
  side: Side;
  shrinks?: boolean;
}) {
  const { t } = useTranslation();
  const Icon = icons[side];
  return (
    <span className={styles['chip']} data-side={side} data-shrinks={shrinks || undefined}>
      <Icon size={15} stroke={1.7} aria-hidden />
      <bdi className={styles['name']}>{name}</bdi>
      <span className="visually-hidden">, {t(`side.${side}`)}</span>
    </span>
  );
}
