// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { afterEach, test } from "node:test";
import { AuthorizationManagementClient } from "@azure/arm-authorization";
import { ContainerRegistryManagementClient } from "@azure/arm-containerregistry";
import { SecurityCenter } from "@azure/arm-security";
import { all, call, facts, groupScope, options, owner, registryId, stranger, subscriptionScope } from "./facts.mjs";

const client = new AuthorizationManagementClient(owner, facts.subscriptionId, options);
const denied = new AuthorizationManagementClient(stranger, facts.subscriptionId, options);
const registriesOfStranger = new ContainerRegistryManagementClient(stranger, facts.subscriptionId, options);
const kReader = "acdd72a7-3385-48ef-bd42-f606fba81ae7";
const kImageApprover = "afcea888-3354-4bfa-8ae4-72ac4fdcc7cf";
const kOwner = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635";
const definitionId = (role) => `${subscriptionScope}/providers/Microsoft.Authorization/roleDefinitions/${role}`;

const given = []; // role assignments that a test made, as [scope, name]
async function give(scope, role, principal = facts.stranger.id) {
  const name = randomUUID();
  const made = await client.roleAssignments.create(scope, name, { roleDefinitionId: definitionId(role), principalId: principal, principalType: "ServicePrincipal" });
  given.push([scope, name]);
  return made;
}
afterEach(async () => {
  for (const [scope, name] of given.splice(0)) await client.roleAssignments.delete(scope, name);
});

test("built-in roles have Azure's ids and are found by name", async () => {
  const [reader, ...more] = await all(client.roleDefinitions.list(subscriptionScope, { filter: "roleName eq 'Reader'" }));
  assert.deepEqual(more, []);
  assert.equal(reader.name, kReader);
  assert.equal(reader.id, definitionId(kReader));
  assert.equal(reader.roleType, "BuiltInRole");
  assert.deepEqual(reader.permissions[0].actions, ["*/read"]);
  assert.equal((await client.roleDefinitions.get(subscriptionScope, kReader)).roleName, "Reader");
  assert.equal((await client.roleDefinitions.getById(reader.id)).roleName, "Reader");
  assert.deepEqual(await all(client.roleDefinitions.list(subscriptionScope, { filter: "roleName eq 'No such role'" })), []);
  const builtin = await all(client.roleDefinitions.list(subscriptionScope, { filter: "type eq 'BuiltInRole'" }));
  for (const name of ["Owner", "Contributor", "Reader", "Security Admin", "Security Reader", "AcrPull"])
    assert.ok(builtin.some((role) => role.roleName === name), name);
});

test("an assignment gives what its role says, at its scope and below, until it is deleted", async () => {
  await assert.rejects(registriesOfStranger.registries.get("default", "team"), (error) => {
    assert.equal(error.statusCode, 403);
    assert.equal(error.code, "AuthorizationFailed");
    assert.equal(error.message, `The client '${facts.stranger.clientId}' with object id '${facts.stranger.id}' does not have authorization ` +
      `to perform action 'Microsoft.ContainerRegistry/registries/read' over scope '${registryId}'.`);
    return true;
  });

  const made = await give(groupScope, kReader);
  assert.equal(made.scope, groupScope);
  assert.equal(made.principalId, facts.stranger.id);
  assert.equal(made.principalType, "ServicePrincipal");
  assert.equal(made.roleDefinitionId, definitionId(kReader));
  assert.equal((await registriesOfStranger.registries.get("default", "team")).name, "team");
  assert.ok((await all(new SecurityCenter(stranger, facts.subscriptionId, options).assessments.list(subscriptionScope))).length > 0);
  await assert.rejects(async () => registriesOfStranger.registries.update("default", "team", { tags: {} }), (error) => {
    assert.equal(error.statusCode, 403);
    assert.match(error.message, /'Microsoft\.ContainerRegistry\/registries\/write'/);
    return true;
  });

  const [scope, name] = given.pop();
  await client.roleAssignments.delete(scope, name);
  await assert.rejects(registriesOfStranger.registries.get("default", "team"), { statusCode: 403 });
  await assert.rejects(client.roleAssignments.get(scope, name), { statusCode: 404 });
});

