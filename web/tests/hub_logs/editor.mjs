// SPDX-License-Identifier: Apache-2.0
// Hands on the page of logs: its editor, its results, and what it asked the hub.

export const link = (query, rest = '') => `/logs?q=${encodeURIComponent(query)}${rest}`;

export const suggestion = (page, text) => page.locator('.suggest-widget .monaco-list-row', { hasText: text }).first();

/** The names in an open list, which draws those that are seen; nothing where it closes meanwhile. */
async function listedNames(page, list) {
  const names = new Map();
  for (let total = Infinity; names.size < total; await page.keyboard.press('PageDown')) {
    const seen = await list.evaluateAll((rows) => rows.map((row) => [row.dataset.index, row.querySelector('.label-name').textContent, Number(row.getAttribute('aria-setsize'))]));
    if (!seen.length) return undefined;
    for (const [index, name, size] of seen) {
      names.set(index, name);
      total = size;
    }
  }
  return [...names.values()];
}

/** Every name that is offered at the end of a text. What the editor offers by itself may come late and close the list. */
export async function offeredAfter(page, text) {
  const list = page.locator('.suggest-widget .monaco-list-row');
  for (let tries = 0; tries < 5; ++tries) {
    await write(page, text);
    await page.keyboard.press('Control+Space');
    await list.first().waitFor();
    const names = await listedNames(page, list);
    // The editor draws what it tells of an entry in the next frame, and fails where the list is gone by then.
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.keyboard.press('Escape');
    if (names) return names;
  }
  throw new Error(`the list of what is offered after '${text}' does not stay open`);
}

export const rows = (page) => page.locator('.grid-row.body');

/** What failed, or is not whole; the editor has alerts of its own, for screen readers. */
export const problems = (page) => page.locator('.log-results [role=alert]');

/** A chart is there with what it draws: lines of the axes alone are fewer. */
export const drawn = (chart, shapes = 4) => chart.locator('svg path').nth(shapes).waitFor({ state: 'attached' });

/** Lines that are drawn, in their order. */
export const textOf = (page) => page.locator('.kql-editor .view-lines').evaluate((lines) =>
  [...lines.querySelectorAll('.view-line')].sort((a, b) => a.offsetTop - b.offsetTop).map((line) => line.textContent.replaceAll('\u00a0', ' ')).join('\n'));

export const textIs = (page, wanted) => page.waitForFunction((expected) => {
  const lines = [...document.querySelectorAll('.kql-editor .view-line')].sort((a, b) => a.offsetTop - b.offsetTop);
  return lines.map((line) => line.textContent.replaceAll('\u00a0', ' ')).join('\n') === expected;
}, wanted);

/** The same where lines are too long for the editor and go on in the next. */
export const wrappedTextIs = (page, wanted) => page.waitForFunction((expected) => {
  const lines = [...document.querySelectorAll('.kql-editor .view-line')].sort((a, b) => a.offsetTop - b.offsetTop);
  return lines.map((line) => line.textContent).join('').replaceAll(/\s/g, '') === expected.replaceAll(/\s/g, '');
}, wanted);

export async function focusEditor(page) {
  await page.locator('.kql-editor textarea').focus();
  await page.waitForFunction(() => document.activeElement?.closest('.kql-editor'));
}

/** Another query in the place of what is there; nothing is completed while it is put in. */
export async function write(page, query) {
  await focusEditor(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Delete');
  await page.keyboard.insertText(query);
  await page.keyboard.press('Escape');
}

/** Runs what is written, and waits for the answer to this run. */
export async function run(page) {
  const answer = page.waitForResponse((response) => /\/v1\/workspaces\/[^/]+\/query$/.test(response.url()));
  await focusEditor(page);
  await page.keyboard.press('Shift+Enter');
  return answer;
}

export const ran = (page, count) => page.locator('.log-statistics', { hasText: new RegExp(`^${count} rows? `) }).waitFor();

/** What the page asks the hub to run, as it asks. */
export function watchQueries(page) {
  const asked = [];
  page.on('request', (request) => {
    if (request.method() === 'POST' && /\/v1\/workspaces\/[^/]+\/query$/.test(request.url())) asked.push({ ...request.postDataJSON(), id: request.headers()['x-ms-client-request-id'] });
  });
  return asked;
}

export const clipboard = (page) => page.evaluate(() => navigator.clipboard.readText());
