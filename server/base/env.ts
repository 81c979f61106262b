/** Settings: read once at start from the environment, checked by zod, one readable line per wrong value. */
import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { closeToOthers } from '#server/base/private-file.ts';

/** What the hub runs with; nothing else in the code reads `process.env`. */
export interface Environment {
  production: boolean;
  host: string;
  /** 0 asks the system for a free port; `withPort` settles it once the server listens. */
  port: number;
  /** Absolute path; holds the embedded database, the development secret and the development log. */
  dataDir: string;
  /** null = the embedded database. */
  mongodbUri: string | null;
  /** Takes a data folder on a network drive, where stored data can be lost. */
  allowNetworkDrive: boolean;
  /** Origin without a trailing slash, for instance `https://tandem.example.com`; links are made from it. */
  publicUrl: string;
  /** Origins a browser may call from, `publicUrl` first. */
  allowedOrigins: readonly string[];
  /** Key material of access and refresh tokens, at least 32 characters. */
  secret: string;
  /** null = no mail server: invitation links are shown and logged. */
  smtpUrl: string | null;
  mailFrom: string;
  logLevel: 'fatal' | 'error' | 'warn' | 'info' | 'debug' | 'trace' | 'silent';
  /** Number of proxies in front whose forwarding headers are believed. */
  trustProxyHops: number;
  /** Whether the demo companies are offered; never in production. */
  demo: boolean;
  limits: CallLimits;
}

/** Rate limits per window; the defaults are the ones the hub promises (source: OWASP ASVS 5.0, 6.3). */
export interface CallLimits {
  /** Refused strict calls per account and 15 minutes. */
  strictPerAccount: number;
  /** Strict calls per address (IPv6: per /56) and 15 minutes. */
  strictPerIp: number;
  /** Calls of any kind per address and minute. */
  callsPerIp: number;
}

/** Either the settings, or one line for every wrong value. */
export type EnvironmentResult = { environment: Environment } | { problems: string[] };

const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().min(min).max(max));

const originShape = z
  .url({ protocol: /^https?$/ })
  .transform((value) => new URL(value))
  .refine((url) => url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '')
  .transform((url) => url.origin);

const settingsShape = z.object({
  NODE_ENV: z.enum(['development', 'test', 'production']).default('development'),
  PORT: wholeNumber(0, 65535).default(4000),
  HOST: z.string().max(255).default('127.0.0.1'),
  DATA_DIR: z.string().max(1000).default('data'),
  MONGODB_URI: z
    .string()
    .regex(/^mongodb(\+srv)?:\/\/.+/)
    .optional(),
  EMBEDDED_DATABASE: z.enum(['accept', 'accept-network-drive']).optional(),
  PUBLIC_URL: originShape.optional(),
  SECRET: z.string().min(32).max(1000).optional(),
  SMTP_URL: z
    .string()
    .regex(/^smtps?:\/\/.+/)
    .optional(),
  MAIL_FROM: z
    .string()
    .max(320)
    .regex(/^[^\r\n]+@[^\r\n]+$/)
    .optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  TRUST_PROXY_HOPS: wholeNumber(0, 10).default(0),
  DEMO: z.enum(['on', 'off']).optional(),
  LIMIT_STRICT_PER_ACCOUNT: wholeNumber(1, 1_000_000).default(10),
  LIMIT_STRICT_PER_IP: wholeNumber(1, 1_000_000).default(100),
  LIMIT_CALLS_PER_IP: wholeNumber(1, 100_000_000).default(3_000),
});

type Settings = z.infer<typeof settingsShape>;

/** What each setting should be; values are never repeated, since some of them are secret. */
const expectations: Record<keyof Settings, string> = {
  NODE_ENV: 'expected development, test or production',
  PORT: 'expected a whole number from 0 to 65535',
  HOST: 'expected an address to listen on, such as 127.0.0.1 or 0.0.0.0',
  DATA_DIR: 'expected the path of a folder',
  MONGODB_URI: 'expected an address that starts with mongodb:// or mongodb+srv://',
  EMBEDDED_DATABASE: 'expected accept, or nothing (accept-network-drive risks the data)',
  PUBLIC_URL: 'expected an address without a path, such as https://tandem.example.com',
  SECRET: 'expected at least 32 characters; make one with: openssl rand -base64 48',
  SMTP_URL: 'expected an address that starts with smtp:// or smtps://',
  MAIL_FROM: 'expected a sender, such as Tandem <tandem@example.com>',
  LOG_LEVEL: 'expected fatal, error, warn, info, debug, trace or silent',
  TRUST_PROXY_HOPS: 'expected the number of proxies in front, from 0 to 10',
  DEMO: 'expected on or off; never on in production',
  LIMIT_STRICT_PER_ACCOUNT: 'expected a whole number from 1',
  LIMIT_STRICT_PER_IP: 'expected a whole number from 1',
  LIMIT_CALLS_PER_IP: 'expected a whole number from 1',
};

