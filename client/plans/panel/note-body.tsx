/** A note that is there: its editor, whose chunk is loaded when first needed, or in its place why it cannot be shown. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type * as Y from 'yjs';
import { laterPart, useLaterPart } from '#client/base/later-part.ts';
import type { LiveView } from '#client/base/live/live-view.ts';
import { ErrorBanner } from '#client/base/parts/error-banner.tsx';
import { NoteBoundary } from '#client/plans/panel/note-boundary.tsx';
import { isNoteFit, mendNote, noteFragment } from '#client/plans/panel/note-shape.ts';
import styles from '#client/plans/panel/task-panel.module.css';

/** The editor of notes, by far the largest part of a plan's page. */
export const noteEditor = laterPart(
  async () => (await import('#client/plans/panel/note-editor.tsx')).NoteEditor,
);

/** The note's document as joined, and who is told whether it holds text after an edit made here. */
export interface NoteBodyProps {
  live: LiveView;
  onEdited: (hasText: boolean) => void;
}

/** The other company writes the same document, so nothing it puts there may reach further than this place. */
export function NoteBody({ live, onEdited }: NoteBodyProps) {
  const { t } = useTranslation('plans');
  const { doc, mayWrite } = live;
  const { part: NoteEditor, failed, retry: loadAgain } = useLaterPart(noteEditor);
  const [tries, setTries] = useState(0);
  const [isUnfit, setUnfit] = useState(() => !isShowable(doc));
  const retry = () => {
    setUnfit(!isShowable(doc));
    setTries(tries + 1);
  };
  const mend = () => {
    const fragment = noteFragment(doc);
    if (fragment !== null) mendNote(fragment);
    retry();
  };
  const problem = (
    <>
      <ErrorBanner error="unfit" words={t('note.unfit')} onRetry={retry} />
      {mayWrite && (
        <Button variant="default" size="xs" onClick={mend}>
          {t('note.mend')}
        </Button>
      )}
    </>
  );
  if (isUnfit) return problem;
  if (failed) return <ErrorBanner error="failed" words={t('note.failed')} onRetry={loadAgain} />;
  if (NoteEditor === null) return <p className={styles['soft']}>{t('note.loading')}</p>;
  return (
    <NoteBoundary key={tries} fallback={problem}>
      <NoteEditor live={live} onEdited={onEdited} onUnfit={() => setUnfit(true)} />
    </NoteBoundary>
  );
}

function isShowable(doc: Y.Doc): boolean {
  const fragment = noteFragment(doc);
  return fragment !== null && isNoteFit(fragment);
}
