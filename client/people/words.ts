/** Words of people. */
import { addWords } from '#client/base/words.ts';
import en from '#client/people/words/en.json' with { type: 'json' };

declare module 'i18next' {
  interface ResourceNamespaceMap {
    people: typeof en;
  }
}

addWords('people', en);
