// SPDX-License-Identifier: Apache-2.0
// What stays of a query: on a dashboard, saved for all, in the history; and where queries come from: examples, the inventory.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import { address, openTab, signIn, useWindow } from '../hub/hub.mjs';
import { makeApi } from '../hub/seed.mjs';
import { focusEditor, link, ran, run, textIs, textOf, watchQueries, write } from './editor.mjs';
import { orderCount } from './records.mjs';

const password = 'marble-kettle-orbit-77';

const byCountry = 'Orders_CL\n| summarize Sum = sum(Total_d) by Country_s';

describe('queries', () => {
  const window = useWindow();
  let page, api, asked;

  before(async () => {
    page = await signIn(window, '/logs?side=queries');
    asked = watchQueries(page);
    api = await makeApi(page);
  });
  after(() => assert.deepEqual(page.trouble, []));

  it('are saved for all, found again by their name, and removed', async () => {
    await write(page, 'Orders_CL\n| count');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this query' });
    await dialog.getByLabel('Name').fill('Number of orders');
    await dialog.getByLabel('Category').fill('Shop');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('tab', { name: 'Number of orders' }).waitFor();
    await page.getByRole('button', { name: 'New query' }).click();
    await page.getByPlaceholder('Search queries').fill('shop');
    await page.getByRole('button', { name: /^Number of orders/ }).click();
    await textIs(page, 'Orders_CL\n| count');
    await page.getByRole('button', { name: 'Remove Number of orders' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: /^Number of orders/ }).waitFor({ state: 'detached' });
    await page.getByPlaceholder('Search queries').fill('');
  });

  it('are changed where they are saved, and are functions of others', async () => {
    await write(page, 'Orders_CL\n| where Country_s == country\n| count');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    const dialog = page.getByRole('dialog', { name: 'Save this query' });
    await dialog.getByRole('textbox', { name: 'Name', exact: true }).fill('Orders of a country');
    await dialog.getByRole('switch', { name: 'A function for other queries' }).check();
    await dialog.getByLabel('Name in queries').fill('ordersOf');
    await dialog.getByLabel('Parameters').fill('country: string = "NL"');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'New query' }).click();
    await page.getByRole('tab', { name: 'Tables' }).click();
    await page.getByPlaceholder('Search tables and columns').fill('ordersof');
    await page.getByRole('button', { name: /^ordersOf/ }).click();
    await textIs(page, 'ordersOf()');
    await run(page);
    await page.locator('[role=gridcell]', { hasText: String(orderCount / 4) }).waitFor();
    await page.getByRole('tab', { name: 'Queries' }).click();
    await page.getByRole('button', { name: /^Orders of a country/ }).click();
    await write(page, 'Orders_CL\n| where Country_s != country\n| count');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    assert.equal(await dialog.getByLabel('Save as').inputValue(), 'replace');
    await dialog.getByRole('button', { name: 'Save' }).click();
    await dialog.waitFor({ state: 'detached' });
    const listed = page.getByRole('button', { name: /^Orders of a country/ });
    await listed.waitFor(); // one: two of them would fail it
    await write(page, 'ordersOf("DE")');
    await run(page);
    await page.locator('[role=gridcell]', { hasText: String((orderCount * 3) / 4) }).waitFor();
    await page.getByRole('button', { name: 'Remove Orders of a country' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await page.getByRole('button', { name: /^Orders of a country/ }).waitFor({ state: 'detached' });
  });

  it('begin with examples, which the hub and the command line accept', async () => {
    const { queries } = await api.ask('GET', `/v1/workspaces/${api.session.workspace.customerId}/metadata`);
    assert.ok(queries.length >= 12, String(queries.length));
    for (const { id, body } of queries) {
      const { diagnostics } = await api.ask('POST', '/api/logs/check', { query: body });
      assert.deepEqual(diagnostics, [], id);
      const { tables, error } = await api.ask('POST', `/v1/workspaces/${api.session.workspace.customerId}/query`, { query: body });
      assert.ok(tables.length > 0 && !error, id);
      execFileSync(process.env.BULWARK, ['query', '--check', '-f', '-'], { input: body });
    }
    const before = asked.length;
    await page.getByPlaceholder('Search queries').fill('latest changes');
    await page.getByRole('complementary', { name: 'Tables and queries' }).getByRole('button', { name: /^Latest changes/ }).click();
    await page.getByRole('tab', { name: 'Latest changes' }).waitFor();
    await page.locator('.kql-editor .Table', { hasText: 'AzureActivity' }).waitFor(); // coloured, though nothing was typed
    assert.match(await textOf(page), /^AzureActivity\n/);
    assert.equal(asked.length, before);
    await run(page);
    await page.locator('.log-statistics', { hasText: /^[1-9]/ }).waitFor();
    await page.locator('[role=gridcell]', { hasText: /dataCollectionRules|savedSearches|dashboards/ }).first().waitFor();
    await page.getByRole('button', { name: 'New query' }).click();
    await page.getByRole('region', { name: 'Begin with an example' }).getByRole('button', { name: 'Failed rules of one host', exact: true }).click();
    await page.getByRole('tab', { name: 'Failed rules of one host' }).waitFor();
    await page.getByRole('tab', { name: 'Tables' }).click();
    await page.getByPlaceholder('Search tables and columns').fill('azureactiv');
    await page.getByRole('button', { name: 'Columns of AzureActivity' }).click();
    await page.getByRole('button', { name: 'Latest changes', exact: true }).waitFor();
  });

  it('are remembered in the history', async () => {
    await write(page, 'Orders_CL\n| take 11');
    await run(page);
    await ran(page, 11);
    await page.getByRole('button', { name: 'New query' }).click();
    await page.getByRole('tab', { name: 'History' }).click();
    await page.getByPlaceholder('Search history').fill('take 11');
    await page.getByRole('button', { name: /Orders_CL \| take 11.*11 rows/ }).click();
    await textIs(page, 'Orders_CL\n| take 11');
  });

  it('are pinned to a dashboard and are there after a reload', async () => {
    await write(page, `${byCountry}\n| render columnchart`);
    await run(page);
    await page.locator('.log-chart svg').waitFor();
    await pin(page, 'Orders by country');
    await write(page, 'Orders_CL\n| where Total_d > 50\n| project TimeGenerated, Country_s, Total_d');
    await run(page);
    await page.locator('[role=gridcell]').first().waitFor();
    await pin(page, 'Large orders', 'Shop');
    await page.getByRole('navigation', { name: 'Main' }).getByRole('link', { name: 'Dashboards' }).click();
    await page.getByLabel('Choose a dashboard').waitFor();
    const { value } = await api.ask('GET', `/subscriptions/${api.session.subscriptionId}/resourceGroups/default/providers/Microsoft.Portal/dashboards?api-version=2020-09-01-preview`);
    await page.goto(`${address}/dashboards/${value.find(({ tags }) => tags['hidden-title'] === 'Shop').name}`);
    const chart = page.getByRole('region', { name: 'Orders by country' });
    await chart.locator('.log-chart svg').waitFor();
    await page.reload();
    await chart.locator('.log-chart svg').waitFor();
    await page.getByRole('region', { name: 'Large orders' }).first().getByRole('cell', { name: 'NL' }).first().waitFor();
    const titles = () => page.locator('.tile h2').allTextContents();
    assert.deepEqual(await titles(), ['Orders by country', 'Large orders']);
    await page.getByRole('button', { name: 'Change the tile Large orders' }).click();
    await page.getByRole('menuitem', { name: 'Move forward' }).click();
    await page.waitForFunction(() => document.querySelector('.tile h2').textContent === 'Large orders');
    await page.getByRole('button', { name: 'Change the tile Large orders' }).click();
    await page.getByRole('menuitem', { name: 'Remove' }).click();
    await page.waitForFunction(() => document.querySelectorAll('.tile').length === 1);
    await page.getByRole('button', { name: 'Change the tile Orders by country' }).click();
    await page.getByRole('menuitem', { name: 'Make higher' }).click();
    await page.waitForFunction(() => document.querySelector('.tile').offsetHeight > 600);
    await page.getByRole('button', { name: 'Rename the dashboard' }).click();
    await page.getByRole('dialog').getByLabel('Name of the dashboard').fill('The shop');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByRole('option', { name: 'The shop' }).waitFor({ state: 'attached' });
    await page.locator('summary', { hasText: 'Time range: As each tile says' }).click();
    await page.getByRole('radio', { name: 'Last hour' }).check();
    await page.keyboard.press('Escape');
    await chart.getByText('Last hour').waitFor();
    await page.waitForURL(/ts=PT1H/);
    assert.equal(asked.at(-1).timespan, 'PT1H');
    await chart.locator('.log-chart svg').waitFor();
    await chart.getByRole('link', { name: 'Open in Logs' }).click();
    await textIs(page, `${byCountry}\n| render columnchart`);
    await page.getByText('Not run yet').waitFor();
  });

  it('come from the filters of the inventory, and the hub accepts them', async () => {
    await page.goto(`${address}/inventory?status=Unhealthy&type=image&contains=CVE`);
    await page.getByRole('link', { name: 'Open query' }).click();
    await page.waitForFunction(() => document.querySelector('.kql-editor')?.textContent.includes('RecommendationState'));
    await page.getByText('Not run yet').waitFor();
    await focusEditor(page);
    const answer = await run(page);
    assert.equal(answer.status(), 200);
    await page.locator('.log-statistics').waitFor();
  });

  it('count what they gave once they are opened by their link', async () => {
    await page.goto(address + link('Orders_CL'));
    await ran(page, orderCount);
  });
});

