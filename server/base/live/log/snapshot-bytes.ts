/** A snapshot as bytes: state vector, owners and details in front of the merged update, which is never copied when read. */
import { ByteWriter } from '#server/base/live/log/byte-writer.ts';
import type { Snapshot } from '#server/base/live/log/storage.ts';
import { ByteReader, BytesError } from '#shared/base/byte-reader.ts';

/** Raised when the layout changes; older layouts stay readable. */
const layout = 1;

/** Everything but `seq` and `at`. */
export type SnapshotBody = Pick<Snapshot, 'update' | 'clocks' | 'owners' | 'details'>;

/** @returns bytes to store one after the other: what is known of the update, and the update itself, not copied */
export function encodeSnapshot({ update, clocks, owners, details }: SnapshotBody): Uint8Array[] {
  const members = [...new Set(owners.values())];
  const indexOf = new Map(members.map((memberId, index) => [memberId, index]));
  const writer = new ByteWriter(
    64 + members.length * 24 + (clocks.size + owners.size) * 9 + (details?.length ?? 0),
  );
  writer.byte(layout);
  writer.uint(clocks.size);
  for (const [client, clock] of clocks) {
    writer.uint(client);
    writer.uint(clock);
  }
  writer.uint(members.length);
  for (const memberId of members) writer.text(memberId);
  writer.uint(owners.size);
  for (const [client, memberId] of owners) {
    writer.uint(client);
    writer.uint(indexOf.get(memberId) ?? 0);
  }
  writer.byte(details === null ? 0 : 1);
  if (details !== null) writer.blob(details);
  return [writer.finish(), update];
}

/** @returns `update` as a view on `bytes`. @throws BytesError */
export function decodeSnapshot(bytes: Uint8Array): SnapshotBody {
  const reader = new ByteReader(bytes);
  if (reader.byte() !== layout) throw new BytesError('unknown layout of a snapshot');
  const clocks = new Map<number, number>();
  for (let left = reader.count(2); left > 0; left -= 1) clocks.set(reader.uint(), reader.uint());
  const members = Array.from({ length: reader.count(1) }, () => reader.text());
  const owners = new Map<number, string>();
  for (let left = reader.count(2); left > 0; left -= 1) {
    const client = reader.uint();
    const memberId = members[reader.uint()];
    if (memberId === undefined) throw new BytesError('unknown owner');
    owners.set(client, memberId);
  }
  const details = reader.byte() === 1 ? reader.blob() : null;
  return { update: bytes.subarray(reader.position), clocks, owners, details };
}
