/** Typed calls: one definition of path, input and output, used by the server's route and the client's fetch. */
import { z } from 'zod';

/** Who may make a call. `member` = signed in with a live session; rights inside a room are decided by its command. */
export type CallAccess = 'anyone' | 'member';

/** How strictly a call is limited: `strict` for sign-in and everything that guesses could abuse. */
export type CallPace = 'normal' | 'strict';

/**
 * One HTTP call. `:name` parts of the path are taken from the input by that name; the rest of the input
 * travels as the query of a GET (strings only) or as the JSON body of any other method.
 */
export interface Call<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  /** `room.verbNoun`, unique; used in logs, metrics and the route table. */
  name: string;
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  /** Starts with `/api/`. */
  path: string;
  access: CallAccess;
  pace?: CallPace;
  input: Input;
  output: Output;
}

/** The output of a call that answers with bytes instead of JSON; its room says what reads them. */
export const bytesShape = z.custom<Uint8Array>((value) => value instanceof Uint8Array);

/** Keeps the exact shapes of a call; adds nothing. */
export function defineCall<Input extends z.ZodType, Output extends z.ZodType>(
  call: Call<Input, Output>,
): Call<Input, Output> {
  return call;
}

/** What the sender passes. */
export type CallInput<C extends Call> = z.input<C['input']>;

/** What the handler returns and the sender receives. */
export type CallOutput<C extends Call> = z.output<C['output']>;

/** Names of the `:parts` of a path, in order; [] when there are none. */
export function pathParts(path: string): string[] {
  return Array.from(path.matchAll(/:([a-zA-Z]+)/g), (match) => match[1] ?? '');
}
