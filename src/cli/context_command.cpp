// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/rows.hpp"
#include "client/contexts.hpp"

namespace cli {

namespace {

// As it may be shown: without the token.
base::Json shown_context(const client::Context& context, bool current) {
  return base::JsonObject{{"name", context.name},           {"current", current},
                          {"url", context.url},             {"user", context.user},
                          {"signedIn", !context.token.empty()}, {"caFile", context.ca_file},
                          {"fingerprint", context.fingerprint}};
}

int no_context(const std::string& name) {
  return fail_with({base::Kind::not_found,
                    fmt::format("there is no context '{}'; bulwark context list names those there are", base::printable(name))});
}

}  // namespace

int run_context_list(const GlobalOptions& global, const ContextFlags& flags) {
  const auto formats = list_formats(flags.list);
  if (!formats) return usage_error(formats.error());
  const auto file = client::contexts_file();
  const auto contexts = client::load_contexts(file);
  if (!contexts) return fail_with(contexts.error());
  client::Rows rows;
  rows.total = static_cast<std::int64_t>(contexts->list.size());
  for (const auto& context : contexts->list) {
    rows.more = row_limit(flags.list) != 0 && rows.value.size() == row_limit(flags.list);
    if (rows.more) break;
    rows.value.push_back(shown_context(context, context.name == contexts->current));
  }
  const ListView view{"context", file.string(),
                      {{"Name", "name"}, {"Current", "current"}, {"Hub", "url"}, {"User", "user"}, {"Signed in", "signedIn"}},
                      "name"};
  return print_rows(global, *formats, view, rows);
}

int run_context_use(const GlobalOptions& global, const ContextFlags& flags) {
  const auto file = client::contexts_file();
  auto contexts = client::load_contexts(file);
  if (!contexts) return fail_with(contexts.error());
  const auto* context = contexts->find(flags.name);
  if (!context) return no_context(flags.name);
  contexts->current = context->name;
  if (const auto saved = client::save_contexts(*contexts, file); !saved) return fail_with(saved.error());
  print_hint(global, fmt::format("Commands speak to {} now.", context->url));
  return kDone;
}

int run_context_remove(const GlobalOptions& global, const ContextFlags& flags) {
  const auto file = client::contexts_file();
  auto contexts = client::load_contexts(file);
  if (!contexts) return fail_with(contexts.error());
  const auto* context = contexts->find(flags.name);
  if (!context) return no_context(flags.name);
  if (!context->token_id.empty())
    print_hint(global, "Its API token stays valid at the hub until it expires; bulwark logout takes one away.");
  contexts->remove(flags.name);
  if (contexts->current == flags.name) contexts->current.clear();
  const auto saved = client::save_contexts(*contexts, file);
  return saved ? kDone : fail_with(saved.error());
}

}  // namespace cli
