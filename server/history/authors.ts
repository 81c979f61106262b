/** Names of those whose work a history tells, as they are now; those who have left keep theirs. */
import type { Writer } from '#server/history/owned-range.ts';
import { findCompanies, findMembers } from '#server/people/queries.ts';
import type { Author } from '#shared/history/moment-bytes.ts';

/** A name for whom no record is left, so that what they wrote is still told. */
const nameless = '–';

/** Finds everybody's names at once, each writer in one place. @returns in the order given */
export async function nameWriters(writers: readonly Writer[]): Promise<Author[]> {
  const members = await findMembers([...new Set(writers.map(({ memberId }) => memberId))]);
  const companies = await findCompanies([...new Set(Array.from(members.values(), (one) => one.companyId))]);
  return writers.map(({ memberId, side }) => {
    const member = members.get(memberId);
    const company = member === undefined ? undefined : companies.get(member.companyId);
    return { memberId, memberName: member?.name ?? nameless, companyName: company?.name ?? nameless, side };
  });
}

/** Gives each writer a place in a list, the same one each time. */
export class WriterList {
  readonly writers: Writer[] = [];
  #places = new Map<string, number>();

  /** The place of a writer. */
  placeOf({ memberId, side }: Writer): number {
    const key = `${side} ${memberId}`;
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.writers.length);
    return this.writers.push({ memberId, side }) - 1;
  }
}
