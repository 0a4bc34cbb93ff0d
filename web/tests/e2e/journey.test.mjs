// SPDX-License-Identifier: Apache-2.0
// From signing in to a finding and back, with the keyboard where one would use it.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { violations } from './accessibility_checks.mjs';
import { open, routesOf, settled, useHub } from './browser.mjs';

describe('signing in', () => {
  const hub = useHub();

  it('shows the hub’s message, then the page that was asked for', async () => {
    const { page, context } = await open(hub, '/registries?sort=-name', { signedIn: false });
    await page.getByLabel('User name').fill('ada');
    await page.getByLabel('Password').fill('wrong');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('alert').getByText('is wrong').waitFor();
    await page.getByLabel('Password').fill('password');
    await page.getByRole('button', { name: 'Sign in', exact: true }).click();
    await page.getByRole('heading', { name: 'Registries', level: 1 }).waitFor();
    assert.match(page.url(), /registries\?sort=-name$/);
    await context.close();
  });

  it('redeems a one-time link and forgets its token', async () => {
    const { page, context } = await open(hub, '/welcome#one-time-token', { signedIn: false });
    await page.getByLabel('New password', { exact: false }).first().fill('correct horse battery');
    await page.getByLabel('New password again').fill('correct horse battery');
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    assert.equal(new URL(page.url()).hash, '');
    await context.close();
  });
});

describe('from a recommendation to a finding', () => {
  const hub = useHub();

  it('drills down, opens the pane over the list and returns to the row', async () => {
    const { page, context, trouble } = await open(hub, '/recommendations');
    await page.getByRole('link', { name: /Vulnerabilities in Azure Container Registry/ }).click();
    await page.getByRole('heading', { name: 'Affected resources' }).waitFor();
    await page.getByRole('gridcell').getByRole('link', { name: 'contoso' }).click();
    await page.getByRole('gridcell').getByRole('link', { name: 'shop/checkout' }).click();
    await page.getByRole('gridcell').getByRole('link', { name: /sha256:/ }).first().click();
    await page.getByRole('tab', { name: /Findings/ }).waitFor();
    await settled(page);
    const row = page.locator('.grid-row.body').nth(2);
    const id = await row.getByRole('link').first().textContent();
    await row.getByRole('link').first().click();
    const pane = page.getByRole('dialog');
    await pane.getByRole('heading', { name: id, level: 2 }).waitFor();
    await pane.getByRole('heading', { name: 'Remediation' }).waitFor();
    assert.match(page.url(), /finding=/);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press('Escape');
    await pane.waitFor({ state: 'detached' });
    assert.doesNotMatch(page.url(), /finding=/);
    await page.waitForFunction(() => document.activeElement.closest('.grid-row')?.getAttribute('aria-rowindex') === '4');
    assert.deepEqual(trouble, []);
    await context.close();
  });

  it('steps through findings by j and k, and copies a link that opens the same', async () => {
    const { page, context } = await open(hub, routesOf(hub.mock.state).finding);
    const heading = page.getByRole('dialog').getByRole('heading', { level: 2 });
    const first = await heading.textContent();
    await page.keyboard.press('j');
    await page.waitForFunction((old) => document.querySelector('[role=dialog] h2').textContent !== old, first);
    const second = await heading.textContent();
    await page.keyboard.press('k');
    await page.waitForFunction((old) => document.querySelector('[role=dialog] h2').textContent !== old, second);
    assert.equal(await heading.textContent(), first);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('Copied').waitFor();
    const link = await page.evaluate(() => navigator.clipboard.readText());
    await page.goto(link);
    await settled(page);
    assert.equal(await heading.textContent(), first);
    await context.close();
  });

  it('exempts a finding with a reason', async () => {
    const { page, context } = await open(hub, routesOf(hub.mock.state).finding);
    await page.getByRole('dialog').getByRole('heading', { name: 'Remediation' }).waitFor();
    await page.getByRole('button', { name: 'Exempt' }).click();
    await page.getByLabel('Reason').fill('The parser is not reachable.');
    const request = page.waitForRequest((one) => one.method() === 'PUT');
    await page.getByRole('button', { name: 'Exempt' }).last().click();
    const { properties } = (await request).postDataJSON();
    assert.equal(properties.reason, 'The parser is not reachable.');
    assert.equal(properties.findingIds.length, 1);
    await page.getByText('The exemption is made').waitFor();
    await context.close();
  });
});

