/** Instants and days as people read them, in the reader's own zone. */
import { useTranslation } from 'react-i18next';
import type { IsoInstant } from '#shared/base/time.ts';

/** How instants are written. */
export interface MomentWords {
  /** `23 Nov 2026`. */
  day: (instant: IsoInstant) => string;
  /** `Mon 16:00` within six days, otherwise `23 Nov 2026, 16:00`. */
  moment: (instant: IsoInstant) => string;
}

const nearMs = 6 * 86_400_000;

/** Writers for one language. @param nowMs - wall clock, decides what is near */
export function momentWords(language: string, nowMs: number): MomentWords {
  const day = new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric' });
  const near = new Intl.DateTimeFormat(language, {
    weekday: 'short',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  const far = new Intl.DateTimeFormat(language, {
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  return {
    day: (instant) => day.format(new Date(instant)),
    moment: (instant) => {
      const at = new Date(instant);
      return (Math.abs(nowMs - at.getTime()) < nearMs ? near : far).format(at);
    },
  };
}

/**
 * The reader's own region where it speaks the language of the screen; days are then written their way.
 * @param preferred - tags of the reader, most wanted first, as `navigator.languages` has them
 */
export function readerLocale(language: string, preferred: readonly string[]): string {
  const [spoken] = language.split('-');
  return preferred.find((tag) => tag.split('-')[0] === spoken) ?? language;
}

/** Writers for the language of the page. */
export function useMomentWords(): MomentWords {
  const { i18n } = useTranslation();
  return momentWords(readerLocale(i18n.language, navigator.languages), Date.now());
}
