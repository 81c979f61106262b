// Collations: read from a command or an index as the server reads them, compared by the ICU that Node carries.
import { show } from '../bson/show.ts';
import { type Doc, int, isDoc, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import { asNumber } from './arithmetic.ts';
import { CollationKeys } from './collation-key.ts';
import type { TextOrder } from './text-order.ts';
import { typeName } from './type-order.ts';

/** A collation other than `simple`. */
export interface Collation {
  /** All fields, as the server shows them in its listings. */
  readonly spec: Doc;
  /** Equal for equal collations. */
  readonly id: string;
  /** The exact order. One for each use: it remembers a representative of every class it has met. */
  exactOrder(): TextOrder;
  /** Makes keys of an index: equal strings have one key, a few others may have it too. */
  readonly indexOrder: TextOrder;
}

/** The version the server's listings carry; it refuses to make an index of another one. */
const VERSION = '57.1';

const KEYWORDS: Readonly<Record<string, string>> = {
  phonebook: 'phonebk',
  dictionary: 'dict',
  traditional: 'trad',
  gb2312han: 'gb2312',
};

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  caseFirst: ['upper', 'lower', 'off'],
  alternate: ['non-ignorable', 'shifted'],
  maxVariable: ['punct', 'space'],
};
const FLAGS = ['caseLevel', 'numericOrdering', 'normalization', 'backwards'];
const FIELDS: ReadonlySet<string> = new Set([
  'locale',
  'strength',
  'version',
  ...FLAGS,
  ...Object.keys(CHOICES),
]);

function invalidLocale(spec: Doc): DatabaseError {
  return new DatabaseError(2, `Field 'locale' is invalid in: ${show(spec)}`);
}

function wrongType(name: string, value: Value, expected: string): DatabaseError {
  return new DatabaseError(
    14,
    `BSON field 'collation.${name}' is the wrong type '${typeName(value)}', expected type '${expected}'`,
  );
}

function checkField(name: string, value: Value): void {
  if (!FIELDS.has(name))
    throw new DatabaseError(40415, `BSON field 'collation.${name}' is an unknown field.`);
  if (FLAGS.includes(name)) {
    if (typeof value !== 'boolean') throw wrongType(name, value, 'bool');
  } else if (name === 'strength') {
    const strength = asNumber(value);
    if (strength === null) throw wrongType(name, value, 'int');
    if (![1, 2, 3, 4, 5].includes(strength)) {
      throw new DatabaseError(
        2,
        `Enumeration value '${strength}' for field 'collation.strength' is not a valid value.`,
      );
    }
  } else if (typeof value !== 'string') throw wrongType(name, value, 'string');
  else if (CHOICES[name]?.includes(value) === false) {
    throw new DatabaseError(
      2,
      `Enumeration value '${value}' for field 'collation.${name}' is not a valid value.`,
    );
  }
}

/** The BCP 47 form of ICU's `de_AT@collation=phonebook`. */
function languageTag(locale: string, spec: Doc): string {
  const [base, keyword] = locale.split('@') as [string, string | undefined];
  const wanted = keyword === undefined ? null : /^collation=([a-z0-9]+)$/i.exec(keyword)?.[1];
  if (wanted === undefined || !/^[a-z]{2,3}(_[A-Za-z0-9]+)*$/.test(base)) throw invalidLocale(spec);
  const tag = base.replaceAll('_', '-');
  try {
    if (Intl.Collator.supportedLocalesOf([tag]).length === 0) throw invalidLocale(spec);
  } catch {
    throw invalidLocale(spec);
  }
  if (wanted === null) return tag;
  const type = KEYWORDS[wanted] ?? wanted;
  const found = new Intl.Collator(`${tag}-u-co-${type}`).resolvedOptions().collation;
  if (found !== type && type !== 'standard') throw invalidLocale(spec);
  return `${tag}-u-co-${type}`;
}

interface Settings {
  readonly tag: string;
  readonly strength: number;
  readonly caseLevel: boolean;
  readonly caseFirst: string;
  readonly isNumeric: boolean;
  readonly isShifted: boolean;
}

/** What Intl.Collator cannot do is refused, not done otherwise. */
function refuseUnable(spec: Doc, { strength, caseLevel, isShifted, tag }: Settings): void {
  const isBackwards = tag === 'fr-CA';
  if (strength > 3) throw notSupported(`a collation of strength ${strength}`);
  if (caseLevel && strength > 1) throw notSupported(`caseLevel with strength ${strength}`);
  if ((spec.get('backwards') ?? isBackwards) !== isBackwards)
    throw notSupported("the collation's 'backwards'");
  if (isShifted && spec.get('maxVariable') === 'space') throw notSupported("maxVariable 'space'");
}

