// SPDX-License-Identifier: Apache-2.0
// From an empty hub to a host that reports, its recommendation, and the rows of its failed rules: what one sees is what the agent said.
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { violations } from '../e2e/accessibility_checks.mjs';
import { settled } from '../e2e/chromium.mjs';
import { account, address, link, openTab, picture, useWindow } from '../hub/hub.mjs';
import { makeSteps } from '../hub/steps.mjs';
import { ran, rows, run, watchQueries, wrappedTextIs, write } from '../hub_logs/editor.mjs';
import { Agent } from './agent.mjs';

const recommendation = 'Vulnerabilities in container security configurations should be remediated';
const cellLink = (page, name) => page.getByRole('gridcell').getByRole('link', { name, exact: true });
const pathOf = (page) => page.url().slice(address.length);
const queryOf = async (element) => new URL(await element.getAttribute('href'), address).searchParams.get('q');
const takeAction = (page) => page.locator('.page-head').getByRole('link', { name: 'Take action' });
const themes = ['light', 'dark'];

/** Accessible in both themes, as a picture says. */
async function looksRight(page, name) {
  await settled(page);
  for (const theme of themes) {
    await page.emulateMedia({ colorScheme: theme });
    await page.waitForFunction((wanted) => document.documentElement.dataset.theme === wanted, theme);
    await page.waitForFunction(() => document.getAnimations().every((one) => !(one instanceof CSSTransition) || one.playState !== 'running'));
    await picture(page, `${name}-${theme}`);
    assert.deepEqual(await violations(page), [], `${name} ${theme}`);
  }
  assert.doesNotMatch(await page.locator('main').innerText(), /\bNaN\b|\bundefined\b|\[object|\bInvalid Date\b|\{\w+\}/, name);
}

/** The hub knows how to sort by each column that offers it. */
async function sortsByEveryColumn(page) {
  const headers = page.locator('.grid .sort');
  for (let index = 0; index < (await headers.count()); index += 1) {
    const name = await headers.nth(index).textContent();
    await headers.nth(index).click();
    await settled(page);
    assert.equal(await page.getByRole('alert').count(), 0, name);
  }
}

describe('from adding a host to the rows of its failed rules', () => {
  const window = useWindow();
  const step = makeSteps();
  const agent = new Agent('web-01');
  let page, command, verdicts, query, asked;
  const failing = () => verdicts.filter(({ status }) => status === 'fail');

  step('a fresh hub says how to add a host', async () => {
    page = await openTab(window, link.slice(address.length));
    await page.getByLabel('New password').first().fill(account.password);
    await page.getByLabel('New password again').fill(account.password);
    await page.getByRole('button', { name: 'Set password and sign in' }).click();
    await page.getByRole('heading', { name: 'Overview', level: 1 }).waitFor();
    await page.getByRole('link', { name: 'Containers', exact: true }).click();
    await page.locator('summary', { hasText: 'Kind' }).click();
    await page.getByRole('checkbox', { name: 'Container hosts' }).check();
    await page.keyboard.press('Escape');
    await page.getByText('No host reports yet').waitFor();
    await page.getByRole('main').getByRole('link', { name: 'Add host' }).first().click();
    await page.getByRole('heading', { name: 'Add host', level: 1 }).waitFor();
  });

  step('a token is made; the page waits and sees the host come', async () => {
    await page.getByLabel('Labels').fill('team=shop');
    await page.getByRole('button', { name: 'Make token' }).click();
    await page.getByText('Waiting for the first report').waitFor();
    command = await page.locator('.code-block pre').first().textContent();
    await looksRight(page, 'host-add');
    const token = /--enroll (\S+)/.exec(command)[1];
    await agent.enroll(token);
    verdicts = await agent.start();
    await page.getByRole('link', { name: 'Open web-01' }).waitFor();
    // It was for one machine.
    await assert.rejects(new Agent('web-02').enroll(token), /401/);
  });

  step('the host stands among the container hosts, and says what its agent said', async () => {
    await page.getByRole('link', { name: 'Containers', exact: true }).first().click();
    await page.goto(`${address}/containers?kind=host`);
    await cellLink(page, 'web-01').waitFor();
    await looksRight(page, 'containers');
    await sortsByEveryColumn(page);
    const running = await openTab(window, '/containers?view=running');
    await running.getByText('No running container has a vulnerable image').waitFor();
    await looksRight(running, 'containers-running');
    await running.close();
    await cellLink(page, 'web-01').click();
    await page.getByRole('heading', { name: 'web-01', level: 1 }).waitFor();
    await page.getByRole('tab', { name: `Benchmark ${failing().length}`, exact: true }).waitFor();
    await page.getByRole('tab', { name: 'Containers 3', exact: true }).waitFor();
    await page.locator('.page-head').getByText('Docker 20.10.24').waitFor();
    await page.getByText('team=shop').waitFor();
    await looksRight(page, 'host');
    query = await queryOf(takeAction(page));
  });

  for (const [tab, name] of [['benchmark', 'Benchmark'], ['containers', 'Containers'], ['images', 'Images'], ['networks', 'Networks and volumes'], ['history', 'History']])
    step(`its tab ${name} is shown`, async () => {
      await page.getByRole('tab', { name: new RegExp(`^${name}`) }).click();
      await page.waitForURL(new RegExp(`tab=${tab}`));
      await looksRight(page, `host-${tab}`);
      await sortsByEveryColumn(page);
      assert.equal(await page.getByRole('alert').count(), 0);
    });

  step('all controls are there, in their order; one opens in a pane', async () => {
    await page.goto(`${address}/hosts/web-01?tab=benchmark`);
    await page.getByText('117 rows').waitFor();
    const first = await rows(page).locator('[role=gridcell]:first-child').allTextContents();
    assert.deepEqual(first.slice(0, 3), ['1.1.1', '1.1.2', '1.1.3']);
    const control = failing().find(({ resources }) => resources[0].scope === 'container');
    await page.goto(`${address}/hosts/web-01?tab=benchmark&status=fail&control=${control.id}`);
    const pane = page.getByRole('dialog', { name: `Control ${control.id}` });
    await pane.getByText('checkout').first().waitFor();
    await pane.getByRole('heading', { name: 'Remediation' }).waitFor();
    await looksRight(page, 'host-control');
    await page.keyboard.press('Escape');
    assert.equal(await rows(page).count(), failing().length);
  });

  step('the recommendation lists the host, with its action', async () => {
    await page.goto(`${address}/hosts/web-01`);
    await page.getByRole('link', { name: recommendation }).click();
    await page.getByRole('heading', { name: recommendation, level: 1 }).waitFor();
    for (const title of ['Description', 'General information', 'Remediation', 'Affected resources']) await page.getByRole('heading', { name: title }).waitFor();
    await page.getByText('Threats').waitFor();
    await page.getByRole('tab', { name: 'Unhealthy 1' }).waitFor();
    await cellLink(page, 'web-01').waitFor();
    const action = page.getByRole('gridcell').getByRole('link', { name: 'Take action on web-01' });
    assert.equal(await queryOf(action), query, 'the same query as on the host’s page');
    await looksRight(page, 'recommendation-hosts');
    await page.goto(`${address}/findings?category=Configuration`);
    await rows(page).first().getByRole('link').first().click();
    await page.getByRole('dialog').getByRole('heading', { name: 'Remediation' }).waitFor();
    await looksRight(page, 'finding-host');
    await page.getByRole('dialog').getByRole('link', { name: /^[\d.]+ on web-01$/ }).click();
    await page.getByRole('dialog', { name: /^Control \d/ }).getByText('Fails').first().waitFor();
    for (let step = 0; step < 3; step += 1) await page.goBack();
    asked = watchQueries(page);
    await action.click();
  });

  step('the query of the failed rules is in the editor, and not run', async () => {
    await wrappedTextIs(page, query);
    await page.getByText('Not run yet').waitFor();
    assert.match(pathOf(page), /[?&]ts=P1D/);
    assert.match(pathOf(page), /[?&]run=0/);
    assert.deepEqual(asked, []);
  });

  step('run as it is, or edited, it lists what fails with what mends it', async () => {
    await run(page);
    await ran(page, failing().length);
    await page.getByRole('columnheader', { name: 'Remediation' }).waitFor();
    assert.equal(asked.at(-1).query, query);
    const text = await page.locator('.log-results').innerText();
    assert.match(text, /docker run|daemon\.json|chmod|chown|auditctl|getent/);
    await looksRight(page, 'failed-rules');
    await write(page, query.replace('"web-01"', '"web-02"'));
    await run(page);
    await page.getByText('No rows').waitFor();
    // The query as the service had it: no host, no column of ours.
    await write(page, 'SecurityBaseline\n| where BaselineType == "Docker"\n| where AnalyzeResult == "Failed"\n| summarize arg_max(TimeGenerated, *) by CceId');
    await run(page);
    await page.locator('.log-statistics', { hasText: /^[1-9]\d* rows? / }).waitFor();
  });

  step('a control is disabled for hosts with a label, another exempt on this one', async () => {
    const [first, second] = failing();
    const { total } = await (await page.request.get(`${address}/api/v1/findings?category=Configuration`)).json();
    assert.equal(total, failing().length);
    await page.goto(`${address}/hosts/web-01?tab=benchmark&status=fail&control=${first.id}`);
    await page.getByRole('dialog', { name: `Control ${first.id}` }).getByRole('button', { name: 'Disable rule' }).click();
    const rule = page.getByRole('dialog', { name: 'New disable rule' });
    await rule.getByLabel('Only resources with these labels').fill('team=shop');
    await rule.getByLabel('Reason').fill('Machines here have one disk.');
    await rule.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog', { name: `Control ${first.id}` }).getByText('Machines here have one disk.').waitFor();
    await page.goto(`${address}/hosts/web-01?tab=benchmark&status=fail&control=${second.id}`);
    await page.getByRole('dialog', { name: `Control ${second.id}` }).getByRole('button', { name: 'Exempt' }).click();
    const exemption = page.getByRole('dialog', { name: `Exempt ${second.id}` });
    await exemption.getByLabel('Reason').fill('Looked at by hand.');
    await exemption.getByRole('button', { name: 'Exempt' }).click();
    await page.getByRole('dialog', { name: `Control ${second.id}` }).getByText('Looked at by hand.').waitFor();
    await page.goto(`${address}/findings?category=Configuration`);
    await page.getByText(`${failing().length - 2} rows`).waitFor();
    await page.goto(`${address}/settings/rules`);
    await page.getByText('Labels: team=shop').waitFor();
    await page.getByText(`${second.id} `).first().waitFor();
    await looksRight(page, 'settings-rules');
  });

  step('a control that is mended leaves the page without a reload', async () => {
    const other = await openTab(window, '/hosts/web-01');
    await other.getByRole('tab', { name: `Benchmark ${failing().length}`, exact: true }).waitFor();
    const mended = failing()[0];
    await agent.change({ id: mended.id, status: 'pass', counts: { pass: 1 }, resources: [{ scope: 'host', status: 'pass', evidence: [{ source: 'test', message: 'mended' }] }], settled: mended.resources.map(({ scope, id }) => `${scope}/${id}`) });
    await other.getByRole('tab', { name: `Benchmark ${failing().length - 1}`, exact: true }).waitFor();
    await other.getByRole('tab', { name: 'History' }).click();
    await other.getByRole('gridcell').getByRole('link', { name: new RegExp(`^${mended.id.replaceAll('.', '\\.')} `) }).first().waitFor();
    assert.deepEqual(other.trouble, []);
    await other.close();
  });

  step('an enrolment token can be taken back, a host removed', async () => {
    await page.goto(`${address}/hosts/add`);
    await page.getByRole('button', { name: 'Make token' }).click();
    const token = /--enroll (\S+)/.exec(await page.locator('.code-block pre').first().textContent())[1];
    await page.goto(`${address}/settings/hosts`);
    await looksRight(page, 'settings-hosts');
    await page.getByRole('button', { name: /^Remove / }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove', exact: true }).click();
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await assert.rejects(new Agent('web-03').enroll(token), /401/);
    await page.goto(`${address}/hosts/web-01`);
    await page.getByRole('button', { name: 'Remove host' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Remove host' }).click();
    await page.getByText('No host reports yet').waitFor();
    await assert.rejects(agent.send(), /401/);
    assert.deepEqual(page.trouble, []);
  });
});
