// SPDX-License-Identifier: Apache-2.0
// The command line as a whole: global options, usage errors, completions. The commands are in tree_*.cpp.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <clocale>
#include <memory>
#include <sstream>

#include "base/text.hpp"
#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/tree.hpp"

namespace cli {

namespace {

constexpr const char* kExitCodes =
    "0    done; nothing at or over --fail-on\n"
    "1    the operation failed\n"
    "2    a threshold was crossed, or a checked table has wrong rows; the report is complete\n"
    "3    bad usage\n"
    "4    partial result: the report says what was left out (--allow-partial makes it 0)\n"
    "130  interrupted\n";

// Words that an option takes: of --format those in its description's parentheses, else those that its name is known for.
std::vector<std::string> choices_of(const OptionDoc& doc) {
  const std::string& name = doc.names.front();
  if (name == "--format") {
    const auto words = base::cut(base::cut(doc.description, "(").second, ")").first;
    std::vector<std::string> choices;
    for (const auto word : base::split(words, ',')) choices.emplace_back(base::trim(word));
    return choices;
  }
  if (name == "--fail-on" || name == "--severity") return {"negligible", "low", "medium", "high", "critical"};
  if (name == "--color") return {"auto", "always", "never"};
  if (name == "--untagged") return {"assess", "ignore"};
  if (name == "shell") return {"bash", "zsh", "fish"};
  return {};
}

OptionDoc document_option(const CLI::Option& option) {
  OptionDoc doc;
  doc.positional = option.get_positional();
  doc.description = option.get_description();
  for (const auto& name : option.get_lnames()) doc.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) doc.names.push_back("-" + name);
  if (doc.positional) doc.names = {option.get_name(true)};
  if (!doc.positional && option.get_items_expected_max() > 0) doc.value = option.get_type_name();
  doc.choices = choices_of(doc);
  return doc;
}

CommandDoc document_command(const CLI::App& command) {
  CommandDoc doc;
  doc.name = command.get_name();
  doc.description = command.get_description();
  for (const auto* option : command.get_options()) doc.options.push_back(document_option(*option));
  for (const auto* child : command.get_subcommands(nullptr)) doc.commands.push_back(document_command(*child));
  return doc;
}

// The flag or command nearest to a word nobody knows; empty when none is near.
std::string nearest(const CommandDoc& command, std::string_view word) {
  std::string best;
  std::size_t best_distance = std::max<std::size_t>(2, word.size() / 3) + 1;
  const auto offer = [&](const std::string& name) {
    const std::size_t distance = base::edit_distance(name, word);
    if (distance < best_distance) {
      best_distance = distance;
      best = name;
    }
  };
  for (const auto& option : command.options)
    for (const auto& name : option.names) offer(name);
  for (const auto& child : command.commands) {
    offer(child.name);
    if (const std::string inner = nearest(child, word); !inner.empty()) offer(inner);
  }
  return best;
}

// The command that was read before the error; the root where none was.
const CLI::App& chosen_command(const CLI::App& root) {
  const CLI::App* command = &root;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().front();
  return *command;
}

int report_usage_error(CLI::App& root, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    root.exit(error);  // --help and --version print to standard output
    return kDone;
  }
  fmt::print(stderr, "bulwark: {}\n", error.what());
  const CommandDoc tree = document_command(root), chosen = document_command(chosen_command(root));
  CommandDoc everywhere = tree;  // the flags that all commands take
  everywhere.commands.clear();
  for (const auto& word : root.remaining(true)) {
    const std::string_view name = base::cut(word, "=").first;
    std::string hint = nearest(chosen, name);
    if (hint.empty()) hint = nearest(name.substr(0, 1) == "-" ? everywhere : tree, name);
    if (hint.empty()) continue;
    fmt::print(stderr, "Did you mean {} instead of {}?\n", hint, base::printable(word));
    break;
  }
  fmt::print(stderr, "Run 'bulwark --help' or 'bulwark COMMAND --help' for usage.\n");
  return kUsage;
}

int run_completion(const CLI::App& root, const std::string& shell) {
  const std::string script = completion_script(document_command(root), shell);
  if (script.empty()) {
    print_error({base::Kind::invalid_input, "no completion for '" + shell + "'; choose from bash, zsh, fish"});
    return kUsage;
  }
  return write_output(script, {}) ? kDone : kFailed;
}

