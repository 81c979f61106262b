/** What a person wrote, out of what a device has kept of it: without the marks that documents keep for themselves. */
import type { KeptPiece } from '#client/base/live/kept-text.ts';

/** What of a plan's document people write as words or figures; order, kinds and ids are the plan's own. */
const planPlaces: Record<string, (text: string) => string> = {
  title: (text) => text,
  dates: (text) => text.split('/').filter(Boolean).join(' – '),
  progress: (text) => `${text}%`,
};

/** One line a piece; '' when there is nothing a person would know again. */
export function keptWords(document: string, pieces: readonly KeptPiece[]): string {
  const isPlan = document.startsWith('plan/');
  const lines = pieces.map(({ place, text }) => (isPlan ? (planPlaces[place]?.(text) ?? '') : text));
  return lines.filter(Boolean).join('\n');
}
