// SPDX-License-Identifier: Apache-2.0
// Hands on the page of logs: its editor, its results, and what it asked the hub.

export const link = (query, rest = '') => `/logs?q=${encodeURIComponent(query)}${rest}`;

export const suggestion = (page, text) => page.locator('.suggest-widget .monaco-list-row', { hasText: text }).first();

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
