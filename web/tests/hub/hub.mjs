// SPDX-License-Identifier: Apache-2.0
// The hub under test, as tests/e2e/hub_browser_test.sh started it.
import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { after, before } from 'node:test';
import { promisify } from 'node:util';
import { launch, newContext, newPage, settled } from '../e2e/chromium.mjs';

export const {
  BULWARK_HUB: address, BULWARK_LINK: link, BULWARK_REGISTRY: registry, BULWARK_IMAGE: image, BULWARK_SCREENSHOTS: pictures,
} = process.env;

/** An image that the test made, by its name. */
export const made = (name) => `oci:${process.env.BULWARK_IMAGES}/${name}:latest`;
export const fixedImage = made('fixed');

export const account = { name: 'admin', password: 'a-long-enough-passphrase' };

const run = promisify(execFile);

export const push = (from, name) =>
  run('skopeo', ['copy', '--quiet', '--insecure-policy', '--dest-tls-verify=false', from, `docker://${registry}/${name}`]);

/** One browser for a file of tests, and one window in it. */
export function useWindow(options = {}) {
  const window = {};
  before(async () => {
    window.browser = await launch();
    window.context = await newContext(window.browser, { timeout: 60_000, ...options });
  });
  after(() => window.browser?.close());
  return window;
}

/** A tab at a path, `page.trouble` being what it did that no page may do. */
export async function openTab(window, path) {
  const { page, trouble } = await newPage(window.context, address);
  page.trouble = trouble;
  await page.goto(address + path);
  await settled(page);
  return page;
}

/** A tab at a path, through the form; the administrator's where nobody else is named. */
export async function signIn(window, path, { name, password } = account) {
  const page = await openTab(window, path);
  await page.getByLabel('User name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
  await page.getByRole('button', { name: /^Signed in as/ }).waitFor();
  await settled(page);
  return page;
}

export async function picture(page, name) {
  if (!pictures) return;
  mkdirSync(pictures, { recursive: true });
  // Two frames: the first may still show the window as it was before it changed its size.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  await page.screenshot({ path: `${pictures}/${name}.png` });
}
