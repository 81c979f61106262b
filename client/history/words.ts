/** Words of histories. */
import { addWords } from '#client/base/words.ts';
import en from '#client/history/words/en.json' with { type: 'json' };

declare module 'i18next' {
  interface ResourceNamespaceMap {
    history: typeof en;
  }
}

addWords('history', en);
