/** Builds the client from `client/` into `dist/client`; `vite` alone serves it for development beside a hub on PORT. */
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const hub = `http://127.0.0.1:${process.env['PORT'] ?? '4000'}`;

/** Paths are anchored with separators: a bare `react` would also catch every `react-*` package. */
const groups = [
  { name: 'react', test: /[\\/]node_modules[\\/](react|react-dom|scheduler)[\\/]/, priority: 30 },
  {
    name: 'editor',
    test: /[\\/]node_modules[\\/](@tiptap|prosemirror-[a-z-]+|linkifyjs)[\\/]/,
    priority: 30,
  },
  {
    name: 'live',
    test: /[\\/]node_modules[\\/](yjs|y-protocols|lib0|socket\.io-[a-z]+|engine\.io-[a-z]+|@socket\.io|idb)[\\/]/,
    priority: 30,
  },
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
    rolldownOptions: { output: { codeSplitting: { minSize: 20_000, groups } } },
  },
});
