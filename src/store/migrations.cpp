// SPDX-License-Identifier: Apache-2.0
#include "store/migrations.hpp"

namespace store {

namespace {

// Times are milliseconds since 1970 (UTC), 0 or NULL where not known. A `*_key` is an id in lower case, by which it is
// compared; `*_id` is as it was written. JSON columns hold compact text.
constexpr std::string_view kFirst = R"sql(
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

CREATE TABLE resources (
  resource_key TEXT PRIMARY KEY,
  resource_id TEXT NOT NULL,
  type TEXT NOT NULL,
  name TEXT NOT NULL,
  body TEXT NOT NULL,
  etag TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  changed_by TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX resources_by_type ON resources (type, resource_key);

CREATE TABLE secrets (
  owner_key TEXT NOT NULL,
  name TEXT NOT NULL,
  sealed BLOB NOT NULL,
  PRIMARY KEY (owner_key, name)
) WITHOUT ROWID;

CREATE TABLE activity (
  id INTEGER PRIMARY KEY,
  event_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  correlation_id TEXT NOT NULL,
  caller TEXT NOT NULL,
  caller_id TEXT NOT NULL,
  address TEXT NOT NULL,
  method TEXT NOT NULL,
  operation TEXT NOT NULL,
  resource_key TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  category TEXT NOT NULL,
  level TEXT NOT NULL,
  status TEXT NOT NULL,
  http_status INTEGER NOT NULL,
  properties TEXT NOT NULL
);
CREATE INDEX activity_by_time ON activity (at);
CREATE INDEX activity_by_resource ON activity (resource_key, at);

CREATE TABLE principals (
  id TEXT PRIMARY KEY,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  name_key TEXT NOT NULL,
  display_name TEXT NOT NULL,
  email TEXT NOT NULL,
  secret_hash TEXT NOT NULL,
  subject TEXT NOT NULL,
  disabled INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  last_sign_in_at INTEGER NOT NULL,
  settings TEXT NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX principals_by_name ON principals (kind, name_key);
CREATE INDEX principals_by_subject ON principals (subject);

CREATE TABLE group_members (
  group_id TEXT NOT NULL,
  member_id TEXT NOT NULL,
  PRIMARY KEY (group_id, member_id)
) WITHOUT ROWID;
CREATE INDEX group_members_by_member ON group_members (member_id);

CREATE TABLE sessions (
  token_hash TEXT PRIMARY KEY,
  principal_id TEXT NOT NULL,
  csrf TEXT NOT NULL,
  address TEXT NOT NULL,
  agent TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_principal ON sessions (principal_id);

CREATE TABLE api_tokens (
  id TEXT PRIMARY KEY,
  token_hash TEXT NOT NULL UNIQUE,
  principal_id TEXT NOT NULL,
  name TEXT NOT NULL,
  scope TEXT NOT NULL,
  actions TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  used_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX api_tokens_by_principal ON api_tokens (principal_id);

CREATE TABLE one_time_links (
  token_hash TEXT PRIMARY KEY,
  principal_id TEXT NOT NULL,
  purpose TEXT NOT NULL,
  expires_at INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE sign_in_failures (
  subject TEXT PRIMARY KEY,
  failures INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  locked_until INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TABLE jobs (
  id INTEGER PRIMARY KEY,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  payload TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  again INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  lease_owner TEXT NOT NULL,
  lease_until INTEGER NOT NULL,
  progress TEXT NOT NULL,
  error TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  finished_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX jobs_open ON jobs (kind, subject) WHERE state IN ('queued', 'running');
CREATE INDEX jobs_ready ON jobs (state, run_at);
CREATE INDEX jobs_by_subject ON jobs (subject, id);

CREATE TABLE registry_deliveries (
  registry_key TEXT NOT NULL,
  event_id TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (registry_key, event_id)
) WITHOUT ROWID;
CREATE INDEX registry_deliveries_by_time ON registry_deliveries (at);

CREATE TABLE images (
  id INTEGER PRIMARY KEY,
  registry_key TEXT NOT NULL,
  repository TEXT NOT NULL,
  digest TEXT NOT NULL,
  resource_key TEXT NOT NULL UNIQUE,
  resource_id TEXT NOT NULL,
  parent_digest TEXT NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  platform TEXT NOT NULL,
  os TEXT NOT NULL,
  pushed_at INTEGER NOT NULL,
  seen_at INTEGER NOT NULL,
  scan_state TEXT NOT NULL,
  scan_error TEXT NOT NULL,
  scan_partial INTEGER NOT NULL,
  scanned_at INTEGER NOT NULL,
  set_id INTEGER,
  config TEXT NOT NULL,
  quarantine TEXT NOT NULL,
  superseded_at INTEGER NOT NULL,
  deleted_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX images_by_digest ON images (registry_key, repository, digest);
CREATE INDEX images_by_set ON images (set_id);
CREATE INDEX images_by_parent ON images (registry_key, repository, parent_digest);

CREATE TABLE tags (
  registry_key TEXT NOT NULL,
  repository TEXT NOT NULL,
  tag TEXT NOT NULL,
  digest TEXT NOT NULL,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (registry_key, repository, tag)
) WITHOUT ROWID;
CREATE INDEX tags_by_digest ON tags (registry_key, repository, digest);

CREATE TABLE finding_sets (
  id INTEGER PRIMARY KEY,
  set_key TEXT NOT NULL UNIQUE,
  inventory BLOB,
  packages INTEGER NOT NULL,
  matched_with TEXT NOT NULL,
  evaluated_at INTEGER NOT NULL,
  revision INTEGER NOT NULL
);

CREATE TABLE set_changes (
  set_id INTEGER NOT NULL,
  revision INTEGER NOT NULL,
  finding_id TEXT NOT NULL,
  added INTEGER NOT NULL,
  vulnerability TEXT NOT NULL,
  severity INTEGER NOT NULL,
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  PRIMARY KEY (set_id, revision, finding_id)
) WITHOUT ROWID;

CREATE TABLE vulnerabilities (
  id TEXT PRIMARY KEY,
  title TEXT NOT NULL,
  severity INTEGER NOT NULL,
  score REAL NOT NULL,
  published TEXT NOT NULL,
  kev INTEGER NOT NULL,
  epss REAL NOT NULL,
  detail TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE findings (
  set_id INTEGER NOT NULL,
  finding_id TEXT NOT NULL,
  vulnerability TEXT NOT NULL,
  category TEXT NOT NULL,
  severity INTEGER NOT NULL,
  score REAL NOT NULL,
  package TEXT NOT NULL,
  package_type TEXT NOT NULL,
  version TEXT NOT NULL,
  fixed_version TEXT NOT NULL,
  fix_status TEXT NOT NULL,
  path TEXT NOT NULL,
  layer TEXT NOT NULL,
  ignored TEXT NOT NULL,
  detail TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  PRIMARY KEY (set_id, finding_id)
) WITHOUT ROWID;
CREATE INDEX findings_by_id ON findings (finding_id, set_id);
CREATE INDEX findings_by_vulnerability ON findings (vulnerability, finding_id, set_id);
CREATE INDEX findings_by_severity ON findings (severity, score, finding_id, set_id);
CREATE INDEX findings_by_package ON findings (package, finding_id, set_id);

CREATE TABLE assessments (
  id INTEGER PRIMARY KEY,
  resource_key TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  resource_type TEXT NOT NULL,
  assessment_key TEXT NOT NULL,
  status TEXT NOT NULL,
  cause TEXT NOT NULL,
  description TEXT NOT NULL,
  set_id INTEGER,
  seen_revision INTEGER NOT NULL,
  verdict_status TEXT NOT NULL,
  verdict_cause TEXT NOT NULL,
  verdict_description TEXT NOT NULL,
  first_evaluated_at INTEGER NOT NULL,
  status_changed_at INTEGER NOT NULL,
  evaluated_at INTEGER NOT NULL,
  critical INTEGER NOT NULL,
  high INTEGER NOT NULL,
  medium INTEGER NOT NULL,
  low INTEGER NOT NULL,
  unrated INTEGER NOT NULL,
  fixable INTEGER NOT NULL,
  disabled INTEGER NOT NULL,
  owner TEXT NOT NULL,
  due_at INTEGER NOT NULL
);
CREATE UNIQUE INDEX assessments_by_resource ON assessments (resource_key, assessment_key);
CREATE INDEX assessments_by_key ON assessments (assessment_key, status, resource_key);
CREATE INDEX assessments_by_set ON assessments (set_id);
CREATE INDEX assessments_by_type ON assessments (resource_type, assessment_key, status);
CREATE INDEX assessments_below ON assessments (assessment_key, resource_key);

CREATE TABLE suppressions (
  assessment_id INTEGER NOT NULL,
  finding_id TEXT NOT NULL,
  cause TEXT NOT NULL,
  reason TEXT NOT NULL,
  rule_key TEXT NOT NULL,
  PRIMARY KEY (assessment_id, finding_id)
) WITHOUT ROWID;
CREATE INDEX suppressions_by_rule ON suppressions (rule_key);

CREATE TABLE resolved_findings (
  id INTEGER PRIMARY KEY,
  resource_key TEXT NOT NULL,
  resource_id TEXT NOT NULL,
  assessment_key TEXT NOT NULL,
  finding_id TEXT NOT NULL,
  vulnerability TEXT NOT NULL,
  severity INTEGER NOT NULL,
  package TEXT NOT NULL,
  version TEXT NOT NULL,
  cause TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  resolved_at INTEGER NOT NULL
);
CREATE INDEX resolved_findings_by_resource ON resolved_findings (resource_key, resolved_at);

CREATE TABLE score_history (
  day TEXT NOT NULL,
  scope_key TEXT NOT NULL,
  current REAL NOT NULL,
  maximum REAL NOT NULL,
  controls TEXT NOT NULL,
  PRIMARY KEY (scope_key, day)
) WITHOUT ROWID;

CREATE TABLE metered_images (
  month TEXT NOT NULL,
  digest TEXT NOT NULL,
  registry_key TEXT NOT NULL,
  repository TEXT NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (month, digest)
) WITHOUT ROWID;

CREATE TABLE outbox (
  id INTEGER PRIMARY KEY,
  channel_key TEXT NOT NULL,
  dedupe TEXT NOT NULL UNIQUE,
  event TEXT NOT NULL,
  state TEXT NOT NULL,
  attempts INTEGER NOT NULL,
  run_at INTEGER NOT NULL,
  error TEXT NOT NULL,
  created_at INTEGER NOT NULL
);
CREATE INDEX outbox_ready ON outbox (state, run_at);
)sql";

// What ends with the process is told from what fails, so that neither is tried for ever.
constexpr std::string_view kJobCrashes = R"sql(
ALTER TABLE jobs ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
ALTER TABLE jobs ADD COLUMN crashes INTEGER NOT NULL DEFAULT 0;
)sql";

// Of each image every index that it is in, directly or through another. It is current while a tag leads to any of them.
constexpr std::string_view kImageParents = R"sql(
CREATE TABLE image_parents (
  registry_key TEXT NOT NULL,
  repository TEXT NOT NULL,
  digest TEXT NOT NULL,
  parent_digest TEXT NOT NULL,
  PRIMARY KEY (registry_key, repository, digest, parent_digest)
) WITHOUT ROWID;
CREATE INDEX image_parents_by_parent ON image_parents (registry_key, repository, parent_digest, digest);
INSERT INTO image_parents (registry_key, repository, digest, parent_digest)
  SELECT registry_key, repository, digest, parent_digest FROM images WHERE parent_digest <> '' AND deleted_at = 0;
)sql";

// Records on their way to the workspace, and how far rows that stay were recorded.
constexpr std::string_view kRecords = R"sql(
CREATE TABLE records (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  table_name TEXT NOT NULL,
  row TEXT NOT NULL
);
CREATE TABLE record_marks (
  source TEXT PRIMARY KEY,
  last_id INTEGER NOT NULL
) WITHOUT ROWID;
)sql";

// Container hosts: what their agents told, and by which tokens agents enrol. Credentials and tokens are there as hashes alone.
constexpr std::string_view kHosts = R"sql(
CREATE TABLE enrollment_tokens (
  id TEXT PRIMARY KEY,
  secret_hash TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  uses INTEGER NOT NULL,
  uses_left INTEGER NOT NULL,
  labels TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE machines (
  machine_key TEXT PRIMARY KEY,
  resource_id TEXT NOT NULL,
  name TEXT NOT NULL,
  machine_id TEXT NOT NULL,
  credential_hash TEXT NOT NULL,
  enrolled_at INTEGER NOT NULL,
  facts TEXT NOT NULL,
  engine TEXT NOT NULL,
  engine_since INTEGER NOT NULL,
  agent TEXT NOT NULL,
  state TEXT NOT NULL,
  state_since INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  last_at INTEGER NOT NULL,
  beat_at INTEGER NOT NULL,
  inventory_at INTEGER NOT NULL,
  assessment TEXT NOT NULL,
  assessed_at INTEGER NOT NULL,
  asked_at INTEGER NOT NULL,
  packages_set INTEGER,
  packages_at INTEGER NOT NULL,
  packages_asked_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX machines_by_credential ON machines (credential_hash);
CREATE INDEX machines_by_machine_id ON machines (machine_id);
CREATE INDEX machines_by_packages ON machines (packages_set);

CREATE TABLE machine_streams (
  machine_key TEXT NOT NULL,
  stream TEXT NOT NULL,
  last_sequence INTEGER NOT NULL,
  gaps INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  heard_at INTEGER NOT NULL,
  PRIMARY KEY (machine_key, stream)
) WITHOUT ROWID;

CREATE TABLE host_controls (
  machine_key TEXT NOT NULL,
  control TEXT NOT NULL,
  status TEXT NOT NULL,
  failing INTEGER NOT NULL,
  since INTEGER NOT NULL,
  pass INTEGER NOT NULL,
  fail INTEGER NOT NULL,
  manual INTEGER NOT NULL,
  not_applicable INTEGER NOT NULL,
  error INTEGER NOT NULL,
  PRIMARY KEY (machine_key, control)
) WITHOUT ROWID;

CREATE TABLE host_control_resources (
  machine_key TEXT NOT NULL,
  control TEXT NOT NULL,
  scope TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  evidence TEXT NOT NULL,
  PRIMARY KEY (machine_key, control, scope, id)
) WITHOUT ROWID;

CREATE TABLE host_containers (
  machine_key TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  image_id TEXT NOT NULL,
  state TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (machine_key, id)
) WITHOUT ROWID;
CREATE INDEX host_containers_by_image ON host_containers (machine_key, image_id);

CREATE TABLE host_images (
  machine_key TEXT NOT NULL,
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  detail TEXT NOT NULL,
  set_id INTEGER,
  asked_at INTEGER NOT NULL,
  PRIMARY KEY (machine_key, id)
) WITHOUT ROWID;
CREATE INDEX host_images_by_set ON host_images (set_id);

CREATE TABLE host_image_digests (
  machine_key TEXT NOT NULL,
  image_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (machine_key, image_id, digest)
) WITHOUT ROWID;
CREATE INDEX host_image_digests_by_digest ON host_image_digests (digest);
CREATE INDEX images_by_content ON images (digest);

CREATE TABLE host_objects (
  machine_key TEXT NOT NULL,
  kind TEXT NOT NULL,
  id TEXT NOT NULL,
  detail TEXT NOT NULL,
  PRIMARY KEY (machine_key, kind, id)
) WITHOUT ROWID;

CREATE TABLE host_history (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  machine_key TEXT NOT NULL,
  at INTEGER NOT NULL,
  kind TEXT NOT NULL,
  title TEXT NOT NULL,
  before TEXT NOT NULL,
  after TEXT NOT NULL,
  detail TEXT NOT NULL,
  control TEXT NOT NULL
);
CREATE INDEX host_history_by_machine ON host_history (machine_key, id);
CREATE INDEX host_history_by_time ON host_history (at);
)sql";

constexpr Migration kMigrations[] = {
    {1, "resources, identities, jobs, images, assessments", kFirst},
    {2, "failures and crashes of jobs", kJobCrashes},
    {3, "images in several indexes", kImageParents},
    {4, "records for the workspace", kRecords},
    {5, "container hosts", kHosts},
};

}  // namespace

std::span<const Migration> migrations() { return kMigrations; }

}  // namespace store
