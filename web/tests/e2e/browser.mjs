// SPDX-License-Identifier: Apache-2.0
// One mock hub and one browser for a file of tests.
import { after, before } from 'node:test';
import { startMock } from '../../dev/mock.mjs';
import { launch, newContext, newPage, settled } from './chromium.mjs';

export { settled };

/** Starts before the tests of the file and stops after them. */
export function useHub({ empty = false } = {}) {
  const hub = {};
  before(async () => {
    hub.mock = await startMock({ empty });
    hub.browser = await launch();
  });
  after(async () => {
    await hub.browser?.close();
    await hub.mock?.close();
  });
  return hub;
}

/** A page of its own context, signed in unless told otherwise. */
export async function open(hub, path, { signedIn = true, ...options } = {}) {
  const { address } = hub.mock;
  const context = await newContext(hub.browser, options);
  if (signedIn) await context.addCookies([{ name: 'bulwark', value: 'in', url: address }]);
  const { page, trouble } = await newPage(context, address);
  await page.goto(address + path);
  await settled(page);
  return { page, context, trouble };
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
