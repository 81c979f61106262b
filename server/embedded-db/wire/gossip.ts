// The time every reply carries.
import { Binary, type Doc, Timestamp, type Value } from '../bson/value.ts';

let lastSecond = 0;
let ordinal = 0n;

/** Causally consistent reads need a rising time in every reply. */
function clock(): Timestamp {
  const second = Math.max(Math.floor(Date.now() / 1000), lastSecond);
  ordinal = second === lastSecond ? ordinal + 1n : 1n;
  lastSecond = second;
  return new Timestamp((BigInt(second) << 32n) | ordinal);
}

/** `operationTime` and `$clusterTime`, later than those of every reply before. */
export function gossip(): Doc {
  const now = clock();
  const signature: Doc = new Map();
  signature.set('hash', new Binary(0, Buffer.alloc(20)));
  signature.set('keyId', 0n);
  const clusterTime: Doc = new Map();
  clusterTime.set('clusterTime', now);
  clusterTime.set('signature', signature);
  return new Map<string, Value>([
    ['operationTime', now],
    ['$clusterTime', clusterTime],
  ]);
}
