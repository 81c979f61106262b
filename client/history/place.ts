/** Where one stands in a history, as its address says it: `?history=now`, a moment, or the id of a named version. */
import { idShape } from '#shared/base/ids.ts';
import { isoInstantShape } from '#shared/base/time.ts';
import type { Version } from '#shared/history/shape.ts';

/** A point of a history: the present, a moment, or a version by id. */
export type Point = 'now' | { atMs: number } | { versionId: string };

/** What is looked at, and what it is compared with; null for nothing. */
export interface Place {
  point: Point;
  against: Point | null;
}

/** Names of the two parts of the address. */
export const placeParts = { point: 'history', against: 'with' } as const;

/** null when the address is not of a history; what cannot be read stands for the present. */
export function readPlace(params: URLSearchParams): Place | null {
  const point = params.get(placeParts.point);
  if (point === null) return null;
  const against = params.get(placeParts.against);
  return { point: readPoint(point), against: against === null ? null : readPoint(against) };
}

/** The same address with another place in it; null takes the history out. */
export function writePlace(params: URLSearchParams, place: Place | null): URLSearchParams {
  const next = new URLSearchParams(params);
  next.delete(placeParts.point);
  next.delete(placeParts.against);
  if (place !== null) next.set(placeParts.point, writePoint(place.point));
  if (place?.against != null) next.set(placeParts.against, writePoint(place.against));
  return next;
}

/** The moment of a point; null for the present, undefined for a version that is not known (any more). */
export function momentOf(point: Point, versions: readonly Version[]): number | null | undefined {
  if (point === 'now') return null;
  if ('atMs' in point) return point.atMs;
  const version = versions.find(({ id }) => id === point.versionId);
  return version === undefined ? undefined : Date.parse(version.at);
}

function readPoint(text: string): Point {
  if (isoInstantShape.safeParse(text).success) return { atMs: Date.parse(text) };
  return idShape.safeParse(text).success ? { versionId: text } : 'now';
}

function writePoint(point: Point): string {
  if (point === 'now') return 'now';
  return 'atMs' in point ? new Date(point.atMs).toISOString() : point.versionId;
}
