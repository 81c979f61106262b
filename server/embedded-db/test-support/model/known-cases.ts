// Disagreements that random runs found, smallest form, with the answer the manual or the server's sources decide.
import { FIND, type Kind } from './cases.ts';

/** A case as text (extended JSON), and its answer line by line. */
export interface KnownCase {
  /** What was wrong, and after `--` the page that decides. */
  readonly title: string;
  readonly kind: Kind;
  readonly source: string;
  readonly answer: readonly string[];
}

const FINDS: readonly Omit<KnownCase, 'kind'>[] = [
  {
    title: 'a sort over two arrays is refused -- Comparison/Sort Order; server error text of SERVER-32859',
    source: '{"docs":[{"_id":1,"a":[],"b":[]}],"asked":{"filter":{},"sort":{"a":-1,"b.c":1}}}',
    answer: ['error 2'],
  },
  {
    title: 'sorted fields below one array are taken from the same element -- Multikey Indexes, compound keys',
    source:
      '{"docs":[{"_id":1,"a":0},{"_id":2,"a":[{"c":1},0]}],"asked":{"filter":{},"sort":{"a":1,"a.c":-1,"_id":1}}}',
    answer: [
      '{"_id":{"$numberInt":"1"},"a":{"$numberInt":"0"}}',
      '{"_id":{"$numberInt":"2"},"a":[{"c":{"$numberInt":"1"}},{"$numberInt":"0"}]}',
    ],
  },
  {
    title: 'a regular expression has no place in a range -- $gt',
    source:
      '{"docs":[],"asked":{"filter":{"a":{"$lt":{"$regularExpression":{"pattern":"^a","options":""}}}}}}',
    answer: ['error 2'],
  },
  {
    title: '$eq with a regular expression matches only the expression -- $eq, Regex Match Behaviour',
    source:
      '{"docs":[{"_id":1,"a":"ab"}],"asked":{"filter":{"a":{"$eq":{"$regularExpression":{"pattern":"^a","options":""}}}}}}',
    answer: [],
  },
  {
    title: '$mod is exact for every long -- $mod',
    source:
      '{"docs":[{"_id":1,"a":{"$numberLong":"9223372036854775807"}}],"asked":{"filter":{"a":{"$mod":[2,1]}}}}',
    answer: ['{"_id":{"$numberInt":"1"},"a":{"$numberLong":"9223372036854775807"}}'],
  },
  {
    title: 'a missing value is below the greatest key -- Comparison/Sort Order, Non-existent Fields',
    source: '{"docs":[{"_id":1}],"asked":{"filter":{"b":{"$lt":{"$maxKey":1}}}}}',
    answer: ['{"_id":{"$numberInt":"1"}}'],
  },
  {
    title: 'an empty array sorts before null and behind MinKey -- Comparison/Sort Order, Arrays',
    source:
      '{"docs":[{"_id":1,"a":[]},{"_id":2,"a":{"$minKey":1}}],"asked":{"filter":{},"sort":{"a":1,"_id":1}}}',
    answer: ['{"_id":{"$numberInt":"2"},"a":{"$minKey":1}}', '{"_id":{"$numberInt":"1"},"a":[]}'],
  },
];

/** All of them. */
export const KNOWN_CASES: readonly KnownCase[] = [...FINDS.map((one) => ({ ...one, kind: FIND }))];
