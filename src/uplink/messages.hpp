// SPDX-License-Identifier: Apache-2.0
// What an agent tells its hub, as values and as JSON (docs/agent.md). A batch is a header and messages, JSON a line each, in the order
// in which they came to be; the hub takes a batch whole or not at all, and remembers the last sequence it took of each stream.
// Both sides are hostile to each other: sizes and counts are capped where a batch is read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace uplink {

inline constexpr std::size_t kBatchBytes = 16u << 20;    // of a batch, not compressed
inline constexpr std::size_t kMessageBytes = 8u << 20;   // of one message; larger ones are parted by who makes them
inline constexpr std::size_t kBatchMessages = 10'000;
inline constexpr std::size_t kTextBytes = 4096;  // of each text; to_json() cuts longer ones and makes them safe to print

// ---- Who speaks, and how it fares: the first line of each batch. A batch without messages is a sign of life.

struct AgentStatus {
  std::string version;              // "1.0.0"
  std::int64_t started_at = 0;      // ms since 1970
  std::int64_t resident_bytes = 0;  // of the agent's process
  double cpu_seconds = 0;           // that it has used
  std::int64_t spool_messages = 0, spool_bytes = 0;  // that wait behind this batch
  std::int64_t lost_messages = 0;   // of this stream, because the spool was full; never falls
  std::vector<std::string> problems;  // what the agent cannot do now, a sentence each: "The reader does not answer: …"
};

struct BatchHeader {
  std::string stream;  // UUID, made with the spool: sequences count within it
  AgentStatus status;
};

// ---- The machine

enum class EngineKind { none, docker, podman, unreachable };

struct Management {
  bool managed = false;
  std::string by;      // "kubelet", "swarm", "ecs", "nomad", "rancher"; empty where unmanaged
  std::string reason;  // a sentence: what says so
  bool operator==(const Management&) const = default;
};

struct Machine {
  std::string name;        // host name
  std::string machine_id;  // 32 hex digits of /etc/machine-id; empty where there is none
  std::string os, os_id, os_version, kernel, architecture;  // "Debian GNU/Linux 12 (bookworm)", "debian", "12", "6.1.0-18-amd64", "x86_64"
  std::vector<std::string> addresses;
  std::int64_t cpus = 0, memory_bytes = 0;
  EngineKind engine = EngineKind::none;
  std::string engine_version, api_version, storage_driver, engine_error;  // the last where it is unreachable
  bool rootless = false, userns_remap = false, swarm = false;
  bool containerd_alone = false;  // containerd runs without Docker
  Management management;          // of the host as a whole
  bool operator==(const Machine&) const = default;
};

// ---- What is on it

struct Container {
  std::string id, name, image, image_id;  // image as it was named at the start; image_id "sha256:…"
  std::string state;                      // created, running, paused, restarting, removing, exited, dead
  std::int64_t created_at = 0, started_at = 0, finished_at = 0;  // ms; 0: not known
  std::optional<int> exit_code;
  std::int64_t restarts = 0;
  bool privileged = false;
  std::string user, network_mode, command;
  std::vector<std::string> ports;                          // "0.0.0.0:8080->80/tcp"
  std::vector<std::pair<std::string, std::string>> labels; // at most 64, values cut at 256 bytes
  Management management;
  bool operator==(const Container&) const = default;
};

struct Image {
  std::string id;                     // "sha256:…" of its configuration
  std::vector<std::string> names;     // "nginx:1.25"
  std::vector<std::string> digests;   // "nginx@sha256:…", of the manifest: what scans are joined by
  std::int64_t size_bytes = 0, created_at = 0;
  bool operator==(const Image&) const = default;
};

struct Network {
  std::string id, name, driver, scope;
  bool operator==(const Network&) const = default;
};

struct Volume {
  std::string name, driver, mountpoint;
  bool operator==(const Volume&) const = default;
};

// Whole: everything there is, being what stands in the lists and, where it did not fit one message, what messages before it said of
// those that it names as kept. Else what was added or changed, and what is gone (by id, a volume by name).
struct Inventory {
  bool whole = false;
  std::vector<Container> containers;
  std::vector<Image> images;
  std::vector<Network> networks;
  std::vector<Volume> volumes;
  std::vector<std::string> gone_containers, gone_images, gone_networks, gone_volumes;
  std::vector<std::string> kept_containers, kept_images, kept_networks, kept_volumes;  // of a whole one alone
};

