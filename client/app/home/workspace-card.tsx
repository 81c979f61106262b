/** One workspace on the home page: its name, both companies, one's own side. */
import '#client/partners/words.ts';
import { IconArrowRight } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'react-router';
import styles from '#client/app/home/home-page.module.css';
import { useMomentWords } from '#client/base/moments.ts';
import { CompanyChip } from '#client/base/parts/company-chip.tsx';
import { relationshipPath } from '#client/base/paths.ts';
import type { Relationship } from '#shared/partners/shape.ts';

/** The whole card is the link; its name is the workspace's. */
export function WorkspaceCard({ relationship }: { relationship: Relationship }) {
  const { t } = useTranslation('app');
  const { t: partners } = useTranslation('partners');
  const { day } = useMomentWords();
  const { id, name, state, buyer, supplier, side, since } = relationship;
  return (
    <li className={styles['card']}>
      <Link to={relationshipPath(id)} className={styles['name'] ?? ''}>
        <bdi>{name}</bdi>
      </Link>
      <span className={styles['companies']}>
        <CompanyChip name={buyer.name} side="buyer" />
        <IconArrowRight size={14} stroke={1.7} aria-hidden />
        <CompanyChip name={supplier.name} side="supplier" />
      </span>
      <span className={styles['foot']}>
        <span>{t(side === 'buyer' ? 'home.youAreBuyer' : 'home.youAreSupplier')}</span>
        {state === 'active' ? (
          <span>{t('home.since', { date: day(since) })}</span>
        ) : (
          <span className={styles['state']}>{partners(`state.${state}`)}</span>
        )}
      </span>
    </li>
  );
}
