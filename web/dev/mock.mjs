// SPDX-License-Identifier: Apache-2.0
// A stand-in for the hub, for development and tests of the pages alone: serves dist and answers the API with made-up
// data. Usage: node dev/mock.mjs [--port N] [--empty]. Signs in anybody whose password is "password".
import { createServer } from 'node:http';
import { pathToFileURL } from 'node:url';
import { makeData } from './mock/data.mjs';
import { Events } from './mock/events.mjs';
import { answerHosts } from './mock/hosts.mjs';
import { answerLogs, prepareLogs } from './mock/logs.mjs';
import { answerSettings } from './mock/settings.mjs';
import { serveFile } from './mock/static.mjs';
import { answerView } from './mock/views.mjs';

class Refusal extends Error {
  constructor(status, code, message) {
    super(message);
    Object.assign(this, { status, code });
  }
}

async function readBody(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  try {
    return text ? JSON.parse(text) : undefined;
  } catch {
    return text;
  }
}

function send(response, answer) {
  if (answer.csv !== undefined) {
    response.writeHead(200, { 'Content-Type': 'text/csv; charset=utf-8', 'Content-Disposition': 'attachment; filename="bulwark.csv"' });
    return response.end(answer.csv);
  }
  const status = answer.status ?? 200;
  response.writeHead(status, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...answer.headers });
  return response.end(status === 204 ? '' : JSON.stringify(answer.body ?? answer));
}

function session(state, request, body) {
  const signedIn = /bulwark=in/.test(request.headers.cookie ?? '');
  const enter = () => ({ body: state.data.session, headers: { 'Set-Cookie': 'bulwark=in; Path=/; HttpOnly; SameSite=Strict' } });
  if (request.method === 'DELETE') return { status: 204, headers: { 'Set-Cookie': 'bulwark=; Path=/; Max-Age=0' } };
  if (request.method === 'POST') {
    if (body?.password === 'password' || body?.token) return enter();
    throw new Refusal(401, 'InvalidCredentials', 'The user name or the password is wrong.');
  }
  if (signedIn) return { body: state.data.session };
  const signIn = { password: true, oidc: { name: 'Contoso', url: '/signin/oidc/start' }, firstStart: false };
  return { status: 401, body: { error: { code: 'Unauthenticated', message: 'Sign in.' }, signIn } };
}

async function answer(state, request, url) {
  const body = request.method === 'GET' ? undefined : await readBody(request);
  if (url.pathname === '/api/v1/session' || url.pathname === '/api/v1/links') return session(state, request, body);
  if (!/bulwark=in/.test(request.headers.cookie ?? '')) throw new Refusal(401, 'Unauthenticated', 'Sign in.');
  if (request.method !== 'GET' && request.headers['x-csrf-token'] !== state.data.session.csrf)
    throw new Refusal(403, 'InvalidCsrfToken', 'The request has no valid X-CSRF-Token.');
  const found = answerLogs(state, request, url, body) ?? answerHosts(state, request.method, url, body) ?? answerView(state, request.method, url, body) ?? answerSettings(state, request.method, url, body);
  if (!found) throw new Refusal(404, 'NotFound', `There is nothing at ${url.pathname}.`);
  return found;
}

const dist = process.env.BULWARK_WEB_DIST ? pathToFileURL(`${process.env.BULWARK_WEB_DIST}/`) : new URL('../dist/', import.meta.url);

const isApi = (path) => /^\/(api|subscriptions|v1)\//.test(path);

/** Starts on a free port (0) or the given one; answers the address, the state, and what ends it. */
export async function startMock({ port = 0, empty = false, root = dist } = {}) {
  const state = { data: makeData(empty), events: new Events() };
  prepareLogs(state);
  const server = createServer((request, response) => {
    const url = new URL(request.url, 'http://localhost');
    if (url.pathname === '/api/v1/events') return state.events.add(request, response);
    if (!isApi(url.pathname)) return serveFile(root, request, response, url.pathname);
    return answer(state, request, url).then(
      (found) => send(response, found),
      (error) => send(response, {
        status: error.status ?? 500, body: { error: { code: error.code ?? 'InternalError', message: error.message } },
      }),
    );
  });
  await new Promise((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = () => {
    state.events.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  };
  return { address: `http://127.0.0.1:${server.address().port}`, state, close };
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const at = process.argv.indexOf('--port');
  const { address } = await startMock({ port: at > 0 ? Number(process.argv[at + 1]) : 8099, empty: process.argv.includes('--empty') });
  console.log(`${address} (any user, password "password")`);
}
