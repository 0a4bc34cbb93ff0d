// SPDX-License-Identifier: Apache-2.0
// Takes a picture of every page in both themes. Usage: node tests/e2e/screenshots.mjs [FOLDER] [PAGE…]
import { mkdirSync } from 'node:fs';
import { startMock } from '../../dev/mock.mjs';
import { open, routesOf } from './browser.mjs';
import { launch } from './chromium.mjs';

const [folder = '.shots', ...only] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const mock = await startMock();
const browser = await launch();
for (const theme of ['light', 'dark']) {
  const routes = { 'sign-in': '/', welcome: '/welcome#token', ...routesOf(mock.state) };
  for (const [name, path] of Object.entries(routes)) {
    if (only.length && !only.includes(name)) continue;
    const { page, context, trouble } = await open({ mock, browser }, path, { theme, signedIn: name !== 'sign-in' && name !== 'welcome' });
    await page.screenshot({ path: `${folder}/${name}-${theme}.png` });
    if (trouble.length) console.log(name, theme, trouble);
    await context.close();
  }
}
await browser.close();
await mock.close();
