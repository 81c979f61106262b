/** Words of the frame and of the home page. */
import en from '#client/app/words/en.json' with { type: 'json' };
import { addWords } from '#client/base/words.ts';

declare module 'i18next' {
  interface ResourceNamespaceMap {
    app: typeof en;
  }
}

addWords('app', en);
