// SPDX-License-Identifier: Apache-2.0
// One mock hub and one browser for a file of tests.
import assert from 'node:assert/strict';
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

/** Goes through pages in one window: `check` is called once each has settled. */
export async function visitAll(hub, context, routes, options, check) {
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
    logs: '/logs', 'logs-table': `/logs?q=${enc('SecurityNestedRecommendation\n| take 200')}`, 'logs-queries': '/logs?side=queries',
    'logs-chart': `/logs?q=${enc('Perf\n| summarize avg(CounterValue) by Computer, bin(TimeGenerated, 30m)\n| render timechart with (title = "Processor time")')}&side=history`,
    'logs-row': `/logs?q=${enc('SecurityNestedRecommendation\n| take 200')}&row=1`, 'logs-refused': `/logs?q=${enc('Heartbeat\n| wehre Computer == "edge-01"')}`,
    containers: '/containers', 'containers-hosts': '/containers?kind=host', 'containers-clusters': '/containers?kind=cluster', 'containers-running': '/containers?view=running',
    host: '/hosts/web-01', 'host-benchmark': '/hosts/web-01?tab=benchmark', 'host-control': '/hosts/web-01?tab=benchmark&control=5.4', 'host-containers': '/hosts/edge-01?tab=containers', 'host-images': '/hosts/web-01?tab=images',
    'host-vulnerabilities': '/hosts/web-01?tab=vulnerabilities', 'host-networks': '/hosts/web-01?tab=networks', 'host-volumes': '/hosts/web-01?tab=networks&list=volumes', 'host-history': '/hosts/web-01?tab=history', 'host-late': '/hosts/build-01', 'host-lost': '/hosts/old-01', 'host-bare': '/hosts/bare-01', 'host-stuck': '/hosts/stuck-01', 'host-gone': '/hosts/gone-01',
    'host-add': '/hosts/add', 'recommendation-hosts': '/recommendations/0677209d-e675-2c6f-e91a-54cef2878663', 'finding-host': `/findings?q=1.1.2&category=Configuration&finding=cis-docker-1.1.2&image=${enc(data.registries[0].id.replace(/\/Microsoft\..*/, '/Microsoft.HybridCompute/machines/web-01'))}`,
    'settings-hosts': '/settings/hosts', dashboards: '/dashboards', inventory: '/inventory', search: '/search?q=shop', 'settings-registries': '/settings/registries', 'settings-registry-new': '/settings/registries?new=1',
    'settings-plans': '/settings/plans', 'settings-users': '/settings/users', 'settings-roles': '/settings/users?tab=roles', 'settings-tokens': '/settings/tokens',
    'settings-notifications': '/settings/notifications', 'settings-rules': '/settings/rules', 'settings-data': '/settings/data', 'settings-activity': '/settings/activity',
    'settings-account': '/settings/account', 'settings-about': '/settings/about', 'not-found': '/nowhere',
  };
}
