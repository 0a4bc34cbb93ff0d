// SPDX-License-Identifier: Apache-2.0
#include "client/contexts.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cstdlib>

#include "base/files.hpp"
#include "base/json.hpp"

namespace client {

namespace {

constexpr std::size_t kFileCap = 1u << 20;

std::string text_of(const base::Json& value, std::string_view key) { return std::string(base::get_string(value, key)); }

Context read_context(const base::Json& value) {
  return {text_of(value, "name"),    text_of(value, "url"),    text_of(value, "user"),       text_of(value, "token"),
          text_of(value, "tokenId"), text_of(value, "caFile"), text_of(value, "fingerprint")};
}

base::JsonObject write_context(const Context& context) {
  return {{"name", context.name},      {"url", context.url},         {"user", context.user},
          {"token", context.token},    {"tokenId", context.token_id}, {"caFile", context.ca_file},
          {"fingerprint", context.fingerprint}};
}

}  // namespace

const Context* Contexts::find(std::string_view name) const {
  const auto at = std::find_if(list.begin(), list.end(), [&](const Context& context) { return context.name == name; });
  return at == list.end() ? nullptr : &*at;
}

const Context* Contexts::find_by_url(std::string_view url) const {
  if (const auto* context = find(current); context && context->url == url) return context;
  const auto at = std::find_if(list.begin(), list.end(), [&](const Context& context) { return context.url == url; });
  return at == list.end() ? nullptr : &*at;
}

void Contexts::put(Context context) {
  remove(context.name);
  list.push_back(std::move(context));
  std::sort(list.begin(), list.end(), [](const Context& a, const Context& b) { return a.name < b.name; });
}

bool Contexts::remove(std::string_view name) {
  return std::erase_if(list, [&](const Context& context) { return context.name == name; }) > 0;
}

std::filesystem::path contexts_file() {
  const auto variable = [](const char* name) -> std::filesystem::path {
    const char* value = std::getenv(name);
    return value ? value : "";
  };
  if (auto file = variable("BULWARK_CONFIG"); !file.empty()) return file;
  if (auto dir = variable("XDG_CONFIG_HOME"); !dir.empty()) return dir / "bulwark" / "contexts.json";
  if (auto dir = variable("HOME"); !dir.empty()) return dir / ".config" / "bulwark" / "contexts.json";
  return "/etc/bulwark/contexts.json";
}

base::Result<Contexts> load_contexts(const std::filesystem::path& file) {
  struct stat status{};
  if (::stat(file.c_str(), &status) == 0 && (status.st_mode & 077) != 0)
    return base::fail(base::Kind::denied,
                      fmt::format("{0} holds tokens and may be read by others; run: chmod 600 {0}", file.string()));
  const auto text = base::read_file(file, kFileCap);
  if (!text && text.error().kind == base::Kind::not_found) return Contexts();
  if (!text) return base::fail(text.error());
  const auto json = TRY(base::parse_json(*text, file.string()));
  if (base::get_int(json, "schemaVersion").value_or(0) != 1)
    return base::fail(base::Kind::invalid_input,
                      fmt::format("{} is no list of contexts of this version; move it away and sign in again", file.string()));
  Contexts contexts;
  contexts.current = text_of(json, "current");
  for (const auto& entry : base::get_array(json, "contexts")) {
    auto context = read_context(entry);
    if (is_context_name(context.name) && !context.url.empty()) contexts.put(std::move(context));
  }
  return contexts;
}

base::Result<void> save_contexts(const Contexts& contexts, const std::filesystem::path& file) {
  base::JsonArray list;
  for (const auto& context : contexts.list) list.push_back(write_context(context));
  const base::Json json{{"schemaVersion", 1}, {"current", contexts.current}, {"contexts", std::move(list)}};
  return base::write_file_atomically(file, base::to_pretty_text(json), 0600);
}

bool is_context_name(std::string_view name) {
  constexpr std::string_view kAllowed = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:[]";
  return !name.empty() && name.size() <= 64 && name.find_first_not_of(kAllowed) == std::string_view::npos;
}

}  // namespace client
