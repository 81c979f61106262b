// Failures on demand, for tests of drivers and applications; there only when the database is started for tests.
import { setTimeout as pause } from 'node:timers/promises';
import { type Doc, int, isDoc, type Outgoing, type Value } from '../bson/value.ts';
import { DatabaseError, notSupported } from '../database-error.ts';
import type { Reply } from '../engine/retry-log.ts';
import { asNumber } from '../value/arithmetic.ts';
import { type Command, countOption, docOption, flagOption, reply } from './context.ts';
import { retryLabels } from './error-reply.ts';

/** Thrown when the connection is to be closed without a reply. */
export class ConnectionCut extends Error {}

interface FailPoint {
  readonly data: Doc;
  /** How often it still fires. */
  left: number;
}

function isListed(list: Value | undefined, name: string): boolean {
  return Array.isArray(list) && list.includes(name);
}

function labelsIn(data: Doc): string[] | undefined {
  const given = data.get('errorLabels');
  return Array.isArray(given) ? given.map(String) : undefined;
}

/** The fail point `failCommand`; others are refused. */
export class FailPoints {
  #failCommand: FailPoint | null = null;

  /** Answers configureFailPoint.
   *  @throws 115 for other fail points and modes */
  configure(body: Doc): Reply {
    if (body.get('configureFailPoint') !== 'failCommand') throw notSupported('this fail point');
    const mode = body.get('mode') ?? null;
    const left = isDoc(mode)
      ? countOption(mode, 'times')
      : mode === 'alwaysOn'
        ? Number.POSITIVE_INFINITY
        : 0;
    if (left === null) throw notSupported('this mode of a fail point');
    this.#failCommand = left > 0 ? { data: docOption(body, 'data'), left } : null;
    return reply({ count: int(0) });
  }

  #next(name: string, appName: string): Doc | null {
    const point = this.#failCommand;
    if (!point || point.left <= 0 || !isListed(point.data.get('failCommands'), name)) return null;
    const wanted = point.data.get('appName');
    if (wanted !== undefined && wanted !== appName) return null;
    point.left--;
    return point.data;
  }

  /** Runs a command as the fail point wants it.
   *  @throws ConnectionCut; the error of the fail point */
  async around(
    request: { name: string; body: Doc; appName: string },
    run: () => Promise<Reply>,
  ): Promise<Reply> {
    const data = this.#next(request.name, request.appName);
    if (!data) return run();
    if (flagOption(data, 'blockConnection')) await pause(countOption(data, 'blockTimeMS') ?? 0);
    if (flagOption(data, 'closeConnection')) throw new ConnectionCut('closed by a fail point');
    const code = asNumber(data.get('errorCode'));
    if (code !== null) {
      const labels = labelsIn(data);
      throw new DatabaseError(code, "Failing command via 'failCommand' failpoint", labels ? { labels } : {});
    }
    const out = await run();
    const failure = data.get('writeConcernError');
    if (isDoc(failure)) addWriteConcernError(out, failure, labelsIn(data), request.body);
    return out;
  }
}

function addWriteConcernError(out: Reply, failure: Doc, given: string[] | undefined, request: Doc): void {
  out.set('writeConcernError', failure as Outgoing);
  const labels = given ?? retryLabels(asNumber(failure.get('code')) ?? 0, request);
  if (labels.length > 0) out.set('errorLabels', labels);
}

/** The command that sets fail points. */
export const FAIL_POINT_COMMANDS: Readonly<Record<string, Command>> = {
  configureFailPoint: {
    run: ({ engine, body }) => {
      if (engine.failPoints) return engine.failPoints.configure(body);
      throw new DatabaseError(59, "no such command: 'configureFailPoint'");
    },
    options: ['configureFailPoint', 'mode', 'data'],
  },
};
