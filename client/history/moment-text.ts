/** Moments of a history in words: always with the day, with the year when it is not this one's. */

/** Writers for one language and one present. */
export interface MomentText {
  /** `Mon 3 Nov, 14:20`; with the year when it is another one. */
  full: (atMs: number) => string;
  /** `14:20`. */
  time: (atMs: number) => string;
  /** `14:05–14:20`, one time when both are of one minute. */
  span: (fromMs: number, toMs: number) => string;
  /** `Today`, `Yesterday` or `Mon 3 Nov`: the reader's calendar day of a moment. */
  day: (atMs: number) => string;
}

/** @param locale - BCP 47, the reader's own writing */
export function momentText(locale: string, nowMs: number): MomentText {
  const time = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
  const near = new Intl.DateTimeFormat(locale, { weekday: 'short', day: 'numeric', month: 'short' });
  const far = new Intl.DateTimeFormat(locale, {
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
  });
  const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const plainDay = (atMs: number) => {
    const isThisYear = new Date(atMs).getFullYear() === new Date(nowMs).getFullYear();
    return (isThisYear ? near : far).format(atMs);
  };
  const midnightMs = (atMs: number) => new Date(atMs).setHours(0, 0, 0, 0);
  return {
    full: (atMs) => `${plainDay(atMs)}, ${time.format(atMs)}`,
    time: (atMs) => time.format(atMs),
    span: (fromMs, toMs) => {
      const [from, to] = [time.format(fromMs), time.format(toMs)];
      return from === to && toMs - fromMs < 3_600_000 ? to : `${from}–${to}`;
    },
    day: (atMs) => {
      // Days of summer time are 23 or 25 hours long.
      const days = Math.round((midnightMs(atMs) - midnightMs(nowMs)) / 86_400_000);
      if (days !== 0 && days !== -1) return plainDay(atMs);
      const words = relative.format(days, 'day');
      return words.charAt(0).toLocaleUpperCase(locale) + words.slice(1);
    },
  };
}
