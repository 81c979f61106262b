// Key text of a collation: equal for all strings it takes as equal, so that an index can find them.
//
// Intl.Collator compares but gives no sort keys. What a language takes for the same letter is asked of it once, letter
// by letter at its weakest strength. Other strings may share a key too: an index narrows, the filter decides.

/** Letters and digits of scripts in which a language may take several for one; the others stand for themselves. */
const ASKED =
  /[\p{sc=Latin}\p{sc=Greek}\p{sc=Cyrillic}\p{sc=Armenian}\p{sc=Hebrew}\p{sc=Arabic}\p{sc=Devanagari}\p{sc=Bengali}\p{sc=Gurmukhi}\p{sc=Gujarati}\p{sc=Tamil}\p{sc=Telugu}\p{sc=Kannada}\p{sc=Malayalam}\p{sc=Sinhala}\p{sc=Thai}\p{sc=Lao}\p{sc=Georgian}\p{sc=Hiragana}\p{sc=Katakana}\p{Nd}]/u;
const LETTER = /[\p{L}\p{N}]/u;
const LAST_ASKED = 0x1fff;
const LATIN = [...'abcdefghijklmnopqrstuvwxyz'];

/** Kana vowels and the marks that lengthen or repeat (Japanese takes カー for カア), vowels that Thai and its kin
 *  write before the consonant they follow, and signs that stand beside letters. */
const SILENT = /[ぁ-おァ-オーゝゞヽヾ]|\p{Logical_Order_Exception}|(?=\p{Lm})\p{sc=Common}/u;
/** A sign may stand for the kana before it, and آ for two letters: of equal ones in a row the first counts. */
const ONCE = /[\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Arabic}]/u;
const PLAIN = /^[a-z0-9]*$/;
const WITH_MARKS = /\P{M}\p{M}*/gu;
const ABOVE = /[\u0300-\u0315\u033d-\u0344\u0346\u034a-\u034c\u0350-\u0352\u0357\u035b\u0363-\u036f]/;
const KOREAN = /[\p{sc=Han}\p{sc=Hangul}]/u;

function askedLetters(): string[] {
  const found: string[] = [];
  for (const [from, to] of [
    [0x30, LAST_ASKED],
    [0x2c60, 0x2dff],
    [0x3041, 0x30ff],
    [0xa640, 0xa7ff],
  ] as const) {
    for (let code = from; code <= to; code++) {
      const letter = String.fromCodePoint(code);
      if (ASKED.test(letter) && LETTER.test(letter)) found.push(letter);
    }
  }
  const pairs = LATIN.flatMap((a) => LATIN.map((b) => a + b));
  return ['', ...found, ...pairs];
}

/** The form of a class: its longest text, so that æ is written as ae; of those the first by code. */
function formOf(members: readonly string[]): string {
  if (members.includes('')) return '';
  const plain = members.filter((each) => !/[^a-z0-9]/.test(each));
  return (plain.length > 0 ? plain : members).reduce((best, each) =>
    each.length > best.length || (each.length === best.length && each < best) ? each : best,
  );
}

/** Letters of one class each, found by sorting all of them once (a few milliseconds). */
function learn(same: Intl.Collator): ReadonlyMap<string, string> {
  const letters = askedLetters().sort(same.compare);
  const forms = new Map<string, string>();
  for (let from = 0; from < letters.length; ) {
    let to = from + 1;
    while (to < letters.length && same.compare(letters[from] as string, letters[to] as string) === 0) to++;
    const members = letters.slice(from, to);
    const form = formOf(members);
    for (const each of members) if ([...each].length === 1) forms.set(each, form);
    from = to;
  }
  return forms;
}

/** Hungarian writes a doubled compound letter short: ccs for cscs. */
const SHORT_DOUBLE =
  /(?:c(?=cs)|d(?=dzs?)|g(?=gy)|l(?=ly)|n(?=ny)|s(?=sz)|t(?=ty)|z(?=zs))(dzs|[cdz]s|dz|sz|[glnt]y)/g;

/** The form of a letter with the one of its marks that makes it another letter; null when none does. */
function markedForm(
  letter: string,
  marks: readonly string[],
  forms: ReadonlyMap<string, string>,
): string | null {
  for (const mark of marks) {
    const marked = forms.get((letter + mark).normalize('NFC'));
    if (marked !== undefined && marked !== forms.get(letter)) return marked;
    // The first mark above a letter hides the others there.
    if (ABOVE.test(mark)) break;
  }
  return null;
}

/** Makes key texts for one collation. */
export class CollationKeys {
  readonly #same: Intl.Collator;
  readonly #isNumeric: boolean;
  readonly #isKorean: boolean;
  readonly #isHungarian: boolean;
  #forms: ReadonlyMap<string, string> | null = null;

  /** @param same - compares at strength 1, the weakest, so that the keys serve every strength */
  constructor(same: Intl.Collator, isNumeric: boolean) {
    this.#same = same;
    this.#isNumeric = isNumeric;
    const { locale } = same.resolvedOptions();
    this.#isKorean = /^ko\b/.test(locale);
    this.#isHungarian = /^hu\b/.test(locale);
  }

  /** The key text: no case, no marks, no punctuation; every letter in the form of its class. */
  of(text: string): string {
    if (this.#isKorean && KOREAN.test(text)) return '가';
    this.#forms ??= learn(this.#same);
    let letters = text.normalize('NFD').replace(/\u0627(\p{M}*)\u0653/gu, '\u0627$1\u0627');
    // The second a may carry marks, which then belong to the å both stand for.
    if (this.#forms.get('å') === 'aa') letters = letters.replace(/aa/gi, 'a\u030a');
    if (this.#isHungarian) letters = letters.toLowerCase().replace(SHORT_DOUBLE, '$1$1');
    let out = '';
    let last = '';
    for (const [part] of letters.matchAll(WITH_MARKS)) {
      const form = this.#form(part, this.#forms);
      if (form === '' || (form === last && ONCE.test(form))) continue;
      last = form;
      out += form;
    }
    // Leading zeros do not count in a number; dropping all of them is simplest.
    return this.#isNumeric ? out.replaceAll('0', '') : out;
  }

  /** The form of a letter, or of the letter it is with one of its marks, when a language takes that for another. */
  #form(part: string, forms: ReadonlyMap<string, string>): string {
    const [letter, ...marks] = [...part] as [string, ...string[]];
    if (SILENT.test(letter)) return '';
    const plain = forms.get(letter);
    if (plain === undefined || !PLAIN.test(plain)) {
      const spelled = letter.normalize('NFKD');
      if (spelled !== letter) return this.#spelledOut(spelled, forms);
    }
    if (plain === undefined) return LETTER.test(letter) ? letter.toLowerCase() : '';
    return markedForm(letter, marks, forms) ?? plain;
  }

  /** Ligatures, wide and circled letters and their kind by their parts. */
  #spelledOut(spelled: string, forms: ReadonlyMap<string, string>): string {
    return [...spelled.replace(/\p{M}/gu, '')].map((part) => this.#form(part, forms)).join('');
  }
}
