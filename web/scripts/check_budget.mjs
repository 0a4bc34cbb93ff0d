// SPDX-License-Identifier: Apache-2.0
// Fails where the JavaScript that the first page needs is over its budget, and where index.html needs what the content
// security policy forbids. Reads the manifest of the build, then removes it.
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { brotliDecompressSync, gzipSync } from 'node:zlib';

const budget = 200_000; // bytes, gzip
const routes = ['src/pages/overview/Overview.tsx', 'src/pages/signin/SignIn.tsx'];
const manifest = JSON.parse(readFileSync('dist/.vite/manifest.json', 'utf8'));

function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  (manifest[key].imports ?? []).forEach((next) => closure(next, seen));
  return seen;
}

const sizes = new Map();
function gzipSize(file) {
  if (!sizes.has(file)) {
    const path = `dist/${file}`;
    const bytes = existsSync(path) ? readFileSync(path) : brotliDecompressSync(readFileSync(`${path}.br`));
    sizes.set(file, gzipSync(bytes, { level: 9 }).length);
  }
  return sizes.get(file);
}

for (const route of routes) {
  const keys = closure('index.html', closure(route));
  const total = [...keys].reduce((sum, key) => sum + gzipSize(manifest[key].file), 0);
  console.log(`${route}: ${total} bytes of JavaScript (gzip), budget ${budget}`);
  if (total > budget) throw new Error(`${route} is ${total - budget} bytes over the budget: make something of it lazy`);
}

const page = readFileSync('dist/index.html', 'utf8');
if (/<script(?![^>]*\ssrc=)/.test(page) || /\son\w+=|https?:/.test(page)) throw new Error('index.html has an inline script, a handler or a foreign address');
rmSync('dist/.vite', { recursive: true });
