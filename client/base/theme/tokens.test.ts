/** The colours of both schemes against the contrasts that the design promises. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./tokens.css', import.meta.url), 'utf8');
const [lightCss = '', darkCss = ''] = css.split(/:root\[data-mantine-color-scheme=.dark.\]/);
const colours = (text: string) =>
  Object.fromEntries(
    Array.from(text.matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g), ([, name, hex]) => [name, hex]),
  );
const light: Record<string, string | undefined> = colours(lightCss);
const dark: Record<string, string | undefined> = { ...light, ...colours(darkCss) };

/** Relative luminance of `#rrggbb` (source: WCAG 2.2, definition of relative luminance). */
function luminance(hex: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const part = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Contrast ratio of two tokens, 1 to 21. */
function contrast(scheme: Record<string, string | undefined>, one: string, other: string): number {
  const [high = 0, low = 0] = [one, other]
    .map((name) => luminance(scheme[name] ?? 'missing'))
    .sort((a, b) => b - a);
  return (high + 0.05) / (low + 0.05);
}

const text = 4.5;
const shape = 3;
const pairs: [string, string, number][] = [
  ['ink', 'page', text],
  ['ink', 'raised', text],
  ['ink', 'accent-tint', text],
  ['ink-soft', 'page', text],
  ['ink-soft', 'raised', text],
  ['accent', 'page', text],
  ['accent', 'accent-tint', text],
  ['on-accent', 'accent-fill', text],
  ['on-accent', 'accent-fill-hover', text],
  ['buyer', 'page', text],
  ['buyer', 'buyer-tint', text],
  ['supplier', 'page', text],
  ['supplier', 'supplier-tint', text],
  ['good', 'page', text],
  ['caution', 'page', text],
  ['bad', 'page', text],
  ['ink', 'bad-tint', text],
  ['bad', 'bad-tint', text],
  ['gap-ink', 'page', text],
  ['ink', 'past', text],
  ['ink-soft', 'past', text],
  ['ink-soft', 'buyer-tint', text],
  ['ink-soft', 'supplier-tint', text],
  ['control-border', 'page', shape],
  ['control-border', 'raised', shape],
];

describe('tokens', () => {
  test.each(pairs)('[CL14] %s on %s has a contrast of at least %d in light and dark', (one, other, least) => {
    expect(contrast(light, one, other)).toBeGreaterThanOrEqual(least);
    expect(contrast(dark, one, other)).toBeGreaterThanOrEqual(least);
  });

  test('[CL14] the two sides differ from each other and from the accent in every scheme', () => {
    for (const scheme of [light, dark]) {
      expect(new Set([scheme['buyer'], scheme['supplier'], scheme['accent'], scheme['bad']]).size).toBe(4);
    }
  });
});
