// SPDX-License-Identifier: Apache-2.0
// From the first sign-in and a push to a finding, to its fix and its end, with a real registry. What changes does so without
// a reload; what is shown is shown again after one.
import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { settled } from '../e2e/chromium.mjs';
import { account, address, fixedImage, image, link, openTab, push, registry, useWindow } from './hub.mjs';
import { makeSteps } from './steps.mjs';

const recommendation = /^Vulnerabilities in Azure Container Registry images should be remediated/;
const repository = 'demo/app';

/** The words of the page; times by the moment, since "now" is soon "1 minute ago"; without the offer to show changes. */
const shown = (page) =>
  page.evaluate(() => {
    const main = document.getElementById('main').cloneNode(true);
    main.querySelectorAll('.grid-foot button').forEach((button) => button.remove());
    main.querySelectorAll('time').forEach((time) => time.replaceChildren(time.dateTime));
    return main.textContent;
  });

async function sameAfterReload(page) {
  await settled(page);
  const before = await shown(page);
  await page.reload();
  await settled(page);
  assert.equal(await shown(page), before);
}

/** A page that is loaded again forgets the mark. */
const mark = (page) => page.evaluate(() => { window.notReloaded = true; });
const assertNotReloaded = async (page) => assert.equal(await page.evaluate(() => window.notReloaded), true);

const cellLink = (page, name) => page.getByRole('gridcell').getByRole('link', { name });
const pathOf = (page) => page.url().slice(address.length);

