// SPDX-License-Identifier: Apache-2.0
#include "hostreader/gate.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "hostreader/allowed.hpp"
#include "hostreader/kept.hpp"

namespace hostreader {

namespace {

constexpr std::size_t kConfigCap = 1u << 20;

base::Error refused(std::string_view what, std::string_view thing) {
  return {base::Kind::denied, fmt::format("the host reader does not {} {}", what, base::printable(thing.substr(0, 200)))};
}

// Of an answer that is no success the engine's message alone.
base::Json message_of(const base::Json& answer) {
  return base::JsonObject{{"message", base::get_string(answer, "message").substr(0, 1'000)}};
}

std::string cut_text(Cut cut, std::string&& text, bool of_daemon) {
  switch (cut) {
    case Cut::whole: break;
    case Cut::command_line: return kept_command_line(text, of_daemon);
    case Cut::environment: return kept_environment(text);
    case Cut::containerd: return kept_containerd(text);
  }
  return std::move(text);
}

}  // namespace

base::Result<std::string> CarefulHost::read(const std::string& path, std::size_t cap) {
  OpenedFile file = TRY(open_(path, cap));
  return std::move(file.bytes);
}

base::Result<Answer> Gate::answer(const Request& request) {
  const std::lock_guard lock(mutex_);
  switch (request.op) {
    case Op::socket: return Answer{base::Json(host_.engine_socket()), {}};
    case Op::get: return get(request.path);
    case Op::stat: return stat(request.path);
    case Op::read: return read(request.path, request.cap);
    case Op::link: return read_link(request.path);
    case Op::list: return list(request.path);
    case Op::process: {
      const auto pid = host_.engine_process();
      return Answer{pid ? base::Json(*pid) : base::Json(), {}};
    }
    case Op::audit: {
      const auto rules = TRY(host_.audit_rules());
      return Answer{nullptr, base::to_text(to_json(rules))};
    }
    case Op::follow: break;
  }
  return base::fail(base::Kind::internal, "streams are followed");
}

base::Result<Answer> Gate::get(const std::string& target) {
  const EnginePath* row = find_engine_path(target, false);
  if (!row) return base::fail(refused("ask the engine for", target));
  benchmark::EngineAnswer answer = TRY(host_.get(target));
  const bool success = answer.status >= 200 && answer.status < 300;
  if (success && !row->keep) return Answer{base::Json(answer.status), std::move(answer.body)};
  const auto json = base::parse_json(answer.body, "GET " + target);
  if (success && !json) return base::fail(json.error());
  base::Json kept = success ? row->keep(*json) : message_of(json ? *json : base::Json());
  return Answer{base::Json(answer.status), base::to_text(kept)};
}

base::Result<void> Gate::follow(const std::string& path, const std::function<bool(std::string_view bytes)>& sink) {
  if (!find_engine_path(path, true)) return base::fail(refused("follow", path));
  return host_.follow(path, sink);
}

base::Result<Answer> Gate::stat(const std::string& path) {
  if (!is_plain_path(path) || !(is_visible(path) || places_.shows(path))) return base::fail(refused("look at", path));
  const benchmark::FileStatus status = TRY(host_.stat(path));
  return Answer{to_json(status), {}};
}

base::Result<Answer> Gate::read(const std::string& path, std::size_t cap) {
  if (!is_plain_path(path)) return base::fail(refused("read", path));
  if (const FileRule* rule = find_readable(path)) return read_listed(path, *rule, std::min(cap, rule->cap));
  if (places_.is_daemon_config(path)) return read_daemon_config(path, std::min(cap, kConfigCap));
  return base::fail(refused("read", path));
}

base::Result<Answer> Gate::read_listed(const std::string& path, const FileRule& rule, std::size_t cap) {
  const std::string target = rule.instead.empty() ? path : std::string(rule.instead);
  OpenedFile file = TRY(open_(target, cap));
  // A link may lead to another file of the table that is cut in the same way, and nowhere else.
  const FileRule* real = file.real_path == target ? &rule : find_readable(file.real_path);
  if (!real || real->cut != rule.cut) return base::fail(refused("read", fmt::format("{}, which leads to {}", path, file.real_path)));
  bool of_daemon = false;
  if (rule.cut == Cut::command_line) {
    const auto name = open_(std::string(base::cut_last(path, "/").first) + "/comm", 64);
    of_daemon = name && base::trim(name->bytes) == "dockerd";
  }
  return Answer{nullptr, cut_text(rule.cut, std::move(file.bytes), of_daemon)};
}

// The daemon's user may have made the file a link, or named another in the daemon's arguments: only what is that user's own
// is read, and of it only what is daemon.json's.
base::Result<Answer> Gate::read_daemon_config(const std::string& path, std::size_t cap) {
  const OpenedFile file = TRY(open_(path, cap));
  if (places_.daemon_uid() != 0 && file.uid != places_.daemon_uid())
    return base::fail(refused("read", path + ", which is not the daemon's own"));
  std::string kept = TRY(kept_daemon_config(file.bytes, path));
  return Answer{nullptr, std::move(kept)};
}

base::Result<Answer> Gate::read_link(const std::string& path) {
  if (!is_readable_link(path)) return base::fail(refused("read the link", path));
  const std::string target = TRY(host_.read_link(path));
  // What files a process has open is nobody's business; which socket it listens on is the benchmark's.
  if (!path.ends_with("/exe") && !target.starts_with("socket:[")) return base::fail(refused("tell where this leads:", path));
  return Answer{base::Json(target), {}};
}

base::Result<Answer> Gate::list(const std::string& path) {
  if (!is_plain_path(path) || !(is_listable(path) || places_.lists(path))) return base::fail(refused("list", path));
  const auto names = TRY(host_.list(path));
  return Answer{nullptr, base::to_text(to_json(names))};
}

}  // namespace hostreader
