/** Every document of a plan whose edits are shown as saved, waiting or refused, under the name people call it by. */
import { useTranslation } from 'react-i18next';
import type { LiveView } from '#client/base/live/live-view.ts';
import { useLiveDocuments } from '#client/base/live/use-live-documents.ts';
import { useRefusedDocuments } from '#client/base/live/use-refused-documents.ts';
import { useOpenPlan } from '#client/plans/plan-context.ts';
import type { UnsavedPart } from '#client/plans/unsaved/read-unsaved.ts';
import { noteDocumentName, type PlanDocs, planDocumentNames } from '#shared/plans/doc.ts';
import { isTaskId, type TaskId } from '#shared/plans/task.ts';

/** One document with what people call it and what is seen of it. */
export interface PlanPart {
  /** On the wire. */
  name: string;
  words: string;
  view: LiveView;
  unsaved: UnsavedPart;
}

/**
 * In order of importance: the three documents, the open note, and notes with edits that were set aside.
 * @param openNote - the row whose panel stands open
 */
export function usePlanParts(live: Record<keyof PlanDocs, LiveView>, openNote: string | null): PlanPart[] {
  const { t } = useTranslation('plans');
  const { planId, latest } = useOpenPlan();
  const names = planDocumentNames(planId);
  const notes = useNotes(planId, openNote);
  const rows = latest().tasks;
  return [
    ...(['shared', 'buyer', 'supplier'] as const).map((kind) => ({
      name: names[kind],
      words: t(`save.${kind}`),
      view: live[kind],
      unsaved: { kind, refused: live[kind].refused },
    })),
    ...notes.map(({ taskId, name, view }) => ({
      name,
      words:
        taskId === openNote
          ? t('save.note')
          : t('save.noteOf', { title: rows.get(taskId)?.title || t('row.untitled') }),
      view,
      unsaved: { kind: 'note' as const, taskId, refused: view.refused },
    })),
  ];
}

function useNotes(planId: string, openNote: string | null) {
  const prefix = noteDocumentName(planId, '');
  const refused = useRefusedDocuments(prefix).map((name) => name.slice(prefix.length));
  const ids = new Set<TaskId>([...(openNote === null ? [] : [openNote]), ...refused.filter(isTaskId)]);
  const notes = [...ids].map((taskId) => ({ taskId, name: noteDocumentName(planId, taskId) }));
  const views = useLiveDocuments(notes.map(({ name }) => name));
  return notes.flatMap((note, at) => {
    const view = views[at];
    return view === undefined ? [] : [{ ...note, view }];
  });
}
