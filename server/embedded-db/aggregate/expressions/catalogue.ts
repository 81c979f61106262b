// All expression operators, family by family.
import type { OperatorTable } from '../scope.ts';
import { ARITHMETIC } from './arithmetic.ts';
import { ARRAY_BUILDING } from './array-building.ts';
import { ARRAY_READING } from './array-reading.ts';
import { BIT_OPERATORS } from './bits.ts';
import { CHOICE } from './choice.ts';
import { COMPARISON } from './comparison.ts';
import { CONVERSION } from './conversion.ts';
import { DATE_FORMS } from './date-forms.ts';
import { DATE_MATH } from './date-math.ts';
import { DATE_PARTS } from './date-parts.ts';
import { ITERATION } from './iteration.ts';
import { LIST_STATISTICS } from './list-statistics.ts';
import { OBJECTS } from './objects.ts';
import { POWERS } from './powers.ts';
import { REGEX_OPERATORS } from './regex.ts';
import { ROUNDING } from './rounding.ts';
import { SETS } from './sets.ts';
import { TEXT } from './text.ts';
import { TEXT_PARTS } from './text-parts.ts';
import { TRIGONOMETRY } from './trigonometry.ts';

/** Every operator an expression may use. */
export const EXPRESSION_OPERATORS: OperatorTable = new Map([
  ...ARITHMETIC,
  ...ARRAY_BUILDING,
  ...ARRAY_READING,
  ...BIT_OPERATORS,
  ...CHOICE,
  ...COMPARISON,
  ...CONVERSION,
  ...DATE_FORMS,
  ...DATE_MATH,
  ...DATE_PARTS,
  ...ITERATION,
  ...LIST_STATISTICS,
  ...OBJECTS,
  ...POWERS,
  ...REGEX_OPERATORS,
  ...ROUNDING,
  ...SETS,
  ...TEXT,
  ...TEXT_PARTS,
  ...TRIGONOMETRY,
]);
