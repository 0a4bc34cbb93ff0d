// SPDX-License-Identifier: Apache-2.0
// Every page, in both themes: no violation that axe finds, no foreign request, nothing the policy stops.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { violations } from './accessibility_checks.mjs';
import { routesOf, useHub, visitAll } from './browser.mjs';

const accessible = async ({ page }) => assert.deepEqual(await violations(page), []);

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
});
