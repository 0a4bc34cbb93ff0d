// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, test } from "node:test";
import { SecurityCenter } from "@azure/arm-security";
import { all, call, facts, options, owner, registryId, stranger, subscriptionScope, waitFor } from "./facts.mjs";

const kImagesKey = "dbd0cb49-b563-45e7-9724-889e799fa648"; // registry images should have findings resolved
const client = new SecurityCenter(owner, facts.subscriptionId, options);
const denied = new SecurityCenter(stranger, facts.subscriptionId, options);
const imageId = facts.image.id;

test("assessments of the subscription are listed", async () => {
  const assessments = await all(client.assessments.list(subscriptionScope));
  const ofImage = assessments.find((one) => one.resourceDetails.id === imageId);
  assert.ok(ofImage, "no assessment of the image");
  assert.equal(ofImage.type, "Microsoft.Security/assessments");
  assert.equal(ofImage.status.code, "Unhealthy");
  assert.ok(ofImage.status.firstEvaluationDate instanceof Date);
  assert.ok(ofImage.status.statusChangeDate instanceof Date);
  assert.equal(ofImage.resourceDetails.source, "Azure");
  assert.match(ofImage.displayName, /vulnerabilit/i);
  assert.match(ofImage.links.azurePortalUri, new RegExp(`^${facts.url}/recommendations/`));
  assert.ok(assessments.some((one) => one.resourceDetails.id === registryId), "no assessment of the registry");
});

test("one assessment is got by its key, expanded", async () => {
  const key = (await all(client.assessments.list(registryId)))[0].name;
  const plain = await client.assessments.get(registryId, key);
  assert.equal(plain.name, key);
  assert.equal(plain.id, `${registryId}/providers/Microsoft.Security/assessments/${key}`);
  assert.equal(plain.metadata, undefined);
  const expanded = await client.assessments.get(registryId, key, { expand: "metadata" });
  assert.equal(expanded.metadata.assessmentType, "BuiltIn");
  assert.ok(["Low", "Medium", "High"].includes(expanded.metadata.severity), expanded.metadata.severity);
  assert.ok(expanded.metadata.categories.length > 0);
  assert.ok(expanded.metadata.threats.every((threat) => /^[a-z][A-Za-z]+$/.test(threat)), String(expanded.metadata.threats));
});

test("a list is expanded where its reader asks for it", async () => {
  const { body } = await call(owner, "GET", `${registryId}/providers/Microsoft.Security/assessments?api-version=2021-06-01&$expand=metadata`);
  assert.ok(body.value.length > 0);
  assert.ok(body.value.every((one) => one.properties.metadata.severity));
});

test("an unknown assessment is a 404 in Azure's form", async () => {
  await assert.rejects(client.assessments.get(registryId, "00000000-0000-4000-8000-000000000000"), (error) => {
    assert.equal(error.name, "RestError");
    assert.equal(error.statusCode, 404);
    assert.equal(error.code, "ResourceNotFound");
    return true;
  });
});

test("sub-assessments are walked page by page, each once", async () => {
  const key = (await all(client.assessments.list(imageId)))[0].name;
  const seen = new Set();
  let pages = 0;
  for await (const page of client.subAssessments.list(imageId, key).byPage()) {
    ++pages;
    for (const one of page) seen.add(one.id);
  }
  assert.ok(pages > 1, `${pages} page`);
  assert.equal(seen.size, facts.image.counts.critical + facts.image.counts.high + facts.image.counts.medium + facts.image.counts.low + facts.image.counts.unknown);
  assert.equal((await all(client.subAssessments.listAll(imageId))).length, seen.size);
});

test("a sub-assessment says what is wrong, where, and what mends it", async () => {
  const key = (await all(client.assessments.list(imageId)))[0].name;
  const found = (await all(client.subAssessments.list(imageId, key))).find((one) => one.idPropertiesId === "CVE-2021-23369" || /handlebars/.test(one.remediation));
  assert.ok(found, "no finding of handlebars");
  assert.equal(found.status.code, "Unhealthy");
  assert.ok(["Low", "Medium", "High", "Critical"].includes(found.status.severity));
  assert.ok(found.timeGenerated instanceof Date);
  assert.equal(found.resourceDetails.id, imageId);
  const data = found.additionalData;
  assert.equal(data.assessedResourceType, "ContainerRegistryVulnerability");
  assert.equal(data.patchable, true);
  assert.equal(data.repositoryName, "team/app");
  assert.equal(data.imageDigest, facts.image.digest);
  assert.ok(data.cvss["3.0"].base > 0);
  assert.ok(data.publishedTime instanceof Date);
  assert.match(data.cve[0].link, /^https:/);
  assert.match(found.remediation, /4\.7\.7/);
  const again = await client.subAssessments.get(imageId, key, found.name);
  assert.deepEqual(again, found);
});

test("what each assessment means is listed at the tenant and at the subscription", async () => {
  const everywhere = await all(client.assessmentsMetadata.list());
  const here = await all(client.assessmentsMetadata.listBySubscription());
  assert.deepEqual(everywhere.map((one) => one.name), here.map((one) => one.name));
  const images = here.find((one) => one.name === kImagesKey);
  const one = await client.assessmentsMetadata.get(images.name);
  assert.equal(one.displayName, images.displayName);
  assert.ok(one.remediationDescription.length > 0);
  assert.ok(one.description.length > 0);
  assert.equal((await client.assessmentsMetadata.getInSubscription(images.name)).displayName, images.displayName);
  await assert.rejects(client.assessmentsMetadata.get("00000000-0000-4000-8000-000000000000"), { statusCode: 404 });
});

