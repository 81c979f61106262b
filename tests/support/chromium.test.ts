/** The search for a browser, on made-up machines. */
import { describe, expect, test } from 'vitest';
import { ensureChromium, type Machine, NoChromium } from '#tests/support/chromium.ts';

/** A Linux machine with these programs; `installs` appear after apt-get install. */
function machine(programs: string[], change: Partial<Machine> = {}, installs: string[] = []): Machine {
  const present = new Set(programs);
  return {
    platform: 'linux',
    env: { PATH: '/opt/bin:/usr/bin' },
    home: '/somebody',
    isRoot: false,
    runs: (path) => present.has(path),
    list: () => [],
    exists: () => true,
    command(_program, args) {
      if (args[0] === 'install') for (const path of installs) present.add(path);
      return installs.length > 0 ? null : 'E: no such package';
    },
    ...change,
  };
}

describe('finding a browser', () => {
  test('[HO17] CHROMIUM_PATH comes first, and a wrong one is named instead of passed over', () => {
    const env = { PATH: '/usr/bin', CHROMIUM_PATH: '/mine/chrome' };
    expect(ensureChromium(machine(['/mine/chrome', '/usr/bin/chromium'], { env }))).toBe('/mine/chrome');
    expect(() => ensureChromium(machine(['/usr/bin/chromium'], { env }))).toThrow(
      /CHROMIUM_PATH is \/mine\/chrome/,
    );
  });

  test('[HO17] then what is on the PATH, then the usual places', () => {
    const both = ['/opt/bin/google-chrome', '/usr/bin/chromium-browser'];
    expect(ensureChromium(machine(both))).toBe('/usr/bin/chromium-browser');
    expect(ensureChromium(machine(['/snap/bin/chromium']))).toBe('/snap/bin/chromium');
    const app = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
    expect(ensureChromium(machine([app], { platform: 'darwin' }))).toBe(app);
  });

  test("[HO17] then the newest of Playwright's own", () => {
    const at = (build: string) => `/somebody/.cache/ms-playwright/${build}/chrome-linux64/chrome`;
    const list = () => ['chromium-999', 'chromium-1200', 'ffmpeg-1011', 'chromium_headless_shell-1300'];
    const found = ensureChromium(machine([at('chromium-999'), at('chromium-1200')], { list }));
    expect(found).toBe(at('chromium-1200'));
  });

  test('[HO17] Debian as root installs it; anyone else is told what to do', () => {
    const fresh = machine([], { isRoot: true }, ['/usr/bin/chromium']);
    expect(ensureChromium(fresh)).toBe('/usr/bin/chromium');
    expect(() => ensureChromium(machine([], { isRoot: true }))).toThrow(
      /E: no such package[\s\S]*CHROMIUM_PATH=/,
    );
    expect(() => ensureChromium(machine([], {}, ['/usr/bin/chromium']))).toThrow(NoChromium);
    const elsewhere = { isRoot: true, exists: () => false };
    expect(() => ensureChromium(machine([], elsewhere, ['/usr/bin/chromium']))).toThrow(
      /npm test -- unit api live/,
    );
  });
});
