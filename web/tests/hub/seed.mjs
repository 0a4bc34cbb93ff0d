// SPDX-License-Identifier: Apache-2.0
// What pages show: images with and without findings in two registries, people, rules, channels, a token, an approval.
import { address, fixedImage, image, made, push, registry } from './hub.mjs';

const registryImages = 'dbd0cb49-b563-45e7-9724-889e799fa648';

const registries = `
registries:
  - name: demo
    loginServer: ${registry}
    pollMinutes: 0
    excludedRepositories: ['release/**']
  - name: production
    loginServer: ${registry}
    pollMinutes: 0
    repositories: ['release/**']
`;

const settings = (imageId) => `
users:
  - {name: ada, displayName: Ada Example, email: ada@example.com, password: marble-kettle-orbit-77, roles: [Security Admin]}
  - {name: grace, displayName: Grace Example, email: grace@example.com, password: marble-kettle-orbit-78}
clients:
  - {clientId: 8f3c5b8a-52a4-4f6e-9d3f-5d3b1c0a7e21, displayName: Build pipeline, secret: a-secret-of-at-least-16-bytes, roles: [Security Reader]}
groups:
  - {name: platform, members: [ada, grace], roles: [Image Approver]}
disableRules:
  - {name: no-health-check, reason: Our platform probes them itself., criteria: {vulnerabilities: [BWI-010]}}
exemptions:
  - {name: demo, scope: ${imageId}, assessmentKey: ${registryImages}, category: Waiver, reason: Accepted until the base image is replaced., expires: 2030-01-31T00:00:00Z}
notifications:
  - {name: chat, kind: Webhook, url: https://chat.example.com/hooks/bulwark, secret: signs-every-message, enabled: false, events: [NewFinding, ScanFailed]}
  - {name: mail, kind: Email, host: mail.example.com, port: 587, from: bulwark@example.com, to: [security@example.com], enabled: false, events: [NewRecommendation]}
`;

/** Requests with the session of a signed-in page. */
export async function makeApi(page) {
  const session = await (await page.request.get(`${address}/api/v1/session`)).json();
  const ask = async (method, path, data) => {
    const response = await page.request.fetch(address + path, { method, data, headers: { 'X-CSRF-Token': session.csrf } });
    if (!response.ok()) throw new Error(`${method} ${path}: ${response.status()} ${await response.text()}`);
    return response.status() === 204 ? null : response.json();
  };
  return { session, ask };
}

async function scanned(ask, repositories) {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await new Promise((resolve) => setTimeout(resolve, 100))) {
    const { value } = await ask('GET', '/api/v1/inventory?type=image&top=100');
    if (repositories.every((name) => value.some(({ repository, scanState }) => repository === name && scanState === 'complete'))) return;
  }
  throw new Error('the images are not scanned after a minute');
}

/** Fills the hub; answers the images that pages are about. */
export async function seed({ session, ask }) {
  const group = `/subscriptions/${session.subscriptionId}/resourceGroups/default/providers/Microsoft.ContainerRegistry/registries`;
  await ask('POST', '/api/v1/apply', registries);
  const images = {
    'shop/checkout': image, 'shop/search': made('search'), 'shop/mail': made('mail'), 'shop/admin': made('search'), 'shop/web': fixedImage,
    'release/checkout': fixedImage,
  };
  for (const [name, from] of Object.entries(images)) await push(from, `${name}:2.4`);
  await ask('POST', `${group}/production/scan?api-version=2025-11-01`, {});
  await scanned(ask, Object.keys(images));
  const newest = async (name) => (await ask('GET', `/api/v1/registries/demo/images?repository=${name}`)).value[0];
  const [checkout, exempt, healthy] = await Promise.all(['shop/checkout', 'shop/admin', 'shop/web'].map(newest));
  await ask('POST', '/api/v1/apply', settings(exempt.id));
  await ask('POST', `${healthy.id}/approve`, { decision: 'Approved', reason: 'Looked at by the release board.' });
  await ask('POST', '/api/v1/tokens', { name: 'nightly report', scope: `/subscriptions/${session.subscriptionId}`, actions: ['*/read'], days: 30 });
  const findings = (await ask('GET', `/api/v1/findings?registry=demo&repository=shop/checkout&sort=-severity`)).value;
  return { checkout, exempt, healthy, findings };
}
