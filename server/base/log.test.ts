/** Tests of the log. */
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createLog } from '#server/base/log.ts';

describe('the log', () => {
  test('[BA25] secrets are blotted out, at the top and two levels down', () => {
    const lines: string[] = [];
    const env = { production: true, dataDir: '', logLevel: 'info' } as const;
    const log = createLog(env, { write: (line) => lines.push(line) });
    const canary = 'canary-4711';
    log.info({ password: canary, secret: canary, accessToken: canary, refreshToken: canary, cookie: canary });
    log.info({ input: { password: canary, email: 'anna@acme.example' }, record: { passwordHash: canary } });
    log.info({ req: { headers: { authorization: canary, cookie: canary, 'set-cookie': canary } } });
    log.info({ res: { headers: { 'set-cookie': [canary] } } });
    expect(lines).toHaveLength(4);
    expect(lines.join()).not.toContain(canary);
    expect(lines[1]).toContain('anna@acme.example');
  });

  test('[BA25] in development lines go to a file of the owner', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tandem-log-'));
    const log = createLog({ production: false, dataDir, logLevel: 'info' });
    log.info({ port: 4000 }, 'ready');
    log.debug('not at this level');
    const path = join(dataDir, 'log', 'hub.log');
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      expect.objectContaining({ msg: 'ready', port: 4000 }),
    ]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('[BA25] a log file that others could read is taken away from them', () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'tandem-log-'));
    const path = join(dataDir, 'log', 'hub.log');
    mkdirSync(join(dataDir, 'log'));
    writeFileSync(path, '');
    chmodSync(path, 0o644);
    createLog({ production: false, dataDir, logLevel: 'info' });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });
});
