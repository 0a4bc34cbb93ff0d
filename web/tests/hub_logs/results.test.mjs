// SPDX-License-Identifier: Apache-2.0
// What a hub answers: rows to sort, filter, open, copy and export; a chart for every kind that render knows.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { signIn, useWindow } from '../hub/hub.mjs';
import { clipboard, drawn, ran, rows, run, textIs, textOf, watchQueries, write } from './editor.mjs';
import { lineCount, orderCount } from './records.mjs';

const cell = (row, column) => `[data-row="${row}"][data-column="${column}"]`;

/** Charts of every kind, and the query that gives what each draws. */
const orders = 'Orders_CL\n| summarize Sum = sum(Total_d)';
const charts = {
  timechart: `${orders} by Country_s, bin(TimeGenerated, 1h)`, linechart: `${orders} by Items_d\n| order by Items_d asc`, areachart: `${orders} by bin(TimeGenerated, 1h)`,
  stackedareachart: `${orders} by Country_s, bin(TimeGenerated, 1h)`, columnchart: `${orders} by Country_s`, barchart: `${orders} by Country_s`, piechart: `${orders} by Country_s`,
  scatterchart: 'Orders_CL\n| project Items_d, Total_d', pivotchart: `${orders} by Country_s, Paid_b`, treemap: `${orders} by Country_s`,
  ladderchart: 'Orders_CL\n| summarize Begin = min(TimeGenerated), End = max(TimeGenerated) by Country_s', card: 'Orders_CL\n| summarize Orders = count(), Sum = sum(Total_d)',
};
const anomalies = 'Perf\n| make-series Value = avg(CounterValue) on TimeGenerated from ago(12h) to now() step 30m by InstanceName\n| extend (Strange, Score, Usual) = series_decompose_anomalies(Value)\n| project-away Score, Usual';

