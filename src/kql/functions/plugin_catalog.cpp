// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cassert>
#include <map>

#include "base/text.hpp"
#include "kql/evaluate/scalar.hpp"
#include "kql/functions/plugin.hpp"

namespace kql {

namespace {

const std::map<std::string_view, const Plugin*>& plugins() {
  static const auto all = [] {
    std::map<std::string_view, const Plugin*> out;
    for (const auto& family : {table_plugins(), lookup_plugins(), geo_plugins(), pattern_plugins(), window_plugins(), activity_plugins(), schema_plugins(),
                               sequence_plugins(), funnel_plugins(), text_pattern_plugins()})
      for (const Plugin& plugin : family) out.emplace(plugin.name, &plugin);
    return out;
  }();
  return all;
}

const Value* literal_of(const PluginArgument& argument) {
  const auto* literal = std::get_if<Literally>(&argument.value->node);
  return literal == nullptr ? nullptr : &literal->value;
}

}  // namespace

const Plugin* plugin_named(std::string_view name) {
  const auto at = plugins().find(name);
  return at == plugins().end() ? nullptr : at->second;
}

std::vector<std::string_view> plugin_names() {
  std::vector<std::string_view> out;
  for (const auto& [name, plugin] : plugins()) out.push_back(name);
  return out;
}

std::string_view refused_plugin(std::string_view name) {
  constexpr std::string_view kRemote = "would reach out of the workspace and is not allowed";
  constexpr std::string_view kStore = "belongs to the inside of another engine and is not supported";
  constexpr std::string_view kCode = "would run foreign code and is not allowed";
  static const std::map<std::string_view, std::string_view> kRefused{
      {"http_request", kRemote},       {"http_request_post", kRemote},  {"sql_request", kRemote},
      {"mysql_request", kRemote},      {"postgresql_request", kRemote}, {"cosmosdb_sql_request", kRemote},
      {"dax_request", kRemote},        {"execute_query", kRemote},      {"execute_show_command", kRemote},
      {"external_datatable", kRemote}, {"infer_storage_schema", kRemote}, {"infer_storage_schema_with_suggestions", kRemote},
      {"ai_embed_text", kRemote},      {"ai_embeddings", kRemote},      {"ai_chat_completion", kRemote},
      {"ai_chat_completion_prompt", kRemote}, {"azure_digital_twins_query_request", kRemote},
      {"python", kCode},               {"r", kCode},                    {"csharp", kCode},
      {"estimate_rows_count", kStore}, {"identity_v3", kStore}};
  const auto at = kRefused.find(name);
  return at == kRefused.end() ? std::string_view() : at->second;
}

std::vector<PluginParameter> parameters_of(const Plugin& plugin) {
  using Takes = PluginParameter::Takes;
  static const std::map<std::string_view, Takes> kWords{{"column", Takes::column}, {"table", Takes::table},         {"key", Takes::key},
                                                        {"value", Takes::value},   {"condition", Takes::condition}, {"constant", Takes::constant}};
  std::vector<PluginParameter> out;
  for (std::string_view text : base::split(plugin.parameters, ',')) {
    text = base::trim(text);
    if (text.empty()) continue;
    PluginParameter parameter;
    if (text.substr(text.size() - 3) == "...") {
      parameter.repeated = parameter.optional = true;
      text.remove_suffix(3);
    }
    if (text.back() == '?') {
      parameter.optional = true;
      text.remove_suffix(1);
    }
    const std::size_t blank = text.find(' ');
    assert(blank != std::string_view::npos && "a parameter is its name and what it takes");
    parameter.name = text.substr(0, blank);
    const std::string_view word = text.substr(blank + 1);
    if (const auto at = kWords.find(word); at != kWords.end()) parameter.takes = at->second;
    else parameter.type = *parse_type(word);
    out.push_back(parameter);
  }
  return out;
}

std::vector<const PluginArgument*> PluginCall::all(std::string_view parameter) const {
  std::vector<const PluginArgument*> out;
  for (const PluginArgument& argument : arguments_)
    if (argument.parameter == parameter) out.push_back(&argument);
  return out;
}

std::vector<std::size_t> PluginCall::columns(std::string_view parameter) const {
  std::vector<std::size_t> out;
  for (const PluginArgument* argument : all(parameter)) out.push_back(std::get<ColumnOf>(argument->value->node).index);
  return out;
}

std::optional<std::size_t> PluginCall::optional_column(std::string_view parameter) const {
  const auto all_columns = columns(parameter);
  return all_columns.empty() ? std::nullopt : std::optional(all_columns.front());
}

std::size_t PluginCall::column(std::string_view parameter) const { return columns(parameter).front(); }

Value PluginCall::value(std::string_view parameter, Type type) const {
  const auto given = all(parameter);
  const Value* value = given.empty() ? nullptr : literal_of(*given.front());
  return value == nullptr ? Value() : convert(*value, given.front()->value->type, type);
}

double PluginCall::number(std::string_view parameter, double otherwise) const {
  const Value number = value(parameter, Type::real);
  return number.is_null() ? otherwise : number.real();
}

bool PluginCall::flag(std::string_view parameter) const {
  const Value flag = value(parameter, Type::boolean);
  return !flag.is_null() && flag.boolean();
}

std::string PluginCall::text(std::string_view parameter) const {
  const Value text = value(parameter, Type::string);
  return text.is_null() ? std::string() : text.text();
}

}  // namespace kql
