// SPDX-License-Identifier: Apache-2.0
// Redeems the one-time link of a new hub and fills its workspace: once, before the tests of this folder.
import { account, address, link } from '../hub/hub.mjs';
import { sendRecords } from './records.mjs';

const headers = { 'Content-Type': 'application/json' };

async function ask(method, path, body) {
  const response = await fetch(address + path, { method, headers, body: JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  const cookie = response.headers.get('set-cookie');
  if (cookie) headers.Cookie = cookie.split(';')[0];
  return text ? JSON.parse(text) : null;
}

const session = await ask('POST', '/api/v1/links', { token: link.split('#')[1], password: account.password });
headers['X-CSRF-Token'] = session.csrf;
await sendRecords({ session, ask });
