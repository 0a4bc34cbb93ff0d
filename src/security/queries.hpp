// SPDX-License-Identifier: Apache-2.0
// The views that REST and pages read: joins over assessments, findings and images. Every view shows what stands at or below
// the scopes of its query, nothing else. Kind::invalid_input names a filter, sort or cursor that does not hold.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "security/assessor.hpp"
#include "security/counts.hpp"
#include "security/recommendations.hpp"
#include "store/database.hpp"

namespace security {

inline constexpr std::size_t kMostRows = 1'000;  // of a page

struct Query {
  std::vector<std::string> scopes;                          // keys that the caller may read at and below
  std::map<std::string, std::vector<std::string>> filters;  // by name, any of the values; no values: not given
  std::string sort;                                         // a field, '-' in front for descending; empty: the view's own
  std::string q;                                            // words, each contained in a name, id or title
  std::size_t top = 50;
  std::string cursor;  // `next` of the page before, with the same filters and sort
};

template <typename Row>
struct Page {
  std::vector<Row> rows;
  std::int64_t total = 0;  // with these filters, on all pages
  std::string next;        // empty on the last page
};

// What a resource is called. Of a resource that is no image, registry to tags are empty.
struct ResourceName {
  std::string id, name, type;
  std::string registry, repository, digest;
  std::vector<std::string> tags;
};

// ---- Recommendations

struct RecommendationRow {
  const Recommendation* recommendation = nullptr;
  std::int64_t unhealthy = 0, healthy = 0, not_applicable = 0, exempt = 0;  // resources of its type; exempt are not applicable
  Counts counts;
  double score_impact = 0;  // points
  std::string owner;        // where all its unhealthy resources have the same
  store::Millis due_at = 0;  // the earliest; 0: none
  std::int64_t overdue = 0;  // unhealthy resources past their date
};

// Filters severity, resourceType, status (unhealthy, healthy, all), control, owner, exempt (true, false).
base::Result<Page<RecommendationRow>> list_recommendations(store::Session& session, const Recommendations& recommendations,
                                                           const Query& query, store::Millis now);

struct AssessedResource {
  ResourceName resource;
  std::string assessment_key, status, cause, description, owner;
  store::Millis first_evaluated_at = 0, status_changed_at = 0, evaluated_at = 0, due_at = 0;
  Counts counts;
};

// Filters status, level (registry or resource: the recommendation's own type; image: that of its children), severity, q.
// Sorts name, status, statusChanged, severity.
base::Result<Page<AssessedResource>> list_assessed(store::Session& session, const Recommendation& recommendation,
                                                   const Query& query);

// One resource's assessments, or one of them. In the order of the key.
base::Result<std::vector<AssessedResource>> assessments_of(store::Session& session, const std::string& resource_key);

// Who sees to it and until when; what is not given stays. Resources without such an assessment are passed over; how many
// rows were changed.
struct Ownership {
  std::optional<std::string> owner;
  std::optional<store::Millis> due_at;
};
base::Result<std::int64_t> set_ownership(store::Session& session, const std::string& assessment_key,
                                         const std::vector<std::string>& resource_keys, const Ownership& ownership);

// ---- Findings

struct FindingView {
  std::string id, vulnerability, title, category, package, package_type, version, fixed_version, fix_status, path, layer;
  model::Severity severity = model::Severity::unknown;
  double score = -1;
  bool kev = false;
  double epss = -1;
  ResourceName resource;  // the image, or the host
  store::Millis first_seen_at = 0;
  std::string status;  // open, disabled
  std::string cause, reason;

