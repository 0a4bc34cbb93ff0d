// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

/** Writes down whose code is in the bundle: scripts/licences.mjs makes the list of licences from it. */
function shippedPackages(): Plugin {
  return {
    name: 'shipped-packages',
    writeBundle(_options, bundle) {
      const names = new Set<string>();
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const id of chunk.moduleIds) {
          const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1];
          if (name) names.add(name);
        }
      }
      writeFileSync('dist/.vite/packages.json', JSON.stringify([...names].sort()));
    },
  };
}

// Hashed names under assets/ are cached for ever; index.html, theme.js, favicon.svg and licences.txt have none.
export default defineConfig({
  plugins: [react(), shippedPackages()],
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/subscriptions': 'http://127.0.0.1:8080' } },
});
