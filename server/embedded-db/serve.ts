// Serves the database of one directory alone, for tools and tests: `npm run db -- --data DIR`.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startEmbeddedDatabase } from './start.ts';
import type { Address } from './wire/listener.ts';

const HELP = `Serves an embedded database until it is told to stop (Ctrl+C), and prints its URI.

  --data DIR            directory of the database (what DATA_DIR names, else data)
  --port N              TCP port to listen on; 0 for any free one
  --host H              address to listen on (127.0.0.1)
  --socket PATH         Unix socket to listen on
  --user NAME           asks whoever connects to --port or --socket for this name and its password, which is read
                        from the environment variable EMBEDDED_DB_PASSWORD or from a file
  --password-file PATH  the file; its last line break does not count
  --beyond-loopback     allows a --host that other machines reach; needs a user

Without --port and --socket it serves the private socket in the data directory alone; when another process has
the directory open, it prints the socket of that one, and ends with it.
`;

const OPTIONS = {
  // The same setting and default as those of the hub, whose folder it is.
  data: { type: 'string', default: process.env['DATA_DIR'] || 'data' },
  port: { type: 'string' },
  host: { type: 'string' },
  socket: { type: 'string' },
  user: { type: 'string' },
  'password-file': { type: 'string' },
  'beyond-loopback': { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

type Values = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'];

function stop(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

function addresses({ port, host, socket }: Values): Address[] {
  if (host !== undefined && port === undefined) throw new Error('--host needs a --port');
  const out: Address[] = socket === undefined ? [] : [{ path: resolve(socket) }];
  if (port === undefined) return out;
  const number = Number(port);
  if (!/^\d+$/.test(port) || number > 65_535)
    throw new Error(`--port ${port} is no port number (0 to 65535)`);
  return [...out, { host: host ?? '127.0.0.1', port: number }];
}

function passwordIn(file: string): string {
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '');
  } catch (error) {
    throw new Error(`The password file ${resolve(file)} cannot be read.`, { cause: error });
  }
}

/** Names what is wrong with the arguments and where to look. */
function readArguments(): Values {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`${said}. All options: npm run db -- --help`, { cause: error });
  }
}

/** A password in an argument could be read by every program of the machine. */
function user({ user: name, 'password-file': file }: Values) {
  const password = file === undefined ? process.env['EMBEDDED_DB_PASSWORD'] : passwordIn(file);
  if (name === undefined) {
    // A password somebody set is meant to be asked for: serving without it would be a surprise.
    if (password) throw new Error('A password (EMBEDDED_DB_PASSWORD or --password-file) needs a --user');
    return undefined;
  }
  if (!password) throw new Error('--user needs EMBEDDED_DB_PASSWORD or --password-file');
  return { name, password };
}

async function serve(values: Values): Promise<void> {
  const listen = addresses(values);
  const who = user(values);
  if (who && listen.length === 0) throw new Error('--user needs a --port or a --socket');
  const database = await startEmbeddedDatabase({
    dataDir: values.data,
    onFatal: stop,
    whenOpenElsewhere: listen.length > 0 ? 'refuse' : 'join',
    listen,
    beyondLoopback: values['beyond-loopback'],
    ...(who ? { user: who } : {}),
  });
  const uris = listen.length > 0 ? database.furtherUris : [database.uri];
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => void database.close().then(() => process.exit(0)));
  }
  // Last, so that whoever reads the address may stop it at once.
  process.stdout.write(`${uris.join('\n')}\n`);
}

try {
  const values = readArguments();
  // What is made from here on, sockets too, is for its owner alone.
  process.umask(0o077);
  if (values.help) process.stdout.write(HELP);
  else await serve(values);
} catch (error) {
  stop(error);
}
