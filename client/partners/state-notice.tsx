/** Says above a workspace that it is not simply active, and what that means. */
import { IconInfoCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import styles from '#client/partners/state-notice.module.css';
import type { RelationshipState } from '#shared/partners/shape.ts';

/** Nothing for an active workspace. */
export function StateNotice({ state }: { state: RelationshipState }) {
  const { t } = useTranslation('partners');
  if (state === 'active') {
    return null;
  }
  return (
    <p className={styles['notice']} role="status">
      <IconInfoCircle size={17} stroke={1.7} aria-hidden />
      {t(`workspace.${state}Text`)}
    </p>
  );
}
