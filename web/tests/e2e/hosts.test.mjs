// SPDX-License-Identifier: Apache-2.0
// Containers and hosts: lists and panes with keys, long lists, adding and removing a host, what events change.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { enroll } from '../../dev/mock/hosts.mjs';
import { wrappedTextIs } from '../hub_logs/editor.mjs';
import { open, settled, useHub } from './browser.mjs';

const cellLink = (page, name) => page.getByRole('gridcell').getByRole('link', { name, exact: true });
const rows = (page) => page.locator('.grid-row.body');
const pathOf = (hub, page) => page.url().slice(hub.mock.address.length);

describe('containers', () => {
  const hub = useHub();

  it('are filtered by kind in the URL, and lead to their page', async () => {
    const { page, context, trouble } = await open(hub, '/');
    await page.getByRole('link', { name: 'Containers', exact: true }).click();
    await cellLink(page, 'contoso').waitFor();
    await page.locator('summary', { hasText: 'Kind' }).click();
    await page.getByRole('checkbox', { name: 'Container hosts' }).check();
    await page.waitForURL(/\/containers\?kind=host$/);
    await page.keyboard.press('Escape');
    await cellLink(page, 'contoso').waitFor({ state: 'detached' });
    await page.getByText('100 of 300 rows loaded').waitFor();
    await cellLink(page, 'web-01').click();
    await page.getByRole('heading', { name: 'web-01', level: 1 }).waitFor();
    assert.equal(pathOf(hub, page), '/hosts/web-01');
    await page.getByRole('tab', { name: 'Overview' }).waitFor();
    assert.deepEqual(trouble, []);
    await context.close();
  });

  it('that run vulnerable images are one list', async () => {
    const { page, context } = await open(hub, '/containers?view=running&host=node-01');
    await page.getByRole('tab', { name: 'Running vulnerable images', selected: true }).waitFor();
    await cellLink(page, 'node-01').first().click();
    await page.waitForURL(/\/hosts\/node-01\?tab=containers&vulnerable=true$/);
    await settled(page);
    assert.ok((await rows(page).count()) > 0);
    await context.close();
  });

  it('draws under 60 rows of 10,000', async () => {
    const { page, context } = await open(hub, '/hosts/edge-01?tab=containers');
    assert.equal(await page.getByRole('grid').getAttribute('aria-rowcount'), '10001');
    for (const least of [600, 1100, 1600]) {
      await page.evaluate(() => document.querySelector('.grid').scrollTo({ top: 1e9 }));
      await page.waitForFunction((wanted) => Number(document.querySelector('.grid-foot').textContent.replaceAll(',', '').match(/^\d+/)[0]) >= wanted, least);
      assert.ok((await rows(page).count()) < 60);
    }
    await context.close();
  });
});