describe('dialogs', () => {
  const hub = useHub();
  const steps = (routes) => [
    [routes.recommendation, 'Disable rule', 'New disable rule'],
    [routes.image, 'Delete image', /Delete shop\/checkout@sha256:/],
    [routes.image, 'Approve or refuse', 'Approve or refuse this image'],
    ['/settings/registries', 'Webhook', 'Webhook of contoso'],
    ['/settings/users', 'Add user', 'Add user'],
    ['/settings/tokens', 'Add token', 'Add token'],
    ['/settings/notifications', 'Add channel', 'Add channel'],
    ['/settings/rules', 'Remove low-without-fix', 'Remove low-without-fix?'],
  ];

  it('are accessible, and close on Escape with focus back on their button', async (context) => {
    for (const [path, button, title] of steps(routesOf(hub.mock.state)))
      await context.test(button, async () => {
        const opened = await open(hub, path);
        const { page } = opened;
        const trigger = page.getByRole('button', { name: button }).first();
        await trigger.click();
        const dialog = page.getByRole('dialog', { name: title });
        await dialog.waitFor();
        assert.deepEqual(await violations(page), []);
        await page.keyboard.press('Escape');
        await dialog.waitFor({ state: 'detached' });
        await page.waitForFunction((element) => document.activeElement === element, await trigger.elementHandle());
        assert.deepEqual(opened.trouble, []);
        await opened.context.close();
      });
  });

  it('show a secret once after a token is made', async () => {
    const { page, context } = await open(hub, '/settings/tokens');
    await page.getByRole('button', { name: 'Add token' }).click();
    await page.getByLabel('Name').fill('pipeline');
    await page.getByRole('button', { name: 'Add', exact: true }).click();
    await page.getByRole('dialog', { name: 'Your new token' }).getByText('made-up-secret').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('cell', { name: 'pipeline', exact: true }).waitFor();
    await context.close();
  });
});

describe('live updates', () => {
  const hub = useHub();

  it('show progress, speak of the end, and read again after an interruption', async () => {
    const { image } = routesOf(hub.mock.state);
    const { page, context } = await open(hub, image);
    await page.getByRole('button', { name: 'Scan again' }).click();
    await page.getByRole('progressbar').waitFor();
    await page.getByText(/Scan of .* is complete: \d+ findings/).waitFor({ state: 'attached' });
    await page.getByRole('progressbar').waitFor({ state: 'detached' });
    hub.mock.state.events.drop();
    await page.getByText('Live updates are interrupted').waitFor();
    await page.getByText('Live updates are interrupted').waitFor({ state: 'detached' });
    await context.close();
  });

  it('change a recommendation’s numbers without a reload', async () => {
    const { page, context } = await open(hub, '/');
    const number = page.locator('.tiles a[href^="/inventory?type=image"] .number-value').first();
    const before = await number.textContent();
    hub.mock.state.data.images.pop();
    hub.mock.state.events.emit('assessment', { key: 'k', id: 'i', status: 'Healthy', previous: 'Unhealthy' });
    await page.waitForFunction((old) => document.querySelector('.tiles a[href^="/inventory?type=image"] .number-value').textContent !== old, before);
    await context.close();
  });
});

describe('keys and preferences', () => {
  const hub = useHub();

  it('search by /, go by g and a letter, help by ?', async () => {
    const { page, context } = await open(hub, '/');
    await page.keyboard.press('/');
    await page.waitForFunction(() => document.activeElement.id === 'global-search');
    await page.keyboard.type('44228');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(/cve\/CVE-2021-44228/);
    await page.locator('#main').focus();
    await page.keyboard.press('g');
    await page.keyboard.press('r');
    await page.waitForURL(/recommendations/);
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
    assert.deepEqual(await violations(page), []);
    await context.close();
  });

  it('keep the theme and the time zone', async () => {
    const { page, context } = await open(hub, '/settings/activity');
    await page.getByRole('button', { name: /Signed in as/ }).click();
    await page.getByRole('menuitemradio', { name: 'Dark' }).click();
    await page.reload();
    await settled(page);
    assert.equal(await page.evaluate(() => document.documentElement.dataset.theme), 'dark');
    await context.close();
  });

  it('show the hub’s message and a way to retry where a request fails', async () => {
    const { page, context } = await open(hub, '/cve/CVE-0000-1');
    const alert = page.getByRole('alert').first();
    await alert.getByText('is not in the vulnerability data').waitFor();
    await alert.getByRole('button', { name: 'Retry' }).waitFor();
    await context.close();
  });
});
