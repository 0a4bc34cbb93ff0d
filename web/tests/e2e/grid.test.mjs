// SPDX-License-Identifier: Apache-2.0
// The list of 100,000 findings: few elements, keyboard, sorting and filters by the hub, export of the same rows.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { open, settled, useHub } from './browser.mjs';

const rowCount = (page) => page.locator('.grid-row.body').count();
const active = (page) => page.evaluate(() => ({ row: Number(document.activeElement.dataset.row), column: Number(document.activeElement.dataset.column) }));

describe('the list of findings', () => {
  const hub = useHub();

  it('draws under 60 rows of 100,000 and loads more while scrolling', async () => {
    const { page, context } = await open(hub, '/findings?status=all');
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '100001');
    for (let step = 0; step < 6; step += 1) {
      await page.evaluate(() => document.querySelector('.grid').scrollTo({ top: 1e9 }));
      await page.waitForFunction((least) => Number(document.querySelector('.grid-foot').textContent.replaceAll(',', '').match(/^\d+/)[0]) >= least, 100 + (step + 1) * 500);
      assert.ok((await rowCount(page)) < 60);
    }
    await context.close();
  });

  it('is one tab stop; keys move the active cell and Enter opens the row', async () => {
    const { page, context } = await open(hub, '/findings');
    assert.equal(await page.locator('.grid [tabindex="0"]').count(), 1);
    await page.locator('[data-row="0"][data-column="0"]').focus();
    const steps = [
      ['ArrowDown', { row: 1, column: 0 }], ['ArrowRight', { row: 1, column: 1 }], ['End', { row: 1, column: 9 }], ['Home', { row: 1, column: 0 }],
      ['Control+End', { row: 99, column: 9 }], ['Control+Home', { row: 0, column: 0 }], ['ArrowUp', { row: -1, column: 0 }],
    ];
    for (const [key, expected] of steps) {
      await page.keyboard.press(key);
      await page.waitForFunction(({ row, column }) => document.activeElement.dataset.row === String(row) && document.activeElement.dataset.column === String(column), expected, { timeout: 3000 })
        .catch(async () => assert.deepEqual(await active(page), expected, key));
    }
    await page.keyboard.press('ArrowDown');
    await page.waitForFunction(() => document.activeElement.dataset.row === '0');
    await page.keyboard.press('PageDown');
    await page.waitForFunction(() => Number(document.activeElement.dataset.row) > 5);
    await page.keyboard.press('Enter');
    await page.waitForURL(/finding=/);
    await context.close();
  });

  it('sorts at the hub and says so', async () => {
    const { page, context } = await open(hub, '/findings');
    await page.getByRole('columnheader', { name: 'CVSS' }).getByRole('button').click();
    await page.waitForURL(/sort=-score/);
    await settled(page);
    assert.equal(await page.getByRole('columnheader', { name: 'CVSS' }).getAttribute('aria-sort'), 'descending');
    assert.equal(await page.locator('[data-row="0"][data-column="6"]').textContent(), '10.0');
    await context.close();
  });

  it('shows the same rows after a reload, and exports as many as it counts', async () => {
    const path = '/findings?severity=Critical&patchable=true&q=log4j&sort=package&columns=digest';
    const { page, context } = await open(hub, path);
    const texts = () => page.locator('.grid-row.body').allTextContents();
    const before = await texts();
    assert.ok(before.length > 5);
    await page.reload();
    await settled(page);
    assert.deepEqual(await texts(), before);
    const counted = Number(await page.getByRole('grid').getAttribute('aria-rowcount')) - 1;
    const href = await page.getByRole('link', { name: 'Export CSV' }).getAttribute('href');
    const csv = await page.evaluate(async (url) => (await fetch(url)).text(), href);
    assert.equal(csv.split('\r\n').length - 1, counted);
    await context.close();
  });

  it('keeps what filters choose in the URL', async () => {
    const { page, context } = await open(hub, '/findings');
    await page.locator('summary', { hasText: 'Severity' }).click();
    await page.getByRole('checkbox', { name: 'Critical' }).check();
    await page.waitForURL(/severity=Critical/);
    await page.keyboard.press('Escape');
    await settled(page);
    assert.equal(await page.locator('.grid-row.body', { hasText: 'High' }).count(), 0);
    await page.getByRole('button', { name: 'Clear all' }).click();
    await page.waitForURL((url) => !url.search.includes('severity'));
    await context.close();
  });
});
