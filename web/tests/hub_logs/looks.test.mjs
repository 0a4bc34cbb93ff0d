// SPDX-License-Identifier: Apache-2.0
// The Logs page and a dashboard as they look: accessible in both themes, within windows of two sizes, with no text missing.
import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { tooWide, violations } from '../e2e/accessibility_checks.mjs';
import { settled } from '../e2e/chromium.mjs';
import { openTab, picture, signIn, useWindow } from '../hub/hub.mjs';
import { makeApi } from '../hub/seed.mjs';
import { drawn, link } from './editor.mjs';

const tile = (id, title, query, visualization, colSpan = 6) =>
  ({ position: { x: 0, y: 0, colSpan, rowSpan: 4 }, metadata: { type: 'Bulwark/LogsTile', id, title, query, timespan: 'P1D', visualization } });

const tiles = [
  tile('1', 'Sales by the hour', 'Orders_CL\n| summarize Sum = sum(Total_d) by Country_s, bin(TimeGenerated, 1h)', 'stackedareachart', 12),
  tile('2', 'Rules of the benchmark', 'SecurityBaseline\n| summarize Rules = count() by AnalyzeResult', 'piechart'),
  tile('3', 'Errors', 'ContainerLogV2\n| where LogLevel == "ERROR"\n| project TimeGenerated, ContainerName, LogMessage', 'table'),
  tile('4', 'Orders', 'Orders_CL\n| summarize Orders = count(), Sum = sum(Total_d), Largest = max(Total_d), Smallest = min(Total_d), Items = sum(Items_d)', 'card'),
  tile('6', 'Refused', 'Orders_CL\n| where Nothing == 1', 'table'),
  tile('5', 'Nothing', 'Orders_CL\n| where Country_s == "nowhere"', 'table'),
];

const lines = 'ContainerLogV2\n| project TimeGenerated, ContainerName, LogLevel, LogMessage, PodName, Computer';
const sales = 'Orders_CL\n| summarize Sum = sum(Total_d) by Country_s, bin(TimeGenerated, 1h)';
const routes = {
  'logs-empty': '/logs', 'logs-table': link(lines), 'logs-row': link(lines, '&row=0'), 'logs-queries': link('Heartbeat', '&side=queries&run=0'),
  'logs-chart': link(`${sales}\n| render timechart with (title = "Sales")`, '&side=history'), 'logs-pie': link('Orders_CL\n| summarize Orders = count() by Country_s\n| render piechart'),
  'logs-bars': link('Orders_CL\n| summarize Sum = sum(Total_d) by Country_s, Items_d\n| order by Items_d asc\n| render barchart with (kind = stacked)'),
  'logs-refused': link('Heartbeat\n| wehre Computer == "x"\n| summarize count() by Nothing'),
  'logs-none': link('Orders_CL\n| where Country_s == "nowhere"'), dashboard: '/dashboards/looks',
};

/** An editor colours its text a moment after it is there. */
async function ready(page, name) {
  await settled(page);
  if (name.startsWith('logs')) await page.locator('.kql-editor .view-lines').waitFor();
  if (!/empty|queries/.test(name) && name.startsWith('logs')) await page.locator('.log-statistics, .log-results [role=alert]').first().waitFor();
  if (/chart|pie|bars/.test(name)) await drawn(page.locator('.log-chart'));
  if (name === 'dashboard') {
    await drawn(page.getByRole('region', { name: 'Sales by the hour' }));
    await page.getByRole('region', { name: 'Refused' }).getByText('Nothing').waitFor();
  }
  await page.waitForFunction(() => document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running'));
}

/** Parts of the page that stand in each other, of those one below the other. */
const overlapping = (page) => page.evaluate(() => {
  const inside = (element) => Math.max(element.getBoundingClientRect().bottom, ...[...element.querySelectorAll(':scope > *, .tab-panel, .chart-view, .grid-frame')].map((one) => one.getBoundingClientRect().bottom));
  const tiles = [...document.querySelectorAll('.tile-body')].filter((body) => body.scrollHeight > body.clientHeight + 1 || inside(body) > body.nextElementSibling.getBoundingClientRect().top + 1);
  if (tiles.length > 0) return tiles.map((body) => body.parentElement.getAttribute('aria-label'));
  const parts = [...document.querySelectorAll('.logs-side, .logs-toolbar, .kql-box, .log-results .tabs, .log-statistics')];
  return parts.slice(1).filter((part, at) => part.getBoundingClientRect().top < inside(parts[at]) - 1).map(({ className }) => className);
});

const longName = 'A name that somebody gave to a dashboard without a thought of who has to read it on a small screen';

describe('pages over records', () => {
  const window = useWindow();

  before(async () => {
    const page = await signIn(window, '/settings/about');
    const { session, ask } = await makeApi(page);
    await ask('PUT', `/subscriptions/${session.subscriptionId}/resourceGroups/default/providers/Microsoft.Portal/dashboards/looks?api-version=2020-09-01-preview`, {
      location: 'local', tags: { 'hidden-title': longName }, properties: { lenses: [{ order: 0, parts: tiles }] },
    });
    await page.close();
  });

  for (const [name, path] of Object.entries(routes))
    it(`${name} is accessible in both themes and fits`, async () => {
      const page = await openTab(window, path);
      for (const theme of ['light', 'dark']) {
        await page.emulateMedia({ colorScheme: theme });
        await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
        await ready(page, name);
        for (const [width, height] of [[1600, 1000], [1280, 800]]) {
          await page.setViewportSize({ width, height });
          for (let tries = 0; tries < 40 && (await tooWide(page)).length > 0; tries += 1) await page.waitForTimeout(50);
          assert.deepEqual(await tooWide(page), [], `${width} pixels`);
          await picture(page, `${name}-${theme}-${width}`);
        }
        assert.deepEqual(await violations(page), [], theme);
      }
      await page.setViewportSize({ width: 390, height: 844 });
      for (let tries = 0; tries < 40 && (await tooWide(page)).length > 0; tries += 1) await page.waitForTimeout(50);
      assert.deepEqual([await tooWide(page), await overlapping(page)], [[], []], 'a small window');
      await picture(page, `${name}-390`);
      assert.deepEqual(await violations(page), [], 'a small window');
      assert.doesNotMatch(await page.locator('main').innerText(), /\bNaN\b|\bundefined\b|\[object|\bInvalid Date\b/);
      assert.deepEqual(page.trouble, []);
      await page.close();
    });
});
