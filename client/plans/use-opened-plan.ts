/** Makes of documents, plan and workspace the one open plan that every part of the page works with. */
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { readerLocale } from '#client/base/moments.ts';
import type { RelationshipView } from '#client/partners/api.ts';
import { lockOf } from '#client/plans/cell-lock.ts';
import { localToday } from '#client/plans/date-text.ts';
import { useNotices } from '#client/plans/notices/use-notices.ts';
import type { OpenPlan } from '#client/plans/plan-context.ts';
import { addBelow, removableWith } from '#client/plans/plan-deeds.ts';
import type { CellPlace } from '#client/plans/table/columns.ts';
import { lockWords } from '#client/plans/use-lock-words.ts';
import type { PlanDocuments } from '#client/plans/use-plan-documents.ts';
import { usePlanUndo } from '#client/plans/use-plan-undo.ts';
import { usePlanView } from '#client/plans/use-plan-view.ts';
import { removeTasks } from '#shared/plans/edit.ts';
import { mayWritePlan } from '#shared/plans/rules.ts';
import type { Plan } from '#shared/plans/shape.ts';

/** How long a sentence under the plan stays. */
const saidMs = 8_000;

/** What opening takes. */
export interface OpenedFrom {
  plan: Plan;
  workspace: RelationshipView;
  documents: PlanDocuments;
}

/** The open plan, its view, and the few things the page itself must show. */
export function useOpenedPlan({ plan, workspace, documents }: OpenedFrom) {
  const { t, i18n } = useTranslation('plans');
  const { view, reader, columns } = usePlanView(documents.docs);
  const { said, say } = useSaid();
  const notices = useNotices();
  const { notify } = notices;
  const [removedHere] = useState(() => new Set<string>());
  const [asked, setAsked] = useState<string | null>(null);
  const { relationship } = workspace;
  const { side } = relationship;
  const { origin, undo } = usePlanUndo(documents.docs, side);
  const mayWrite = mayWriteIn({ plan, workspace, documents });
  const desk = useMemo(
    () => ({ columns, standing: { side, mayWrite }, origin }),
    [columns, side, mayWrite, origin],
  );
  const people = usePeople(workspace);
  const locale = readerLocale(i18n.language, navigator.languages);
  const open = useMemo<OpenPlan>(() => {
    const companies = { buyer: relationship.buyer.name, supplier: relationship.supplier.name };
    const made: OpenPlan = {
      planId: plan.id,
      desk,
      latest: reader.view,
      companies,
      people,
      reading: { today: localToday(new Date()), locale },
      undo,
      say,
      notify,
      lastHands: new Map(),
      askHandOver: setAsked,
      remove(taskId) {
        const row = reader.view().byId.get(taskId);
        if (row === undefined) return;
        const ids = removableWith(made, taskId);
        if (ids.length === 0) {
          say(mayWrite ? t('lock.remove', { company: companies[row.task.owner] }) : t('lock.viewOnly'));
          return;
        }
        for (const id of ids) removedHere.add(id);
        removeTasks(desk, ids);
        say(t('said.removed', { count: ids.length }));
      },
    };
    return made;
  }, [plan.id, desk, reader, relationship, people, locale, undo, say, notify, mayWrite, removedHere, t]);

  return {
    open,
    view,
    reader,
    said,
    notices,
    wasRemovedHere: (taskId: string) => removedHere.has(taskId),
    asked,
    setAsked,
    addMilestone: () => addBelow(open, null, { kind: 'milestone', title: t('empty.firstTitle') }),
    sayLocked(cell: CellPlace) {
      const row = view.byId.get(cell.taskId);
      const lock = row === undefined ? null : lockOf(desk.standing, row, cell.column);
      if (row !== undefined && lock !== null)
        say(lockWords(t, lock, { company: open.companies[row.task.owner], column: cell.column }));
    },
  };
}

/** What `useOpenedPlan` gives. */
export type OpenedPlan = ReturnType<typeof useOpenedPlan>;

/** The server judges; this only keeps buttons and keys from offering what it would refuse. */
function mayWriteIn({ plan, workspace: { relationship }, documents: { live } }: OpenedFrom): boolean {
  const { role, state, side } = relationship;
  return mayWritePlan(role, state, plan.state) && live.shared.mayWrite && live[side].mayWrite;
}

/** People of both sides, by member id. */
function usePeople({ participants }: RelationshipView): OpenPlan['people'] {
  return useMemo(
    () => new Map(participants.map(({ member, side }) => [member.id, { ...member, side }])),
    [participants],
  );
}

/** A sentence that goes by itself; saying the same again announces it again. */
function useSaid(): { said: string; say: (words: string) => void } {
  const [said, setSaid] = useState({ words: '', times: 0 });
  const say = useRef((words: string) => setSaid(({ times }) => ({ words, times: times + 1 })));
  useEffect(() => {
    if (said.words === '') return undefined;
    const timer = setTimeout(() => setSaid({ words: '', times: 0 }), saidMs);
    return () => clearTimeout(timer);
  }, [said]);
  return { said: said.words, say: say.current };
}
