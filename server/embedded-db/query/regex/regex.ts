// Regular expressions as the server has them, with an end to what they may cost.
import { createContext, Script } from 'node:vm';
import type { Regex } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { effort } from '../../value/effort.ts';
import { refused } from './regex-cursor.ts';
import { type Translated, translate } from './regex-source.ts';

/** The longest a single test may take once it runs under a clock. */
const LIMIT_MS = 100;
/** Steps that may run without a clock: a few milliseconds. */
const FREE_STEPS = 1_000_000;
/** Steps of effort that compiling an expression counts for, and entering the clock. */
const EFFORT = 200;
/** The longest text that an expression of exponential work is tried on without a clock. */
const FREE_LENGTH = 16;

const stage: { run: () => RegExpExecArray | null } = { run: () => null };
const context = createContext(stage);
const script = new Script('run()');

function isTimeout(error: unknown): boolean {
  return (error as NodeJS.ErrnoException | null)?.code === 'ERR_SCRIPT_EXECUTION_TIMEOUT';
}

/** The longest text on which the work stays small. */
function freeLength({ work, isAnchored }: Translated): number {
  if (work.isExponential) return FREE_LENGTH;
  const degree = work.degree + (isAnchored ? 0 : 1);
  const steps = FREE_STEPS / 2 ** work.choices;
  return degree <= 1 ? Number.POSITIVE_INFINITY : steps ** (1 / degree);
}

/** An expression that may backtrack badly: on long texts it runs under a clock.
 *  `exec` (and `test` with it) throws 51156 when the time is over. */
class ClockedRegExp extends RegExp {
  readonly #freeLength: number;

  constructor(source: string, flags: string, length: number) {
    super(source, flags);
    this.#freeLength = length;
  }

  override exec(text: string): RegExpExecArray | null {
    if (text.length <= this.#freeLength) return super.exec(text);
    effort(EFFORT);
    stage.run = () => super.exec(text);
    try {
      return script.runInContext(context, { timeout: LIMIT_MS }) as RegExpExecArray | null;
    } catch (error) {
      if (!isTimeout(error)) throw error;
      throw new DatabaseError(
        51156,
        'Error occurred while executing the regular expression. Result: match limit exceeded',
      );
    }
  }
}

function checkOptions(options: string): void {
  for (const flag of options) {
    if (!'imsxu'.includes(flag)) throw new DatabaseError(51108, `invalid flag in regex options: ${flag}`);
  }
}

/** A JavaScript expression that matches what the server's would.
 *  @param extra - flags of the caller's own, like `g`
 *  @throws 51091 when the pattern is invalid, 51108 when an option is; 115 for what JavaScript cannot do */
export function compileRegex({ source, options }: Regex, extra = ''): RegExp {
  effort(EFFORT);
  checkOptions(options);
  const translated = translate(source, options);
  const flags = `${options.includes('i') ? 'i' : ''}u${extra}`;
  const length = freeLength(translated);
  try {
    if (length === Number.POSITIVE_INFINITY) return new RegExp(translated.source, flags);
    return new ClockedRegExp(translated.source, flags, length);
  } catch (error) {
    throw refused((error as Error).message);
  }
}
