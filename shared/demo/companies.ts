/** The made-up companies of the demo, named alike on the sign-in page and in the data. */
import type { Side } from '#shared/base/audience.ts';

/** Company and people of each side of the demo; visitors sign in as `person`. */
export const demoCompanies: Record<Side, { company: string; person: string; colleagues: readonly string[] }> =
  {
    buyer: {
      company: 'Aegean Marine',
      person: 'Eleni Papadaki',
      colleagues: ['Nikos Andreou', 'Maria Kalliri'],
    },
    supplier: {
      company: 'Gdańsk Pumps',
      person: 'Piotr Zieliński',
      colleagues: ['Agnieszka Wójcik', 'Tomasz Lewandowski'],
    },
  };
