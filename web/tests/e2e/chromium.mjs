// SPDX-License-Identifier: Apache-2.0
// The browser, and pages that collect what no page may do.
import { chromium } from 'playwright-core';

const executablePath = process.env.BULWARK_CHROMIUM ?? '/usr/bin/chromium';
const args = [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync',
];

export const launch = () => chromium.launch({ executablePath, args });

/** A window of its own: its pages share cookies. The time is a limit for what never comes, not a measure of speed. */
export async function newContext(browser, { theme = 'light', width = 1440, height = 900, timeout = 120_000 } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, colorScheme: theme, locale: 'en-US', timezoneId: 'UTC', permissions: ['clipboard-read', 'clipboard-write'],
  });
  context.setDefaultTimeout(timeout);
  return context;
}

/** An empty page, and a list that fills with errors, requests to others than the hub, and what the policy stops. */
export async function newPage(context, address) {
  const page = await context.newPage();
  const trouble = [];
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && !/status of 40[014]/.test(message.text()) && trouble.push(`console: ${message.text()}`));
  page.on('request', (request) => !/^(data:|blob:|about:)/.test(request.url()) && !request.url().startsWith(address) && trouble.push(`foreign request: ${request.url()}`));
  return { page, trouble };
}

/** All that the page waits for has come: no skeleton is shown. */
export async function settled(page) {
  await page.waitForSelector('h1');
  await page.waitForFunction(() => !document.querySelector('.skeleton, [aria-busy=true]'));
}
