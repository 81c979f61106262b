/** The note of the open task: joined while the panel stands. */
import { useTranslation } from 'react-i18next';
import { useLiveDocument } from '#client/base/live/use-live-document.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { NoteBody } from '#client/plans/panel/note-body.tsx';
import styles from '#client/plans/panel/task-panel.module.css';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { AppError } from '#shared/base/errors.ts';
import { noteDocumentName } from '#shared/plans/doc.ts';
import { markNote } from '#shared/plans/edit.ts';
import { mayEditShared } from '#shared/plans/rules.ts';

/** Both companies read and write it; the sentence above says so. */
export function NoteSection({ taskId, isNoted }: { taskId: string; isNoted: boolean }) {
  const { t } = useTranslation('plans');
  const { planId, desk } = useOpenPlan();
  const live = useLiveDocument(noteDocumentName(planId, taskId));
  const isBlank = !live.mayWrite && !isNoted;
  return (
    <section aria-labelledby="note-title" className={styles['noteSection']}>
      <h3 id="note-title">{t('note.title')}</h3>
      <p className={styles['soft']}>{t('bothSee')}</p>
      {live.state === 'refused' && <ErrorBanner error={new AppError(live.code ?? 'internal')} />}
      {live.state === 'loading' && <p className={styles['soft']}>{t('note.loading')}</p>}
      {live.state === 'ready' && isBlank && <p className={styles['soft']}>{t('note.none')}</p>}
      {live.state === 'ready' && !isBlank && (
        <NoteBody
          key={live.doc.guid}
          live={live}
          onEdited={(hasText) => {
            if (mayEditShared(desk.standing)) markNote(desk, taskId, hasText);
          }}
        />
      )}
    </section>
  );
}
