// SPDX-License-Identifier: Apache-2.0
// Every page, in both themes: no violation that axe finds, no foreign request, nothing the policy stops.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { tooWide, violations } from './accessibility_checks.mjs';
import { open, routesOf, settled, useHub } from './browser.mjs';

/** Goes through pages in one window: `check` is called once each has settled. */
async function visitAll(hub, context, routes, options, check) {
  const opened = await open(hub, '/', options);
  for (const [name, path] of Object.entries(routes))
    await context.test(name, async () => {
      opened.trouble.length = 0;
      // A fragment alone would not load the page again.
      await opened.page.goto('about:blank');
      await opened.page.goto(hub.mock.address + path);
      await settled(opened.page);
      await check(opened);
      assert.deepEqual(opened.trouble, []);
    });
  await opened.context.close();
}

const accessible = async ({ page }) => assert.deepEqual(await violations(page), []);

const notWide = async ({ page }) => assert.deepEqual(await tooWide(page), []);

describe('pages', () => {
  const hub = useHub();
  let routes;
  before(() => {
    routes = routesOf(hub.mock.state);
  });
  for (const theme of ['light', 'dark']) {
    it(`are accessible and keep to the policy, ${theme}`, (context) => visitAll(hub, context, routes, { theme }, accessible));
    it(`are accessible before signing in, ${theme}`, (context) =>
      visitAll(hub, context, { 'sign-in': '/findings', welcome: '/welcome#token' }, { theme, signedIn: false }, accessible));
  }
  it('do not scroll sideways at 320 pixels', (context) => visitAll(hub, context, routes, { width: 320, height: 640 }, notWide));
});

describe('pages of a fresh hub', () => {
  const hub = useHub({ empty: true });
  const expected = {
    '/': 'First steps', '/recommendations': 'Nothing to do', '/registries': 'No registry is connected yet', '/findings': 'No open findings',
    '/inventory': 'No registry is connected yet', '/search?q=zzz': 'Nothing matches', '/settings/registries': 'No registry is connected yet',
  };
  it('say why they are empty and what to do', (context) => {
    const routes = Object.fromEntries(Object.keys(expected).map((path) => [path, path]));
    return visitAll(hub, context, routes, {}, async (opened) => {
      const path = opened.page.url().slice(hub.mock.address.length);
      await opened.page.getByText(expected[path]).first().waitFor();
      await accessible(opened);
    });
  });
});
