/** Tells of every edit of one's own that met one of somebody else, for as long as the plan is open. */
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { type CellClash, clashNotice } from '#client/plans/clashes/clash-notice.ts';
import { type Clash, watchClashes } from '#client/plans/clashes/watch-clashes.ts';
import { showDate } from '#client/plans/date-text.ts';
import type { Other } from '#client/plans/others.ts';
import type { OpenPlan } from '#client/plans/plan-context.ts';
import type { Side } from '#shared/base/audience.ts';
import type { PresentPerson } from '#shared/base/live.ts';
import type { PlanDocs } from '#shared/plans/doc.ts';
import { setDates, setProgress } from '#shared/plans/edit.ts';
import { readDates, readProgress, readTitle } from '#shared/plans/rules.ts';
import { taskIdLength } from '#shared/plans/task.ts';

/** Who is here, and who of them stands where. */
export interface Company {
  people: readonly PresentPerson[];
  others: ReadonlyMap<string, readonly Other[]>;
  whoseHand: (taskId: string) => Side | null;
}

const watched = { title: ['title'], dates: ['start', 'finish'], progress: ['progress'] } as const;
type Watched = keyof typeof watched;

/** The names of the last hands are kept in the plan, by task. */
export function useClashes(plan: OpenPlan, docs: PlanDocs, company: Company): void {
  const { t } = useTranslation('plans');
  const latest = useRef({ plan, company, t });
  latest.current = { plan, company, t };
  const { shared } = docs;
  const own = docs[plan.desk.standing.side];
  useEffect(() => {
    const stops = [shared, own, own].map((doc, at) => {
      const root = (['title', 'dates', 'progress'] as const)[at] ?? 'title';
      return watchClashes(doc.getMap(root), {
        isContested(key) {
          const here = latest.current.company.others.get(key.slice(0, taskIdLength)) ?? [];
          return here.some(
            ({ column, isEditing }) => isEditing && watched[root].some((one) => one === column),
          );
        },
        written(key, client) {
          const taskId = key.slice(0, taskIdLength);
          const who = whoIs(latest.current, taskId, client);
          if (who === null) latest.current.plan.lastHands.delete(taskId);
          else latest.current.plan.lastHands.set(taskId, who);
        },
        clash(clash) {
          const now = latest.current;
          const taskId = clash.key.slice(0, taskIdLength);
          const cell = cellClash(now.plan, root, clash, whoIs(now, taskId, clash.client));
          // After the step under way: taking a text back must not become a part of it.
          if (cell.mine !== cell.theirs)
            queueMicrotask(() => now.plan.notify(clashNotice(now.t, now.plan, cell)));
        },
      });
    });
    return () => {
      for (const stop of stops) stop();
    };
  }, [shared, own]);
}

function whoIs(now: { plan: OpenPlan; company: Company }, taskId: string, client: number): string | null {
  const person = now.company.people.find(({ clientId }) => clientId === client);
  const side = now.company.whoseHand(taskId);
  return person?.name ?? (side === null ? null : now.plan.companies[side]);
}

function cellClash(plan: OpenPlan, root: Watched, clash: Clash, who: string | null): CellClash {
  const { mine, theirs, stands } = clash;
  const other = stands === 'mine' ? theirs : mine;
  const taskId = clash.key.slice(0, taskIdLength);
  const common = { taskId, column: watched[root][0], stands, who };
  if (root === 'title') return { ...common, mine: readTitle(mine), theirs: readTitle(theirs) };
  if (root === 'progress') {
    const words = (value: unknown) => `${readProgress(value)}%`;
    const take = () => setProgress(plan.desk, taskId, readProgress(other));
    return { ...common, mine: words(mine), theirs: words(theirs), take };
  }
  const words = (value: unknown) => {
    const { start, finish } = readDates(value);
    return `${showDate(start, plan.reading)} – ${showDate(finish, plan.reading)}`;
  };
  const take = () => setDates(plan.desk, taskId, readDates(other));
  return { ...common, mine: words(mine), theirs: words(theirs), take };
}
