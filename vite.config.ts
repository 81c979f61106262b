/** Builds the client from `client/` into `dist/client`; `vite` alone serves it for development beside a hub on PORT. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const hub = `http://127.0.0.1:${process.env['PORT'] ?? '4000'}`;

const packages = (names: string) => `[\\\\/]node_modules[\\\\/](${names})[\\\\/]`;
const ourGround =
  '[\\\\/](client[\\\\/]base[\\\\/](?!live)|shared[\\\\/](base[\\\\/](?!live|byte|grid)|people[\\\\/]))';

/**
 * Chunks by hand, because left alone the build makes some forty small ones. `ground` is what every first page needs
 * and takes its dependencies first; `live` and `editor` come later, with the connection and with the notes of a plan.
 * Paths are anchored with separators: a bare `react` would also catch every `react-*` package.
 */
const groups = [
  { name: 'react', test: new RegExp(packages('react|react-dom|scheduler')), priority: 60 },
  {
    name: 'ground',
    test: new RegExp(`${packages('react-router|@tanstack|i18next|react-i18next|zod')}|${ourGround}`),
    priority: 50,
  },
  {
    name: 'live',
    test: new RegExp(packages('yjs|y-protocols|lib0|socket\\.io-[a-z]+|engine\\.io-[a-z]+|@socket\\.io|idb')),
    priority: 40,
  },
  { name: 'editor', test: new RegExp(packages('@tiptap|prosemirror-[a-z-]+|linkifyjs')), priority: 30 },
];

export default defineConfig({
  root: 'client',
  plugins: [react()],
  server: {
    host: '127.0.0.1',
    proxy: { '/api': hub, '/socket.io': { target: hub, ws: true } },
  },
  build: {
    outDir: '../dist/client',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
    rolldownOptions: {
      output: { codeSplitting: { minSize: 20_000, groups } },
    },
  },
});
