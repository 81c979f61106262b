/** The import walls of the house: which file may know which; the rules are HO1–HO7 of RULES.md beside this file. */
import { type FoundImport, importsOf, withoutComments } from '#tests/architecture/imports.ts';
import { isTestFile, type ProjectFile, sourcesOf } from '#tests/support/project-files.ts';

/** What a breach is reported as: `path: HO2 imports x`. */
export type Breach = string;

/** What the walls know of the house. */
export interface HousePlan {
  /** Room names from left to right, as server/rooms.ts lists them. */
  rooms: readonly string[];
}

type Wall = (file: ProjectFile, found: FoundImport, house: HousePlan) => string | null;

const layers = ['shared', 'server', 'client'];
const composers = ['server/rooms.ts', 'client/app/'];
/** Packages that `shared` may know, and in which of its files. */
const sharedPackages: readonly { name: RegExp; inside: RegExp }[] = [
  { name: /^zod$/, inside: /./ },
  { name: /^yjs$/, inside: /\/doc\.ts$|^shared\/base\/live-merge\.ts$/ },
  // The bytes of a live message are written with the primitives Yjs itself is written with.
  { name: /^lib0\//, inside: /^shared\/base\/(live-frame\.ts$|grid\/)|^shared\/history\/moment-bytes\.ts$/ },
];
/** The ground floor knows who acts: the people's shapes and calls, and nothing else of any room. */
const knownToBase = /^shared\/people\/(shape|calls)\.ts$/;
const doors = /^server\/[^/]+\/(commands|queries)\.ts$/;

/** Who may start the embedded engine: the hub's way to its database, and the commands beside the hub. */
const engineUsers = /^server\/(base\/mongo|database-commands\/)/;

/** The layer of a path, or null outside the three. */
function layerOf(path: string): string | null {
  const first = path.split('/')[0] ?? '';
  return layers.includes(first) ? first : null;
}

/** The room of a path in any layer, or null for base, app and files of the layer itself. */
function roomOf(path: string, house: HousePlan): string | null {
  const parts = path.split('/');
  const second = parts[1] ?? '';
  return layerOf(path) !== null && house.rooms.includes(second) ? second : null;
}

const sharedStaysPure: Wall = (file, found) => {
  if (layerOf(file.path) !== 'shared' || isTestFile(file.path)) return null;
  if (found.local) return layerOf(found.target) === 'shared' ? null : 'HO1';
  const known = sharedPackages.some(({ name, inside }) => name.test(found.target) && inside.test(file.path));
  return known ? null : 'HO1';
};

const endsNeverMeet: Wall = (file, found) => {
  const [from, to] = [layerOf(file.path), layerOf(found.target)];
  const meet =
    found.local && ((from === 'server' && to === 'client') || (from === 'client' && to === 'server'));
  return meet ? 'HO2' : null;
};

const baseKnowsNoRoom: Wall = (file, found, house) => {
  const base = /^(shared|server|client)\/base\//.exec(file.path);
  if (base === null || isTestFile(file.path) || !found.local) return null;
  if (roomOf(found.target, house) === null) return null;
  return base[1] !== 'shared' && knownToBase.test(found.target) ? null : 'HO3';
};

const roomsLookLeft: Wall = (file, found, house) => {
  const [from, to] = [roomOf(file.path, house), roomOf(found.target, house)];
  if (from === null || to === null || from === to || isTestFile(file.path)) return null;
  if (house.rooms.indexOf(to) > house.rooms.indexOf(from)) return 'HO4';
  return layerOf(found.target) === 'server' && !doors.test(found.target) ? 'HO4' : null;
};

const onlyComposersCompose: Wall = (file, found, house) => {
  if (layerOf(file.path) === null || isTestFile(file.path) || file.path.includes('/base/')) return null;
  if (roomOf(found.target, house) === null || roomOf(file.path, house) !== null) return null;
  return composers.some((composer) => file.path.startsWith(composer)) ? null : 'HO5';
};

const engineStandsAlone: Wall = (file, found) => {
  const inside = (path: string): boolean => path.startsWith('server/embedded-db/');
  if (!found.local || isTestFile(file.path)) return null;
  if (inside(file.path)) return inside(found.target) ? null : 'HO6';
  return inside(found.target) && !engineUsers.test(file.path) ? 'HO6' : null;
};

const plainSources: Wall = (file, found) => {
  if (found.local && !/\.(tsx?|json|css|svg)$/.test(found.target)) return 'HO7';
  return found.target.startsWith('tests/') && !isTestFile(file.path) ? 'HO7' : null;
};

const walls = [
  sharedStaysPure,
  endsNeverMeet,
  baseKnowsNoRoom,
  roomsLookLeft,
  onlyComposersCompose,
  engineStandsAlone,
  plainSources,
];

/** Every import that goes through a wall, as `path: HO2 imports x`; [] for a sound house. */
export function wallBreaches(files: readonly ProjectFile[], house: HousePlan): Breach[] {
  return sourcesOf(files).flatMap((file) =>
    importsOf(file).flatMap((found) =>
      walls.flatMap((wall) => {
        const rule = wall(file, found, house);
        return rule === null ? [] : [`${file.path}: ${rule} imports ${found.specifier}`];
      }),
    ),
  );
}

/** Files in TSX outside the client: there is nothing to render elsewhere. */
export function strayTsx(files: readonly ProjectFile[]): string[] {
  return files
    .map((file) => file.path)
    .filter((path) => path.endsWith('.tsx') && !path.startsWith('client/'));
}

/**
 * Rooms from left to right: the list that server/rooms.ts exports, then folders only the client has.
 * @param source - text of server/rooms.ts
 */
export function roomOrder(source: string, paths: readonly string[]): string[] {
  const list = /\brooms\b[^=]*=\s*\[([^\]]*)\]/.exec(withoutComments(source))?.[1] ?? '';
  const listed = Array.from(list.matchAll(/\b([a-z]+)Room\b/g), (match) => match[1] ?? '');
  const folders = paths.map((path) => /^client\/([^/.]+)\//.exec(path)?.[1] ?? 'base');
  const clientOnly = folders.filter((folder) => !['base', 'app', 'public', ...listed].includes(folder));
  return [...listed, ...new Set(clientOnly)];
}
