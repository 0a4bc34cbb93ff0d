// SPDX-License-Identifier: Apache-2.0
// Pages on a small screen, and those of a hub that knows nothing yet.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { tooWide, violations } from './accessibility_checks.mjs';
import { routesOf, useHub, visitAll } from './browser.mjs';

describe('pages on a small screen', () => {
  const hub = useHub();
  it('do not scroll sideways at 320 pixels', (context) =>
    visitAll(hub, context, routesOf(hub.mock.state), { width: 320, height: 640 }, async ({ page }) => assert.deepEqual(await tooWide(page), [])));
});

describe('pages of a fresh hub', () => {
  const hub = useHub({ empty: true });
  const expected = {
    '/': 'First steps', '/recommendations': 'Nothing to do', '/registries': 'No registry is connected yet', '/findings': 'No open findings',
    '/inventory': 'No registry is connected yet', '/containers': 'Nothing is connected yet', '/containers?kind=host': 'No host reports yet', '/containers?kind=cluster': 'Clusters cannot be connected yet', '/containers?kind=group': 'Container groups cannot be connected yet',
    '/containers?view=running': 'No running container has a vulnerable image', '/hosts/add': 'No tokens', '/settings/hosts': 'No tokens', '/search?q=zzz': 'Nothing matches', '/logs': 'Begin with an example', '/dashboards': 'No dashboards yet', '/settings/registries': 'No registry is connected yet',
  };
  it('say why they are empty and what to do', (context) => {
    const routes = Object.fromEntries(Object.keys(expected).map((path) => [path, path]));
    return visitAll(hub, context, routes, {}, async ({ page }) => {
      await page.getByText(expected[page.url().slice(hub.mock.address.length)]).first().waitFor();
      assert.deepEqual(await violations(page), []);
    });
  });
});
