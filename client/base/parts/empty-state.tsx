/** The five kinds of nothing to show; each says why in words, and has at most one action. */
import { IconCircleCheck, IconLock, IconPlugConnectedX, IconSearch, IconSparkles } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import styles from '#client/base/parts/empty-state.module.css';

const icons = {
  first: IconSparkles,
  cleared: IconCircleCheck,
  noResults: IconSearch,
  error: IconPlugConnectedX,
  noAccess: IconLock,
};

/** What is said: `first` = nothing made yet, `cleared` = all done. */
export interface EmptyStateProps {
  kind: keyof typeof icons;
  title: string;
  text?: string;
  /** One button or link. */
  action?: ReactNode;
  /** Level of the heading; 2 unless the state stands below a second-level heading. */
  level?: 2 | 3;
}

/** Icon, one line, one sentence, one action. */
export function EmptyState({ kind, title, text, action, level = 2 }: EmptyStateProps) {
  const Icon = icons[kind];
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <div className={styles['empty']} data-kind={kind}>
      <Icon size={22} stroke={1.6} aria-hidden />
      <Heading className={styles['title']}>{title}</Heading>
      {text !== undefined && <p className={styles['text']}>{text}</p>}
      {action !== undefined && <div className={styles['action']}>{action}</div>}
    </div>
  );
}
