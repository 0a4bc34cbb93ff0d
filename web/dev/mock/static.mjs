// SPDX-License-Identifier: Apache-2.0
// Serves dist as the hub does: brotli, strict policy, index.html for every page.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

const types = {
  '.html': 'text/html; charset=utf-8', '.js': 'text/javascript; charset=utf-8', '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml', '.txt': 'text/plain; charset=utf-8', '.ttf': 'font/ttf',
};

export const policy = [
  "default-src 'self'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:",
  "connect-src 'self'", "worker-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
].join('; ');

const isFile = (path) => existsSync(path) && statSync(path).isFile();

export function serveFile(root, request, response, path) {
  const folder = fileURLToPath(root);
  const clean = path.includes('..') ? '/' : path;
  let file = `${folder}${clean.slice(1)}`;
  const missing = !isFile(file) && !isFile(`${file}.br`);
  if (missing && /^\/assets\/|\.(js|css|svg|txt|ico|ttf)$/.test(clean)) {
    response.writeHead(404);
    return response.end();
  }
  if (missing) file = `${folder}index.html`;
  const packed = isFile(`${file}.br`) && /\bbr\b/.test(request.headers['accept-encoding'] ?? '');
  response.writeHead(200, {
    'Content-Type': types[extname(file)] ?? 'application/octet-stream', 'Content-Security-Policy': policy,
    'X-Content-Type-Options': 'nosniff', 'Referrer-Policy': 'no-referrer', Vary: 'Accept-Encoding',
    'Cache-Control': clean.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache',
    ...(packed ? { 'Content-Encoding': 'br' } : {}),
  });
  return response.end(readFileSync(packed ? `${file}.br` : file));
}
