// SPDX-License-Identifier: Apache-2.0
// Asking the workspace: typing with completion, running, charts, filters, links, cancelling, pinning.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { violations } from './accessibility_checks.mjs';
import { open, settled, useHub } from './browser.mjs';

const enc = encodeURIComponent;
const link = (query, rest = '') => `/logs?q=${enc(query)}${rest}`;
const rows = (page) => page.locator('.grid-row.body');
const text = (page) => page.locator('.kql-editor .view-lines').evaluate((lines) =>
  [...lines.querySelectorAll('.view-line')].sort((a, b) => a.offsetTop - b.offsetTop).map((line) => line.textContent.replaceAll('\u00a0', ' ')).join('\n'));
const textIs = (page, expected) => page.waitForFunction((wanted) => {
  const lines = [...document.querySelectorAll('.kql-editor .view-line')].sort((a, b) => a.offsetTop - b.offsetTop);
  return lines.map((line) => line.textContent.replaceAll('\u00a0', ' ')).join('\n') === wanted;
}, expected);
const ran = (page, count) => page.locator('.log-statistics', { hasText: new RegExp(`^${count} rows? `) }).waitFor();
const heartbeats = 'Heartbeat\n| take 20';

async function edit(page) {
  await page.locator('.kql-editor .view-lines').click();
  await page.waitForFunction(() => document.activeElement?.closest('.kql-editor'));
}