// ---- How it compares with the benchmark

struct ResourceResult {
  std::string scope;     // host, container, image, network
  std::string id, name;
  std::string status;    // pass, fail, manual, notApplicable, error
  base::Json evidence;   // as in the report of `bulwark audit`: [{source, path, value, message}]
};

struct ControlCounts {
  std::int64_t pass = 0, fail = 0, manual = 0, not_applicable = 0, error = 0;  // resources
};

// One control. Resources that pass, or that it does not concern, are counts alone, but for the host itself, which is always there.
struct ControlResult {
  std::string id;      // "5.10"
  std::string status;  // the worst of its resources
  ControlCounts counts;
  std::vector<ResourceResult> resources;
  std::vector<std::string> settled;  // where the assessment is not whole: "scope/id" of resources that now pass, are not concerned or gone
};

// Whole: every control of the benchmark. Else those that were judged again and came out otherwise, each with the resources that changed.
struct Assessment {
  bool whole = false;
  bool more = false;                 // of a whole one that does not fit one message: the next has further controls, with the same id
  std::string id;                    // UUID; a change carries that of the whole assessment it changes
  std::string benchmark, benchmark_version;  // "cis-docker", "1.6.0"
  std::string cause;                 // start, daily, asked, event: "container start web", file: "/etc/docker/daemon.json"
  std::int64_t took_ms = 0;
  std::vector<ControlResult> controls;
};

// ---- What is installed

// Packages of the host, or of an image that stands on it.
struct Packages {
  std::string image_id;  // empty: of the host itself
  base::Json inventory;  // model::Inventory as JSON (uplink/inventory_json.hpp)
};

using Body = std::variant<Machine, Inventory, Assessment, Packages>;

struct Message {
  std::uint64_t sequence = 0;  // 1, 2, 3 … within the stream
  std::int64_t at = 0;         // ms since 1970, by the host's clock
  Body body;
};

struct Batch {
  BatchHeader header;
  std::vector<Message> messages;
};

// ---- As JSON

base::Json to_json(const BatchHeader& header);
base::Json to_json(const Message& message);  // {"sequence", "at", "type": machine | inventory | assessment | packages, "body"}

// Kind::invalid_input names the line and the member; Kind::too_large what is past a cap. Members that are not known are passed over;
// a member that is missing is empty, zero or false, but for those that name something (ids, statuses).
base::Result<Message> parse_message(std::string_view line);
base::Result<Batch> parse_batch(std::string_view lines);

// The answer to a batch. Numbers out of their range are taken as the nearest one in it.
struct Settings {
  std::int64_t heartbeat_seconds = 60;   // 5 … 3600
  std::int64_t assess_seconds = 86'400;  // between whole assessments; 60 …
  std::vector<std::string> trusted_users, trusted_images;  // benchmark::Settings
};

struct Reply {
  std::uint64_t acknowledged = 0;  // the last sequence taken of this stream
  Settings settings;
  std::vector<std::string> requests;  // "assess", "inventory", "packages": do so now
};
base::Json to_json(const Reply& reply);
base::Result<Reply> parse_reply(std::string_view text);

// ---- Enrolment

// A one-time token as people copy it: "bwe_ID.SECRET.FINGERPRINT", the last being the SHA-256 of the hub's certificate in lower-case hex,
// or "-" where the certificate is to be verified by authorities (or the hub is reached on loopback without TLS).
struct EnrollmentToken {
  std::string id, secret, fingerprint;
};
std::string to_text(const EnrollmentToken& token);
base::Result<EnrollmentToken> parse_token(std::string_view text);

struct EnrollRequest {
  std::string token;  // the whole text
  Machine machine;
  std::string agent_version;
};
base::Json to_json(const EnrollRequest& request);
base::Result<EnrollRequest> parse_enroll_request(std::string_view text);

struct Enrolled {
  std::string resource_id;  // of the machine
  std::string credential;   // "Authorization: Bearer …" of its reports; shown once
  Settings settings;
};
base::Json to_json(const Enrolled& enrolled);
base::Result<Enrolled> parse_enrolled(std::string_view text);

}  // namespace uplink
