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

/** Writers for the language of the page. English is written with the day before the month. */
export function useMomentWords(): MomentWords {
  const { i18n } = useTranslation();
  return momentWords(i18n.language === 'en' ? 'en-GB' : i18n.language, Date.now());
}
