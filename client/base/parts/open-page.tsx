/** The layout of pages that need no sign-in: the mark, one heading, one column; a calm picture beside it when wide. */
import { type ReactNode, useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Logo } from '#client/base/parts/logo.tsx';
import styles from '#client/base/parts/open-page.module.css';
import { SharedPlanPicture } from '#client/base/parts/shared-plan-picture.tsx';

/** `lead` is one sentence below the heading. */
export interface OpenPageProps {
  title: string;
  lead?: ReactNode;
  children: ReactNode;
}

/** Sets the document's title; the heading takes the focus of the first Tab's start. */
export function OpenPage({ title, lead, children }: OpenPageProps) {
  const { t } = useTranslation();
  useEffect(() => {
    document.title = `${title} · ${t('product')}`;
  }, [title, t]);
  return (
    <div className={styles['page']}>
      <main className={styles['main']}>
        <p className={styles['brand']}>
          <Logo size={28} />
          {t('product')}
        </p>
        <h1 className={styles['title']}>{title}</h1>
        {lead !== undefined && <p className={styles['lead']}>{lead}</p>}
        {children}
      </main>
      <aside className={styles['picture']}>
        <SharedPlanPicture />
        <p className={styles['motto']}>{t('motto')}</p>
        <p className={styles['mottoText']}>{t('mottoText')}</p>
      </aside>
    </div>
  );
}
