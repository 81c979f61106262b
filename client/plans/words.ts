/** Words of plans. */
import { addWords } from '#client/base/words.ts';
import en from '#client/plans/words/en.json' with { type: 'json' };

declare module 'i18next' {
  interface ResourceNamespaceMap {
    plans: typeof en;
  }
}

addWords('plans', en);
