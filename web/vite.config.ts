// SPDX-License-Identifier: Apache-2.0
import { writeFileSync } from 'node:fs';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const shipped = new Set<string>();

/** Notes whose code is in a bundle. */
function notePackages(): Plugin {
  return {
    name: 'note-packages',
    generateBundle(_options, bundle) {
      for (const chunk of Object.values(bundle)) {
        if (chunk.type !== 'chunk') continue;
        for (const id of chunk.moduleIds) {
          const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1];
          if (name) shipped.add(name);
        }
      }
    },
  };
}

/** Writes the names down once the pages and their workers are made: scripts/licences.mjs makes the list of licences. */
function shippedPackages(): Plugin {
  return {
    name: 'shipped-packages',
    writeBundle: () => writeFileSync('dist/.vite/packages.json', JSON.stringify([...shipped].sort())),
  };
}

/** The page compares no texts: the editors that do, which Monaco takes in whatever is asked of it, stay out. */
function withoutDiffEditors(): Plugin {
  const names = /widget\/(?:multiDiffEditor\/multiDiffEditorWidget|diffEditor\/diffEditorWidget)\.js$/;
  const empty = '\0without-diff-editors';
  return {
    name: 'without-diff-editors', enforce: 'pre',
    resolveId: (source) => (names.test(source) ? empty : null),
    load: (id) => (id === empty ? 'export class DiffEditorWidget {}\nexport class MultiDiffEditorWidget {}' : null),
  };
}

// Hashed names under assets/ are cached for ever; index.html, theme.js, favicon.svg and licences.txt have none.
export default defineConfig({
  plugins: [react(), withoutDiffEditors(), notePackages(), shippedPackages()],
  // The language service of Kusto was made for Node and pages alike.
  define: { global: 'globalThis' },
  worker: { format: 'es', plugins: () => [notePackages()] },
  build: {
    target: 'es2022',
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    chunkSizeWarningLimit: 9000, // the worker of the language service
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8080', '/subscriptions': 'http://127.0.0.1:8080', '/v1': 'http://127.0.0.1:8080' } },
});
