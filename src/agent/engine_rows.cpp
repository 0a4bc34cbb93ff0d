// SPDX-License-Identifier: Apache-2.0
#include "agent/engine_rows.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "agent/management.hpp"
#include "base/text.hpp"
#include "base/time.hpp"

namespace agent {

namespace {

constexpr std::size_t kMostLabels = 64, kLabelBytes = 256;
constexpr std::size_t kMostPorts = 200;
constexpr std::size_t kShortText = 1'024;

std::string short_text(const base::Json& value, std::string_view key, std::size_t most = kShortText) {
  return base::printable(base::get_string(value, key).substr(0, most));
}

const base::Json& below(const base::Json& value, std::string_view key) {
  static const base::Json none;
  const base::Json* found = base::find(value, key);
  return found ? *found : none;
}

// Labels of orchestrators first, for they tell who manages the container; many labels must not hide them.
Labels labels_of(const base::Json& config) {
  Labels orchestrators, others;
  for (const auto& label : base::get_object(config, "Labels")) {
    const std::string_view key = std::string_view(label.key()).substr(0, kLabelBytes);
    std::pair<std::string, std::string> entry{base::printable(key),
                                              base::printable(base::as_string(label.value()).substr(0, kLabelBytes))};
    (management_of_container({entry}, {}).managed ? orchestrators : others).push_back(std::move(entry));
  }
  for (auto& entry : others) orchestrators.push_back(std::move(entry));
  if (orchestrators.size() > kMostLabels) orchestrators.resize(kMostLabels);
  return orchestrators;
}

void add_bindings(std::string_view inside, const base::Json& bindings, std::vector<std::string>& ports) {
  if (!bindings.is_array()) return;
  for (const base::Json& binding : bindings.get_array()) {
    if (ports.size() == kMostPorts) return;
    const std::string_view address = base::get_string(binding, "HostIp"), port = base::get_string(binding, "HostPort");
    const bool six = address.find(':') != std::string_view::npos;
    ports.push_back(base::printable(fmt::format("{}{}{}:{}->{}", six ? "[" : "", address.empty() ? "0.0.0.0" : address,
                                                six ? "]" : "", port, inside.substr(0, 32))));
  }
}

// Of a running container what is bound, else what is to be.
std::vector<std::string> ports_of(const base::Json& inspect) {
  std::vector<std::string> ports;
  for (const auto& port : base::get_object(below(inspect, "NetworkSettings"), "Ports")) add_bindings(port.key(), port.value(), ports);
  if (ports.empty())
    for (const auto& port : base::get_object(below(inspect, "HostConfig"), "PortBindings")) add_bindings(port.key(), port.value(), ports);
  std::sort(ports.begin(), ports.end());
  return ports;
}

std::vector<std::string> texts_of(const base::Json& entry, std::string_view key) {
  std::vector<std::string> out;
  for (const base::Json& text : base::get_array(entry, key))
    if (out.size() < 1'000 && !base::as_string(text).starts_with("<none>"))
      out.push_back(base::printable(base::as_string(text).substr(0, kShortText)));
  return out;
}

}  // namespace

std::int64_t milliseconds_of(std::string_view time) {
  const auto seconds = base::parse_time(time);
  if (!seconds || seconds->time_since_epoch().count() <= 0) return 0;
  std::int64_t fraction = 0;
  if (const auto point = time.find('.'); point != std::string_view::npos) {
    std::int64_t unit = 100;
    for (std::size_t i = point + 1; i < time.size() && unit > 0 && time[i] >= '0' && time[i] <= '9'; ++i, unit /= 10)
      fraction += unit * (time[i] - '0');
  }
  return seconds->time_since_epoch().count() * 1'000 + fraction;
}

uplink::Container container_of(const base::Json& inspect) {
  const base::Json &state = below(inspect, "State"), &config = below(inspect, "Config"), &host = below(inspect, "HostConfig");
  uplink::Container out;
  out.id = short_text(inspect, "Id");
  const std::string name = short_text(inspect, "Name");
  out.name = name.starts_with('/') ? name.substr(1) : name;
  out.image = short_text(config, "Image");
  out.image_id = short_text(inspect, "Image");
  out.state = short_text(state, "Status");
  out.created_at = milliseconds_of(base::get_string(inspect, "Created"));
  out.started_at = milliseconds_of(base::get_string(state, "StartedAt"));
  out.finished_at = milliseconds_of(base::get_string(state, "FinishedAt"));
  const bool ended = out.finished_at > 0 && !base::get_bool(state, "Running");
  if (const auto code = base::get_int(state, "ExitCode"); code && ended) out.exit_code = static_cast<int>(*code);
  out.restarts = base::get_int(inspect, "RestartCount").value_or(0);
  out.privileged = base::get_bool(host, "Privileged");
  out.user = short_text(config, "User");
  out.network_mode = short_text(host, "NetworkMode");
  out.command = short_text(inspect, "Path");  // arguments may carry passwords
  out.ports = ports_of(inspect);
  out.labels = labels_of(config);
  out.management = management_of_container(out.labels, out.name);
  return out;
}

std::optional<uplink::Image> image_of(const base::Json& entry) {
  uplink::Image out;
  out.id = short_text(entry, "Id");
  if (out.id.empty()) return std::nullopt;
  out.names = texts_of(entry, "RepoTags");
  out.digests = texts_of(entry, "RepoDigests");
  out.size_bytes = base::get_int(entry, "Size").value_or(0);
  out.created_at = std::clamp<std::int64_t>(base::get_int(entry, "Created").value_or(0), 0, 253'402'300'799) * 1'000;
  return out;
}

std::optional<uplink::Network> network_of(const base::Json& entry) {
  uplink::Network out{short_text(entry, "Id"), short_text(entry, "Name"), short_text(entry, "Driver"), short_text(entry, "Scope")};
  return out.id.empty() ? std::nullopt : std::optional(std::move(out));
}

std::optional<uplink::Volume> volume_of(const base::Json& entry) {
  uplink::Volume out{short_text(entry, "Name"), short_text(entry, "Driver"), short_text(entry, "Mountpoint")};
  return out.name.empty() ? std::nullopt : std::optional(std::move(out));
}

}  // namespace agent