describe('the page of logs', () => {
  const hub = useHub();
  const queries = () => hub.mock.state.queries;

  it('completes what is typed, and runs it on Shift+Enter and not before', async () => {
    const { page, context, trouble } = await open(hub, '/logs');
    const before = queries().length;
    await edit(page);
    await page.keyboard.type('Heartb');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'Heartbeat' }).first().waitFor();
    await page.keyboard.press('Enter');
    await textIs(page, 'Heartbeat\n| ');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'where' }).first().getByText('where').waitFor();
    await page.keyboard.type('where Compu');
    await page.locator('.suggest-widget .monaco-list-row', { hasText: 'Computer' }).first().waitFor();
    await page.keyboard.press('Enter');
    await textIs(page, 'Heartbeat\n| where Computer ');
    await page.keyboard.type('== "edge-01');
    await page.keyboard.press('Escape');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.keyboard.type('| take 20');
    await page.keyboard.press('Escape');
    await page.waitForURL(/q=Heartbeat.*run=0/);
    assert.equal(queries().length, before);
    await page.keyboard.press('Shift+Enter');
    await ran(page, 20);
    const sent = queries().at(-1);
    assert.deepEqual([queries().length - before, sent.query, sent.timespan], [1, 'Heartbeat\n| where Computer == "edge-01"\n| take 20', 'P1D']);
    assert.match(sent.prefer, /include-statistics=true, include-render=true/);
    await page.waitForURL((url) => !url.search.includes('run=0'));
    assert.deepEqual(trouble, []);
    await context.close();
  });

  it('knows the tables: colours, descriptions, names to insert', async () => {
    const { page, context } = await open(hub, '/logs');
    await page.getByPlaceholder('Search tables and columns').fill('heart');
    await page.getByRole('button', { name: 'Columns of Heartbeat' }).click();
    await page.getByText('A sign of life of every agent').waitFor();
    await page.getByRole('button', { name: 'Heartbeat', exact: true }).click();
    await page.getByRole('button', { name: 'OSName string' }).click();
    await textIs(page, 'HeartbeatOSName');
    await context.close();
  });

  it('says what is wrong while one types, and leads to the place', async () => {
    const { page, context } = await open(hub, link('Heartbeat\n| take 5\n\nHeartbeat\n| wehre Computer == "x"', '&run=0'));
    await edit(page);
    await page.keyboard.press('Control+End');
    await page.getByText('The hub would refuse this query').waitFor();
    await page.locator('.squiggly-error').waitFor();
    await page.keyboard.press('Control+Home');
    await page.getByText('The hub would refuse this query').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+End');
    await page.getByRole('button', { name: 'Line 5, column 3:' }).click();
    await page.keyboard.type('X');
    await textIs(page, 'Heartbeat\n| take 5\n\nHeartbeat\n| Xwehre Computer == "x"');
    await context.close();
  });

  it('runs the query that the cursor is in', async () => {
    const { page, context } = await open(hub, link('Heartbeat\n| take 5\n\nPerf\n| take 7', '&run=0'));
    await edit(page);
    await page.keyboard.press('Control+End');
    await page.keyboard.press('Shift+Enter');
    await ran(page, 7);
    await page.waitForURL(/line=4/);
    await page.reload();
    await ran(page, 7);
    await context.close();
  });

  it('opens a link with run=0 without running it; one without runs', async () => {
    const { page, context } = await open(hub, link(heartbeats, '&run=0'));
    const before = queries().length;
    await textIs(page, heartbeats);
    await page.getByText('Not run yet').waitFor();
    await page.waitForTimeout(600);
    assert.equal(queries().length, before);
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await ran(page, 20);
    assert.equal(queries().length, before + 1);
    await context.close();
  });

  it('shows the same after a reload, and to who is given the link', async () => {
    const long = `${'// why we ask\n'.repeat(60)}${heartbeats}`;
    const { page, context } = await open(hub, link(long));
    await ran(page, 20);
    await page.getByRole('columnheader', { name: 'Computer' }).getByRole('button', { name: 'Computer', exact: true }).click();
    await page.waitForURL(/z=.*sort=0/);
    const shown = await rows(page).allTextContents();
    await page.reload();
    await ran(page, 20);
    assert.deepEqual(await rows(page).allTextContents(), shown);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes('/logs?'));
    const copied = await page.evaluate(() => navigator.clipboard.readText());
    assert.ok(copied.length < 400, copied);
    const other = await open(hub, copied.slice(hub.mock.address.length));
    await ran(other.page, 20);
    assert.equal(queries().at(-1).query, long);
    await other.context.close();
    await context.close();
  });

  it('lets the keyboard pass by the list of tables', async () => {
    const { page, context } = await open(hub, link(heartbeats, '&run=0'));
    await page.locator('.kql-editor .view-lines').waitFor();
    const skip = page.getByRole('button', { name: 'Skip to the query' });
    await skip.focus();
    assert.equal(await skip.evaluate((button) => button.getBoundingClientRect().top >= 0), true);
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.closest('.kql-editor'));
    await context.close();
  });

  it('cancels a query here and at the hub', async () => {
    const { page, context, trouble } = await open(hub, link('SlowTable', '&run=0'));
    const request = page.waitForRequest((one) => one.url().endsWith('/query'));
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    const id = (await request).headers()['x-ms-client-request-id'];
    await page.getByText('The query runs').waitFor();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByText('The hub was told to end the query.').waitFor();
    await page.getByRole('button', { name: 'Run', exact: true }).waitFor();
    for (let tries = 0; hub.mock.state.cancelled.length === 0 && tries < 200; tries += 1) await page.waitForTimeout(50);
    assert.deepEqual(hub.mock.state.cancelled, [id]);
    assert.deepEqual(trouble, []);
    await context.close();
  });

  it('shows where a refused query is wrong, and that an answer was cut', async () => {
    const { page, context } = await open(hub, link('Heartbeat\n| where Nothing == "x"'));
    const alert = page.getByRole('alert');
    await alert.getByText("The name 'Nothing' does not refer to any known column").waitFor();
    await alert.getByRole('button', { name: 'Line 2, column 9:' }).click();
    assert.ok(await page.evaluate(() => document.activeElement.closest('.kql-editor') !== null));
    await page.goto(hub.mock.address + link('search *'));
    await page.getByText('The results are not complete').waitFor();
    await page.getByText('The result was cut').waitFor();
    assert.ok(await rows(page).count() > 5);
    await context.close();
  });

  it('has a time range that a query can say itself', async () => {
    const { page, context } = await open(hub, link(heartbeats));
    await ran(page, 20);
    await page.locator('summary', { hasText: 'Time range' }).click();
    await page.getByRole('radio', { name: 'Last 4 hours' }).check();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.waitForURL(/ts=PT4H(?!.*run=0)/);
    assert.equal(queries().at(-1).timespan, 'PT4H');
    await page.locator('summary', { hasText: 'Last 4 hours' }).click();
    await page.getByLabel('From').fill('2026-11-01T00:00');
    await page.getByLabel('To', { exact: true }).fill('2026-11-02T12:30');
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.keyboard.press('Escape');
    await page.locator('summary', { hasText: '2026-11-01 00:00 UTC – 2026-11-02 12:30 UTC' }).waitFor();
    await page.goto(hub.mock.address + link('Heartbeat\n| where TimeGenerated > ago(1h)'));
    await page.locator('summary', { hasText: 'Set in query' }).waitFor();
    await page.locator('.log-statistics').waitFor();
    assert.equal(queries().at(-1).timespan, undefined);
    await context.close();
  });
});

