// The reads that several scenarios share.
import type { Document } from 'bson';

/** Sums of all documents by one field. */
export const GROUP: Document[] = [
  { $group: { _id: '$company', pieces: { $sum: '$quantity' }, mean: { $avg: '$price' }, n: { $sum: 1 } } },
];
