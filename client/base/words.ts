/**
 * Words on screen. Each room keeps its own in `words/en.json`, adds them with `addWords` in its `words.ts`, and
 * declares their keys there, so that `useTranslation('<room>')` accepts only keys that exist.
 */
import i18next from 'i18next';
import { initReactI18next, useTranslation } from 'react-i18next';
import en from '#client/base/words/en.json' with { type: 'json' };
import errors from '#client/base/words/errors.json' with { type: 'json' };
import { AppError, type ErrorCode } from '#shared/base/errors.ts';

declare module 'i18next' {
  interface ResourceNamespaceMap {
    base: typeof en;
    errors: typeof errors;
  }
  interface CustomTypeOptions {
    defaultNS: 'base';
  }
}

/** Words of one room as nested JSON; leaves are texts in i18next's JSON v4 format. */
export interface Words {
  [key: string]: string | Words;
}

void i18next.use(initReactI18next).init({
  lng: 'en',
  fallbackLng: 'en',
  defaultNS: 'base',
  ns: ['base', 'errors'],
  resources: { en: { base: en, errors } },
  // React escapes; escaping twice would show entities.
  interpolation: { escapeValue: false },
  initAsync: false,
  returnNull: false,
});

/** Adds a room's English words; called once, when the room's `words.ts` is loaded. */
export function addWords(room: string, words: Words): void {
  i18next.addResourceBundle('en', room, words);
}

/** The code of anything thrown; `internal` for what is not an AppError. */
export function errorCode(error: unknown): ErrorCode {
  return error instanceof AppError ? error.code : 'internal';
}

/** Turns a code of the catalogue into words. */
export function useCodeWords(): (code: ErrorCode) => string {
  const { t } = useTranslation('errors');
  // The cast picks one key's type for all: that every code has words is a test's job, with a readable answer.
  return (code) => t(code as 'internal');
}

/** Turns anything thrown into words for the person in front of the screen. */
export function useErrorWords(): (error: unknown) => string {
  const codeWords = useCodeWords();
  return (error) => codeWords(errorCode(error));
}
