import { defineConfig } from 'vite';

/** Served by the web app under /admin; scripts/build.mjs says where the files go. */
export default defineConfig({
  root: import.meta.dirname,
  base: '/admin/',
  oxc: { jsx: { runtime: 'automatic', importSource: 'react' } },
  build: {
    target: 'es2022',
    outDir: '../../dist/admin',
    emptyOutDir: true,
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 800, // kB, one file: operators load it once
    rolldownOptions: {
      onLog(level, log, tell) {
        // Every file of Mantine and React Query says 'use client', which means nothing in a browser.
        if (log.code !== 'MODULE_LEVEL_DIRECTIVE') tell(level, log);
      },
    },
  },
  server: {
    proxy: { '/api': 'http://localhost:3000', '/assets': 'http://localhost:3000' },
  },
});
