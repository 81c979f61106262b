/** One cell of the table: its role, ring, lock, the flags of other people in it, and the wash of a change from elsewhere. */
import type { ReactNode } from 'react';
import type { Other } from '#client/plans/others.ts';
import styles from '#client/plans/table/cell-frame.module.css';
import { type CellPlace, cellId, columns } from '#client/plans/table/columns.ts';
import { gridRoles } from '#client/plans/table/grid-roles.ts';
import type { Wash } from '#client/plans/use-washes.ts';

/** What surrounds a cell's content. */
export interface CellFrameProps {
  place: CellPlace;
  isCurrent: boolean;
  isLocked: boolean;
  others: readonly Other[];
  wash: Wash | undefined;
  children: ReactNode;
}

/** A grid cell. Its first column is the number, which is none of the columns a person stands in. */
export function CellFrame(props: CellFrameProps) {
  const { place, isCurrent, isLocked, others, wash, children } = props;
  return (
    <div
      id={cellId(place)}
      {...gridRoles.cell(columns.indexOf(place.column) + 2, { isSelected: isCurrent, isLocked })}
      className={styles['cell']}
      data-column={place.column}
      data-current={isCurrent || undefined}
      data-locked={isLocked || undefined}
    >
      {wash !== undefined && (
        <span key={wash.at} className={styles['wash']} data-side={wash.side ?? 'none'} aria-hidden />
      )}
      {children}
      {others.map((other) => (
        <Flag key={`${other.clientId} ${place.taskId} ${place.column} ${other.isEditing}`} other={other} />
      ))}
    </div>
  );
}

/** Outline and name of somebody in this cell; the name goes after 5 s without movement. */
function Flag({ other }: { other: Other }) {
  return (
    <span
      className={styles['flag']}
      data-side={other.side}
      data-editing={other.isEditing || undefined}
      aria-hidden
    >
      <bdi className={styles['name']}>{other.name}</bdi>
    </span>
  );
}