void add_help_commands(CLI::App& root, Flags& flags) {
  auto* completion = root.add_subcommand("completion", "Print a completion script for a shell\n  source <(bulwark completion bash)");
  completion->add_option("shell", flags.shell, "bash, zsh or fish")->required();
  set_action(*completion, flags, [&root, &flags] { return run_completion(root, flags.shell); });
  auto* man = root.add_subcommand("man", "Print the manual page\n  bulwark man | man -l -");
  set_action(*man, flags, [&root] { return write_output(man_page(document_command(root), tool_version()), {}) ? kDone : kFailed; });
  auto* help = root.add_subcommand("help", "Print help on a topic");
  help->add_option("topic", flags.topic, "exit-codes");
  set_action(*help, flags, [&root, &flags] {
    return write_output(flags.topic == "exit-codes" ? kExitCodes : root.help(), {}) ? kDone : kFailed;
  });
}

// Of a subcommand the first line alone: its examples are in its own help.
class ShortFormatter : public CLI::Formatter {
 public:
  std::string make_subcommand(const CLI::App* command) const override {
    std::ostringstream out;
    CLI::detail::format_help(out, command->get_display_name(true), std::string(base::cut(command->get_description(), "\n").first),
                             get_column_width());
    return out.str();
  }
};

void build_tree(CLI::App& root, Flags& flags) {
  root.name("bulwark");
  root.set_version_flag("--version", "bulwark " + tool_version());
  root.require_subcommand(1);
  root.fallthrough();
  root.formatter(std::make_shared<ShortFormatter>());  // handed on to subcommands
  root.add_flag("-q,--quiet", flags.global.quiet, "Nothing on standard error but warnings and errors");
  root.add_flag("--no-progress", flags.global.no_progress, "No progress line");
  root.add_option("--color", flags.global.color, "auto, always or never; NO_COLOR is honoured")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  root.add_option("--cache-dir", flags.global.cache_dir, "Folder for cached layers and the database")
      ->type_name("DIR")
      ->envname("BULWARK_CACHE_DIR");
  add_local_commands(root, flags);
  add_hub_commands(root, flags);
  add_query_commands(root, flags);
  add_view_commands(root, flags);
  add_help_commands(root, flags);
}

}  // namespace

void set_action(CLI::App& command, Flags& flags, std::function<int()> action) {
  command.callback([&flags, action = std::move(action)] {
    if (!flags.action) flags.action = action;  // a subcommand's callback runs before its parent's
  });
}

void add_geo_database(CLI::App& command, std::string& file) {
  command.add_option("--geo-database", file, "Places of addresses in MaxMind's form, for geo_info_from_ip_address()")->type_name("FILE")->envname("BULWARK_GEO_DATABASE");
}

void add_hub_target(CLI::App& command, HubTarget& target) {
  command.add_option("--hub", target.hub, "URL of the hub, or a context; else the current one")
      ->type_name("URL")
      ->envname("BULWARK_HUB");
  command.add_option("--hub-ca-file", target.ca_file, "PEM file of the hub's authority")
      ->type_name("FILE")
      ->envname("BULWARK_HUB_CA_FILE");
  command.add_option("--hub-fingerprint", target.fingerprint, "SHA-256 of the hub's certificate, to trust it alone")
      ->type_name("SHA256")
      ->envname("BULWARK_HUB_FINGERPRINT");
}

void add_list_flags(CLI::App& command, ListFlags& flags) {
  command.add_option("-f,-o,--format", flags.formats, "Output format (table, json, csv, name), optionally to a file")
      ->type_name("NAME[=FILE]")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("--limit", flags.limit, "Rows at most (default 50)")->type_name("N")->check(CLI::Range(1, 1'000'000).description(""));
  command.add_flag("--all", flags.all, "All rows");
  command.add_option("--sort", flags.sort, "Field to sort by, '-' in front for descending")->type_name("FIELD");
}

void add_detail_format(CLI::App& command, std::vector<std::string>& formats) {
  command.add_option("-f,-o,--format", formats, "Output format (table, json), optionally to a file")
      ->type_name("NAME[=FILE]")
      ->take_all()
      ->allow_extra_args(false);
}

int run(int argc, char** argv) {
  Flags flags;
  CLI::App root("Container security: scan images, archives and folders; run a hub that watches registries");
  build_tree(root, flags);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_usage_error(root, error);
  }
  return flags.action ? flags.action() : kUsage;
}

}  // namespace cli
