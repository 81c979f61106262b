/** The hub as a process: settings in, one address out, and an orderly end on SIGTERM or SIGINT. */
import { fileURLToPath } from 'node:url';
import { readEnvironment } from '#server/base/env.ts';
import { type RunningHub, startHub } from '#server/start-hub.ts';
import { secondMs } from '#shared/base/units.ts';

/** Longest time from the signal to the end of the process. */
const stopWithinMs = 10 * secondMs;

const projectRoot = fileURLToPath(new URL('..', import.meta.url));
const result = readEnvironment(process.env);

if ('problems' in result) {
  refuse(['Tandem cannot start with these settings:', ...result.problems.map((problem) => `  ${problem}`)]);
} else {
  try {
    // Without its database a hub can keep nothing; a new start can, and everything answered is on disk.
    const onFatal = () => process.exit(1);
    const running = await startHub(result.environment, { projectRoot, onFatal });
    endWith(running);
    process.stdout.write(`Tandem is ready: ${running.hub.env.publicUrl}\n`);
    await running.clientBuilt.catch(async (error: unknown) => {
      await running.close();
      throw error;
    });
  } catch (error) {
    refuse(explain(error, result.environment.port));
  }
}

/** Ends the process with plain words on stderr; no stack, which helps nobody at a terminal. */
function refuse(lines: readonly string[]): never {
  process.stderr.write(`${lines.join('\n')}\n`);
  process.exit(1);
}

function explain(error: unknown, port: number): string[] {
  if (!(error instanceof Error)) return ['Tandem cannot start.', String(error)];
  if ('code' in error && error.code === 'EADDRINUSE') {
    return [
      `Tandem cannot start: port ${port} is in use. Choose another, for instance: PORT=${port + 1} npm start`,
    ];
  }
  return [`Tandem cannot start: ${error.message}`];
}

function endWith(running: RunningHub): void {
  const { log } = running.hub;
  const end = (code: number) => {
    setTimeout(() => process.exit(1), stopWithinMs).unref();
    running.close().then(
      () => process.exit(code),
      (error: unknown) => {
        log.fatal({ err: error }, 'the stop failed');
        process.exit(1);
      },
    );
  };
  process.once('SIGTERM', () => end(0));
  process.once('SIGINT', () => end(0));
  process.on('unhandledRejection', (reason) => log.error({ err: reason }, 'a promise failed unobserved'));
  process.on('uncaughtException', (error) => {
    // What is in memory may be half changed, so nothing more is accepted; everything answered is stored already.
    log.fatal({ err: error }, 'an error nobody caught');
    end(1);
  });
}
