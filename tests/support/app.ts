/** The real app in this process, on a real database in a folder of its own, with a clock moved by hand; for API tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { readEnvironment } from '#server/base/env.ts';
import type { Hub } from '#server/base/hub.ts';
import type { LinkLetter, Mail } from '#server/base/mail.ts';
import { type RunningHub, startHub } from '#server/start-hub.ts';
import type { Call, CallInput, CallOutput } from '#shared/base/call.ts';
import type { SignedIn } from '#shared/people/shape.ts';
import { takeDatabasePlace } from '#tests/support/database-place.ts';
import { ask, askRaw, callHub, type HubAnswer, makeCompany } from '#tests/support/hub-client.ts';

/** A running app and what a test may look at from outside and inside. */
export interface TestApp {
  url: string;
  hub: Hub;
  dataDir: string;
  /** Moves the hub's clock forward. */
  pass(ms: number): void;
  /** Letters asked for, newest last; kept only when the app was started with `mail: 'taken'`. */
  letters: LinkLetter[];
  /** Everything logged at debug and above, as parsed lines. */
  logged: Record<string, unknown>[];
  /** Sends a call and returns the answer as it is. @param by - who calls; null for nobody */
  ask<C extends Call>(call: C, input: CallInput<C>, by?: SignedIn | null): Promise<HubAnswer>;
  /** Sends a call that must succeed. */
  call<C extends Call>(call: C, input: CallInput<C>, by?: SignedIn | null): Promise<CallOutput<C>>;
  /** Sends a JSON body as it is, for inputs that no call allows. */
  send(method: string, path: string, body: unknown, by?: SignedIn | null): Promise<HubAnswer>;
  /** Makes a company with its admin, signed in; the address follows from the person's name. */
  company(companyName: string, name: string): Promise<SignedIn>;
  /** Any request; with the app's own origin unless the headers name another. */
  fetch(path: string, init?: RequestInit): Promise<Response>;
  /** Stops and starts again on the same data. */
  restart(): Promise<void>;
  /** Stops the app and removes its data. */
  remove(): Promise<void>;
}

/** What a test may want otherwise. */
export interface TestAppOptions {
  /** Settings by the names of README; limits per address are wide unless named here. */
  settings?: Record<string, string>;
  /** `taken`: a mail server that takes every letter. Default: none, so links are answered. */
  mail?: 'none' | 'taken';
  /** The clock, for tests of what happens in real time; by default one that only `pass` moves. */
  now?: () => Date;
}

/** Starts the app on a free port of 127.0.0.1. */
export async function startApp(options: TestAppOptions = {}): Promise<TestApp> {
  const dataDir = await mkdtemp(join(tmpdir(), 'tandem-app-'));
  const place = takeDatabasePlace();
  const result = readEnvironment({
    NODE_ENV: 'test',
    PORT: '0',
    DATA_DIR: dataDir,
    LIMIT_STRICT_PER_IP: '100000',
    LIMIT_CALLS_PER_IP: '1000000',
    ...place.settings,
    ...options.settings,
  });
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  const logged: Record<string, unknown>[] = [];
  const log = pino({ level: 'debug', base: null }, { write: (line) => logged.push(JSON.parse(line)) });
  const letters: LinkLetter[] = [];
  let present = Date.UTC(2026, 0, 5, 9);
  const start = () =>
    startHub(result.environment, {
      projectRoot: null,
      log,
      now: options.now ?? (() => new Date(present)),
      ...(options.mail === 'taken' ? { mail: takenMail(letters) } : {}),
    });
  let running: RunningHub = await start();
  const app: TestApp = {
    get url() {
      return running.hub.env.publicUrl;
    },
    get hub() {
      return running.hub;
    },
    dataDir,
    pass(ms) {
      present += ms;
    },
    letters,
    logged,
    ask: (call, input, by = null) => ask(app, call, input, by?.accessToken ?? null),
    call: (call, input, by = null) => callHub(app, call, input, by?.accessToken ?? null),
    send: (method, path, body, by = null) =>
      askRaw(app, path, { method, body: JSON.stringify(body) }, by?.accessToken ?? null),
    company: (companyName, name) => makeCompany(app, companyName, name),
    fetch: (path, init = {}) =>
      fetch(app.url + path, { ...init, headers: { origin: app.url, ...headersOf(init) } }),
    async restart() {
      await running.close();
      running = await start();
    },
    async remove() {
      await running.close();
      await place.drop();
      await rm(dataDir, { recursive: true, force: true, maxRetries: 3 });
    },
  };
  return app;
}

/** The secret at the end of an invitation's link. */
export function secretOf(link: string | null): string {
  return new URL(link ?? '').hash.slice(1);
}

function headersOf(init: RequestInit): Record<string, string> {
  return Object.fromEntries(new Headers(init.headers));
}

function takenMail(letters: LinkLetter[]): Mail {
  return {
    sendLink(letter) {
      letters.push(letter);
      return Promise.resolve(true);
    },
    close: () => undefined,
  };
}
