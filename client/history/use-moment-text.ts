/** Moments in words for the reader of this page. */
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { readerLocale } from '#client/base/moments.ts';
import { type MomentText, momentText } from '#client/history/moment-text.ts';

/** The same writers while the component stands: what is called today does not change under the reader's eyes. */
export function useMomentText(): MomentText {
  const { i18n } = useTranslation();
  const locale = readerLocale(i18n.language, navigator.languages);
  return useMemo(() => momentText(locale, Date.now()), [locale]);
}
