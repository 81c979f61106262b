/** Tests of the settings. */
import { chmodSync, mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Environment, readDataPlace, readEnvironment, withPort } from '#server/base/env.ts';

const production = {
  NODE_ENV: 'production',
  SECRET: 's'.repeat(32),
  MONGODB_URI: 'mongodb://db.example.com/tandem',
  PUBLIC_URL: 'https://tandem.example.com/',
};

function read(source: Record<string, string>): Environment {
  const result = readEnvironment(source);
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result.environment;
}

function problemsOf(source: Record<string, string>): string[] {
  const result = readEnvironment(source);
  return 'problems' in result ? result.problems : [];
}

const dataDir = () => mkdtempSync(join(tmpdir(), 'tandem-env-'));

describe('settings', () => {
  test('[BA1] a network drive is taken only when it is asked for by name', () => {
    const DATA_DIR = dataDir();
    expect(read({ DATA_DIR }).allowNetworkDrive).toBe(false);
    expect(read({ DATA_DIR, EMBEDDED_DATABASE: 'accept' }).allowNetworkDrive).toBe(false);
    expect(read({ DATA_DIR, EMBEDDED_DATABASE: 'accept-network-drive' }).allowNetworkDrive).toBe(true);
  });

  test('[BA1] the commands beside the hub need no other settings, and name what is wrong with theirs', () => {
    const place = { dataDir: join('/', 'x'), mongodbUri: null };
    expect(readDataPlace({ DATA_DIR: join('/', 'x'), PORT: 'eighty', MONGODB_URI: '' })).toEqual({ place });
    expect(readDataPlace({ MONGODB_URI: 'postgres://x' })).toMatchObject({
      problems: [expect.stringMatching(/^MONGODB_URI: not usable/)],
    });
  });

  test('[BA1] every wrong value is named at once, with what is expected and without its value', () => {
    const problems = problemsOf({
      PORT: 'eighty',
      PUBLIC_URL: 'ftp://x',
      MONGODB_URI: 'postgres://user:hunter2@db',
      SECRET: 'too short',
      LOG_LEVEL: 'loud',
      TRUST_PROXY_HOPS: '-1',
    });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual([
      'PORT',
      'MONGODB_URI',
      'PUBLIC_URL',
      'SECRET',
      'LOG_LEVEL',
      'TRUST_PROXY_HOPS',
    ]);
    for (const problem of problems) expect(problem).toContain('expected');
    expect(problems.join()).not.toMatch(/hunter2|too short|eighty|loud/);
  });

  test.each([
    ['PORT', '65536'],
    ['PORT', '1.5'],
    ['PORT', '0x50'],
    ['PUBLIC_URL', 'https://tandem.example.com/path'],
    ['PUBLIC_URL', 'https://user@tandem.example.com'],
    ['PUBLIC_URL', 'tandem.example.com'],
    ['MAIL_FROM', 'x@example.com\r\nBcc: everyone@example.com'],
    ['SMTP_URL', 'http://mail'],
    ['DEMO', 'yes'],
    ['NODE_ENV', 'prod'],
    ['LIMIT_STRICT_PER_IP', '0'],
  ])('[BA1] %s=%s is refused', (name, value) => {
    expect(problemsOf({ DATA_DIR: dataDir(), [name]: value })).toEqual([expect.stringMatching(`^${name}: `)]);
  });

  test('[BA1] an empty value counts as none', () => {
    const env = read({ DATA_DIR: dataDir(), PORT: '', MONGODB_URI: '', SMTP_URL: '' });
    expect(env).toMatchObject({ port: 4000, mongodbUri: null, smtpUrl: null, host: '127.0.0.1', demo: true });
    expect(env.publicUrl).toBe('http://localhost:4000');
  });

  test('[BA2] production refuses to start on defaults, and names each', () => {
    const problems = problemsOf({ NODE_ENV: 'production' });
    expect(problems.map((problem) => problem.split(':')[0])).toEqual(['SECRET', 'MONGODB_URI', 'PUBLIC_URL']);
  });

  test('[BA2] production refuses http and the demo', () => {
    expect(problemsOf({ ...production, PUBLIC_URL: 'http://tandem.example.com' })).toHaveLength(1);
    expect(problemsOf({ ...production, DEMO: 'on' })).toHaveLength(1);
  });

  test('[BA2] production allows one origin, never offers the demo, and takes the embedded database when told', () => {
    expect(read(production)).toMatchObject({
      production: true,
      demo: false,
      publicUrl: 'https://tandem.example.com',
      allowedOrigins: ['https://tandem.example.com'],
    });
    const { MONGODB_URI: _, ...rest } = production;
    expect(read({ ...rest, EMBEDDED_DATABASE: 'accept' }).mongodbUri).toBeNull();
  });

  test('[BA3] the development secret is made once, kept, and readable by its owner only', () => {
    const folder = dataDir();
    const first = read({ DATA_DIR: folder }).secret;
    expect(first.length).toBeGreaterThanOrEqual(32);
    expect(read({ DATA_DIR: folder }).secret).toBe(first);
    expect(readFileSync(join(folder, 'secret'), 'utf8')).toBe(first);
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
    expect(read({ DATA_DIR: dataDir() }).secret).not.toBe(first);
  });

  test('[BA3] a secret that others could read is taken away from them', () => {
    const folder = dataDir();
    writeFileSync(join(folder, 'secret'), 'x'.repeat(64));
    chmodSync(join(folder, 'secret'), 0o644);
    expect(read({ DATA_DIR: folder }).secret).toBe('x'.repeat(64));
    expect(statSync(join(folder, 'secret')).mode & 0o777).toBe(0o600);
  });

  test('[BA4] a port chosen by the system ends up in the public address and the allowed origins', () => {
    const env = withPort(read({ DATA_DIR: dataDir(), PORT: '0' }), 50123);
    expect(env.publicUrl).toBe('http://localhost:50123');
    expect(env.allowedOrigins).toEqual([
      'http://localhost:50123',
      'http://127.0.0.1:50123',
      'http://[::1]:50123',
    ]);
    const given = read({ DATA_DIR: dataDir(), PORT: '4100' });
    expect(withPort(given, 50123)).toBe(given);
  });
});