describe('who may read and not write', () => {
  const window = useWindow();
  before(async () => {
    const page = await signIn(window, '/settings/about');
    const api = await makeApi(page);
    await api.ask('POST', '/api/v1/apply', `users:\n  - {name: vera, displayName: Vera Example, password: ${password}, roles: [Reader]}\n  - {name: nora, displayName: Nora Example, password: ${password}}\n`);
    await window.context.clearCookies();
    await page.close();
  });

  it('asks, and is not offered what would be refused', async () => {
    const page = await signIn(window, link('Orders_CL', '&side=queries'), { name: 'vera', password });
    await ran(page, orderCount);
    await page.getByRole('button', { name: 'Copy link' }).waitFor();
    await page.waitForLoadState('networkidle');
    for (const name of ['Save', 'Pin']) assert.equal(await page.getByRole('button', { name, exact: true }).count(), 0, name);
    await page.goto(`${address}/dashboards`);
    await page.getByLabel('Choose a dashboard').waitFor();
    await page.waitForLoadState('networkidle');
    for (const name of [/^New dashboard/, /^Remove/, /^Rename/, /^Change the tile/]) assert.equal(await page.getByRole('button', { name }).count(), 0, String(name));
    assert.deepEqual(page.trouble, []);
  });

  it('finds the query again after a session that ended, and no failure of it', async () => {
    const page = await openTab(window, link('Orders_CL'));
    await ran(page, orderCount);
    await window.context.clearCookies();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByLabel('User name').fill('vera');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.locator('.log-statistics, .log-results .empty-title').first().waitFor();
    await textIs(page, 'Orders_CL');
    assert.equal(await page.locator('.log-results [role=alert]').count(), 0);
    await page.close();
  });

  it('finds nothing of the one before, and is told what a query takes', async () => {
    const page = await openTab(window, link('Orders_CL'));
    await ran(page, orderCount);
    await window.context.clearCookies();
    await page.getByRole('button', { name: 'Run', exact: true }).click();
    await page.getByLabel('User name').fill('nora');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByText(/^You may not query the workspace/).waitFor();
    assert.equal(await page.evaluate(() => sessionStorage.getItem('bulwark.logs.tabs')), null);
  });
});

async function pin(page, title, dashboard) {
  await page.getByRole('button', { name: 'Pin', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Pin to a dashboard' });
  await dialog.getByLabel('Title of the tile').fill(title);
  if (dashboard) await dialog.getByLabel('Dashboard', { exact: true }).selectOption({ label: dashboard });
  else {
    await dialog.getByLabel('Dashboard', { exact: true }).selectOption({ label: 'New dashboard' });
    await dialog.getByLabel('Name of the dashboard').fill('Shop');
  }
  await dialog.getByRole('button', { name: 'Pin' }).click();
  await page.getByText('The query is pinned').first().waitFor();
  await dialog.waitFor({ state: 'detached' });
}
