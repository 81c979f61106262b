/** Undo in a grid: one's own writes only, and only where they still stand. */
import type { CellValue } from '#shared/base/grid/grid-shape.ts';

/** One cell of a step. */
export interface Change {
  row: number;
  bucket: number;
  before: CellValue;
  after: CellValue;
}

/** What undo needs from its grid. */
export interface UndoPorts {
  /** Whether the cell shows this value, and it is this person's. */
  stands(row: number, bucket: number, value: CellValue): boolean;
  write(cells: { row: number; bucket: number; value: CellValue }[]): void;
}

const mostSteps = 200;

/** The steps of one tab; a call that writes is one step. */
export class GridUndo {
  private readonly ports: UndoPorts;
  private done: Change[][] = [];
  private undone: Change[][] = [];

  constructor(ports: UndoPorts) {
    this.ports = ports;
  }

  get canUndo(): boolean {
    return this.done.length > 0;
  }

  get canRedo(): boolean {
    return this.undone.length > 0;
  }

  /** Notes a step; it ends what could be redone. */
  note(step: Change[]): void {
    this.done.push(step);
    if (this.done.length > mostSteps) this.done.shift();
    this.undone = [];
  }

  /** Puts back what was before, in cells nobody has written since. */
  undo(): void {
    const step = this.done.pop();
    if (step === undefined) return;
    const back = step.map(({ before, after, ...place }) => ({ ...place, before: after, after: before }));
    this.undone.push(this.apply(back).map(turn));
  }

  /** Does again what was undone, in cells nobody has written since. */
  redo(): void {
    const step = this.undone.pop();
    if (step !== undefined) this.done.push(this.apply(step));
  }

  /** Everything is forgotten: what was written belongs to another history. */
  clear(): void {
    this.done = [];
    this.undone = [];
  }

  private apply(step: readonly Change[]): Change[] {
    const standing = step.filter(({ row, bucket, before }) => this.ports.stands(row, bucket, before));
    if (standing.length > 0) {
      this.ports.write(standing.map(({ row, bucket, after }) => ({ row, bucket, value: after })));
    }
    return standing;
  }
}

function turn({ before, after, ...place }: Change): Change {
  return { ...place, before: after, after: before };
}
