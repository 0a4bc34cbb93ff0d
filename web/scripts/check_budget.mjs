// SPDX-License-Identifier: Apache-2.0
// Fails where the JavaScript that a page needs is over its budget, and where index.html needs what the content
// security policy forbids. Reads the manifest of the build, then removes it.
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { brotliDecompressSync, gzipSync } from 'node:zlib';

const budgets = { 'src/pages/overview/Overview.tsx': 200_000, 'src/pages/signin/SignIn.tsx': 200_000, 'src/pages/logs/Logs.tsx': 2_200_000 }; // bytes, gzip
// What the page of logs reads besides once it is shown: the editor and its workers. What every page has is not counted again.
const editor = 'src/pages/logs/editor/KqlEditor.tsx';
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

const workers = readdirSync('dist/assets').map((name) => name.replace(/\.br$/, '')).filter((name) => /\.worker-[\w-]+\.js$/.test(name)).map((name) => `assets/${name}`);
if (workers.length !== 2) throw new Error(`the editor has two workers, but dist/assets has ${workers.length}`);

for (const [route, budget] of Object.entries(budgets)) {
  const keys = closure('index.html', closure(route));
  const logs = route.includes('/logs/');
  if (logs) closure(editor, keys);
  else if (keys.has(editor)) throw new Error(`${route} needs the editor of queries`);
  if (logs) closure('index.html').forEach((key) => keys.delete(key));
  const files = [...[...keys].map((key) => manifest[key].file), ...(logs ? workers : [])];
  const total = files.reduce((sum, file) => sum + gzipSize(file), 0);
  console.log(`${route}: ${total} bytes of JavaScript (gzip), budget ${budget}`);
  if (total > budget) throw new Error(`${route} is ${total - budget} bytes over the budget: make something of it lazy`);
}

const page = readFileSync('dist/index.html', 'utf8');
if (/<script(?![^>]*\ssrc=)/.test(page) || /\son\w+=|https?:/.test(page)) throw new Error('index.html has an inline script, a handler or a foreign address');
rmSync('dist/.vite', { recursive: true });
