// Updates written as a pipeline: stages that make a new document of each old one.

import { pipelineContext, stagesOf } from '../aggregate/pipeline.ts';
import type { Environment } from '../aggregate/scope.ts';
import type { Stage } from '../aggregate/stage.ts';
import { specification } from '../aggregate/stage.ts';
import {
  addFieldsStage,
  projectStage,
  replaceRootStage,
  replaceWithStage,
  unsetStage,
} from '../aggregate/stages/shape.ts';
import type { Doc, Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { PAUSE, type Stream } from '../store/row.ts';

/** Makes the new document; the one given stays as it was. */
export type Transformation = (source: Doc) => Doc;

function* once(source: Doc): Stream<Doc> {
  yield source;
}

function compileForm(stage: Doc, environment: Environment): Stage {
  const [name, value] = [...stage][0] ?? ['', null];
  if (stage.size !== 1) {
    throw new DatabaseError(40323, 'A pipeline stage specification object must contain exactly one field.');
  }
  const context = pipelineContext(environment, () => once(stage));
  switch (name) {
    case '$set':
    case '$addFields':
      return addFieldsStage(specification('$addFields', value, 40272), environment);
    case '$unset':
      return unsetStage(value, context);
    case '$project':
      return projectStage(specification(name, value), environment);
    case '$replaceWith':
      return replaceWithStage(value, context);
    case '$replaceRoot':
      return replaceRootStage(value, context);
    default:
      throw new DatabaseError(
        name.startsWith('$') ? 72 : 40324,
        name.startsWith('$')
          ? `${name} is not allowed to be used within an update`
          : `Unrecognized pipeline stage name: '${name}'`,
      );
  }
}

/** Compiles the pipeline of an update; variables and `$$NOW` come from the environment.
 *  @throws 72 InvalidOptions for other stages than those that form documents */
export function compileTransformation(source: Value, environment: Environment): Transformation {
  const stages = stagesOf(source).map((stage) => compileForm(stage, environment));
  return (before) => {
    let out = before;
    for (const stage of stages) {
      for (const each of stage(once(out))) if (each !== PAUSE) out = each;
    }
    return out;
  };
}
