// Disagreements that random runs found, smallest form, with the answer the manual or the server's sources decide.
import { AGGREGATE, FIND, type Kind, UPDATE, UPSERT } from './cases.ts';

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
  {
    title: 'what $elemMatch finds comes behind the fields kept -- $elemMatch (projection), Field Order',
    source:
      '{"docs":[{"_id":1,"a":[1],"c":[]}],"asked":{"filter":{},"projection":{"c":1,"a":{"$elemMatch":{"$ne":"a"}}}}}',
    answer: ['{"_id":{"$numberInt":"1"},"c":[],"a":[{"$numberInt":"1"}]}'],
  },
  {
    title: 'a lone $elemMatch keeps, also without _id -- server, computeProjectionType',
    source: '{"docs":[{"_id":1,"c":[]}],"asked":{"filter":{},"projection":{"_id":0,"x":{"$elemMatch":{}}}}}',
    answer: ['{}'],
  },
];

const UPDATES: readonly Omit<KnownCase, 'kind'>[] = [
  {
    title: 'only $unset passes over a scalar in the way -- server, ModifierNode::allowNonViablePath',
    source: '{"docs":[{"_id":1,"b":5}],"asked":{"update":{"$pullAll":{"b.b":[]}}}}',
    answer: ['error 28 {"_id":{"$numberInt":"1"},"b":{"$numberInt":"5"}}'],
  },
  {
    title: '$pop minds a name in an array -- server, PopNodeTest',
    source: '{"docs":[{"_id":1,"b":[]}],"asked":{"update":{"$pop":{"b.b":1}}}}',
    answer: ['error 28 {"_id":{"$numberInt":"1"},"b":[]}'],
  },
  {
    title: '$rename minds a scalar in the way of its source -- server, RenameNode',
    source: '{"docs":[{"_id":1,"b":5}],"asked":{"update":{"$rename":{"b.b":"c"}}}}',
    answer: ['error 28 {"_id":{"$numberInt":"1"},"b":{"$numberInt":"5"}}'],
  },
  {
    title: '$rename to a part of its own path is refused -- $rename',
    source: '{"docs":[{"_id":1}],"asked":{"update":{"$rename":{"b.a":"b"}}}}',
    answer: ['error 2 {"_id":{"$numberInt":"1"}}'],
  },
  {
    title: '$pull with a document leaves arrays alone -- $pull, Remove Items from an Array of Documents',
    source: '{"docs":[{"_id":1,"b":[[],{}]}],"asked":{"update":{"$pull":{"b":{}}}}}',
    answer: ['{"_id":{"$numberInt":"1"},"b":[[]]}'],
  },
  {
    title: 'a double meets a decimal with 15 digits -- $toDecimal',
    source:
      '{"docs":[{"_id":1,"c":{"$numberDouble":"1.0"}}],"asked":{"update":{"$mul":{"c":{"$numberDecimal":"1.50"}}}}}',
    answer: ['{"_id":{"$numberInt":"1"},"c":{"$numberDecimal":"1.5000000000000000"}}'],
  },
  {
    title: 'a decimal zero keeps its sign -- IEEE 754-2008',
    source:
      '{"docs":[{"_id":1,"c":{"$numberDecimal":"1"}}],"asked":{"update":{"$mul":{"c":{"$numberDouble":"-0.0"}}}}}',
    answer: ['{"_id":{"$numberInt":"1"},"c":{"$numberDecimal":"-0"}}'],
  },
  {
    title: 'operators may not change the type of _id -- Update Operators, immutable _id',
    source: '{"docs":[{"_id":0}],"asked":{"update":{"$mul":{"_id":{"$numberDouble":"1.0"}}}}}',
    answer: ['error 66 {"_id":{"$numberInt":"0"}}'],
  },
  {
    title: 'an array filter that is not used is refused -- Update Operators, $[<identifier>]',
    source: '{"docs":[{"_id":1}],"asked":{"update":{"$set":{"a":1}},"arrayFilters":[{"x":1}]}}',
    answer: ['error 9 {"_id":{"$numberInt":"1"}}'],
  },
  {
    title: 'two changes of one element are refused -- Update Operators, conflicting paths',
    source:
      '{"docs":[{"_id":1,"a":[1]}],"asked":{"update":{"$set":{"a.$[]":1,"a.$[x]":2}},"arrayFilters":[{"x":1}]}}',
    answer: ['error  {"_id":{"$numberInt":"1"},"a":[{"$numberInt":"1"}]}'],
  },
];

const PIPELINES: readonly Omit<KnownCase, 'kind'>[] = [
  {
    title: 'sums of doubles and decimals have no digits they do not need -- $sum; IEEE 754-2008, conversion',
    source:
      '{"docs":[{"_id":1,"a":{"$numberDouble":"2.5"}},{"_id":2,"a":{"$numberDecimal":"0.1"}}],"asked":{"pipeline":[{"$group":{"_id":null,"p":{"$sum":"$a"}}}]}}',
    answer: ['{"_id":null,"p":{"$numberDecimal":"2.6"}}'],
  },
  {
    title: 'a document for computed fields is made even when it stays empty -- $addFields, Embedded Fields',
    source: '{"docs":[{"_id":1}],"asked":{"pipeline":[{"$project":{"x":{"y":"$b"}}}]}}',
    answer: ['{"_id":{"$numberInt":"1"},"x":{}}'],
  },
  {
    title: 'a path passes over arrays in arrays -- Field Paths',
    source: '{"docs":[{"_id":1,"b":[[{"a":1}],{"a":2}]}],"asked":{"pipeline":[{"$set":{"b":"$b.a"}}]}}',
    answer: ['{"_id":{"$numberInt":"1"},"b":[{"$numberInt":"2"}]}'],
  },
  {
    title: 'a missing value is above MinKey in expressions too -- Comparison/Sort Order',
    source:
      '{"docs":[{"_id":1,"a":{"$minKey":1}}],"asked":{"pipeline":[{"$match":{"$expr":{"$gte":["$a","$b"]}}}]}}',
    answer: [],
  },
];

const UPSERTS: readonly Omit<KnownCase, 'kind'>[] = [
  {
    title: 'an upsert makes the equalities in the order of their paths -- server, EqualityMatches',
    source: '{"docs":[],"asked":{"filter":{"_id":1,"b":1,"a":2},"update":{"$set":{"c":3}}}}',
    answer: [
      '{"_id":{"$numberInt":"1"},"a":{"$numberInt":"2"},"b":{"$numberInt":"1"},"c":{"$numberInt":"3"}}',
    ],
  },
  {
    title: 'an upsert refuses equalities of a path and a part of it -- server, checkEqualityConflicts',
    source: '{"docs":[],"asked":{"filter":{"_id":1,"a.b.c":1,"a.b":{}},"update":{"$set":{"c":3}}}}',
    answer: ['error 54'],
  },
  {
    title: 'an upsert takes null from $eq -- Upsert with Operator Expressions',
    source: '{"docs":[],"asked":{"filter":{"_id":1,"b":{"$eq":null}},"update":{"$set":{"c":3}}}}',
    answer: ['{"_id":{"$numberInt":"1"},"b":null,"c":{"$numberInt":"3"}}'],
  },
];

/** All of them. */
export const KNOWN_CASES: readonly KnownCase[] = [
  ...FINDS.map((one) => ({ ...one, kind: FIND })),
  ...UPDATES.map((one) => ({ ...one, kind: UPDATE })),
  ...PIPELINES.map((one) => ({ ...one, kind: AGGREGATE })),
  ...UPSERTS.map((one) => ({ ...one, kind: UPSERT })),
];
