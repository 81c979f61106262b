/** Where other people stand in the plan, as their tabs tell it; told places are checked, never trusted. */
import { type CellPlace, isColumn } from '#client/plans/table/columns.ts';
import type { Side } from '#shared/base/audience.ts';
import type { Place, PresentPerson } from '#shared/base/live.ts';
import { isTaskId } from '#shared/plans/task.ts';

/** One other person at a cell. */
export interface Other extends CellPlace {
  clientId: number;
  name: string;
  side: Side;
  isEditing: boolean;
}

/** The place told to others while one stands in a cell. */
export function placeOf(cell: CellPlace | null, isEditing: boolean): Place | null {
  return cell === null ? null : { task: cell.taskId, column: cell.column, editing: isEditing };
}

/** People at cells, by task; those who are elsewhere are left out. */
export function othersByTask(people: readonly PresentPerson[]): ReadonlyMap<string, readonly Other[]> {
  const byTask = new Map<string, Other[]>();
  for (const person of people) {
    const other = otherOf(person);
    if (other === null) continue;
    const list = byTask.get(other.taskId);
    if (list === undefined) byTask.set(other.taskId, [other]);
    else list.push(other);
  }
  return byTask;
}

function otherOf({ clientId, name, side, place }: PresentPerson): Other | null {
  const task = place?.['task'];
  const column = place?.['column'];
  if (!isTaskId(task) || !isColumn(column)) return null;
  return { taskId: task, column, clientId, name, side, isEditing: place?.['editing'] === true };
}

/** What the header shows of one person; several tabs of one person are one. */
export interface PersonHere {
  memberId: string;
  name: string;
  companyName: string;
  side: Side;
  state: 'here' | 'editing' | 'idle';
  /** Where a click leads; null when they stand at no row. */
  cell: CellPlace | null;
}

const rank = { editing: 2, here: 1, idle: 0 };

/** One entry a person, the liveliest tab of each, in a steady order by name. */
export function peopleHere(people: readonly PresentPerson[]): PersonHere[] {
  const byMember = new Map<string, PersonHere>();
  for (const person of people) {
    const { memberId, name, companyName, side, place } = person;
    const other = otherOf(person);
    const state = place?.['idle'] === true ? 'idle' : other?.isEditing === true ? 'editing' : 'here';
    const cell = other === null ? null : { taskId: other.taskId, column: other.column };
    const known = byMember.get(memberId);
    if (known !== undefined && rank[known.state] >= rank[state]) continue;
    byMember.set(memberId, { memberId, name, companyName, side, state, cell });
  }
  return [...byMember.values()].sort((one, two) => one.name.localeCompare(two.name));
}
