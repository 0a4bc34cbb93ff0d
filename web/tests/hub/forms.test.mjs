// SPDX-License-Identifier: Apache-2.0
// What people do in the pages, with a real hub: each form is filled in, and what it made is seen where it belongs.
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { newContext, newPage, settled } from '../e2e/chromium.mjs';
import { account, address, image, openTab, push, registry, signIn, useWindow } from './hub.mjs';

const advisory = {
  id: 'TEST-2026-0001', modified: '2026-01-02T00:00:00Z', published: '2026-01-01T00:00:00Z', summary: 'Made up for a test',
  affected: [{ package: { ecosystem: 'npm', name: 'nobody-has-this' }, ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }] }] }],
};

describe('in the pages people', () => {
  const window = useWindow();
  let page;

  before(async () => {
    page = await signIn(window, '/findings');
    await push(image, 'shop/checkout:2.4');
    await page.getByRole('gridcell').getByText('shop/checkout').first().waitFor();
  });
  after(() => assert.deepEqual(page.trouble, []));

  const go = async (path) => {
    await page.goto(address + path);
    await settled(page);
  };
  const dialog = () => page.getByRole('dialog').last();
  const button = (name) => page.getByRole('button', { name, exact: true });
  const submit = (name) => dialog().getByRole('button', { name, exact: true }).click();
  const row = (name) => page.getByRole('row').filter({ hasText: name });
  // Behind a dialog no row is to be found, there or not.
  const gone = async (name) => {
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await row(name).waitFor({ state: 'detached' });
  };
  const remove = async (name) => {
    await row(name).getByRole('button', { name: /^Remove/ }).click();
    await submit('Remove');
    await gone(name);
  };

  it('make users, who sign in with a link and may do what their roles say', async () => {
    await go('/settings/users');
    await button('Add user').click();
    await dialog().getByLabel('User name').fill('mary');
    await dialog().getByLabel('Name', { exact: true }).fill('Mary Example');
    await submit('Save');
    const link = await page.getByRole('dialog', { name: 'One-time link' }).locator('pre').textContent();
    await submit('Close');
    await row('Mary Example').getByText('None').waitFor();

    await go('/settings/users?tab=roles');
    await button('Add role assignment').click();
    await dialog().getByLabel('Who').selectOption({ label: 'Mary Example (User)' });
    await dialog().getByLabel('Role').selectOption({ label: 'Security Reader' });
    await submit('Add');
    await row('Mary Example').getByText('Security Reader').waitFor();

    const context = await newContext(window.browser, { timeout: 60_000 });
    const { page: hers, trouble } = await newPage(context, address);
    await hers.goto(link);
    await hers.getByLabel('New password').first().fill('another-long-passphrase');
    await hers.getByLabel('New password again').fill('another-long-passphrase');
    await hers.getByRole('button', { name: 'Set password and sign in' }).click();
    await hers.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await hers.goto(`${address}/findings`);
    await hers.getByRole('gridcell').getByText('shop/checkout').first().waitFor();
    await hers.goto(`${address}/settings/registries`);
    await settled(hers);
    assert.equal(await hers.getByRole('button', { name: 'Add registry' }).count(), 0);
    assert.equal(await hers.getByRole('link', { name: 'Users and roles' }).count(), 0);
    assert.deepEqual(trouble, []);

    await go('/settings/users');
    await row('Mary Example').getByRole('button', { name: 'Disable' }).click();
    await row('Mary Example').getByText('Disabled').waitFor();
    await hers.goto(`${address}/findings`);
    await hers.getByRole('heading', { name: 'Sign in to Bulwark' }).waitFor();
    await context.close();
    await remove('Mary Example');
  });

  it('make groups and programs', async () => {
    await go('/settings/users?tab=groups');
    await button('Add group').click();
    await dialog().getByLabel('Group').fill('operators');
    await dialog().getByLabel('Administrator').check();
    await submit('Save');
    await row('operators').getByText('admin').waitFor();
    await remove('operators');

    await go('/settings/users?tab=clients');
    await button('Add program').click();
    await dialog().getByLabel('Name').fill('nightly job');
    await submit('Add');
    const secret = await page.getByRole('dialog', { name: 'Client secret' }).locator('pre').textContent();
    assert.ok(secret.length > 20);
    await submit('Close');
    await row('nightly job').getByRole('button', { name: 'New secret' }).click();
    assert.notEqual(await page.getByRole('dialog', { name: 'Client secret' }).locator('pre').textContent(), secret);
    await submit('Close');
    await remove('nightly job');
  });

  it('make tokens that programs can use, and take them back', async () => {
    await go('/settings/tokens');
    await button('Add token').click();
    await dialog().getByLabel('Name').fill('report');
    await submit('Add');
    const token = await page.getByRole('dialog', { name: 'Your new token' }).locator('pre').textContent();
    await submit('Close');
    await row('report').getByText('Read', { exact: true }).waitFor();
    const use = async () => (await fetch(`${address}/api/v1/findings`, { headers: { Authorization: `Bearer ${token}` } })).status;
    assert.equal(await use(), 200);
    await remove('report');
    assert.equal(await use(), 401);
  });

  it('change their password', async () => {
    await go('/settings/account');
    const change = async (old, next) => {
      await page.getByLabel('Current password').fill(old);
      await page.getByLabel('New password', { exact: false }).first().fill(next);
      await page.getByLabel('New password again').fill(next);
      await button('Change password').click();
    };
    await change(account.password, 'for-a-moment-another-one');
    await page.getByText('Your password is changed').waitFor();
    await page.waitForFunction(() => document.querySelector('input[autocomplete=current-password]').value === '');
    await change('for-a-moment-another-one', account.password);
    await page.waitForFunction(() => document.querySelector('input[autocomplete=current-password]').value === '');
  });

  it('connect registries, test them, and make webhook secrets', async () => {
    await go('/settings/registries');
    await button('Add registry').click();
    await dialog().getByRole('textbox', { name: 'Name', exact: true }).fill('second');
    await dialog().getByLabel('Address').fill(registry);
    await dialog().getByLabel('Only these repositories').fill('nothing/**');
    await dialog().getByRole('button', { name: 'Test connection' }).click();
    await dialog().getByRole('status').getByText(/.+/).waitFor();
    await submit('Save');
    await row('second').getByText('Connected').waitFor();
    await row('second').getByRole('button', { name: 'Webhook' }).click();
    await dialog().getByText(`${address}/webhooks/registries/second`).first().waitFor();
    await button('Make a new secret').click();
    await dialog().locator('pre').nth(1).getByText(/^[\w-]{20,}$/).waitFor();
    await page.keyboard.press('Escape');
    await row('second').getByRole('button', { name: 'Edit' }).click();
    await dialog().getByLabel('Look for new images every').fill('45');
    await submit('Save');
    await row('second').getByRole('button', { name: 'Edit' }).click();
    assert.equal(await dialog().getByLabel('Look for new images every').inputValue(), '45');
    assert.equal(await dialog().getByLabel('Only these repositories').inputValue(), 'nothing/**');
    await submit('Cancel');
    await remove('second');
  });

  it('add channels for notifications, and try them', async () => {
    await go('/settings/notifications');
    await button('Add channel').click();
    await dialog().getByLabel('Name').fill('nowhere');
    await dialog().getByLabel('Address').fill('https://chat.invalid/hook');
    await submit('Save');
    await row('nowhere').getByText('On', { exact: true }).waitFor();
    await row('nowhere').getByRole('button', { name: 'Send a test' }).click();
    await page.getByText('That did not work').first().waitFor();
    await row('nowhere').getByRole('button', { name: 'Edit' }).click();
    await dialog().getByLabel('Channel is on').uncheck();
    await submit('Save');
    await row('nowhere').getByText('Off', { exact: true }).waitFor();
    await remove('nowhere');
  });

  it('switch plans', async () => {
    await go('/settings/plans');
    await page.getByRole('switch', { name: 'Kubernetes' }).click();
    await row('Kubernetes').getByText('Off', { exact: true }).waitFor();
    await page.getByRole('switch', { name: 'Kubernetes' }).click();
    await row('Kubernetes').getByText('On', { exact: true }).waitFor();
  });

  it('import vulnerability data', async () => {
    await go('/settings/data');
    const count = Number(await page.locator('.facts dd').first().textContent());
    await page.getByLabel('Import a file').setInputFiles({ name: 'made-up.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(advisory)) });
    await page.getByText('made-up.json is imported').waitFor();
    await page.waitForFunction((n) => Number(document.querySelector('.facts dd').textContent) === n, count + 1);
  });

  it('disable findings by rules, and take the rules back', async () => {
    const low = () => page.locator('.grid-row.body', { hasText: 'BWI-014' });
    await go('/findings?category=Misconfiguration');
    await low().first().waitFor();
    await go('/settings/rules');
    await button('New disable rule').click();
    await dialog().getByLabel('Name').fill('no-old-images');
    await dialog().getByLabel('Vulnerability ids').fill('BWI-014');
    await dialog().getByLabel('Reason').fill('A rebuild is planned.');
    await submit('Save');
    await row('no-old-images').getByText('BWI-014').waitFor();
    await go('/findings?category=Misconfiguration');
    await page.locator('.grid-row.body').first().waitFor();
    assert.equal(await low().count(), 0);
    await go('/findings?category=Misconfiguration&status=disabled');
    await low().first().waitFor();
    await go('/settings/rules');
    await row('no-old-images').getByRole('button', { name: 'Edit' }).click();
    await dialog().getByLabel('Rule is on').uncheck();
    await submit('Save');
    await row('no-old-images').getByText('Off', { exact: true }).waitFor();
    await go('/findings?category=Misconfiguration');
    await low().first().waitFor();
    await go('/settings/rules');
    await remove('no-old-images');
  });

  it('exempt a finding with a reason, and take that back', async () => {
    const finding = () => page.locator('.grid-row.body', { hasText: 'CVE-2021-23337' });
    await go('/findings?q=CVE-2021-23337');
    await finding().first().getByRole('link').first().click();
    await page.getByRole('dialog', { name: 'CVE-2021-23337' }).getByRole('heading', { name: 'Remediation' }).waitFor();
    await button('Exempt').click();
    await dialog().getByLabel('Reason').fill('The function is never called.');
    await submit('Exempt');
    await page.getByText('The exemption is made').waitFor();
    await go('/findings?q=CVE-2021-23337');
    await page.getByText('Nothing matches the filters').waitFor();
    await go('/settings/rules');
    await row('CVE-2021-23337 (lodash)').getByText(/^Image demo\/shop\/checkout@/).waitFor();
    await remove('CVE-2021-23337 (lodash)');
    await go('/findings?q=CVE-2021-23337');
    await finding().first().waitFor();
  });

  it('give a recommendation’s resource an owner and a date', async () => {
    await go('/recommendations/dbd0cb49-b563-45e7-9724-889e799fa648');
    await page.getByRole('checkbox', { name: 'Select demo' }).check();
    await button('Set owner').click();
    await dialog().getByLabel('Owner').fill('ada@example.com');
    await dialog().getByLabel('Due date').fill('2020-01-31');
    await submit('Save');
    await row('demo').getByText('2020-01-31').waitFor();
    await go('/recommendations?owner=ada%40example.com');
    await row('Vulnerabilities in Azure').getByText('overdue since 2020-01-31').waitFor();
    await go('/recommendations/dbd0cb49-b563-45e7-9724-889e799fa648');
    await page.getByRole('checkbox', { name: 'Select demo' }).check();
    await button('Set owner').click();
    await dialog().getByLabel('Owner').fill('');
    await dialog().getByLabel('Due date').fill('');
    await submit('Save');
    await row('demo').getByText('2020-01-31').waitFor({ state: 'detached' });
  });

  it('approve an image, and scan it again', async () => {
    await go('/registries/demo/shop%2Fcheckout');
    await page.getByRole('gridcell').getByRole('link', { name: /sha256:/ }).click();
    await button('Approve or refuse').click();
    await dialog().getByLabel('Decision').selectOption('Refused');
    await dialog().getByLabel('Reason').fill('Too many findings.');
    await submit('Save');
    await page.getByText(/^Refused by admin .*: Too many findings\.$/).waitFor();
    await button('Approve or refuse').click();
    await dialog().getByRole('button', { name: 'Take back' }).click();
    await page.getByText(/^Refused by admin/).waitFor({ state: 'detached' });
    await button('Scan again').click();
    await page.getByText('The scan is queued').waitFor();
    await page.getByText(/^Scan of shop\/checkout:2\.4 is complete/).waitFor({ state: 'attached' });
  });

  it('sign out', async () => {
    const own = await openTab(window, '/');
    await own.getByRole('button', { name: /^Signed in as/ }).click();
    await own.getByRole('menuitem', { name: 'Sign out' }).click();
    await own.getByRole('heading', { name: 'Sign in to Bulwark' }).waitFor();
    await own.goto(`${address}/findings`);
    await own.getByRole('heading', { name: 'Sign in to Bulwark' }).waitFor();
  });
});