function sensitivityOf({ strength, caseLevel }: Settings): 'base' | 'case' | 'accent' | 'variant' {
  if (strength === 1) return caseLevel ? 'case' : 'base';
  return strength === 2 ? 'accent' : 'variant';
}

function fullSpec(spec: Doc, settings: Settings): Doc {
  return new Map<string, Value>([
    ['locale', spec.get('locale') ?? ''],
    ['caseLevel', settings.caseLevel],
    ['caseFirst', settings.caseFirst],
    ['strength', int(settings.strength)],
    ['numericOrdering', settings.isNumeric],
    ['alternate', settings.isShifted ? 'shifted' : 'non-ignorable'],
    ['maxVariable', spec.get('maxVariable') ?? 'punct'],
    ['normalization', spec.get('normalization') ?? false],
    ['backwards', settings.tag === 'fr-CA'],
    ['version', VERSION],
  ]);
}

/** Finds one representative of each class among the strings met so far, kept sorted. */
function interning(compare: (a: string, b: string) => number): (text: string) => string {
  const known = new Map<string, string>();
  const sorted: string[] = [];
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (compare(sorted[middle] as string, text) < 0) low = middle + 1;
      else high = middle;
    }
    const next = sorted[low];
    const representative = next !== undefined && compare(next, text) === 0 ? next : text;
    if (representative === text) sorted.splice(low, 0, text);
    known.set(text, representative);
    return representative;
  };
}

function build(spec: Doc): Collation {
  const tag = languageTag(spec.get('locale') as string, spec);
  const usual = new Intl.Collator(tag).resolvedOptions();
  const settings: Settings = {
    tag,
    strength: asNumber(spec.get('strength')) ?? 3,
    caseLevel: spec.get('caseLevel') === true,
    caseFirst: (spec.get('caseFirst') ?? (usual.caseFirst === 'false' ? 'off' : usual.caseFirst)) as string,
    isNumeric: spec.get('numericOrdering') === true,
    isShifted: (spec.get('alternate') ?? (usual.ignorePunctuation ? 'shifted' : '')) === 'shifted',
  };
  refuseUnable(spec, settings);
  const options = {
    numeric: settings.isNumeric,
    ignorePunctuation: settings.isShifted,
    caseFirst: (settings.caseFirst === 'off' ? 'false' : settings.caseFirst) as 'upper' | 'lower' | 'false',
  };
  const { compare } = new Intl.Collator(tag, { ...options, sensitivity: sensitivityOf(settings) });
  const keys = new CollationKeys(
    new Intl.Collator(tag, { ...options, sensitivity: 'base' }),
    settings.isNumeric,
  );
  const full = fullSpec(spec, settings);
  const id = show(full);
  return {
    spec: full,
    id,
    exactOrder: () => ({ id, compare, key: interning(compare), strings: 'exact' }),
    indexOrder: { id, compare, key: (text) => keys.of(text), strings: 'classes' },
  };
}

/** Collators are slow to make; a database uses few. */
const made = new Map<string, Collation>();
const MAX_MADE = 200;

/** Reads a collation document; null for `simple`.
 *  @throws 40414, 40415, 14, 2 for a malformed one or an unknown locale; 115 for what ICU can do and Intl cannot */
export function readCollation(spec: Doc): Collation | null {
  const locale = spec.get('locale');
  if (locale === undefined) {
    throw new DatabaseError(40414, "BSON field 'collation.locale' is missing but a required field");
  }
  for (const [name, value] of spec) checkField(name, value);
  if (locale === 'simple') return null;
  const version = spec.get('version');
  if (version !== undefined && version !== VERSION) {
    throw new DatabaseError(
      161,
      `Requested collation version '${String(version)}' but the only available collator version was '${VERSION}'. Requested collation spec: ${show(spec)}`,
    );
  }
  const name = show(spec);
  const known = made.get(name);
  if (known) return known;
  if (made.size >= MAX_MADE) made.clear();
  const collation = build(spec);
  made.set(name, collation);
  return collation;
}

/** The collation of an option; null for `simple`, undefined when none (or an empty document) is given.
 *  @throws as `readCollation`; 14 TypeMismatch for anything but a document */
export function collationOption(value: Value | undefined): Collation | null | undefined {
  if (value === undefined || value === null) return undefined;
  if (!isDoc(value)) {
    throw new DatabaseError(
      14,
      `BSON field 'collation' is the wrong type '${typeName(value)}', expected type 'object'`,
    );
  }
  return value.size === 0 ? undefined : readCollation(value);
}
