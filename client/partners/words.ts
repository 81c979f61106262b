/** Words of partners. */
import { addWords } from '#client/base/words.ts';
import en from '#client/partners/words/en.json' with { type: 'json' };

declare module 'i18next' {
  interface ResourceNamespaceMap {
    partners: typeof en;
  }
}

addWords('partners', en);