  bool patchable() const { return !fixed_version.empty(); }
};

// Filters registry, repository, digest, severity, category, patchable, kev, package, vulnerability, status (open, disabled,
// all), cvss (at least), resource (id), assessmentKey. Sorts severity, cvss, vulnerability, package, firstSeen, epss,
// patchable, repository.
base::Result<Page<FindingView>> list_findings(store::Session& session, const Query& query);

struct FindingEvent {
  store::Millis at = 0;
  std::string event;  // Found, Resolved, Suppressed
  std::string cause;
};

struct FindingDetails {
  FindingView finding;
  base::Json detail;         // of the finding: purl, vector, vendorSeverity, sources, evidence …
  base::Json vulnerability;  // aliases, vectors, references, epssPercentile, description, remediation …
  std::string published;
  std::vector<FindingEvent> history;
  std::vector<ResourceName> elsewhere;  // other resources with the same finding, at most 100
};

// One finding of one resource; nothing where there is none below the scopes.
base::Result<std::optional<FindingDetails>> find_finding(store::Session& session, const std::string& finding_id,
                                                         const std::string& resource_key,
                                                         const std::vector<std::string>& scopes);

// ---- Vulnerabilities

struct AffectedPackage {
  std::string name, type, fixed_version;
  std::int64_t images = 0;
};

struct VulnerabilityDetails {
  std::string id, title, published;
  model::Severity severity = model::Severity::unknown;
  double score = -1;
  bool kev = false;
  double epss = -1;
  base::Json detail;
  std::int64_t images = 0;  // where it is open
  std::vector<AffectedPackage> packages;
};

// By id, any case; nothing where it was never found.
base::Result<std::optional<VulnerabilityDetails>> find_vulnerability(store::Session& session, const std::string& id,
                                                                     const std::vector<std::string>& scopes);

struct TopVulnerability {
  std::string id, title;
  model::Severity severity = model::Severity::unknown;
  std::int64_t images = 0;
};

struct TopImage {
  ResourceName image;
  Counts counts;
};

// The worst first: severity, then the number of images; counts, the most severe first.
base::Result<std::vector<TopVulnerability>> top_vulnerabilities(store::Session& session, const std::vector<std::string>& scopes,
                                                                std::size_t count);
base::Result<std::vector<TopImage>> top_images(store::Session& session, const std::vector<std::string>& scopes,
                                               std::size_t count);

// ---- Inventory and overview

struct InventoryRow {
  ResourceName resource;
  std::string status;      // Unhealthy, Healthy, NotApplicable; empty: not assessed
  std::string scan_state;  // of images
  std::int64_t recommendations = 0;  // that are unhealthy
  Counts counts;
};

struct InventoryCounters {
  std::int64_t total = 0, unhealthy = 0;
  std::int64_t unmonitored = 0;   // no verdict: not assessed, or it could not be
  std::int64_t unregistered = 0;  // off by plan or policy
};

struct Inventory {
  InventoryCounters counters;  // with the filters of the page but for `status`
  Page<InventoryRow> page;
};

// Filters type, status (Unhealthy, Healthy, NotApplicable, Unmonitored, Unregistered), tag, contains. Sorts
// recommendations, name, type, severity, status, scanState.
base::Result<Inventory> read_inventory(store::Session& session, const Query& query);

struct Overview {
  std::int64_t images = 0, scanned = 0, queued = 0, scanning = 0, failed = 0, unhealthy_images = 0;
  std::int64_t registries = 0, repositories = 0, hosts = 0;
  std::int64_t resources = 0, unhealthy = 0, healthy = 0, not_applicable = 0;  // registries, hosts …, not images
  Counts findings;
  std::int64_t kev = 0;  // vulnerabilities known to be exploited that are open somewhere
};

base::Result<Overview> read_overview(store::Session& session, const std::vector<std::string>& scopes);

struct SearchHit {
  std::string kind;  // registry, repository, image, host, vulnerability, package, recommendation
  std::string title, subtitle;
  std::string registry, repository, digest;  // of registries, repositories and images
  std::string id;                            // of vulnerabilities, recommendations; the name of a package
};

// At most six of each kind, the shortest names and worst severities first.
base::Result<std::vector<SearchHit>> search(store::Session& session, const Recommendations& recommendations,
                                            const std::string& words, const std::vector<std::string>& scopes);

}  // namespace security
