// Values as the server prints them in its messages.

import { decimalText } from '../value/decimal.ts';
import { Binary, Decimal, Int32, isDoc, ObjectId, Regex, Timestamp, type Value } from './value.ts';

function showObject(value: object): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `[ ${value.map(show).join(', ')} ]`;
  if (isDoc(value)) {
    const fields = [...value].map(([name, field]) => `${name}: ${show(field)}`);
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`;
  }
  if (value instanceof ObjectId) return `ObjectId('${value.bytes.toString('hex')}')`;
  if (value instanceof Int32) return String(value.value);
  if (value instanceof Date) return `new Date(${value.getTime()})`;
  if (value instanceof Decimal) return decimalText(value);
  if (value instanceof Binary)
    return `BinData(${value.subtype}, ${value.bytes.toString('hex').toUpperCase()})`;
  if (value instanceof Regex) return `/${value.source}/${value.options}`;
  if (value instanceof Timestamp) return `Timestamp(${value.bits >> 32n}, ${value.bits & 0xffffffffn})`;
  return value.constructor.name;
}

function showDouble(value: number): string {
  if (Number.isNaN(value)) return 'nan.0';
  return Number.isInteger(value) ? value.toFixed(1) : String(value);
}

/** The form of `{ name: "x", n: 1, d: 1.5, _id: ObjectId('…') }`. */
export function show(value: Value | undefined): string {
  if (value === undefined || value === null) return 'null';
  if (typeof value === 'string') return `"${value}"`;
  if (typeof value === 'number') return showDouble(value);
  return typeof value === 'object' ? showObject(value) : String(value);
}
