/** The note of a row at a moment: its text, what was put in and taken out, who wrote which part, and bringing it back. */
import { Button } from '@mantine/core';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import * as Y from 'yjs';
import { useLiveDocument } from '#client/base/live/use-live-document.ts';
import { Confirm } from '#client/base/parts/confirm.tsx';
import { Check } from '#client/history/check.tsx';
import type { ReadMoment } from '#client/history/record.ts';
import { useMomentText } from '#client/history/use-moment-text.ts';
import styles from '#client/plans/history/note-past.module.css';
import { type NoteLine, type NotePiece, noteLines } from '#client/plans/history/note-pieces.ts';
import { noteRestoring, restoreNote } from '#client/plans/history/restore-note.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import { noteDocumentName, noteField } from '#shared/plans/doc.ts';
import { markNote } from '#shared/plans/edit.ts';
import { mayEditShared } from '#shared/plans/rules.ts';
import type { TaskId } from '#shared/plans/task.ts';

/** `before` is null when nothing is compared; `past` is what the note can be brought back to, null for the present. */
export interface NotePastProps {
  task: { id: TaskId; title: string };
  after: ReadMoment | null;
  before: ReadMoment | null;
  past: ReadMoment | null;
  /** The moment in words. */
  moment: string;
}

/** Reads without joining; the note is joined only to be restored. */
export function NotePast({ task, after, before, past, moment }: NotePastProps) {
  const { t } = useTranslation('plans');
  const { planId, desk } = useOpenPlan();
  const [showsWho, setShowsWho] = useState(false);
  const name = noteDocumentName(planId, task.id);
  const lines = useMemo(() => {
    if (after === null) return null;
    const was = before === null ? null : (before.doc(name) ?? 'nothing');
    return noteLines(was, after.doc(name), {
      writer: (id) => after.writer(name, id),
      remover: (id) => after.remover(name, id),
    });
  }, [after, before, name]);
  const mayRestore = past !== null && mayEditShared(desk.standing);
  const hasText = lines !== null && lines.length > 0;
  return (
    <section className={styles['note']} aria-labelledby="past-note">
      <h3 id="past-note">{t('note.title')}</h3>
      {lines === null && <p className={styles['soft']}>{t('history.note.unknown')}</p>}
      {lines !== null && !hasText && (
        <p className={styles['soft']}>{t(before === null ? 'history.note.none' : 'history.note.none2')}</p>
      )}
      {hasText && (
        <>
          <Check words={t('history.note.who')} checked={showsWho} onCheck={setShowsWho} />
          <NoteText lines={lines} showsWho={showsWho} />
        </>
      )}
      {mayRestore && <NoteRestore task={task} name={name} past={past} moment={moment} />}
    </section>
  );
}

function NoteText({ lines, showsWho }: { lines: readonly NoteLine[]; showsWho: boolean }) {
  const rows = withKeys(lines);
  return (
    <div className={styles['text']} dir="auto" data-who={showsWho || undefined}>
      {rows.map(({ key, of: { kind, pieces } }) => (
        <p key={key} data-kind={kind}>
          {withKeys(pieces).map(({ key: at, of }) => (
            <Piece key={at} piece={of} />
          ))}
        </p>
      ))}
    </div>
  );
}

/** A text has no ids of its own to tell its parts apart by: their place does. */
function withKeys<Of>(list: readonly Of[]): { key: string; of: Of }[] {
  return list.map((of, at) => ({ key: `at ${at}`, of }));
}

function Piece({ piece: { fate, text, by } }: { piece: NotePiece }) {
  const { t } = useTranslation('history');
  const moments = useMomentText();
  const words = () => {
    if (by === null) return t('unknown');
    const { memberName: who, companyName: company } = by.author;
    const said = { who, company, moment: moments.full(by.atMs) };
    return fate === 'removed' ? t('removedBy', said) : t('written', said);
  };
  const Tag = ({ same: 'span', added: 'ins', removed: 'del' } as const)[fate];
  return (
    <Tag data-side={by?.author.side ?? 'none'} title={words()}>
      {text}
    </Tag>
  );
}

interface NoteRestoreProps extends Pick<NotePastProps, 'task' | 'moment'> {
  name: string;
  past: ReadMoment;
}

/** A restored note can be taken back at once, as long as the row stands open. */
function NoteRestore({ task, name, past, moment }: NoteRestoreProps) {
  const { t } = useTranslation('plans');
  const { desk } = useOpenPlan();
  const live = useLiveDocument(name);
  const { doc, state, mayWrite } = live;
  const [isAsked, setAsked] = useState(false);
  const [undo, setUndo] = useState<Y.UndoManager | null>(null);
  useEffect(() => () => undo?.destroy(), [undo]);
  if (state !== 'ready' || !mayWrite) return null;
  const act = () => {
    const manager = new Y.UndoManager(doc.getXmlFragment(noteField), {
      trackedOrigins: new Set([noteRestoring]),
    });
    markNote(desk, task.id, restoreNote(doc, past.doc(name)));
    setUndo(manager);
    setAsked(false);
  };
  const takeBack = () => {
    undo?.undo();
    const text = doc.getXmlFragment(noteField).toString();
    markNote(desk, task.id, text.replace(/<[^>]*>/g, '').trim() !== '');
    setUndo(null);
  };
  const title = task.title === '' ? t('row.untitled') : task.title;
  return (
    <div className={styles['restore']}>
      <Button variant="default" size="xs" onClick={() => setAsked(true)}>
        {t('history.note.restore')}
      </Button>
      <output className={styles['soft']}>{undo !== null && t('history.note.done')}</output>
      {undo !== null && (
        <Button variant="subtle" size="xs" onClick={takeBack}>
          {t('history.note.undo')}
        </Button>
      )}
      {isAsked && (
        <Confirm
          title={t('history.note.title')}
          text={t('history.note.text', { title, moment })}
          act={t('history.note.restore')}
          pending={false}
          error={null}
          onAct={act}
          onClose={() => setAsked(false)}
        />
      )}
    </div>
  );
}