describe('results', () => {
  const hub = useHub();
  const findings = 'SecurityNestedRecommendation\n| take 200';

  it('are filtered by conditions that are added to the query', async () => {
    const { page, context } = await open(hub, link(findings));
    await ran(page, 200);
    await page.getByRole('button', { name: 'Filter by RecommendationSeverity' }).click();
    const dialog = page.getByRole('dialog', { name: 'Filter the results' });
    await dialog.getByRole('checkbox', { name: /^High/ }).check();
    await dialog.getByRole('checkbox', { name: /^Critical/ }).check();
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole('button', { name: 'Add and run' }).click();
    await page.waitForFunction(() => !document.querySelector('[role=dialog]'));
    await page.waitForFunction(() => /^(?!200 )\d+ rows/.test(document.querySelector('.log-statistics')?.textContent ?? ''));
    const { query } = hub.mock.state.queries.at(-1);
    assert.match(query, /^SecurityNestedRecommendation\n\| take 200\n\| where RecommendationSeverity in \("(High", "Critical|Critical", "High)"\)$/);
    await textIs(page, query);
    const before = hub.mock.state.queries.length;
    await rows(page).nth(1).locator('[role=gridcell]').nth(1).click();
    await page.getByRole('dialog', { name: 'Row 2' }).getByRole('button', { name: 'Only rows with another RecommendationState' }).click();
    await page.waitForURL(/run=0/);
    assert.match(await text(page), /\| where RecommendationState != "Unhealthy"$/);
    assert.equal(hub.mock.state.queries.length, before);
    await context.close();
  });

  it('open row by row with the keyboard: dynamic values as trees, cells to copy', async () => {
    const { page, context } = await open(hub, link(findings));
    await ran(page, 200);
    assert.ok(await rows(page).count() < 60);
    await page.locator('[data-row="0"][data-column="0"]').focus();
    for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
    await page.waitForFunction(() => document.activeElement.dataset.row === '1' && document.activeElement.dataset.column === '2');
    await page.keyboard.press('Control+c');
    const cell = await page.locator('[data-row="1"][data-column="2"]').textContent();
    await page.waitForFunction(async (expected) => (await navigator.clipboard.readText()) === expected, cell);
    await page.keyboard.press('Enter');
    const pane = page.getByRole('dialog', { name: 'Row 2' });
    await pane.getByText('AV:N/AC:L').waitFor();
    await pane.locator('.tree summary', { hasText: 'cvss' }).click();
    await pane.getByText('AV:N/AC:L').waitFor({ state: 'hidden' });
    assert.deepEqual(await violations(page), []);
    await pane.getByRole('button', { name: 'Copy row' }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('{'));
    const copied = JSON.parse(await page.evaluate(() => navigator.clipboard.readText()));
    assert.equal(copied.AdditionalData.cvss.vector, 'AV:N/AC:L');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement.dataset.row === '1');
    await context.close();
  });

  it('are drawn as render asks, and as one chooses', async () => {
    const query = 'Perf\n| summarize avg(CounterValue) by Computer, bin(TimeGenerated, 1h)\n| render timechart with (title = "Load")';
    const { page, context, trouble } = await open(hub, link(query));
    await page.getByRole('img', { name: 'Load' }).locator('svg').waitFor();
    await page.getByRole('heading', { name: 'Load' }).waitFor();
    const kinds = await page.getByLabel('Kind of chart').locator('option').evaluateAll((options) => options.map(({ value }) => value));
    for (const kind of kinds) {
      await page.getByLabel('Kind of chart').selectOption(kind);
      await page.waitForURL(new RegExp(`chart=${kind}`));
      await page.locator('.log-chart svg, .log-cards, .chart-view .empty').first().waitFor();
    }
    assert.equal(kinds.length, 13);
    await page.getByRole('tab', { name: 'Table', exact: true }).click();
    await rows(page).first().waitFor();
    assert.deepEqual(trouble, []);
    await context.close();
  });

  it('are exported as CSV with every row', async () => {
    const { page, context } = await open(hub, link(findings));
    await ran(page, 200);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const stream = await (await download).createReadStream();
    let csv = '';
    for await (const chunk of stream) csv += chunk;
    assert.equal(csv.match(/CVE-\d+-\d+:\d+/g).length, 200);
    assert.match(csv, /^AssessedResourceId,Id,VulnerabilityId,/);
    await context.close();
  });
});

