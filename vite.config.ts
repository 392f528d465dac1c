/** Builds the dashboard: `npx vite build` writes dist/dashboard; `npx vite` serves it with the API of `npm run demo` behind. */
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const api = 'http://127.0.0.1:5000';

export default defineConfig({
  root: here('./src/dashboard'),
  esbuild: { jsx: 'automatic', jsxImportSource: 'preact' },
  build: {
    outDir: here('./dist/dashboard'),
    emptyOutDir: true,
    target: 'es2022',
    // Inlined files become data: addresses, which the page's content security policy refuses.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: { proxy: { '/wikis': api, '/edits': api, '/api': api, '/docs': api, '/healthz': api } },
});
