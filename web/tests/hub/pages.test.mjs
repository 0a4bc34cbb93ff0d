// SPDX-License-Identifier: Apache-2.0
// Every page with the answers of a real hub: accessible in both themes, no request to others, nothing the policy stops, no
// error; it fits windows, its lists can be sorted by every column, and no text is missing.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { scrolledSideways, tooWide, violations } from '../e2e/accessibility_checks.mjs';
import { settled } from '../e2e/chromium.mjs';
import { address, fixedImage, openTab, picture, push, signIn, useWindow } from './hub.mjs';
import { makeApi, seed } from './seed.mjs';

const policy = [
  "default-src 'self'", "script-src 'self'", "style-src 'self' 'unsafe-inline'", "img-src 'self' data:", "font-src 'self' data:", "connect-src 'self'",
  "worker-src 'self'", "object-src 'none'", "base-uri 'none'", "form-action 'self'", "frame-ancestors 'none'",
];
const enc = encodeURIComponent;
const pageOf = ({ registry, repository, digest }) => `/registries/${registry}/${enc(repository)}/${enc(digest)}`;

function routesOf({ checkout, exempt, healthy, findings }) {
  const image = pageOf(checkout);
  const vulnerability = findings.find(({ category }) => category === 'Vulnerability');
  const check = findings.find(({ category }) => category === 'Misconfiguration');
  return {
    overview: '/', score: '/score?open=remediateVulnerabilities', recommendations: '/recommendations?status=all',
    recommendation: '/recommendations/dbd0cb49-b563-45e7-9724-889e799fa648', 'recommendation-images': '/recommendations/dbd0cb49-b563-45e7-9724-889e799fa648?level=image',
    'recommendation-exempt': '/recommendations/dbd0cb49-b563-45e7-9724-889e799fa648?level=image&tab=NotApplicable',
    registries: '/registries', repositories: '/registries/demo', images: `/registries/demo/${enc(checkout.repository)}`,
    image, 'image-packages': `${image}?tab=packages`, 'image-layers': `${image}?tab=layers`, 'image-configuration': `${image}?tab=configuration`,
    'image-gate': `${image}?tab=gate`, 'image-healthy': pageOf(healthy), 'image-exempt': pageOf(exempt),
    finding: `${image}?finding=${enc(vulnerability.id)}`, 'finding-check': `${image}?finding=${enc(check.id)}`,
    findings: '/findings', 'findings-none': '/findings?q=nothing-is-called-so', cve: `/cve/${vulnerability.vulnerability}`, 'cve-unknown': '/cve/CVE-1999-0001',
    inventory: '/inventory', search: '/search?q=shop', 'settings-registries': '/settings/registries', 'settings-registry-new': '/settings/registries?new=1',
    'settings-plans': '/settings/plans', 'settings-users': '/settings/users', 'settings-groups': '/settings/users?tab=groups',
    'settings-programs': '/settings/users?tab=clients', 'settings-roles': '/settings/users?tab=roles', 'settings-tokens': '/settings/tokens',
    'settings-notifications': '/settings/notifications', 'settings-rules': '/settings/rules', 'settings-data': '/settings/data',
    'settings-activity': '/settings/activity', 'settings-account': '/settings/account', 'settings-about': '/settings/about', 'not-found': '/nowhere',
  };
}

/** Accessible and like its picture in both themes. */
async function inBothThemes(page, name) {
  for (const theme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
    await settled(page);
    // A colour on its way from one theme to the other is neither.
    await page.waitForFunction(() => document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running'));
    await picture(page, `${name}-${theme}`);
    assert.deepEqual(await violations(page), [], theme);
  }
}

/** Each header is clicked; the hub knows how to sort by it. */
async function sortsByEveryColumn(page) {
  const headers = page.locator('.grid .sort, table .sort');
  for (let index = 0; index < (await headers.count()); index += 1) {
    await headers.nth(index).click();
    await settled(page);
    assert.equal(await page.getByRole('alert').count(), 0, await headers.nth(index).textContent());
  }
}

/** Texts of data that have no words, and values that were not there. */
async function saysEverything(page) {
  const text = await page.locator('main').innerText();
  assert.doesNotMatch(text, /\bNaN\b|\bundefined\b|\[object|\bInvalid Date\b|\{\w+\}/);
}

/** Pages take a moment to follow the window. */
async function fits(page) {
  for (const width of [1024, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    await settled(page);
    const faults = async () => [...(await tooWide(page)), ...(await scrolledSideways(page))];
    for (let tries = 0; tries < 20 && (await faults()).length > 0; tries += 1) await page.waitForTimeout(50);
    assert.deepEqual(await faults(), [], `${width} pixels`);
  }
}

describe('pages of a hub at work', () => {
  const window = useWindow();
  let routes;

  before(async () => {
    const page = await signIn(window, '/settings/about');
    routes = routesOf(await seed(await makeApi(page)));
    await page.close();
  });

  it('are accessible, fit, sort and keep to the policy', { concurrency: 2 }, async (context) => {
    await Promise.all(Object.entries(routes).map(([name, path]) =>
      context.test(name, async (step) => {
        const page = await openTab(window, path);
        step.after(() => page.close());
        await saysEverything(page);
        if (!page.url().includes('finding=')) await fits(page);
        await inBothThemes(page, name);
        if (!/finding=|-images|-exempt/.test(`${page.url()}${name}`)) await sortsByEveryColumn(page);
        assert.deepEqual(page.trouble.filter((one) => name !== 'cve-unknown' || !one.includes('404')), []);
      })));
  });

  it('stay live in more tabs than a browser has connections to a host', async () => {
    const tabs = await Promise.all(Array.from({ length: 8 }, () => openTab(window, '/inventory?type=image')));
    const last = tabs.at(-1);
    await last.getByRole('gridcell').getByRole('link', { name: 'shop/web:2.4' }).waitFor();
    await tabs[0].close(); // most likely the one that listens
    await push(fixedImage, 'shop/payments:1.0');
    await last.getByRole('gridcell').getByRole('link', { name: 'shop/payments:1.0' }).waitFor();
    await Promise.all(tabs.slice(1).map((tab) => tab.close()));
  });

  it('come with a strict policy', async () => {
    const response = await window.context.request.get(address);
    assert.deepEqual(response.headers()['content-security-policy'].split('; ').sort(), policy.sort());
  });
});

describe('pages before signing in', () => {
  const window = useWindow();
  for (const [name, path] of Object.entries({ 'sign-in': '/findings', welcome: '/welcome#token' }))
    it(name, async () => {
      const page = await openTab(window, path);
      await fits(page);
      await inBothThemes(page, name);
      assert.deepEqual(page.trouble, []);
    });
});
