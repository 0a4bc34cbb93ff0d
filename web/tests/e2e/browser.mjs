// SPDX-License-Identifier: Apache-2.0
// One mock hub and one browser for a file of tests.
import { after, before } from 'node:test';
import { chromium } from 'playwright-core';
import { startMock } from '../../dev/mock.mjs';

const executablePath = process.env.BULWARK_CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

/** Starts before the tests of the file and stops after them. */
export function useHub({ empty = false } = {}) {
  const hub = {};
  before(async () => {
    hub.mock = await startMock({ empty });
    hub.browser = await chromium.launch({ executablePath, args });
  });
  after(async () => {
    await hub.browser?.close();
    await hub.mock?.close();
  });
  return hub;
}

/** A page of its own context, signed in unless told otherwise. Collects what no page may do. */
export async function open(hub, path, { theme = 'light', signedIn = true, width = 1440, height = 900 } = {}) {
  const { address } = hub.mock;
  const context = await hub.browser.newContext({
    viewport: { width, height }, colorScheme: theme, locale: 'en-US', timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'],
  });
  if (signedIn) await context.addCookies([{ name: 'bulwark', value: 'in', url: address }]);
  // A limit for what never comes, not a measure of speed: machines that build at the same time are slow.
  context.setDefaultTimeout(120_000);
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && !/status of 40[14]/.test(message.text()) && trouble.push(`console: ${message.text()}`));
  page.on('request', (request) => !/^(data:|blob:|about:)/.test(request.url()) && !request.url().startsWith(address) && trouble.push(`foreign request: ${request.url()}`));
  await page.goto(address + path);
  await settled(page);
  return { page, context, trouble };
}

/** All that the page waits for has come: no skeleton is shown. */
export async function settled(page) {
  await page.waitForSelector('h1');
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'));
}

const enc = encodeURIComponent;

export function routesOf({ data }) {
  const image = data.images.find(({ tags, status }) => tags.includes('latest') && status === 'Unhealthy');
  const old = data.images.find(({ current, scanState }) => !current && scanState === 'complete');
  const finding = data.findings.find(({ imageId }) => imageId === image.id);
  const pageOf = ({ registry, repository, digest }) => `/registries/${registry}/${enc(repository)}/${enc(digest)}`;
  return {
    overview: '/', score: '/score?open=remediate-vulnerabilities', recommendations: '/recommendations',
    recommendation: '/recommendations/dbd0cb49-b563-45e7-9724-889e799fa648', registries: '/registries', repositories: `/registries/${image.registry}`,
    images: `/registries/${image.registry}/${enc(image.repository)}`, image: pageOf(image), 'image-old': pageOf(old),
    'image-packages': `${pageOf(image)}?tab=packages`, 'image-layers': `${pageOf(image)}?tab=layers`, 'image-configuration': `${pageOf(image)}?tab=configuration`,
    'image-gate': `${pageOf(image)}?tab=gate`, finding: `${pageOf(image)}?finding=${enc(finding.id)}`, findings: '/findings', cve: '/cve/CVE-2021-44228',
    inventory: '/inventory', search: '/search?q=shop', 'settings-registries': '/settings/registries', 'settings-registry-new': '/settings/registries?new=1',
    'settings-plans': '/settings/plans', 'settings-users': '/settings/users', 'settings-roles': '/settings/users?tab=roles', 'settings-tokens': '/settings/tokens',
    'settings-notifications': '/settings/notifications', 'settings-rules': '/settings/rules', 'settings-data': '/settings/data', 'settings-activity': '/settings/activity',
    'settings-account': '/settings/account', 'settings-about': '/settings/about', 'not-found': '/nowhere',
  };
}