describe('the results of a query', () => {
  const window = useWindow();
  let page, asked;

  before(async () => {
    page = await signIn(window, '/logs');
    asked = watchQueries(page);
  });
  after(() => assert.deepEqual(page.trouble, []));

  it('are rows in a window of the grid, sorted by a click', async () => {
    await write(page, 'Orders_CL\n| project Total_d, Country_s, TimeGenerated');
    await run(page);
    await ran(page, orderCount);
    assert.ok(await rows(page).count() < 60);
    assert.equal(await page.locator(cell(0, 0)).evaluate((one) => getComputedStyle(one).textAlign), 'end');
    const sort = page.getByRole('button', { name: 'Total_d', exact: true });
    await sort.click();
    await page.locator('[role=columnheader][aria-sort=ascending]').waitFor();
    const first = Number(await page.locator(cell(0, 0)).textContent());
    await sort.click();
    await page.locator('[role=columnheader][aria-sort=descending]').waitFor();
    assert.ok(Number(await page.locator(cell(0, 0)).textContent()) > first);
    assert.match(await page.locator(cell(0, 2)).textContent(), /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/);
  });

  it('begin with their time, hide columns without values, and take the page for themselves', async () => {
    const heads = () => page.locator('.grid-head [role=columnheader] .sort').allTextContents();
    await write(page, 'Orders_CL\n| extend Nothing = ""');
    await run(page);
    await ran(page, orderCount);
    assert.match((await heads())[0], /^TimeGenerated/);
    await page.locator('.result-tools summary', { hasText: 'Columns' }).click();
    await page.getByRole('checkbox', { name: 'Nothing' }).waitFor();
    await page.getByRole('button', { name: 'Hide empty ones' }).click();
    await page.waitForURL(/columns=/);
    assert.equal(await page.getByRole('checkbox', { name: 'Nothing' }).isChecked(), false);
    assert.equal(await page.getByRole('checkbox', { name: 'Country_s' }).isChecked(), true);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.waitForURL((url) => !url.searchParams.has('columns'));
    await page.keyboard.press('Escape');
    const height = () => page.locator('.result-grid').evaluate((one) => one.offsetHeight);
    const before = await height();
    await page.getByRole('button', { name: 'Enlarge the results' }).click();
    await page.locator('.kql-box').waitFor({ state: 'hidden' });
    assert.ok((await height()) > before + 150, `${before} to ${await height()}`);
    await page.getByRole('button', { name: 'Show the query again' }).click();
    await page.locator('.kql-box').waitFor();
    await write(page, 'Orders_CL\n| project Country_s, TimeGenerated');
    await run(page);
    await page.waitForFunction(() => document.querySelectorAll('.grid-head [role=columnheader]').length === 2);
    assert.match((await heads())[0], /^Country_s/);
    await write(page, 'Orders_CL\n| project Total_d, Country_s, TimeGenerated');
    await run(page);
    await ran(page, orderCount);
  });

  it('have columns whose width one changes, and all of the page where the pane is hidden', async () => {
    const width = () => page.getByRole('columnheader', { name: 'Country_s' }).evaluate((head) => Math.round(head.getBoundingClientRect().width));
    const narrow = await width();
    await page.getByRole('button', { name: 'Hide tables and queries' }).click();
    await page.waitForFunction((before) => document.querySelector('.grid-head .cell:nth-child(2)').getBoundingClientRect().width > before + 100, narrow);
    await page.getByRole('button', { name: 'Show tables and queries' }).click();
    await page.waitForFunction((before) => Math.round(document.querySelector('.grid-head .cell:nth-child(2)').getBoundingClientRect().width) === before, narrow);
    const edge = await page.locator('.grid-head .cell:nth-child(2) .column-edge').boundingBox();
    await page.mouse.move(edge.x + 4, edge.y + 10);
    await page.mouse.down();
    await page.mouse.move(edge.x + 4 - narrow + 120, edge.y + 10, { steps: 3 });
    await page.mouse.up();
    assert.ok(Math.abs((await width()) - 120) <= 2, String(await width()));
    await page.getByRole('button', { name: 'Country_s', exact: true }).press('Alt+ArrowRight');
    assert.ok(Math.abs((await width()) - 140) <= 2, String(await width()));
    await page.locator('.grid-head .cell:nth-child(2) .column-edge').dblclick();
    await page.waitForFunction((before) => Math.round(document.querySelector('.grid-head .cell:nth-child(2)').getBoundingClientRect().width) === before, narrow);
  });

  it('are filtered by conditions that are added to the query', async () => {
    await page.getByRole('button', { name: 'Filter by Country_s' }).click();
    const dialog = page.getByRole('dialog', { name: 'Filter the results' });
    // The page is seen behind it: the layer that the dialog is in covers nothing.
    assert.deepEqual(await page.locator('body > .app').evaluateAll((layers) => layers.map((one) => one.offsetHeight)), [0]);
    await dialog.getByRole('checkbox', { name: /^NL/ }).check();
    await dialog.getByRole('checkbox', { name: /^DE/ }).check();
    await dialog.getByRole('button', { name: 'Add and run' }).click();
    await ran(page, orderCount / 2);
    const { query } = asked.at(-1);
    assert.match(query, /\n\| where Country_s in \("(NL", "DE|DE", "NL)"\)$/);
    await textIs(page, query);
    const before = asked.length;
    await page.locator(cell(1, 1)).click();
    const country = await page.locator(cell(1, 1)).textContent();
    await page.getByRole('dialog', { name: 'Row 2' }).getByRole('button', { name: 'Only rows with another Country_s' }).click();
    await page.waitForURL(/run=0/);
    assert.ok((await textOf(page)).endsWith(`\n| where Country_s != "${country}"`));
    assert.equal(asked.length, before);
    await page.keyboard.press('Escape');
  });

  it('open row by row with the keyboard: dynamic values as trees, cells to copy', async () => {
    await write(page, 'ContainerLogV2\n| where LogMessage.status == 500\n| project ContainerName, LogMessage, TimeGenerated\n| order by TimeGenerated desc');
    await run(page);
    await ran(page, lineCount / 10);
    await page.locator(cell(0, 0)).focus();
    for (const key of ['ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    await page.waitForFunction((at) => document.activeElement.matches(at), cell(1, 1));
    await page.keyboard.press('Control+c');
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).includes('/orders/10'));
    assert.deepEqual(JSON.parse(await clipboard(page)), { path: '/orders/10', status: 500, took: { ms: 70, queue: 'default' } });
    await page.keyboard.press('Enter');
    const pane = page.getByRole('dialog', { name: 'Row 2' });
    await pane.locator('.tree summary', { hasText: 'took' }).waitFor();
    await pane.getByText('queue').waitFor();
    await pane.locator('.tree summary', { hasText: 'took' }).click();
    await pane.getByText('queue').waitFor({ state: 'hidden' });
    await pane.getByRole('button', { name: 'Copy row' }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('{\n'));
    assert.equal(JSON.parse(await clipboard(page)).LogMessage.took.ms, 70);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement.dataset.row === '1');
  });

  it('show a text that is a dynamic value as it is, and filter by it', async () => {
    await write(page, 'ContainerLogV2\n| where LogMessage has "accepted"\n| order by TimeGenerated desc\n| project LogMessage, ContainerName');
    await run(page);
    await ran(page, (lineCount * 4) / 5);
    const text = 'order 1 accepted, "fast" lane';
    await page.locator(cell(0, 0), { hasText: text }).click();
    const pane = page.getByRole('dialog', { name: 'Row 1' });
    await pane.getByText(text, { exact: true }).waitFor();
    await pane.getByRole('button', { name: 'Only rows with this LogMessage' }).click();
    await page.keyboard.press('Escape');
    await run(page);
    await ran(page, 1);
  });

  it('keep every digit, and are filtered by whatever a cell holds', async () => {
    const cells = {
      Id: '9007199254740993', Least: 'long(-9223372036854775808)', Size: 'real(nan)', Part: '0.1', Took: '-1d', Key: 'guid(74be27de-1e4e-49d9-b579-fe0b331d3642)', Paid: 'false',
      Price: 'decimal(1.10)', At: 'datetime(2026-01-01 00:00:00.1234567)', Note: '"say \\"hi\\" \\\\ \\n ünï 😀"', Data: 'dynamic({"n": 9007199254740993, "s": "it\'s"})', Gone: 'long(null)', Blank: '""',
    };
    const [names, values] = [Object.keys(cells), Object.values(cells)];
    const rowOf = (of) => `print ${names.map((name, at) => `${name} = ${of[at]}`).join(', ')}`;
    const others = ['9007199254740992', '1', '1.0', '0.2', '1h', 'guid(00000000-0000-0000-0000-000000000000)', 'true', 'decimal(1)', 'datetime(2026-01-01 00:00:00.1234568)', '"say"', 'dynamic([])', '0', '"x"'];
    const query = `${rowOf(values)}\n| union (${rowOf(others)})\n| project ${names.join(', ')}\n| order by Paid asc`;
    await write(page, query);
    await run(page);
    await ran(page, 2);
    await page.locator(cell(0, 0), { hasText: '9007199254740993' }).click();
    const pane = page.getByRole('dialog', { name: 'Row 1' });
    for (const name of names) await pane.getByRole('button', { name: `Only rows with this ${name}`, exact: true }).click();
    await page.keyboard.press('Escape');
    const { query: asksFor } = (await run(page)).request().postDataJSON();
    assert.equal(asksFor.match(/\| where /g).length, names.length, asksFor);
    await ran(page, 1);
    await page.locator(cell(0, 0), { hasText: '9007199254740993' }).waitFor();
  });

  it('have more values than are listed, which are searched', async () => {
    await write(page, 'range n from 1 to 5000 step 1\n| extend Name = strcat("name-", n)');
    await run(page);
    await ran(page, '5,000');
    await page.getByRole('button', { name: 'Filter by Name' }).click();
    const dialog = page.getByRole('dialog', { name: 'Filter the results' });
    await dialog.getByText('4,950 more values: search for them').waitFor();
    await dialog.getByPlaceholder('Search values').fill('name-4321');
    await dialog.getByRole('checkbox', { name: /^name-4321/ }).check();
    await dialog.getByRole('button', { name: 'Add and run' }).click();
    await ran(page, 1);
  });

  it('of kinds that are not drawn are rows, and say so', async () => {
    await write(page, 'Orders_CL\n| take 3\n| render plotly');
    await run(page);
    await page.getByText('The page does not draw ‘plotly’: its rows are in the table.').waitFor();
    await ran(page, 3);
  });

  it('say that there are none', async () => {
    await write(page, 'Orders_CL\n| where Country_s == "nowhere"');
    await run(page);
    await page.getByText('No rows', { exact: true }).waitFor();
    await ran(page, 0);
    await page.getByRole('tab', { name: 'Chart' }).click();
    await page.getByRole('tabpanel', { name: 'Chart' }).getByText('No rows', { exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Table', exact: true }).click();
  });

  for (const [kind, query] of Object.entries(charts))
    it(`are drawn by render ${kind}`, async () => {
      await write(page, `${query}\n| render ${kind} with (title = "Orders as ${kind}")`);
      await run(page);
      await page.getByLabel('Kind of chart').waitFor();
      assert.equal(await page.getByLabel('Kind of chart').inputValue(), kind);
      if (kind === 'card') await page.locator('.log-cards dd', { hasText: String(orderCount) }).waitFor();
      else await drawn(page.getByRole('img', { name: `Orders as ${kind}` }));
    });

  it('are drawn with their anomalies, and as another kind that one chooses', async () => {
    await write(page, `${anomalies}\n| render anomalychart with (anomalycolumns = Strange, title = "Load")`);
    await run(page);
    await drawn(page.getByRole('img', { name: 'Load' }));
    await page.getByLabel('Kind of chart').selectOption('areachart');
    await page.waitForURL(/chart=areachart/);
    await page.getByRole('tab', { name: 'Table', exact: true }).click();
    await ran(page, 2);
    await rows(page).first().waitFor();
  });

  it('are exported as CSV with every row, and copied as a table', async () => {
    await write(page, 'Orders_CL\n| project Country_s, Total_d, Note_s\n| order by Total_d asc');
    await run(page);
    await ran(page, orderCount);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Export CSV' }).click();
    const stream = await (await download).createReadStream();
    let csv = '';
    for await (const chunk of stream) csv += chunk;
    const lines = csv.trimEnd().split('\r\n');
    assert.equal(lines.length, orderCount + 1);
    assert.equal(lines[0], 'Country_s,Total_d,Note_s');
    assert.ok(lines.some((one) => one.endsWith(",'=1+1")), 'a text must not become a formula');
    await page.getByRole('button', { name: 'Copy rows' }).click();
    await page.waitForFunction(async () => (await navigator.clipboard.readText()).startsWith('Country_s\tTotal_d'));
    assert.equal((await clipboard(page)).trimEnd().split('\n').length, orderCount + 1);
  });
});
