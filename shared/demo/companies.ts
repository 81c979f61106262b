/** The made-up companies of the demo, named alike on the sign-in page and in the data. */
import type { Side } from '#shared/base/audience.ts';

/** Company and person of each side of the demo. */
export const demoCompanies: Record<Side, { company: string; person: string }> = {
  buyer: { company: 'Aegean Marine', person: 'Eleni Papadaki' },
  supplier: { company: 'Gdańsk Pumps', person: 'Piotr Nowak' },
};
