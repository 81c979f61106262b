// $out and $merge: the end of a pipeline that writes its documents.

import { decodeDoc } from '../bson/decode.ts';
import type { Doc, Value } from '../bson/value.ts';
import { DatabaseError } from '../database-error.ts';
import { nextBatch, type Source } from '../engine/cursors.ts';
import type { Stream } from '../store/row.ts';
import { type Context, docOption } from './context.ts';
import { mergeSink } from './merge-output.ts';
import { outSink } from './out-output.ts';
import type { Sink } from './output-work.ts';

/** Documents handed on to the writer at once. */
const BATCH = 500;

/** A pipeline without its writing end; `output` is null when it only reads. */
export interface SplitPipeline {
  readonly stages: readonly Doc[];
  readonly output: Doc | null;
}

/** Takes a final `$out` or `$merge` off a pipeline. */
export function splitOutput(pipeline: readonly Doc[]): SplitPipeline {
  const last = pipeline.at(-1);
  const isOutput = last?.size === 1 && (last.has('$out') || last.has('$merge'));
  return isOutput ? { stages: pipeline.slice(0, -1), output: last } : { stages: pipeline, output: null };
}

function sinkOf(context: Context, output: Doc): Promise<Sink> {
  const [[name, value]] = output as unknown as [[string, Value]];
  if (context.transaction) {
    throw new DatabaseError(263, `${name} cannot be used in a transaction`);
  }
  return name === '$out' ? outSink(context, value) : mergeSink(context, value);
}

/** Writes the documents of a stream as the output stage says. Others have their turn between the batches. */
export async function writeOutput(context: Context, output: Doc, stream: Stream<Buffer>): Promise<void> {
  if (docOption(context.body, 'readConcern').get('level') === 'linearizable') {
    const name = output.keys().next().value;
    throw new DatabaseError(72, `${name} cannot be used with a 'linearizable' read concern level`);
  }
  const sink = await sinkOf(context, output);
  const source: Source = { stream, held: null };
  try {
    for (let isDone = false; !isDone; ) {
      const batch = await nextBatch(source, BATCH, context.deadline);
      if (batch.documents.length > 0) await sink.write(batch.documents.map((bytes) => decodeDoc(bytes)));
      ({ isDone } = batch);
    }
    await sink.finish();
  } catch (error) {
    await sink.abandon();
    throw error;
  }
}
