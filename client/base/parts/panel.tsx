/** A titled part of a page. */
import { type ReactNode, useId } from 'react';
import styles from '#client/base/parts/panel.module.css';

/** `aside` stands at the end of the heading's row: a count, or one quiet button. */
export interface PanelProps {
  title: string;
  aside?: ReactNode;
  children: ReactNode;
}

/** A section named by its heading. */
export function Panel({ title, aside, children }: PanelProps) {
  const id = useId();
  return (
    <section className={styles['panel']} aria-labelledby={id}>
      <header className={styles['head']}>
        <h2 id={id}>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}