describe('the page of a host', () => {
  const hub = useHub();

  it('opens a control in a pane, walks through all, and returns to the row', async () => {
    const { page, context, trouble } = await open(hub, '/hosts/web-01?tab=benchmark&status=fail');
    assert.ok((await rows(page).locator('.state').allTextContents()).every((text) => text === 'Fails'));
    await rows(page).nth(1).getByRole('link').click();
    const heading = page.getByRole('dialog').getByRole('heading', { level: 2 });
    const first = await heading.textContent();
    await page.getByRole('dialog').getByRole('heading', { name: 'Remediation' }).waitFor();
    await page.keyboard.press('j');
    await page.waitForFunction((old) => document.querySelector('[role=dialog] h2').textContent !== old, first);
    await page.keyboard.press('k');
    await page.waitForFunction((old) => document.querySelector('[role=dialog] h2').textContent === old, first);
    const commands = await page.getByRole('dialog').locator('.code-block pre').textContent();
    await page.getByRole('dialog').getByRole('button', { name: 'Copy', exact: true }).click();
    await page.getByText('Copied').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), commands);
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement.closest('.grid-row')?.getAttribute('aria-rowindex') === '3');
    assert.doesNotMatch(page.url(), /control=/);
    assert.deepEqual(trouble, []);
    await context.close();
  });

  it('opens a linked control that the list does not hold', async () => {
    const { page, context } = await open(hub, '/hosts/web-01?tab=benchmark&section=1&control=5.31');
    await page.getByRole('dialog', { name: 'Control 5.31' }).getByText('Why').waitFor();
    await context.close();
  });

  it('leads to the query of its failed rules, which is not run', async () => {
    const { page, context } = await open(hub, '/hosts/web-01');
    const link = page.locator('.page-head').getByRole('link', { name: 'Take action' });
    const query = new URL(await link.getAttribute('href'), hub.mock.address).searchParams.get('q');
    await link.click();
    await wrappedTextIs(page, query);
    await page.getByText('Not run yet').waitFor();
    assert.match(page.url(), /ts=P1D/);
    await context.close();
  });

  it('says what an event changed, and shows it', async () => {
    const { page, context } = await open(hub, '/hosts/db-01');
    const host = hub.mock.state.data.hosts.find(({ row }) => row.name === 'db-01');
    await page.getByRole('tab', { name: /^Benchmark 0$/ }).waitFor();
    host.controls[0].status = 'fail';
    host.benchmark.counts.fail = 1;
    hub.mock.state.events.emit('control', { host: 'db-01', control: '1.1.1', before: 'pass', after: 'fail' });
    await page.getByRole('tab', { name: /^Benchmark 1$/ }).waitFor();
    await page.getByText('db-01: control 1.1.1: Fails').waitFor({ state: 'attached' });
    await context.close();
  });

  it('removes the host once that is confirmed', async () => {
    const { page, context } = await open(hub, '/hosts/fleet-001');
    await page.getByRole('button', { name: 'Remove host' }).click();
    await page.getByRole('dialog', { name: 'Remove fleet-001?' }).getByRole('button', { name: 'Remove host' }).click();
    await page.waitForURL(/\/containers\?kind=host$/);
    await page.getByText('100 of 299 rows loaded').waitFor();
    await context.close();
  });

  it('is not there for a host that is gone', async () => {
    const { page, context } = await open(hub, '/hosts/gone-01');
    await page.getByRole('alert').getByText('There is no host gone-01').waitFor();
    await context.close();
  });
});

describe('adding a host', () => {
  const hub = useHub();

  it('makes a token, shows the command once, and waits for the host', async () => {
    const { page, context, trouble } = await open(hub, '/hosts/add');
    await page.getByLabel('Labels').fill('team');
    await page.getByRole('button', { name: 'Make token' }).click();
    await page.getByText('“team” is no label: write name=value.').waitFor();
    await page.getByLabel('Labels').fill('team=shop, site=berlin');
    await page.getByRole('button', { name: 'Make token' }).click();
    await page.getByText('The token is shown once').waitFor();
    const command = await page.locator('.code-block pre').first().textContent();
    assert.match(command, /bulwark agent --hub \S+ --enroll bwe_/);
    await page.getByRole('cell', { name: 'team=shop, site=berlin' }).waitFor();
    await page.getByText('Waiting for the first report').waitFor();
    // One that was there before is not the one that is waited for.
    hub.mock.state.events.emit('host', { name: 'web-01', id: '', state: 'connected', failed: {}, assessed: null });
    enroll(hub.mock.state, 'new-01');
    await page.getByRole('link', { name: 'Open new-01' }).waitFor();
    assert.equal(await page.getByRole('link', { name: 'Open web-01' }).count(), 0);
    await page.getByRole('link', { name: 'Open new-01' }).click();
    await page.getByRole('heading', { name: 'new-01', level: 1 }).waitFor();
    assert.deepEqual(trouble, []);
    await context.close();
  });

  it('takes an open token back', async () => {
    const { page, context } = await open(hub, '/settings/hosts');
    await page.getByRole('button', { name: 'Remove k3f9' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByText('k3f9', { exact: true }).waitFor({ state: 'detached' });
    await context.close();
  });
});

describe('the recommendation about hosts', () => {
  const hub = useHub();

  it('has its action on each row, and rows lead to hosts', async () => {
    const { page, context } = await open(hub, '/recommendations/0677209d-e675-2c6f-e91a-54cef2878663?q=web-01');
    const all = page.locator('.page-head').getByRole('link', { name: 'Take action' });
    assert.doesNotMatch(await all.getAttribute('href'), /web-01/);
    const one = page.getByRole('gridcell').getByRole('link', { name: 'Take action on web-01' });
    const shown = new URL(await one.getAttribute('href'), hub.mock.address).searchParams.get('q');
    // The same words as on the host's page.
    await cellLink(page, 'web-01').click();
    const link = page.locator('.page-head').getByRole('link', { name: 'Take action' });
    assert.equal(new URL(await link.getAttribute('href'), hub.mock.address).searchParams.get('q'), shown);
    await context.close();
  });
});
