// SPDX-License-Identifier: Apache-2.0
// Writes dist/licences.txt: name, version, licence and licence text of every package that is in the bundle.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

const allowed = new Set(['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD']);
const names = JSON.parse(readFileSync('dist/.vite/packages.json', 'utf8'));
const texts = [];
for (const name of names) {
  const folder = `node_modules/${name}`;
  if (!existsSync(`${folder}/package.json`)) continue;
  const { version, license } = JSON.parse(readFileSync(`${folder}/package.json`, 'utf8'));
  if (!allowed.has(license)) throw new Error(`${name} ${version} has the licence "${license}", which is not on the list of scripts/licences.mjs`);
  const files = readdirSync(folder).filter((entry) => /^(licen[cs]e|copying|notice|thirdpartynotices)(\.|$)/i.test(entry));
  const text = files.map((file) => readFileSync(`${folder}/${file}`, 'utf8').trim()).join('\n\n') || `Licence: ${license}`;
  texts.push(`${name} ${version} (${license})\n\n${text}\n`);
}
if (texts.length === 0) throw new Error('no package found in dist/.vite/packages.json: build first');
writeFileSync('dist/licences.txt', texts.join(`\n${'-'.repeat(80)}\n\n`));
console.log(`licences.txt: ${texts.length} packages`);
