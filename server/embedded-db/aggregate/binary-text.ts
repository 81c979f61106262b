// Bytes as text and back, in the formats of $convert.
import { Binary } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

const TEXT_FORM: Readonly<Record<string, RegExp>> = {
  base64: /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
  base64url: /^[A-Za-z0-9_-]*$/,
  hex: /^(?:[0-9a-f]{2})*$/i,
  utf8: /^/,
  uuid: UUID,
};

function failure(why: string): DatabaseError {
  return new DatabaseError(241, `${why} in $convert with no onError value`);
}

function knownFormat(format: string | null): string {
  if (format === null) throw new DatabaseError(4341115, "'format' is required for conversions with bytes");
  if (format in TEXT_FORM || format === 'auto') return format;
  throw new DatabaseError(4341125, `Invalid 'format' argument for $convert: ${format}`);
}

function uuidText(bytes: Buffer): string {
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** @throws 241 when the bytes have no such text, 4341115 without a format */
export function textFromBinary(value: Binary, format: string | null): string {
  const isUuid = value.subtype === 4 && value.bytes.length === 16;
  switch (knownFormat(format)) {
    case 'auto':
      return isUuid ? uuidText(value.bytes) : value.bytes.toString('base64');
    case 'uuid':
      if (isUuid) return uuidText(value.bytes);
      throw failure('Value is not a UUID');
    case 'utf8': {
      const text = value.bytes.toString('utf8');
      if (Buffer.from(text).equals(value.bytes)) return text;
      throw failure('Value is not UTF-8');
    }
    default:
      return value.bytes.toString(format as 'hex' | 'base64' | 'base64url');
  }
}

/** @throws 241 when the text is not of the format */
export function binaryFromText(text: string, format: string | null): Binary {
  const known = knownFormat(format);
  const form = known === 'auto' ? UUID : TEXT_FORM[known];
  if (!form?.test(text)) throw failure(`Input string is not of the format '${known}'`);
  if (form === UUID) return new Binary(4, Buffer.from(text.replaceAll('-', ''), 'hex'));
  return new Binary(0, Buffer.from(text, known as BufferEncoding));
}
