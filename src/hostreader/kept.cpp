// SPDX-License-Identifier: Apache-2.0
#include "hostreader/kept.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "benchmark/collect.hpp"
#include "benchmark/masking.hpp"
#include "benchmark/proc_text.hpp"
#include "benchmark/shapes.hpp"

namespace hostreader {

namespace {

void drop(base::Json& value, std::initializer_list<std::string_view> members) {
  if (value.is_object())
    for (const std::string_view member : members) value.get_object().erase(member);
}

void drop_in_each(base::Json* list, std::initializer_list<std::string_view> members) {
  if (list && list->is_array())
    for (base::Json& item : list->get_array()) drop(item, members);
}

void add_members(base::Json& to, const base::Json& from) {
  if (!to.is_object() || !from.is_object()) return;
  for (const auto& member : from.get_object()) to.get_object().insert_or_assign(member.key(), member.value());
}

std::string_view path_only(std::string_view word) { return word.starts_with('/') ? word : std::string_view(); }

}  // namespace

std::string kept_command_line(std::string_view command_line, bool of_daemon) {
  std::string out;
  if (of_daemon) {
    for (const std::string& word : benchmark::kept_arguments(command_line)) out.append(word).push_back('\0');
    return out;
  }
  const auto words = base::split(command_line, '\0');
  if (words.size() > 1) {
    out.append(words[0]).push_back('\0');
    return out.append(path_only(words[1]));
  }
  out = benchmark::nth_word(command_line, 0);  // programs that write their title: "sshd: user"
  if (const auto path = path_only(benchmark::nth_word(command_line, 1)); !path.empty()) out.append(" ").append(path);
  return out;
}

std::string kept_environment(std::string_view text) {
  std::string out;
  for (const std::string_view line : base::split_lines(text))
    if (line.find("DOCKER_CONTENT_TRUST") != std::string_view::npos) out.append(line).push_back('\n');
  return out;
}

std::string kept_containerd(std::string_view text) {
  const std::string address = benchmark::containerd_address(text);
  return address.empty() ? std::string() : "[grpc]\naddress = " + base::to_text(base::Json(address)) + "\n";
}

base::Result<std::string> kept_daemon_config(std::string_view text, const std::string& path) {
  const base::Json json = TRY(base::parse_json(text, path));
  if (!json.is_object()) return "null";
  return base::to_text(benchmark::keep_only(json, benchmark::kDaemonConfigShape));
}

base::Json kept_info(const base::Json& info) {
  base::Json out = info;
  drop(out, {"HttpProxy", "HttpsProxy", "Labels"});
  return out;
}

base::Json kept_container(const base::Json& inspect) {
  base::Json out = benchmark::kept_container(inspect);
  add_members(out, benchmark::keep_only(inspect, "ExecIDs"));
  return out;
}

base::Json kept_image(const base::Json& inspect) {
  base::Json out = benchmark::kept_image(inspect);
  add_members(out, benchmark::keep_only(inspect, "Os Architecture Variant RootFS{Type Layers}"));
  return out;
}

base::Json kept_history(const base::Json& history) {
  base::Json out = benchmark::kept_history(history);
  if (!out.is_array()) return out;
  for (std::size_t i = 0; i < out.get_array().size(); ++i)
    add_members(out.get_array()[i], benchmark::keep_only(history.get_array()[i], "Size"));
  return out;
}

base::Json kept_container_list(const base::Json& list) {
  base::Json out = list;
  drop_in_each(&out, {"Command"});
  return out;
}

base::Json kept_top(const base::Json& top) {
  const auto& titles = base::get_array(top, "Titles");
  const auto title = std::find_if(titles.begin(), titles.end(), [](const base::Json& word) {
    return base::as_string(word) == "CMD" || base::as_string(word) == "COMMAND";
  });
  if (title == titles.end()) return base::JsonObject();
  const auto column = static_cast<std::size_t>(title - titles.begin());
  base::JsonArray rows;
  for (const base::Json& row : base::get_array(top, "Processes")) {
    const auto* cells = row.if_array();
    if (!cells || cells->size() <= column) break;
    const std::string_view line = base::as_string((*cells)[column]);
    std::string kept(benchmark::nth_word(line, 0));
    if (const auto path = path_only(benchmark::nth_word(line, 1)); !path.empty()) kept.append(" ").append(path);
    base::JsonArray cell{base::Json(kept)};
    rows.push_back(std::move(cell));
  }
  return base::JsonObject{{"Titles", base::JsonArray{"CMD"}}, {"Processes", std::move(rows)}};
}

base::Json kept_volumes(const base::Json& volumes) {
  base::Json out = volumes;
  if (out.is_object()) drop_in_each(out.get_object().if_contains("Volumes"), {"Options", "Status"});
  return out;
}

}  // namespace hostreader
