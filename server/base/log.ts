/** Logs: structured and redacted; to a file in development so that the terminal stays quiet, to stdout in production. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pino, { type DestinationStream, type Logger } from 'pino';
import pretty from 'pino-pretty';
import type { Environment } from '#server/base/env.ts';
import { closeToOthers } from '#server/base/private-file.ts';

/** Names whose values never reach a log, at the top and one level down. */
const secretNames = [
  'authorization',
  'cookie',
  'password',
  'passwordHash',
  'secret',
  'secretHash',
  'accessToken',
  'refreshToken',
  'token',
];

/** Paths for pino's redaction. */
const redactedPaths = [
  ...secretNames,
  ...secretNames.map((name) => `*.${name}`),
  ...secretNames.map((name) => `*.*.${name}`),
  '*.headers["set-cookie"]',
];

/**
 * Makes the log of a hub. Production: JSON lines on stdout. Development: JSON lines in
 * `DATA_DIR/log/hub.log`, and errors in plain words on stderr as well.
 * @param destination - replaces all of that; for tests
 */
export function createLog(
  env: Pick<Environment, 'production' | 'dataDir' | 'logLevel'>,
  destination: DestinationStream = destinationFor(env),
): Logger {
  const options = { level: env.logLevel, base: null, redact: { paths: redactedPaths, censor: '[redacted]' } };
  return pino(options, destination);
}

function destinationFor(env: Pick<Environment, 'production' | 'dataDir' | 'logLevel'>): DestinationStream {
  if (env.production) return pino.destination({ fd: 1, sync: true });
  const folder = join(env.dataDir, 'log');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, 'hub.log');
  closeToOthers(path);
  const file = pino.destination({ dest: path, sync: true, mode: 0o600 });
  if (env.logLevel === 'silent') return file;
  const terminal = pretty({ destination: 2, sync: true, colorize: false, ignore: 'pid,hostname' });
  return pino.multistream([
    { level: env.logLevel, stream: file },
    { level: 'error', stream: terminal },
  ]);
}
