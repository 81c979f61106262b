// $lookup: to each document the matching ones of another collection.
import { type Doc, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError, notSupported } from '../../database-error.ts';
import { PAUSE, type Stream } from '../../store/row.ts';
import { compilerIn } from '../expression.ts';
import { checkVariableName, splitFieldPath } from '../field-path.ts';
import { joinFilter, localValues } from '../join-filter.ts';
import { Memory, memorySize } from '../memory.ts';
import { withNested } from '../nested-field.ts';
import { type Cell, type Environment, type Expression, withCells } from '../scope.ts';
import {
  type CollectionPipeline,
  type Stage,
  type StageBuild,
  type StageContext,
  specification,
  textField,
} from '../stage.ts';

const FIELDS = ['from', 'localField', 'foreignField', 'let', 'pipeline', 'as'];

interface Variable {
  readonly cell: Cell;
  readonly evaluate: Expression;
}

interface Lookup {
  readonly as: readonly string[];
  readonly local: readonly string[] | null;
  readonly foreign: string;
  readonly variables: readonly Variable[];
  readonly foreignDocuments: CollectionPipeline;
  readonly refuse: () => DatabaseError;
}

function bindings(value: Value | undefined, environment: Environment): Map<string, Variable> {
  const out = new Map<string, Variable>();
  if (value === undefined) return out;
  if (!isDoc(value)) throw new DatabaseError(9, "$lookup argument 'let' must be an object");
  const compile = compilerIn(environment);
  for (const [name, source] of value) {
    out.set(checkVariableName(name), { cell: { value: undefined }, evaluate: compile(source) });
  }
  return out;
}

function checkFields(source: Doc): void {
  for (const name of source.keys()) {
    if (!FIELDS.includes(name)) throw new DatabaseError(9, `unknown argument to $lookup: ${name}`);
  }
  if (!source.has('as')) throw new DatabaseError(9, "must specify 'as' field for a $lookup");
  if (isDoc(source.get('from'))) throw notSupported('$lookup from another database');
  const [hasLocal, hasForeign] = [source.has('localField'), source.has('foreignField')];
  if (hasLocal !== hasForeign || (!hasLocal && !source.has('pipeline'))) {
    throw new DatabaseError(
      9,
      "$lookup requires either 'pipeline' or both 'localField' and 'foreignField' to be specified",
    );
  }
  if (source.has('let') && !source.has('pipeline')) {
    throw new DatabaseError(9, "$lookup with a 'let' argument must also specify 'pipeline'");
  }
}

function readLookup(value: Value, context: StageContext): Lookup {
  const source = specification('$lookup', value, 9);
  checkFields(source);
  const from = textField('$lookup', source, 'from');
  const hasJoin = source.has('localField');
  const foreign = hasJoin ? textField('$lookup', source, 'foreignField') : '';
  if (hasJoin) splitFieldPath(foreign);
  const variables = bindings(source.get('let'), context.environment);
  const cells = new Map([...variables].map(([name, { cell }]) => [name, cell] as const));
  return {
    as: splitFieldPath(textField('$lookup', source, 'as')),
    local: hasJoin ? splitFieldPath(textField('$lookup', source, 'localField')) : null,
    foreign,
    variables: [...variables.values()],
    foreignDocuments: context.compileOn(from, source.get('pipeline') ?? [], {
      place: '$lookup',
      environment: withCells(context.environment, cells),
    }),
    refuse: () =>
      new DatabaseError(
        4568,
        `Total size of documents in ${from} matching pipeline's $lookup stage exceeds 104857600 bytes`,
      ),
  };
}

const ALL: Doc = new Map();

function* joined(lookup: Lookup, item: Doc): Stream<Doc> {
  for (const { cell, evaluate } of lookup.variables) cell.value = evaluate(item);
  const filter = lookup.local ? joinFilter(lookup.foreign, localValues(item, lookup.local)) : ALL;
  const memory = new Memory(lookup.refuse);
  const found: Value[] = [];
  for (const other of lookup.foreignDocuments(filter)) {
    if (other === PAUSE) yield PAUSE;
    else {
      memory.use(memorySize(other));
      found.push(other);
    }
  }
  yield withNested(item, lookup.as, found);
}

/** Compiles `$lookup`: by equality of two fields, by a pipeline with variables, or by both.
 *  @throws 9 FailedToParse for a wrong specification */
export const lookupStage: StageBuild = (value, context): Stage => {
  const lookup = readLookup(value, context);
  return function* (input) {
    for (const item of input) {
      if (item === PAUSE) yield PAUSE;
      else yield* joined(lookup, item);
    }
  };
};
