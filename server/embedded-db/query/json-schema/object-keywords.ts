// Keywords of $jsonSchema about documents.
import { type Doc, isDoc, Regex, type Value } from '../../bson/value.ts';
import { DatabaseError } from '../../database-error.ts';
import { compileRegex } from '../regex/regex.ts';
import {
  type Check,
  type CompileSchema,
  countOf,
  detail,
  type Failure,
  namesOf,
  objectOf,
  type Schema,
  told,
} from './check.ts';

function ofObject(check: (value: Doc) => Failure | null): Check {
  return (value) => (isDoc(value) ? check(value) : null);
}

/** `required`. */
export function requiredCheck(value: Value): Check {
  const names = namesOf('required', value);
  return ofObject((found) => {
    const missing = names.filter((name) => !found.has(name));
    if (missing.length === 0) return null;
    const specifiedAs: Doc = new Map([['required', value]]);
    return () => detail({ operatorName: 'required', specifiedAs, missingProperties: missing });
  });
}

/** Texts a nested schema carries for its readers. */
function annotations(schema: Value): Record<string, Value | undefined> {
  if (!isDoc(schema)) return {};
  return { title: schema.get('title'), description: schema.get('description') };
}

/** `properties`. */
export function propertiesCheck(value: Value, compile: CompileSchema): Check {
  const schemas = [...objectOf('properties', value)].map(
    ([name, schema]) => [name, schema, compile(schema, 'properties')] as const,
  );
  return ofObject((found) => {
    const bad = schemas.flatMap(([name, schema, check]) => {
      const field = found.get(name);
      const failures = field === undefined ? [] : check(field);
      return failures.length > 0 ? [{ name, schema, failures }] : [];
    });
    if (bad.length === 0) return null;
    return () =>
      detail({
        operatorName: 'properties',
        propertiesNotSatisfied: bad.map(({ name, schema, failures }) =>
          detail({ propertyName: name, ...annotations(schema), details: told(failures) }),
        ),
      });
  });
}

interface Pattern {
  readonly source: string;
  readonly regex: RegExp;
  readonly check: Schema;
}

function patternsOf(value: Value | undefined, compile: CompileSchema): Pattern[] {
  if (value === undefined) return [];
  return [...objectOf('patternProperties', value)].map(([source, schema]) => ({
    source,
    regex: compileRegex(new Regex(source, '')),
    check: compile(schema, 'patternProperties'),
  }));
}

/** `patternProperties`. */
export function patternPropertiesCheck(value: Value, compile: CompileSchema): Check {
  const patterns = patternsOf(value, compile);
  return ofObject((found) => {
    const bad: Failure[] = [];
    for (const { source, regex, check } of patterns) {
      for (const [name, field] of found) {
        const failures = regex.test(name) ? check(field) : [];
        if (failures.length === 0) continue;
        bad.push(() => detail({ propertyName: name, regexMatched: source, details: told(failures) }));
      }
    }
    return bad.length === 0 ? null : () => detail({ operatorName: 'patternProperties', details: told(bad) });
  });
}

/** `additionalProperties`: those neither `properties` nor `patternProperties` name. */
export function additionalPropertiesCheck(value: Value, schema: Doc, compile: CompileSchema): Check {
  const named = new Set(objectOf('properties', schema.get('properties') ?? new Map()).keys());
  const patterns = patternsOf(schema.get('patternProperties'), compile);
  const additional = (found: Doc) =>
    [...found].filter(([name]) => !named.has(name) && !patterns.some(({ regex }) => regex.test(name)));
  if (value === true) return () => null;
  const specifiedAs: Doc = new Map([['additionalProperties', value]]);
  if (value === false) {
    return ofObject((found) => {
      const names = additional(found).map(([name]) => name);
      if (names.length === 0) return null;
      return () => detail({ operatorName: 'additionalProperties', specifiedAs, additionalProperties: names });
    });
  }
  const check = compile(value, 'additionalProperties');
  return ofObject((found) => {
    for (const [name, field] of additional(found)) {
      const failures = check(field);
      if (failures.length === 0) continue;
      return () =>
        detail({
          operatorName: 'additionalProperties',
          reason: 'at least one additional property did not match the subschema',
          failingProperty: name,
          details: told(failures),
        });
    }
    return null;
  });
}

/** `minProperties` and `maxProperties`. */
export function propertyCountCheck(keyword: 'minProperties' | 'maxProperties', value: Value): Check {
  const limit = countOf(keyword, value);
  const specifiedAs: Doc = new Map([[keyword, value]]);
  return ofObject((found) => {
    const isWithin = keyword === 'minProperties' ? found.size >= limit : found.size <= limit;
    if (isWithin) return null;
    const reason = 'specified number of properties was not satisfied';
    return () => detail({ operatorName: keyword, specifiedAs, reason, consideredValue: found });
  });
}

function dependencyCheck(name: string, value: Value, compile: CompileSchema): (found: Doc) => Failure | null {
  if (isDoc(value)) {
    const check = compile(value, 'dependencies');
    return (found) => {
      const failures = check(found);
      return failures.length === 0
        ? null
        : () => detail({ conditionalProperty: name, details: told(failures) });
    };
  }
  if (!Array.isArray(value)) {
    throw new DatabaseError(14, "$jsonSchema keyword 'dependencies' must be an object of objects or arrays");
  }
  const names = namesOf('dependencies', value);
  return (found) => {
    const missing = names.filter((each) => !found.has(each));
    return missing.length === 0
      ? null
      : () => detail({ conditionalProperty: name, missingProperties: missing });
  };
}

/** `dependencies`, both on properties and on schemas. */
export function dependenciesCheck(value: Value, compile: CompileSchema): Check {
  const all = [...objectOf('dependencies', value)].map(
    ([name, each]) => [name, dependencyCheck(name, each, compile)] as const,
  );
  return ofObject((found) => {
    const bad = all
      .flatMap(([name, check]) => (found.has(name) ? [check(found)] : []))
      .filter((each) => each !== null);
    if (bad.length === 0) return null;
    return () => detail({ operatorName: 'dependencies', failingDependencies: told(bad) });
  });
}
