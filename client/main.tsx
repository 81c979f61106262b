/** Starts the client: session, words, router, theme. */
import '#client/base/theme/styles.ts';
import '#client/app/words.ts';
import { createRoot } from 'react-dom/client';
import { App } from '#client/app/app.tsx';
import { listenForShortcuts } from '#client/base/keyboard/shortcuts.ts';
import { startSession } from '#client/base/session.ts';

startSession();
listenForShortcuts();

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(<App />);
}
