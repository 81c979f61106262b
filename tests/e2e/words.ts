/** The words on screen, taken from the client's own lists, so that a test asks for what a person reads. */
import app from '#client/app/words/en.json' with { type: 'json' };
import base from '#client/base/words/en.json' with { type: 'json' };
import history from '#client/history/words/en.json' with { type: 'json' };
import partners from '#client/partners/words/en.json' with { type: 'json' };
import people from '#client/people/words/en.json' with { type: 'json' };
import plans from '#client/plans/words/en.json' with { type: 'json' };

/** Words by room. */
export const words = { app, base, history, partners, people, plans };

/** Fills the `{{names}}` of a text. */
export function say(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}