test("assignments are listed for a scope, at it, above it and of one principal", async () => {
  const atGroup = await give(groupScope, kReader);
  const atRegistry = await give(registryId, kReader);
  const ids = async (pages) => (await all(pages)).map((one) => one.id);
  const here = await ids(client.roleAssignments.listForScope(groupScope));
  assert.ok(here.includes(atGroup.id) && here.includes(atRegistry.id));
  const atScope = await ids(client.roleAssignments.listForScope(groupScope, { filter: "atScope()" }));
  assert.ok(atScope.includes(atGroup.id) && !atScope.includes(atRegistry.id));
  const own = await ids(client.roleAssignments.listForSubscription({ filter: `principalId eq '${facts.stranger.id}'` }));
  assert.deepEqual(own.sort(), [atGroup.id, atRegistry.id].sort());
  assert.ok((await ids(client.roleAssignments.listForResourceGroup("default"))).includes(atGroup.id));
  assert.ok((await ids(client.roleAssignments.listForResource("default", "Microsoft.ContainerRegistry", "registries", "team"))).includes(atRegistry.id));
  const got = await client.roleAssignments.getById(atRegistry.id);
  assert.equal(got.scope, registryId);
});

test("what one may do somewhere is listed as permissions", async () => {
  const permissions = () => all(denied.permissions.listForResource("default", "Microsoft.ContainerRegistry", "", "registries", "team"));
  assert.deepEqual(await permissions(), []);
  await give(registryId, kReader);
  assert.deepEqual((await permissions())[0].actions, ["*/read"]);
  assert.deepEqual(await all(denied.permissions.listForResourceGroup("default")), []);
  assert.ok((await all(client.permissions.listForResourceGroup("default")))[0].actions.includes("*"));
});

test("the same role is not given twice, and none to nobody", async () => {
  await give(groupScope, kReader);
  await assert.rejects(give(groupScope, kReader), { statusCode: 409, code: "RoleAssignmentExists" });
  await assert.rejects(give(groupScope, kReader, randomUUID()), { statusCode: 400, code: "PrincipalNotFound" });
  await assert.rejects(give(groupScope, randomUUID()), { statusCode: 404, code: "RoleDefinitionDoesNotExist" });
});

test("a role of one's own is made, given, changed and deleted", async () => {
  const name = randomUUID();
  const role = {
    roleName: "Registry looker", description: "Looks at registries", roleType: "CustomRole", assignableScopes: [subscriptionScope],
    permissions: [{ actions: ["Microsoft.ContainerRegistry/registries/read"], notActions: [] }],
  };
  const made = await client.roleDefinitions.createOrUpdate(subscriptionScope, name, role);
  assert.equal(made.roleName, role.roleName);
  assert.equal(made.roleType, "CustomRole");
  const [found] = await all(client.roleDefinitions.list(subscriptionScope, { filter: "type eq 'CustomRole'" }));
  assert.equal(found.id, made.id);
  await give(registryId, name);
  assert.equal((await registriesOfStranger.registries.get("default", "team")).name, "team");
  await assert.rejects(client.roleDefinitions.delete(subscriptionScope, name), { statusCode: 409 });
  await client.roleDefinitions.createOrUpdate(subscriptionScope, name, { ...role, permissions: [{ actions: ["Microsoft.ContainerRegistry/registries/write"] }] });
  await assert.rejects(registriesOfStranger.registries.get("default", "team"), { statusCode: 403 });
  const [scope, assignment] = given.pop();
  await client.roleAssignments.delete(scope, assignment);
  await client.roleDefinitions.delete(subscriptionScope, name);
  await assert.rejects(client.roleDefinitions.get(subscriptionScope, name), { statusCode: 404 });
});

test("an Owner approves no image before a role that names it is given", async () => {
  const approver = await client.roleDefinitions.get(subscriptionScope, kImageApprover);
  assert.deepEqual(approver.permissions[0].dataActions.map((action) => action.split("/images/")[1]), ["approve/action", "approval/delete"]);
  const path = `${facts.image.id}/approve?api-version=2025-11-01`;
  const decision = { decision: "Approved", reason: "looked at" };
  const refused = await call(owner, "POST", path, decision);
  assert.equal(refused.status, 403);
  assert.equal(refused.body.error.code, "AuthorizationFailed");
  assert.match(refused.body.error.message, /images\/approve\/action'/);
  await give(registryId, kImageApprover);
  const approved = await call(stranger, "POST", path, decision);
  assert.equal(approved.status, 200, JSON.stringify(approved.body));
  assert.equal(approved.body.properties.by, facts.stranger.clientId);
  const back = `${facts.image.id}/approval?api-version=2025-11-01`;
  assert.equal((await call(owner, "DELETE", back)).status, 403);
  assert.equal((await call(stranger, "DELETE", back)).status, 204);
});

test("who has no role sees none and gives none", async () => {
  assert.deepEqual(await all(denied.roleAssignments.listForSubscription()), []);
  assert.deepEqual(await all(denied.roleDefinitions.list(subscriptionScope)), []);
  await assert.rejects(
    denied.roleAssignments.create(subscriptionScope, randomUUID(), { roleDefinitionId: definitionId(kOwner), principalId: facts.stranger.id }),
    { statusCode: 403, code: "AuthorizationFailed" });
});
