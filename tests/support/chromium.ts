/** Finds a Chromium for the browser tests, or installs one where that is one command; CONTRIBUTING.md has the order. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';

/** The machine as the search sees it; handed in so that tests can search made-up ones. */
export interface Machine {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  home: string;
  isRoot: boolean;
  /** True for a file that may be run. */
  runs(path: string): boolean;
  /** Names in a folder; [] when it does not exist. */
  list(folder: string): string[];
  exists(path: string): boolean;
  /** Runs a command with its output kept back. @returns null when it succeeded, else what it printed */
  command(program: string, args: readonly string[]): string | null;
}

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

const advice = `The browser tests need Chromium or Chrome, and none was found on this machine. One of these helps:
  - install Chromium or Google Chrome the usual way of your system
  - npx playwright-core install chromium
  - CHROMIUM_PATH=/path/to/chromium npm test
Or leave them out: npm test -- unit api live
`;

/** Nothing to run the browser tests with; the message says what to do. */
export class NoChromium extends Error {}

/** The path of a browser that can be started. @throws NoChromium when there is none and none could be installed */
export function ensureChromium(machine: Machine): string {
  const given = machine.env['CHROMIUM_PATH'];
  if (given) {
    if (machine.runs(given)) return given;
    throw new NoChromium(`CHROMIUM_PATH is ${given}, which is no program that can be run.\n`);
  }
  return findChromium(machine) ?? installChromium(machine);
}

/** An installed browser, then Playwright's own; null when there is neither. */
function findChromium(machine: Machine): string | null {
  const candidates = [...onPath(machine), ...usualPlaces(machine), ...playwrightCache(machine)];
  return candidates.find((path) => machine.runs(path)) ?? null;
}

function onPath(machine: Machine): string[] {
  const folders = (machine.env['PATH'] ?? machine.env['Path'] ?? '').split(delimiter).filter(Boolean);
  const ending = machine.platform === 'win32' ? '.exe' : '';
  return names.flatMap((name) => folders.map((folder) => join(folder, name + ending)));
}

function usualPlaces({ platform, env, home }: Machine): string[] {
  if (platform === 'darwin') {
    const apps = ['Chromium.app/Contents/MacOS/Chromium', 'Google Chrome.app/Contents/MacOS/Google Chrome'];
    return ['/Applications', join(home, 'Applications')].flatMap((folder) =>
      apps.map((app) => join(folder, app)),
    );
  }
  if (platform === 'win32') {
    const roots = [env['PROGRAMFILES'], env['PROGRAMFILES(X86)'], env['LOCALAPPDATA']].filter(
      Boolean,
    ) as string[];
    const apps = ['Google/Chrome/Application/chrome.exe', 'Chromium/Application/chrome.exe'];
    return roots.flatMap((root) => apps.map((app) => join(root, app)));
  }
  return [
    ...['/usr/bin', '/usr/local/bin', '/snap/bin'].flatMap((at) => names.map((name) => join(at, name))),
  ].concat('/opt/google/chrome/chrome');
}

/** Browsers that Playwright downloaded earlier, newest first. */
function playwrightCache(machine: Machine): string[] {
  const { platform, env, home } = machine;
  const own = {
    darwin: join(home, 'Library/Caches/ms-playwright'),
    win32: join(env['LOCALAPPDATA'] ?? home, 'ms-playwright'),
  };
  const other = join(env['XDG_CACHE_HOME'] ?? join(home, '.cache'), 'ms-playwright');
  const cache =
    env['PLAYWRIGHT_BROWSERS_PATH'] ??
    (platform === 'darwin' || platform === 'win32' ? own[platform] : other);
  const programs = [
    'chrome-linux64/chrome',
    'chrome-linux/chrome',
    'chrome-win64/chrome.exe',
    'chrome-win/chrome.exe',
    ...['chrome-mac-arm64', 'chrome-mac-x64', 'chrome-mac'].flatMap((folder) => [
      `${folder}/Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing`,
      `${folder}/Chromium.app/Contents/MacOS/Chromium`,
    ]),
  ];
  const builds = machine.list(cache).filter((name) => /^chromium-\d+$/.test(name));
  builds.sort((a, b) => Number(b.slice(9)) - Number(a.slice(9)));
  return builds.flatMap((build) => programs.map((program) => join(cache, build, program)));
}

/** On Debian and Ubuntu as root the system's own package brings it; elsewhere only the person can. */
function installChromium(machine: Machine): string {
  if (machine.platform !== 'linux' || !machine.isRoot || !machine.exists('/etc/debian_version')) {
    throw new NoChromium(advice);
  }
  const said =
    machine.command('apt-get', ['update']) ?? machine.command('apt-get', ['install', '-y', 'chromium']);
  const found = findChromium(machine);
  if (found === null) throw new NoChromium(`${said ?? ''}\nInstalling Chromium failed.\n${advice}`);
  return found;
}

/** The machine this process runs on. */
export function thisMachine(): Machine {
  return {
    platform: process.platform,
    env: process.env,
    home: homedir(),
    isRoot: process.getuid?.() === 0,
    runs(path) {
      try {
        accessSync(path, constants.X_OK);
        return true;
      } catch (_absent) {
        return false;
      }
    },
    list: (folder) => (existsSync(folder) ? readdirSync(folder) : []),
    exists: existsSync,
    command(program, args) {
      const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
      const done = spawnSync(program, args, { env, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
      return done.status === 0
        ? null
        : `${done.stdout ?? ''}${done.stderr ?? ''}${done.error?.message ?? ''}`;
    },
  };
}