describe('queries', () => {
  const hub = useHub();

  it('are open side by side and survive a reload', async () => {
    const { page, context } = await open(hub, link(heartbeats, '&run=0'));
    await page.getByRole('button', { name: 'New query' }).click();
    await edit(page);
    await page.keyboard.type('Perf');
    await page.keyboard.press('Escape');
    await page.waitForURL(/q=Perf/);
    await page.reload();
    await textIs(page, 'Perf');
    await page.getByRole('tab', { name: 'Query 1' }).click();
    await textIs(page, heartbeats);
    await page.getByRole('tab', { name: 'Query 1' }).press('ArrowRight');
    await textIs(page, 'Perf');
    await page.keyboard.press('Delete');
    await page.getByRole('tab', { name: 'Query 2' }).waitFor({ state: 'detached' });
    await textIs(page, heartbeats);
    await context.close();
  });

  it('are saved, found again, and begun from examples and history', async () => {
    const { page, context } = await open(hub, link(heartbeats, '&side=queries'));
    await ran(page, 20);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this query' });
    await dialog.getByLabel('Name').fill('Signs of life');
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('tab', { name: 'Signs of life' }).waitFor();
    await page.getByRole('button', { name: /^Signs of life/ }).waitFor();
    await page.getByRole('button', { name: /^Failed sign-ins by address/ }).click();
    await page.waitForFunction(() => document.querySelector('.kql-editor').textContent.includes('ContainerRegistryLoginEvents'));
    assert.equal(await page.getByRole('tab', { name: 'Failed sign-ins by address' }).getAttribute('aria-selected'), 'true');
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByPlaceholder('Search history').fill('take 20');
    await page.getByRole('button', { name: /Heartbeat \| take 20/ }).click();
    await textIs(page, heartbeats);
    assert.equal(await page.getByRole('tab', { name: 'Signs of life' }).getAttribute('aria-selected'), 'true');
    await context.close();
  });

  it('come from the filters of the inventory', async () => {
    const { page, context } = await open(hub, '/inventory?status=Unhealthy&type=image&registry=contoso');
    const before = hub.mock.state.queries.length;
    await page.getByRole('link', { name: 'Open query' }).click();
    await page.waitForFunction(() => document.querySelector('.kql-editor')?.textContent.includes('RecommendationState'));
    assert.match(await text(page), /^SecurityRecommendation\n[\s\S]*contains "\/registries\/contoso\/"[\s\S]*RecommendationState == "Unhealthy"/);
    assert.equal(hub.mock.state.queries.length, before);
    await page.keyboard.press('Escape');
    await edit(page);
    await page.keyboard.press('Shift+Enter');
    await rows(page).first().waitFor();
    await context.close();
  });
});

