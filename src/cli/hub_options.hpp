// SPDX-License-Identifier: Apache-2.0
// The flags of the verbs that run a hub or speak to one, as plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "cli/options.hpp"

namespace cli {

// Which hub, and how to trust it. What is empty comes from the context.
struct HubTarget {
  std::string hub;          // URL or name of a context; empty: the current context
  std::string ca_file;      // PEM
  std::string fingerprint;  // SHA-256 of the certificate
};

struct ListFlags {
  std::vector<std::string> formats;  // NAME[=FILE]: table, json, csv, name
  std::size_t limit = 50;
  bool all = false;
  std::string sort;  // field of the rows, '-' in front for descending
};

struct HubFlags {
  std::string data;
  std::string listen = "127.0.0.1:8443";
  std::string tls_certificate, tls_key;
  bool self_signed = false;
  std::vector<std::string> names;
  std::string public_url;
  std::string database;
  int refresh_hours = 6;
  int heartbeat_seconds = 60;
  std::string update_url;
  std::string configuration;
  std::string secret_rules, yara_rules;
  std::size_t scan_threads = 2;
  bool allow_private = false;
  std::string oidc_file;
  std::string clickhouse_file;
  std::string geo_database;
  std::string own_machine = "auto";
  std::string reader;
  std::vector<std::string> trusted_users, trusted_images;
};

struct HubArchiveFlags {
  std::string file;
  std::string data;
};

struct HubLinkFlags {
  std::string user;
  std::string data;
  std::string public_url;
};

struct ApplyFlags {
  HubTarget target;
  std::string file;  // "-": standard input
};

struct LoginFlags {
  std::string url;
  std::string name;
  bool token_stdin = false;
  std::string username;
  bool password_stdin = false;
  std::string client_id, tenant;
  bool secret_stdin = false;
  int days = 90;
  std::string ca_file, fingerprint;
};

struct ContextFlags {
  std::string name;
  ListFlags list;
};

struct WhoamiFlags {
  HubTarget target;
  std::vector<std::string> formats;
};

struct RegistryFlags {
  HubTarget target;
  ListFlags list;
  std::vector<std::string> names;  // add: one
  std::string host;
  std::string username;
  bool password_stdin = false;
  std::string ca_file;
  bool plain_http = false;
  std::vector<std::string> repositories, platforms;
  int poll_minutes = -1;  // -1: the hub's default
  std::string untagged;   // "assess", "ignore"; empty: the hub's default
  bool replace = false;
  bool rescan = false;
};

struct HostFlags {
  HubTarget target;
  ListFlags list;
  std::vector<std::string> names;  // hosts; token remove: ids
  std::string state, status, engine;
  bool unmanaged = false;
  // token
  std::string expires;
  int uses = 1;
  std::vector<std::string> labels;  // NAME=VALUE
  bool token_alone = false;
};

struct RecommendationFlags {
  HubTarget target;
  ListFlags list;
  std::string key;
  std::vector<std::string> severities;
  std::string status, owner;
  // exempt
  std::string registry, image, resource;  // at most one; none: everything
  std::string reason, category = "waiver", expires, name;
  std::vector<std::string> findings;
};

struct FindingFlags {
  HubTarget target;
  ListFlags list;
  std::string id, image;
  std::vector<std::string> severities;
  std::string registry, repository, digest, category, vulnerability, package, status;
  bool only_fixed = false;
  bool kev = false;
  double cvss = 0;
};

struct ImageFlags {
  HubTarget target;
  ListFlags list;
  std::vector<std::string> references;
  std::string registry, repository, tag, scan_state;
  std::vector<std::string> severities;
  bool unhealthy = false;
  bool yes = false;
};

struct GateFlags {
  HubTarget target;
  std::string reference;
  std::vector<std::string> formats;
  std::string severity = "high";
  bool only_fixed = false;
  int max_age_days = 0;  // 0: any age
  bool require_approval = false;
  bool require_signature = false;
  int wait_seconds = 0;
};

int run_hub(const GlobalOptions& global, const HubFlags& flags);
int run_hub_backup(const GlobalOptions& global, const HubArchiveFlags& flags);
int run_hub_restore(const GlobalOptions& global, const HubArchiveFlags& flags);
int run_hub_link(const GlobalOptions& global, const HubLinkFlags& flags);
int run_hub_apply(const GlobalOptions& global, const ApplyFlags& flags);
int run_login(const GlobalOptions& global, const LoginFlags& flags);
int run_logout(const GlobalOptions& global, const ContextFlags& flags);
int run_whoami(const GlobalOptions& global, const WhoamiFlags& flags);
int run_context_list(const GlobalOptions& global, const ContextFlags& flags);
int run_context_use(const GlobalOptions& global, const ContextFlags& flags);
int run_context_remove(const GlobalOptions& global, const ContextFlags& flags);
int run_registry_add(const GlobalOptions& global, const RegistryFlags& flags);
int run_registry_list(const GlobalOptions& global, const RegistryFlags& flags);
int run_registry_test(const GlobalOptions& global, const RegistryFlags& flags);
int run_registry_scan(const GlobalOptions& global, const RegistryFlags& flags);
int run_registry_remove(const GlobalOptions& global, const RegistryFlags& flags);
int run_host_list(const GlobalOptions& global, const HostFlags& flags);
int run_host_show(const GlobalOptions& global, const HostFlags& flags);
int run_host_token(const GlobalOptions& global, const HostFlags& flags);
int run_host_token_list(const GlobalOptions& global, const HostFlags& flags);
int run_host_token_remove(const GlobalOptions& global, const HostFlags& flags);
int run_host_assess(const GlobalOptions& global, const HostFlags& flags);
int run_host_remove(const GlobalOptions& global, const HostFlags& flags);
int run_recommendation_list(const GlobalOptions& global, const RecommendationFlags& flags);
int run_recommendation_show(const GlobalOptions& global, const RecommendationFlags& flags);
int run_recommendation_exempt(const GlobalOptions& global, const RecommendationFlags& flags);
int run_finding_list(const GlobalOptions& global, const FindingFlags& flags);
int run_finding_show(const GlobalOptions& global, const FindingFlags& flags);
int run_image_list(const GlobalOptions& global, const ImageFlags& flags);
int run_image_show(const GlobalOptions& global, const ImageFlags& flags);
int run_image_delete(const GlobalOptions& global, const ImageFlags& flags);
int run_gate(const GlobalOptions& global, const GateFlags& flags);

}  // namespace cli
