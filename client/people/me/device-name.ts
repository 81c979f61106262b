/** A browser and its system as people call them, read from how the browser names itself. Pure. */

/** The parts that were found; both null for a program that is no known browser. */
export interface DeviceName {
  browser: string | null;
  system: string | null;
}

/** In this order: most browsers also carry the marks of those they descend from, which stand further down. */
const browsers: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(?:Firefox|FxiOS)\//, 'Firefox'],
  [/\bChromium\//, 'Chromium'],
  [/(?:\bCriOS|Chrome)\//, 'Chrome'],
  [/\bSafari\//, 'Safari'],
];

/** Android says Linux as well, and iPhones say Mac OS X. */
const systems: readonly (readonly [RegExp, string])[] = [
  [/\biPhone\b/, 'iPhone'],
  [/\biPad\b/, 'iPad'],
  [/\bAndroid\b/, 'Android'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bWindows\b/, 'Windows'],
  [/\bMacintosh\b/, 'macOS'],
  [/\bLinux\b/, 'Linux'],
];

/** @param userAgent - the header as the browser sent it when it signed in */
export function deviceName(userAgent: string): DeviceName {
  const find = (known: typeof browsers) => known.find(([mark]) => mark.test(userAgent))?.[1] ?? null;
  return { browser: find(browsers), system: find(systems) };
}
