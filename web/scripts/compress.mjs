// SPDX-License-Identifier: Apache-2.0
// Compresses dist for serving with Content-Encoding: br. Every browser takes that over TLS and from the own machine, so
// the plain form is kept of index.html alone.
import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants } from 'node:zlib';

const compressible = /\.(js|css|svg|html|txt)$/;
const files = readdirSync('dist', { recursive: true }).map((name) => `dist/${name}`).filter((name) => statSync(name).isFile());
let before = 0;
let after = 0;
for (const name of files.filter((one) => compressible.test(one))) {
  const bytes = readFileSync(name);
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  const packed = brotliCompressSync(bytes, options);
  writeFileSync(`${name}.br`, packed);
  if (!name.endsWith('.html')) rmSync(name);
  before += bytes.length;
  after += packed.length;
}
console.log(`brotli: ${files.length} files, ${before} to ${after} bytes`);