test("the secure score is the sum of its controls", async () => {
  const [score, ...more] = await all(client.secureScores.list());
  assert.equal(more.length, 0);
  assert.equal(score.name, "ascScore");
  assert.ok(score.max > 0 && score.current >= 0 && score.current <= score.max);
  assert.ok(Math.abs(score.percentage - score.current / score.max) < 1e-9);
  assert.equal((await client.secureScores.get("ascScore")).max, score.max);

  const controls = await all(client.secureScoreControls.list({ expand: "definition" }));
  const below = await all(client.secureScoreControls.listBySecureScore("ascScore", { expand: "definition" }));
  assert.deepEqual(below.map((one) => one.name), controls.map((one) => one.name));
  const sum = controls.reduce((total, one) => total + one.current, 0);
  assert.ok(Math.abs(sum - score.current) < 1e-6, `${sum} is not ${score.current}`);
  const unhealthy = controls.find((one) => one.unhealthyResourceCount > 0);
  assert.ok(unhealthy, "no control is hurt by the findings");
  assert.equal(unhealthy.definition.displayName, unhealthy.displayName);
  assert.ok(unhealthy.definition.assessmentDefinitions.length > 0);

  const definitions = await all(client.secureScoreControlDefinitions.list());
  assert.ok(definitions.some((one) => one.name === unhealthy.name && one.maxScore > 0));
  assert.equal((await all(client.secureScoreControlDefinitions.listBySubscription())).length, definitions.length);
  await assert.rejects(client.secureScores.get("other"), { statusCode: 404, code: "ResourceNotFound" });
});

test("plans are listed and got", async () => {
  const { value } = await client.pricings.list();
  assert.ok(value.some((plan) => plan.name === "Containers"));
  const plan = await client.pricings.get("ContainerRegistry");
  assert.equal(plan.pricingTier, "Standard");
  await assert.rejects(client.pricings.get("Moon"), { statusCode: 404 });
  await assert.rejects(client.pricings.update("Containers", { pricingTier: "Gold" }), { statusCode: 400 });
});

const push = (name) =>
  execFileSync("skopeo", ["copy", "--quiet", "--insecure-policy", "--dest-tls-verify=false", `oci:${process.env.BULWARK_SDK_IMAGE}:latest`,
    `docker://${process.env.BULWARK_SDK_REGISTRY}/${name}`], { stdio: "inherit" });

async function imageOf(repository) {
  await call(owner, "POST", `${registryId}/scan?api-version=2025-11-01`);
  return waitFor(`the image of ${repository}`, async () => {
    const { status, body } = await call(owner, "GET", `/api/v1/registries/team/images?repository=${encodeURIComponent(repository)}`);
    return status === 200 ? body.value[0] : undefined;
  });
}

const plansOfRegistries = ["ContainerRegistry", "Containers"];
after(async () => {
  for (const plan of plansOfRegistries) await client.pricings.update(plan, { pricingTier: "Standard" });
});

test("with the plans off a push is not scanned and says why; with one on again it is", async () => {
  for (const plan of plansOfRegistries) {
    const updated = await client.pricings.update(plan, { pricingTier: "Free" });
    assert.equal(updated.pricingTier, "Free");
    assert.equal((await client.pricings.get(plan)).pricingTier, "Free");
  }
  push("team/unpaid:1");
  const image = await imageOf("team/unpaid");
  assert.equal(image.scanState, "off");
  const [assessment] = await all(client.assessments.list(image.id));
  assert.equal(assessment.status.code, "NotApplicable");
  assert.equal(assessment.status.cause, "OffByPolicy");
  assert.match(assessment.status.description, /ContainerRegistry/);
  assert.match(assessment.status.description, /Standard/);

  await client.pricings.update("Containers", { pricingTier: "Standard" });
  const scanned = await waitFor("the scan of what was pushed before", async () => {
    const [one] = await all(client.assessments.list(image.id));
    return one.status.code === "Unhealthy" && one;
  });
  assert.equal(scanned.status.cause, undefined);
});

test("who has no role sees nothing and changes nothing", async () => {
  assert.deepEqual(await all(denied.assessments.list(subscriptionScope)), []);
  assert.deepEqual(await all(denied.subAssessments.listAll(subscriptionScope)), []);
  assert.deepEqual(await all(denied.secureScores.list()), []);
  assert.deepEqual(await all(denied.secureScoreControls.list()), []);
  assert.deepEqual((await denied.pricings.list()).value, []);
  const action = "Microsoft.Security/pricings/write";
  await assert.rejects(denied.pricings.update("Containers", { pricingTier: "Free" }), (error) => {
    assert.equal(error.statusCode, 403);
    assert.equal(error.code, "AuthorizationFailed");
    assert.ok(error.message.includes(action), error.message);
    return true;
  });
  assert.equal((await client.pricings.get("Containers")).pricingTier, "Standard");
});