describe('dashboards', () => {
  const hub = useHub();

  it('show what was pinned', async () => {
    const { page, context } = await open(hub, link('Perf\n| summarize avg(CounterValue) by Computer\n| render barchart'));
    await page.locator('.log-chart svg').waitFor();
    await page.getByRole('button', { name: 'Pin', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Pin to a dashboard' });
    await dialog.getByLabel('Title of the tile').fill('Load by machine');
    await dialog.getByLabel('Dashboard', { exact: true }).selectOption({ label: 'New dashboard' });
    await dialog.getByLabel('Name of the dashboard').fill('My machines');
    assert.deepEqual(await violations(page), []);
    await dialog.getByRole('button', { name: 'Pin' }).click();
    await page.getByText('The query is pinned').waitFor();
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Dashboards' }).click();
    await page.getByLabel('Choose a dashboard').selectOption({ label: 'My machines' });
    await page.waitForURL(/dashboards\/./);
    const tile = page.getByRole('region', { name: 'Load by machine' });
    await tile.locator('svg').first().waitFor();
    await page.reload();
    await tile.locator('.log-chart svg').waitFor();
    assert.deepEqual(await violations(page), []);
    await tile.getByRole('link', { name: 'Open in Logs' }).click();
    await page.getByText('Not run yet').waitFor();
    await context.close();
  });

  it('keep what they showed where a refresh fails, and say so', async () => {
    const { page, context } = await open(hub, '/dashboards/operations');
    const tile = page.getByRole('region', { name: 'Failed rules' });
    await tile.getByRole('cell').first().waitFor();
    await page.route('**/query', (route) => route.abort());
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await tile.getByText('As of the last refresh that worked: The hub does not answer.').waitFor();
    await tile.getByRole('cell').first().waitFor();
    await page.unroute('**/query');
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await tile.getByText('As of the last refresh that worked').waitFor({ state: 'detached' });
    await context.close();
  });

  it('are arranged, refreshed and removed', async () => {
    const { page, context } = await open(hub, '/dashboards/operations');
    const titles = () => page.locator('.tile h2').allTextContents();
    assert.deepEqual(await titles(), ['Processor time', 'Failed sign-ins', 'Failed rules']);
    await page.getByRole('button', { name: 'Change the tile Failed sign-ins' }).click();
    await page.getByRole('menuitem', { name: 'Move forward' }).click();
    await page.waitForFunction(() => document.querySelector('.tile h2').textContent === 'Failed sign-ins');
    const before = hub.mock.state.queries.length;
    await page.getByRole('button', { name: 'Refresh', exact: true }).click();
    await page.waitForFunction(() => document.querySelectorAll('.log-chart svg').length === 2);
    await settled(page);
    for (let tries = 0; hub.mock.state.queries.length < before + 3 && tries < 100; tries += 1) await page.waitForTimeout(50);
    assert.equal(hub.mock.state.queries.length, before + 3);
    await page.getByRole('button', { name: 'Change the tile Failed rules' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.tile').length === 2);
    await page.getByRole('button', { name: 'Remove Operations' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.waitForFunction(() => !document.querySelector('.tile h2')?.textContent.includes('Failed sign-ins'));
    assert.equal([...hub.mock.state.data.resources.keys()].some((id) => id.endsWith('/operations')), false);
    await context.close();
  });
});