function problemsOf(error: z.ZodError): string[] {
  const names = new Set(error.issues.map((issue) => String(issue.path[0]) as keyof Settings));
  return [...names].map((name) => `${name}: not usable; ${expectations[name]}`);
}

/** The settings for which an empty production value is refused, and why. */
function productionProblems(settings: Settings): string[] {
  const missing = (name: keyof Settings) => `${name}: missing; ${expectations[name]}`;
  const problems: string[] = [];
  if (settings.SECRET === undefined) problems.push(missing('SECRET'));
  if (settings.MONGODB_URI === undefined && settings.EMBEDDED_DATABASE === undefined) {
    problems.push(`${missing('MONGODB_URI')}, or EMBEDDED_DATABASE=accept to keep data in DATA_DIR`);
  }
  if (settings.PUBLIC_URL === undefined) problems.push(missing('PUBLIC_URL'));
  else if (!settings.PUBLIC_URL.startsWith('https://')) {
    problems.push('PUBLIC_URL: not https; people sign in over it, so production needs https://');
  }
  if (settings.DEMO === 'on') problems.push(`DEMO: not allowed; ${expectations.DEMO}`);
  return problems;
}

/**
 * Reads the settings; an empty value counts as absent. Outside production a secret is made on first use and
 * kept in `DATA_DIR/secret` (mode 600).
 * @param source - usually `process.env`
 */
export function readEnvironment(source: Record<string, string | undefined>): EnvironmentResult {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = settingsShape.safeParse(given);
  if (!parsed.success) {
    return { problems: problemsOf(parsed.error) };
  }
  const settings = parsed.data;
  const production = settings.NODE_ENV === 'production';
  const problems = production ? productionProblems(settings) : [];
  if (problems.length > 0) return { problems };
  const dataDir = resolve(settings.DATA_DIR);
  const publicUrl = settings.PUBLIC_URL ?? `http://localhost:${settings.PORT}`;
  const environment: Environment = {
    production,
    host: settings.HOST,
    port: settings.PORT,
    dataDir,
    mongodbUri: settings.MONGODB_URI ?? null,
    allowNetworkDrive: settings.EMBEDDED_DATABASE === 'accept-network-drive',
    publicUrl,
    allowedOrigins: originsFor(publicUrl, settings.PORT, production),
    secret: settings.SECRET ?? developmentSecret(dataDir),
    smtpUrl: settings.SMTP_URL ?? null,
    mailFrom: settings.MAIL_FROM ?? `Tandem <tandem@${new URL(publicUrl).hostname}>`,
    logLevel: settings.LOG_LEVEL,
    trustProxyHops: settings.TRUST_PROXY_HOPS,
    demo: !production && settings.DEMO !== 'off',
    limits: {
      strictPerAccount: settings.LIMIT_STRICT_PER_ACCOUNT,
      strictPerIp: settings.LIMIT_STRICT_PER_IP,
      callsPerIp: settings.LIMIT_CALLS_PER_IP,
    },
  };
  return { environment };
}

/** Where the data are: what the commands beside the hub need of the settings. */
export type DataPlace = Pick<Environment, 'dataDir' | 'mongodbUri'>;

/** Reads only where the data are; makes nothing. @param source - usually `process.env` */
export function readDataPlace(
  source: Record<string, string | undefined>,
): { place: DataPlace } | { problems: string[] } {
  const given = Object.fromEntries(Object.entries(source).filter(([, value]) => value !== ''));
  const parsed = settingsShape.pick({ DATA_DIR: true, MONGODB_URI: true }).safeParse(given);
  if (!parsed.success) return { problems: problemsOf(parsed.error) };
  return { place: { dataDir: resolve(parsed.data.DATA_DIR), mongodbUri: parsed.data.MONGODB_URI ?? null } };
}

/** The same settings once the system has chosen a port; unchanged when the port was given. */
export function withPort(environment: Environment, port: number): Environment {
  if (environment.port !== 0) return environment;
  const publicUrl = environment.publicUrl.replace(/:0$/, `:${port}`);
  return {
    ...environment,
    port,
    publicUrl,
    allowedOrigins: originsFor(publicUrl, port, environment.production),
  };
}

/** Outside production the machine's own names are allowed too: people type either. */
function originsFor(publicUrl: string, port: number, production: boolean): string[] {
  const local = production ? [] : ['localhost', '127.0.0.1', '[::1]'].map((name) => `http://${name}:${port}`);
  return [...new Set([publicUrl, ...local])];
}

function developmentSecret(dataDir: string): string {
  const path = join(dataDir, 'secret');
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  try {
    // `wx` so that two processes starting at once agree on the first one's secret.
    writeFileSync(path, randomBytes(48).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    closeToOthers(path);
  }
  return readFileSync(path, 'utf8');
}
