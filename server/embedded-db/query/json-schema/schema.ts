// $jsonSchema compiled once: a list of checks, each of which can say what it misses.
import { type Doc, int, isDoc, type Value } from '../../bson/value.ts';
import { DatabaseError, notSupported } from '../../database-error.ts';
import { additionalItemsCheck, itemCountCheck, itemsCheck, uniqueItemsCheck } from './array-keywords.ts';
import { type Check, detail, type Failure, listOf, objectOf, type Schema, told } from './check.ts';
import {
  additionalPropertiesCheck,
  dependenciesCheck,
  patternPropertiesCheck,
  propertiesCheck,
  propertyCountCheck,
  requiredCheck,
} from './object-keywords.ts';
import {
  enumCheck,
  lengthCheck,
  limitCheck,
  multipleCheck,
  patternCheck,
  typeCheck,
} from './scalar-keywords.ts';

function schemasOf(keyword: string, value: Value): Schema[] {
  return listOf(keyword, value).map((each) => nested(each, keyword));
}

function failing(schemas: readonly Schema[], value: Value): { at: number; failures: readonly Failure[] }[] {
  return schemas
    .map((schema, at) => ({ at, failures: schema(value) }))
    .filter(({ failures }) => failures.length > 0);
}

function manyCheck(keyword: 'allOf' | 'anyOf' | 'oneOf', value: Value): Check {
  const schemas = schemasOf(keyword, value);
  return (found) => {
    const bad = failing(schemas, found);
    const matching = schemas.length - bad.length;
    if (keyword === 'allOf' ? bad.length === 0 : keyword === 'anyOf' ? matching > 0 : matching === 1)
      return null;
    if (keyword === 'oneOf' && matching > 1) {
      const failed = new Set(bad.map(({ at }) => at));
      const indexes = [...schemas.keys()].filter((at) => !failed.has(at)).map(int);
      const reason = 'more than one subschema matched';
      return () => detail({ operatorName: keyword, reason, matchingSchemaIndexes: indexes });
    }
    return () =>
      detail({
        operatorName: keyword,
        schemasNotSatisfied: bad.map(({ at, failures }) =>
          detail({ index: int(at), details: told(failures) }),
        ),
      });
  };
}

function notCheck(value: Value): Check {
  const schema = nested(value, 'not');
  return (found) =>
    schema(found).length > 0
      ? null
      : () => detail({ operatorName: 'not', reason: 'child expression matched' });
}

/** Builds the check of one keyword from its value and the schema it stands in; null for those without effect. */
type Build = (value: Value, schema: Doc) => Check | null;

function text(keyword: string): Build {
  return (value) => {
    if (typeof value === 'string') return null;
    throw new DatabaseError(14, `$jsonSchema keyword '${keyword}' must be a string`);
  };
}

/** `exclusiveMinimum` and `exclusiveMaximum` are read with the limit they belong to. */
function beside(keyword: string, limit: string): Build {
  return (_, schema) => {
    if (schema.has(limit)) return null;
    throw new DatabaseError(9, `$jsonSchema keyword '${limit}' must be a present if ${keyword} is present`);
  };
}

const KEYWORDS: ReadonlyMap<string, Build> = new Map<string, Build>([
  ['bsonType', (value) => typeCheck('bsonType', value)],
  ['type', (value) => typeCheck('type', value)],
  ['enum', enumCheck],
  ['minimum', (value, schema) => limitCheck('minimum', value, schema)],
  ['maximum', (value, schema) => limitCheck('maximum', value, schema)],
  ['exclusiveMinimum', beside('exclusiveMinimum', 'minimum')],
  ['exclusiveMaximum', beside('exclusiveMaximum', 'maximum')],
  ['multipleOf', multipleCheck],
  ['minLength', (value) => lengthCheck('minLength', value)],
  ['maxLength', (value) => lengthCheck('maxLength', value)],
  ['pattern', patternCheck],
  ['required', requiredCheck],
  ['properties', (value) => propertiesCheck(value, nested)],
  ['patternProperties', (value) => patternPropertiesCheck(value, nested)],
  ['additionalProperties', (value, schema) => additionalPropertiesCheck(value, schema, nested)],
  ['minProperties', (value) => propertyCountCheck('minProperties', value)],
  ['maxProperties', (value) => propertyCountCheck('maxProperties', value)],
  ['dependencies', (value) => dependenciesCheck(value, nested)],
  ['items', (value) => itemsCheck(value, nested)],
  ['additionalItems', (value, schema) => additionalItemsCheck(value, schema, nested)],
  ['minItems', (value) => itemCountCheck('minItems', value)],
  ['maxItems', (value) => itemCountCheck('maxItems', value)],
  ['uniqueItems', uniqueItemsCheck],
  ['allOf', (value) => manyCheck('allOf', value)],
  ['anyOf', (value) => manyCheck('anyOf', value)],
  ['oneOf', (value) => manyCheck('oneOf', value)],
  ['not', notCheck],
  ['title', text('title')],
  ['description', text('description')],
]);

const UNSUPPORTED: ReadonlySet<string> = new Set([
  '$ref',
  '$schema',
  'default',
  'definitions',
  'format',
  'id',
]);

function nested(source: Value, keyword: string): Schema {
  const schema = objectOf(keyword, source);
  if (schema.has('type') && schema.has('bsonType')) {
    throw new DatabaseError(9, "Cannot specify both $jsonSchema keywords 'type' and 'bsonType'");
  }
  const checks: Check[] = [];
  for (const [name, value] of schema) {
    if (name === 'encrypt' || name === 'encryptMetadata')
      throw notSupported(`the $jsonSchema keyword '${name}'`);
    if (UNSUPPORTED.has(name)) {
      throw new DatabaseError(9, `$jsonSchema keyword '${name}' is not currently supported`);
    }
    const build = KEYWORDS.get(name);
    if (!build) throw new DatabaseError(9, `Unknown $jsonSchema keyword: ${name}`);
    const check = build(value, schema);
    if (check) checks.push(check);
  }
  return (value) => checks.map((check) => check(value)).filter((each) => each !== null);
}

/** Compiles the operand of `$jsonSchema`.
 *  @throws 14 TypeMismatch, 9 FailedToParse for what is no schema; 115 for encryption */
export function compileSchema(source: Value): Schema {
  if (!isDoc(source)) throw new DatabaseError(14, '$jsonSchema must be an object');
  return nested(source, '$jsonSchema');
}
