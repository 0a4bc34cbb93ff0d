// SPDX-License-Identifier: Apache-2.0
// Checks are pure functions: facts in, verdict with evidence out. A control (control.hpp) names one with parameters.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "benchmark/facts.hpp"
#include "benchmark/field.hpp"
#include "benchmark/verdict.hpp"

namespace benchmark {

// What a check is asked about: the host once, or each container, image or network.
enum class Scope { host, container, image, network };
std::string_view scope_name(Scope scope);

// What a check reads, as bits. A change on the host touches the controls whose checks read what changed; and before a
// check is called, whatever could not be read of these answers for it with an error.
enum Reads : std::uint32_t {
  kReadsNothing = 0,
  kReadsVersion = 1u << 0,      // GET /version
  kReadsInfo = 1u << 1,         // GET /info
  kReadsNetworks = 1u << 2,     // GET /networks/{id}
  kReadsSwarm = 1u << 3,        // GET /swarm
  kReadsNodes = 1u << 4,        // GET /nodes
  kReadsSecrets = 1u << 5,      // GET /secrets
  kReadsOptions = 1u << 6,      // dockerd's arguments and daemon.json
  kReadsDaemon = 1u << 7,       // the daemon's process
  kReadsFiles = 1u << 8,        // owners and modes; which paths, paths_read() says
  kReadsAudit = 1u << 9,        // audit rules
  kReadsMounts = 1u << 10,      // mount points
  kReadsGroups = 1u << 11,      // /etc/group
  kReadsEnvironment = 1u << 12, // variables that every user gets
  kReadsContainer = 1u << 13,   // GET /containers/{id}/json
  kReadsProcess = 1u << 14,     // processes of a container
  kReadsExecs = 1u << 15,       // commands that were run in a container
  kReadsImage = 1u << 16,       // GET /images/{id}/json
  kReadsHistory = 1u << 17,     // GET /images/{id}/history
  kReadsContainers = 1u << 18,  // which containers there are
  kReadsImages = 1u << 19,      // which images there are
};

// What the people who run the host decide; without it some controls are left to them.
struct Settings {
  std::vector<std::string> trusted_users;   // who may be in the group docker
  std::vector<std::string> trusted_images;  // globs of image names
};

struct Subject {
  const HostFacts& host;
  const Settings& settings;
  const ContainerFacts* container = nullptr;  // of Scope::container
  const ImageFacts* image = nullptr;          // of Scope::image
  const base::Json* network = nullptr;        // of Scope::network

  // Of answers that the check's `reads` names.
  Field version(std::string_view path) const;
  Field info(std::string_view path) const;
  Field in_container(std::string_view path) const;
  Field in_image(std::string_view path) const;
  Field in_network(std::string_view path) const;
};

// What a control's `parameters` say. Octal numbers are numbers.
class Parameters {
 public:
  enum class Type { text, texts, number, octal };
  std::string_view text(std::string_view name) const;                  // empty where missing
  const std::vector<std::string>& texts(std::string_view name) const;  // empty where missing
  std::int64_t number(std::string_view name, std::int64_t otherwise = 0) const;

 private:
  friend class ControlReader;
  std::map<std::string, std::vector<std::string>, std::less<>> texts_;
  std::map<std::string, std::int64_t, std::less<>> numbers_;
};

struct Check {
  std::string_view name;
  Scope scope;
  std::uint32_t reads;  // Reads
  Verdict (*judge)(const Subject&, const Parameters&);
  struct Parameter {
    std::string_view name;
    Parameters::Type type;
    bool required;
  };
  std::vector<Parameter> parameters;
  bool for_podman = false;  // makes sense where podman answers in place of Docker; checks of containers and images always do
};

// All checks, by section of the benchmark that they were written for; any section may name any.
const std::vector<Check>& all_checks();
const std::vector<Check>& host_checks();       // checks_host.cpp
const std::vector<Check>& daemon_checks();     // checks_daemon.cpp
const std::vector<Check>& transport_checks();  // checks_transport.cpp
const std::vector<Check>& file_checks();       // checks_files.cpp
const std::vector<Check>& image_checks();      // checks_image.cpp
const std::vector<Check>& isolation_checks();  // checks_isolation.cpp
const std::vector<Check>& resource_checks();   // checks_resources.cpp
const std::vector<Check>& mount_checks();      // checks_mounts.cpp
const std::vector<Check>& port_checks();       // checks_ports.cpp
const std::vector<Check>& running_checks();    // checks_running.cpp
const std::vector<Check>& swarm_checks();      // checks_swarm.cpp

const Check* find_check(std::string_view name);

}  // namespace benchmark