describe('from a push to a finding, its fix and its end', () => {
  const window = useWindow();
  const step = makeSteps();
  let page, imagePage;

  step('the one-time link sets a password and leads to the overview', async () => {
    page = await openTab(window, link.slice(address.length));
    await page.getByLabel('New password').first().fill(account.password);
    await page.getByLabel('New password again').fill(account.password);
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('heading', { name: 'First steps' }).waitFor();
    assert.equal(pathOf(page), '/');
  });

  step('a push makes the recommendation appear', async (context) => {
    await page.getByRole('link', { name: 'Recommendations', exact: true }).first().click();
    await page.getByText('Nothing to do').waitFor();
    await mark(page);
    await push(image, `${repository}:1.0`);
    const pushed = performance.now();
    await page.getByRole('link', { name: recommendation }).waitFor();
    context.diagnostic(`${((performance.now() - pushed) / 1000).toFixed(1)} s from the push to the recommendation on the page`);
    await assertNotReloaded(page);
    await page.getByText('1 of 1 (Registry)').waitFor();
    // Told to assistive technology.
    await page.getByText(/^Scan of demo\/app:1\.0 is complete: [1-9]\d* findings$/).waitFor({ state: 'attached' });
    await sameAfterReload(page);
  });

  step('the recommendation leads to the registry, the repository and the image', async () => {
    await page.getByRole('link', { name: recommendation }).click();
    await page.getByRole('heading', { name: 'Remediation' }).waitFor();
    await page.getByRole('tab', { name: 'Unhealthy 1' }).waitFor();
    await cellLink(page, 'demo').waitFor();
    await sameAfterReload(page);

    await cellLink(page, 'demo').click();
    await cellLink(page, repository).waitFor();
    await sameAfterReload(page);

    await cellLink(page, repository).click();
    await cellLink(page, /sha256:/).waitFor();
    await sameAfterReload(page);

    await cellLink(page, /sha256:/).click();
    await page.getByRole('tab', { name: /^Findings/ }).waitFor();
    await settled(page);
    imagePage = pathOf(page);
    assert.match(imagePage, /^\/registries\/demo\/demo%2Fapp\/sha256%3A[0-9a-f]{64}$/);
    await sameAfterReload(page);
  });

  step('findings are sorted by severity; one opens in a pane over the list', async () => {
    const severities = await page.locator('.grid-row.body .severity').allTextContents();
    const order = ['Critical', 'High', 'Medium', 'Low', 'Unknown'];
    assert.deepEqual(severities, severities.toSorted((a, b) => order.indexOf(a) - order.indexOf(b)));
    assert.equal(severities[0], 'Critical');

    const row = page.locator('.grid-row.body').nth(1);
    const finding = await row.getByRole('link').first().textContent();
    await row.getByRole('link').first().click();
    const pane = page.getByRole('dialog', { name: finding });
    await pane.getByRole('heading', { name: 'Remediation' }).waitFor();
    assert.match(page.url(), /[?&]finding=/);
    await page.getByRole('grid', { name: 'Findings' }).waitFor();
    await sameAfterReload(page);
    await pane.getByText(/is affected by CVE-/).waitFor();
    await pane.getByRole('link', { name: /^https:/ }).first().waitFor();
  });

  step('next and previous walk through the list; Escape closes and returns to the row', async () => {
    const heading = page.getByRole('dialog').getByRole('heading', { level: 2 });
    const idOf = (row) => page.locator('.grid-row.body').nth(row).getByRole('link').first().textContent();
    await page.getByRole('button', { name: 'Next finding' }).click();
    await page.getByRole('dialog', { name: await idOf(2) }).waitFor();
    await page.getByRole('button', { name: 'Previous finding' }).click();
    await page.getByRole('dialog', { name: await idOf(1) }).waitFor();
    await page.keyboard.press('Escape');
    await heading.waitFor({ state: 'detached' });
    assert.equal(pathOf(page), imagePage);
    await page.waitForFunction(() => document.activeElement.closest('[role=row]')?.getAttribute('aria-rowindex') === '3');
  });

  step('a fixed image under the same tag ends it, on every page that shows it', async () => {
    const unhealthy = await openTab(window, `/registries/demo/${encodeURIComponent(repository)}?unhealthy=true`);
    const recommendations = await openTab(window, '/recommendations');
    const overview = await openTab(window, '/');
    await cellLink(unhealthy, /sha256:/).waitFor();
    await recommendations.getByRole('link', { name: recommendation }).waitFor();
    const pages = [page, unhealthy, recommendations, overview];
    await Promise.all(pages.map(mark));

    await push(fixedImage, `${repository}:1.0`);
    await unhealthy.getByText('Nothing matches the filters').waitFor();
    await recommendations.getByText('Nothing to do').waitFor();
    await overview.getByText('No image with open findings.').waitFor();
    // The verdict comes before the last word of the scan: both have to stand there.
    await overview.waitForFunction(() => /Scanned2Waiting or scanning0/.test(document.getElementById('main').textContent));
    await page.getByText('Tag 1.0 now points to').waitFor();
    await page.getByText('(0 findings)').waitFor();
    // Its list has the focus, so that it does not change by itself.
    await page.getByRole('button', { name: /since: show/ }).click();
    await page.getByText('No open findings').waitFor();
    await Promise.all(pages.map(assertNotReloaded));
    assert.deepEqual([unhealthy, recommendations, overview].flatMap(({ trouble }) => trouble), []);
    await Promise.all([unhealthy, recommendations, overview].map((tab) => sameAfterReload(tab).then(() => tab.close())));
    await sameAfterReload(page);
  });

  step('the fixed image is healthy', async () => {
    await page.getByRole('link', { name: /^sha256:/ }).click();
    await page.getByText('Healthy: no findings').waitFor();
    await page.getByText('6 packages were checked').waitFor();
    await page.goBack();
    await page.getByText('Tag 1.0 now points to').waitFor();
  });

  step('deleting the old image in the pages deletes it in the registry', async () => {
    const digest = decodeURIComponent(imagePage).match(/sha256:[0-9a-f]+$/)[0];
    const manifest = `http://${registry}/v2/${repository}/manifests/${digest}`;
    const ask = () => fetch(manifest, { method: 'HEAD', headers: { Accept: 'application/vnd.oci.image.manifest.v1+json' } });
    assert.equal((await ask()).status, 200);
    await page.getByRole('button', { name: 'Delete image' }).click();
    const dialog = page.getByRole('dialog', { name: /^Delete demo\/app@sha256:/ });
    await dialog.getByRole('button', { name: 'Delete image' }).click();
    await page.getByText('The image is deleted').waitFor();
    await page.getByRole('heading', { name: repository, level: 1 }).waitFor();
    await page.waitForFunction((gone) => !document.querySelector(`[data-row-id="${gone}"]`) && document.querySelectorAll('.grid-row.body').length === 1, digest);
    assert.equal((await ask()).status, 404);
    await sameAfterReload(page);
    assert.deepEqual(page.trouble, []);
  });
});
