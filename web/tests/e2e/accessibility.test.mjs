// SPDX-License-Identifier: Apache-2.0
// Every page, in both themes: no violation that axe finds, no foreign request, nothing the policy stops.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { violations } from './accessibility_checks.mjs';
import { open, routesOf, useHub } from './browser.mjs';

async function check(hub, path, options) {
  const { page, context, trouble } = await open(hub, path, options);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(trouble, []);
  await context.close();
}

describe('pages', () => {
  const hub = useHub();
  let routes;
  before(() => {
    routes = routesOf(hub.mock.state);
  });
  for (const theme of ['light', 'dark']) {
    it(`are accessible and keep to the policy, ${theme}`, { timeout: 400_000 }, async (context) => {
      for (const [name, path] of Object.entries(routes)) await context.test(name, () => check(hub, path, { theme }));
      for (const [name, path] of Object.entries({ 'sign-in': '/findings', welcome: '/welcome#token' }))
        await context.test(name, () => check(hub, path, { theme, signedIn: false }));
    });
  }
  it('have no page that scrolls sideways at 320 pixels', { timeout: 200_000 }, async (context) => {
    for (const [name, path] of Object.entries(routes))
      await context.test(name, async () => {
        const opened = await open(hub, path, { width: 320, height: 640 });
        const { wide, where } = await opened.page.evaluate(() => {
          const main = document.querySelector('.main') ?? document.documentElement;
          const inside = (element) => element.closest('.grid, .table-scroll, pre, .tags, [role=dialog]') === null;
          const over = [...document.querySelectorAll('.main *')].filter((element) => inside(element) && element.getBoundingClientRect().right > 321 && element.getBoundingClientRect().width > 0);
          return { wide: main.scrollWidth > main.clientWidth, where: over.slice(0, 3).map((element) => `${element.tagName}.${element.className}`) };
        });
        assert.equal(wide, false, `${name}: ${where.join(', ')}`);
        await opened.context.close();
      });
  });
});

describe('pages of a fresh hub', () => {
  const hub = useHub({ empty: true });
  const expected = {
    '/': 'First steps', '/recommendations': 'Nothing to do', '/registries': 'No registry is connected yet', '/findings': 'No open findings', '/inventory': 'No registry is connected yet',
    '/search?q=zzz': 'Nothing matches', '/settings/registries': 'No registry is connected yet',
  };
  it('say why they are empty and what to do', async (context) => {
    for (const [path, text] of Object.entries(expected))
      await context.test(path, async () => {
        const opened = await open(hub, path);
        await opened.page.getByText(text).first().waitFor();
        assert.deepEqual(await violations(opened.page), []);
        await opened.context.close();
      });
  });
});
