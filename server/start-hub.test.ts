import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mongoose from 'mongoose';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { readEnvironment } from '#server/base/env.ts';
import type { Mail } from '#server/base/mail.ts';
import { startHub } from '#server/start-hub.ts';

test('[BA20] a hub that cannot be put together closes its database, so that the next start finds it free', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-start-'));
  const result = readEnvironment({ NODE_ENV: 'test', PORT: '0', DATA_DIR: dataDir });
  if ('problems' in result) throw new Error(result.problems.join());
  const log = pino({ enabled: false });
  const broken = {
    log,
    projectRoot: null,
    get mail(): Mail {
      throw new Error('no mail today');
    },
  };
  await expect(startHub(result.environment, broken)).rejects.toThrow('no mail today');
  expect(mongoose.connection.readyState).toBe(mongoose.ConnectionStates.disconnected);
  const running = await startHub(result.environment, { log, projectRoot: null });
  await running.close();
  await rm(dataDir, { recursive: true, force: true });
});
