// SPDX-License-Identifier: Apache-2.0
// Asking a hub: typing with completion, what is wrong with a query, running it and not before, its time, its link, its end.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, beforeEach, describe, it } from 'node:test';
import { address, openTab, signIn, useWindow } from '../hub/hub.mjs';
import { makeApi } from '../hub/seed.mjs';
import { clipboard, focusEditor, link, problems, ran, rows, run, suggestion, textIs, watchQueries, write } from './editor.mjs';
import { errorCount, lineCount } from './records.mjs';

/** What the hub says of a name that it does not have, or will not have. */
const refusal = /there is no (function|plugin)|not allowed|are not reached|not supported/;

describe('the page of logs', () => {
  const window = useWindow();
  let page, asked, api;

  before(async () => {
    page = await signIn(window, '/logs');
    asked = watchQueries(page);
    api = await makeApi(page);
  });
  beforeEach(() => {
    asked.length = 0;
  });
  after(() => assert.deepEqual(page.trouble, []));

  it('completes tables, operators and columns, and runs on Shift+Enter and not before', async () => {
    await focusEditor(page);
    await page.keyboard.type('ContainerLogV');
    await suggestion(page, 'ContainerLogV2').waitFor();
    await page.keyboard.press('Enter');
    await textIs(page, 'ContainerLogV2\n| ');
    await suggestion(page, 'where').waitFor();
    await page.keyboard.type('where LogLev');
    await suggestion(page, 'LogLevel').waitFor();
    await page.keyboard.press('Enter');
    await textIs(page, 'ContainerLogV2\n| where LogLevel ');
    await page.keyboard.type('== "ERROR');
    await page.keyboard.press('Escape');
    await textIs(page, 'ContainerLogV2\n| where LogLevel == "ERROR"');
    await page.waitForURL(/q=ContainerLogV2.*run=0/);
    assert.deepEqual(asked, []);
    await page.getByText('Not run yet').waitFor();
    await page.keyboard.press('Shift+Enter');
    await ran(page, errorCount);
    assert.deepEqual(asked.map(({ query, timespan }) => [query, timespan]), [['ContainerLogV2\n| where LogLevel == "ERROR"', 'P1D']]);
    await page.waitForURL((url) => !url.search.includes('run=0'));
    await page.locator('.log-statistics', { hasText: / ms .*row/ }).waitFor();
  });

  it('completes columns of custom tables, which came with their records', async () => {
    await write(page, 'Orders_CL | where Countr');
    await page.keyboard.type('y');
    await suggestion(page, 'Country_s').waitFor();
    await page.keyboard.press('Escape');
  });

  it('hides no function or plugin that the hub has', async () => {
    const refused = async (query) => (await api.ask('POST', '/api/logs/check', { query })).diagnostics.some(({ message }) => refusal.test(message));
    const source = readFileSync('web/src/pages/logs/editor/offered.ts', 'utf8');
    const hidden = [...source.slice(0, source.indexOf(']);')).matchAll(/'(\w+)'/g)].map(([, name]) => name);
    assert.ok(hidden.length > 20);
    for (const name of hidden)
      for (const query of [`${name}("x")`, `print ${name}()`, `print a = 1 | evaluate ${name}()`]) assert.ok(await refused(query), `${name} is hidden, but the hub has it: ${query}`);
  });

  it('colours a query before the language service has come', async () => {
    await window.context.route(/kusto\.worker/, () => undefined); // which never comes
    const other = await openTab(window, link('// all\nHeartbeat\n| where Computer == "a\\"b" and isnotempty(OSType)\n| take 5', '&run=0'));
    await other.waitForFunction(() => new Set([...document.querySelectorAll('.kql-editor .view-line span span')].map((one) => getComputedStyle(one).color)).size >= 5);
    const colour = (text) => other.locator('.kql-editor .view-line span span', { hasText: text }).first().evaluate((one) => getComputedStyle(one).color);
    assert.equal(await colour('where'), await colour('take'));
    assert.notEqual(await colour('where'), await colour('Heartbeat'));
    await other.close();
    await window.context.unroute(/kusto\.worker/);
  });

  it('marks what the hub would refuse while one types, and leads to the place', async () => {
    await write(page, 'Heartbeat\n| where Computr == "x"');
    await page.getByText('The hub would refuse this query').waitFor();
    await page.locator('.squiggly-error').waitFor();
    await page.getByRole('button', { name: 'Line 2, column 9:' }).click();
    await page.waitForFunction(() => document.activeElement?.closest('.kql-editor'));
    await write(page, 'Heartbeat\n| where Computer == "x"');
    await page.getByText('The hub would refuse this query').waitFor({ state: 'detached' });
    await page.locator('.squiggly-error').waitFor({ state: 'detached' });
    assert.deepEqual(asked, []);
  });

  it('tells what the hub says of a query that it refuses', async () => {
    await write(page, 'Heartbeat\n| summarize count() by Nothing');
    await run(page);
    const alert = problems(page);
    await alert.getByText(/Nothing/).waitFor();
    assert.doesNotMatch(await alert.textContent(), /BadArgument|invalid properties|\{/);
    await alert.getByRole('button', { name: 'Line 2, column 24:' }).waitFor();
    await write(page, 'externaldata(a: string)["https://example.com/x.csv"]');
    await run(page);
    await alert.getByText(/externaldata/).waitFor();
  });

  it('shows what there is of an answer that is too large, and says that it was cut', async () => {
    await write(page, 'range n from 1 to 600000 step 1');
    await run(page);
    const alert = problems(page);
    await alert.getByText('The results are not complete').waitFor();
    assert.match(await alert.textContent(), /500,?000/);
    await ran(page, '500,000');
    assert.ok(await rows(page).count() < 60);
  });

  it('runs the query that the cursor is in', async () => {
    await write(page, 'Heartbeat\n| take 1\n\nOrders_CL\n| take 7');
    await run(page);
    await ran(page, 7);
    await page.waitForURL(/line=4/);
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Shift+Enter');
    await ran(page, 1);
    await page.waitForURL((url) => !url.search.includes('line='));
  });

  it('runs what is selected, and its link does not', async () => {
    await write(page, 'Orders_CL\n| take 7\n| count');
    await page.keyboard.press('Control+Home');
    await page.keyboard.press('Shift+ArrowDown');
    await page.keyboard.press('Shift+End');
    await page.keyboard.press('Shift+Enter');
    await ran(page, 7);
    assert.deepEqual(asked.map(({ query }) => query), ['Orders_CL\n| take 7']);
    await page.waitForURL(/run=0/);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Shift+Enter');
    await page.waitForURL((url) => !url.search.includes('run=0'));
    await ran(page, 1);
  });

  it('has a time range that a query can say itself', async () => {
    const query = 'ContainerLogV2\n| summarize Lines = count(), First = min(TimeGenerated)';
    await write(page, query);
    await page.locator('summary', { hasText: 'Time range' }).click();
    await page.getByRole('radio', { name: 'Last hour' }).check();
    await page.keyboard.press('Escape');
    await run(page);
    await page.waitForFunction(() => {
      const lines = Number(document.querySelector('[data-row="0"][data-column="0"]')?.textContent);
      return lines > 20 && lines <= 60; // one a minute, but the last were sent some minutes ago
    });
    assert.equal(asked.at(-1).timespan, 'PT1H');
    await page.waitForURL(/ts=PT1H/);
    await write(page, `ContainerLogV2\n| where TimeGenerated > ago(2d)\n| count`);
    await page.locator('summary', { hasText: 'Set in query' }).waitFor();
    await run(page);
    await page.waitForFunction((all) => document.querySelector('[data-row="0"][data-column="0"]')?.textContent === all, String(lineCount));
    assert.equal(asked.at(-1).timespan, undefined);
    await write(page, query);
    await page.locator('summary', { hasText: 'Last hour' }).click();
    await page.getByLabel('From').fill(new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 16));
    await page.getByLabel('To', { exact: true }).fill(new Date(Date.now() - 2 * 86_400_000).toISOString().slice(0, 16));
    await page.getByRole('button', { name: 'Apply' }).click();
    await page.keyboard.press('Escape');
    await run(page);
    await page.waitForFunction(() => document.querySelector('[data-row="0"][data-column="0"]')?.textContent === '0');
    assert.match(asked.at(-1).timespan, /^\d{4}-.*Z\/\d{4}-.*Z$/);
  });

  it('ends a long query here and at the hub, and goes on to the next', async () => {
    // Minutes of work that holds little at once: nothing but a person ends it while this test looks.
    await write(page, 'range a from 1 to 5000000 step 1\n| extend n = array_sum(range(a, a + 1000, 1))\n| summarize sum(n)');
    const request = page.waitForRequest((one) => one.url().endsWith('/query'));
    await page.keyboard.press('Shift+Enter');
    const id = (await request).headers()['x-ms-client-request-id'];
    await page.getByText('The query runs').waitFor();
    const ended = page.waitForResponse((response) => response.url().endsWith(`/api/logs/queries/${id}`));
    await page.getByRole('button', { name: 'Cancel' }).click();
    assert.equal((await ended).status(), 204);
    await page.getByText('The hub was told to end the query.').waitFor();
    // A query that has ended is not there to be cancelled again.
    const csrf = { 'X-CSRF-Token': api.session.csrf };
    let status;
    for (const deadline = Date.now() + 20_000; status !== 404 && Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 50)))
      status = (await page.request.delete(`${address}/api/logs/queries/${id}`, { headers: csrf })).status();
    assert.equal(status, 404);
    await write(page, 'print Answer = 6 * 7');
    await run(page);
    await page.waitForFunction(() => document.querySelector('[data-row="0"][data-column="0"]')?.textContent === '42');
  });

  it('ends the query of a tab that is closed', async () => {
    await page.getByRole('button', { name: 'New query' }).click();
    await write(page, 'range a from 1 to 5000000 step 1\n| extend n = array_sum(range(a, a + 1000, 1))\n| summarize sum(n)');
    const request = page.waitForRequest((one) => one.url().endsWith('/query'));
    await page.keyboard.press('Shift+Enter');
    const id = (await request).headers()['x-ms-client-request-id'];
    await page.getByText('The query runs').waitFor();
    const ended = page.waitForResponse((response) => response.url().endsWith(`/api/logs/queries/${id}`));
    await page.getByRole('button', { name: /^Close Query/ }).click();
    assert.equal((await ended).status(), 204);
  });

  it('opens a link with run=0 without running it, and one without runs what it says', async () => {
    const long = `${'// why we ask\n'.repeat(50)}ContainerLogV2\n| where LogLevel == "ERROR"\n| project TimeGenerated, ContainerName, LogMessage`;
    const other = await openTab(window, link('Heartbeat | take 3', '&run=0'));
    const asks = watchQueries(other);
    await textIs(other, 'Heartbeat | take 3');
    await other.getByText('Not run yet').waitFor();
    await write(other, long);
    await run(other);
    await ran(other, errorCount);
    assert.deepEqual(asks.map(({ query }) => query), [long]);
    await other.getByRole('button', { name: 'ContainerName', exact: true }).click();
    await other.waitForURL(({ searchParams }) => searchParams.has('z') && searchParams.get('sort') === '1' && !searchParams.has('run'));
    const shown = await rows(other).allTextContents();
    await other.reload();
    await ran(other, errorCount);
    assert.deepEqual(await rows(other).allTextContents(), shown);
    assert.deepEqual(asks.map(({ query }) => query), [long, long]);
    await other.getByRole('button', { name: 'Copy link' }).click();
    await other.waitForFunction(async () => (await navigator.clipboard.readText()).includes('/logs?'));
    assert.ok((await clipboard(other)).length < 600);
    assert.deepEqual(other.trouble, []);
    await other.close();
  });
});
