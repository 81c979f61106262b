/** Named versions of a subject in React: read once, kept fresh by the room's event. */
import { useMutation, useQuery } from '@tanstack/react-query';
import { cache } from '#client/base/cache.ts';
import { callHub } from '#client/base/http.ts';
import { useReconnected, useRoomEvent } from '#client/base/live/use-room-event.ts';
import {
  listVersions,
  nameVersion,
  removeVersion,
  renameVersion,
  versionsChanged,
} from '#shared/history/calls.ts';
import type { Subject, Version } from '#shared/history/shape.ts';

const versionsKey = ({ kind, id }: Subject) => ['history', 'versions', kind, id] as const;

/** The versions, the latest moment first; [] until they are read. */
export function useVersions(subject: Subject) {
  const query = useQuery({
    queryKey: versionsKey(subject),
    queryFn: () => callHub(listVersions, subject),
  });
  useRoomEvent(versionsChanged, ({ change, version }) => put(change === 'removed', version));
  useReconnected(() => void query.refetch());
  return query;
}

/** Names the present, or a moment. */
export function useNameVersion({ kind, id }: Subject) {
  return useMutation({
    mutationFn: ({ name, atMs }: { name: string; atMs: number | null }) =>
      callHub(nameVersion, {
        kind,
        id,
        name,
        ...(atMs === null ? {} : { at: new Date(atMs).toISOString() }),
      }),
    onSuccess: (version) => put(false, version),
  });
}

/** Gives a version another name. */
export function useRenameVersion({ kind, id }: Subject) {
  return useMutation({
    mutationFn: ({ versionId, name }: { versionId: string; name: string }) =>
      callHub(renameVersion, { kind, id, versionId, name }),
    onSuccess: (version) => put(false, version),
  });
}

/** Takes the name off a moment. */
export function useRemoveVersion({ kind, id }: Subject) {
  return useMutation({
    mutationFn: async (version: Version) => {
      await callHub(removeVersion, { kind, id, versionId: version.id });
      return version;
    },
    onSuccess: (version) => put(true, version),
  });
}

function put(isRemoved: boolean, version: Version): void {
  const key = versionsKey({ kind: version.kind, id: version.subjectId });
  cache.setQueryData<Version[]>(key, (list) => list && placeVersion(list, version, isRemoved));
}

/** The list with a version put in, in place of what it said of it, or taken out. */
export function placeVersion(list: readonly Version[], version: Version, isRemoved: boolean): Version[] {
  const others = list.filter(({ id }) => id !== version.id);
  return isRemoved ? others : [...others, version].sort((one, other) => (one.at < other.at ? 1 : -1));
}
