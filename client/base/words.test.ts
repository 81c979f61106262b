/** Every error has words, and the words are written the way the house writes. */
import i18next from 'i18next';
import { describe, expect, test } from 'vitest';
import { errorCode } from '#client/base/words.ts';
import { AppError, type ErrorCode, errorCatalogue } from '#shared/base/errors.ts';

const codes = Object.keys(errorCatalogue) as ErrorCode[];

describe('words', () => {
  test.each(codes)('[CL4] %s has words', (code) => {
    const words = i18next.t(code as 'internal', { ns: 'errors' });
    expect(words, `add "${code}" to client/base/words/errors.json`).not.toBe(code);
    expect(words).toMatch(/^\p{Lu}[^!]*\.$/u);
  });

  test('[CL4] whatever is not a refusal of the catalogue is told as internal', () => {
    expect(errorCode(new TypeError('x'))).toBe('internal');
    expect(errorCode(new AppError('rate.limited'))).toBe('rate.limited');
  });

  test('[CL4] counts take the plural form of the language', () => {
    expect(i18next.t('saveState.offline', { count: 1 })).toBe('Offline, 1 change waiting');
    expect(i18next.t('saveState.offline', { count: 3 })).toBe('Offline, 3 changes waiting');
  });
});
