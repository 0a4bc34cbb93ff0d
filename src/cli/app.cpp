// SPDX-License-Identifier: Apache-2.0
// The command tree. The only file that includes the command-line library.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <clocale>

#include "base/text.hpp"
#include "cli/command_tree.hpp"
#include "cli/commands.hpp"
#include "cli/console.hpp"
#include "cli/options.hpp"

namespace cli {

namespace {

struct Flags {
  GlobalOptions global;
  ScanFlags scan;
  SbomFlags sbom;
  DbFlags db;
  VersionsFlags versions;
  std::string shell;
  std::string topic;
};

constexpr const char* kExitCodes =
    "0    done; nothing at or over --fail-on\n"
    "1    the operation failed\n"
    "2    a threshold was crossed, or a checked table has wrong rows; the report is complete\n"
    "3    bad usage\n"
    "4    partial result: the report says what was left out (--allow-partial makes it 0)\n"
    "130  interrupted\n";

constexpr const char* kScanHelp =
    "Find vulnerable packages, secrets, malware and misconfiguration in an image, an archive, a folder or an SBOM\n"
    "  bulwark scan registry.example.com/team/app:1.4\n"
    "  bulwark scan docker-archive:app.tar --fail-on high --only-fixed\n"
    "  bulwark scan oci:./layout --format json=report.json --format sarif=report.sarif";

constexpr const char* kReferenceHelp =
    "[registry:]HOST/REPO:TAG, docker:NAME, oci:DIR[:TAG], oci-archive:FILE, docker-archive:FILE, dir:PATH or sbom:FILE";

void add_source_flags(CLI::App& command, std::string& reference, SourceFlags& flags) {
  command.add_option("reference", reference, kReferenceHelp)->required()->type_name("REF");
  command.add_option("--platform", flags.platform, "Platform to pick from an index, e.g. linux/arm64")
      ->type_name("OS/ARCH")
      ->envname("BULWARK_PLATFORM");
  command.add_flag("--insecure", flags.insecure, "Speak plain HTTP to the registry");
  command.add_flag("--offline", flags.offline, "Connect to nothing but this machine");
  command.add_flag("--no-cache", flags.no_cache, "Read every layer again");
  command.add_option("--ca-file", flags.ca_file, "PEM file of a certificate authority to trust as well")
      ->type_name("FILE")
      ->envname("BULWARK_CA_FILE");
  command.add_option("--username", flags.username, "User at the registry, instead of what docker login stored")
      ->type_name("NAME")
      ->envname("BULWARK_USERNAME");
  command.add_flag("--password-stdin", flags.password_stdin, "Read the password from standard input");
}

void add_output_flags(CLI::App& command, OutputFlags& flags, const std::string& names) {
  command.add_option("-f,--format", flags.formats, "Output format (" + names + "), optionally to a file; may be repeated")
      ->type_name("NAME[=FILE]")
      ->take_all()
      ->allow_extra_args(false);
  command.add_option("-o,--output", flags.output, "File for the format that names none")->type_name("FILE");
}

void add_database_flag(CLI::App& command, std::string& database) {
  command.add_option("--db", database, "Vulnerability database file")->type_name("FILE")->envname("BULWARK_DB");
}

void add_scan(CLI::App& root, Flags& flags) {
  auto* command = root.add_subcommand("scan", kScanHelp);
  auto& scan = flags.scan;
  add_source_flags(*command, scan.reference, scan.source);
  add_output_flags(*command, scan.output, "table, json, sarif, cyclonedx, spdx");
  add_database_flag(*command, scan.database);
  command->add_option("-s,--severity", scan.severities, "Report these severities alone, e.g. high,critical")
      ->type_name("LIST")
      ->allow_extra_args(false)
      ->envname("BULWARK_SEVERITY");
  command->add_flag("--only-fixed,--ignore-unfixed", scan.only_fixed, "Report findings that have a fixed version alone");
  command->add_option("--fail-on", scan.fail_on, "Exit with 2 when a finding has at least this severity")
      ->type_name("SEVERITY")
      ->envname("BULWARK_FAIL_ON");
  command->add_option("--vex", scan.vex, "OpenVEX, CycloneDX VEX or CSAF VEX document; may be repeated")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command->add_option("--ignore-file", scan.ignore_file, "Rules for findings to ignore (default: .bulwarkignore)")
      ->type_name("FILE");
  command->add_option("--scanners", scan.scanners, "What to look for: vuln, secret, malware, misconfig (default: all)")
      ->type_name("LIST")
      ->allow_extra_args(false)
      ->envname("BULWARK_SCANNERS");
  command->add_option("--secret-rules", scan.secret_rules, "Folder of rules for secrets (*.yaml), beside the built-in ones")
      ->type_name("DIR")
      ->envname("BULWARK_SECRET_RULES");
  command->add_option("--yara-rules", scan.yara_rules, "Folder of YARA rules (*.yar, *.yara), beside the built-in ones")
      ->type_name("DIR")
      ->envname("BULWARK_YARA_RULES");
  command->add_flag("--show-suppressed", scan.show_suppressed, "List suppressed findings too");
  command->add_flag("--allow-partial", scan.allow_partial, "Exit with 0 although something could not be read");
}

void add_sbom(CLI::App& root, Flags& flags) {
  auto* command = root.add_subcommand("sbom",
                                      "Write the bill of materials of an image, an archive or a folder\n"
                                      "  bulwark sbom docker:app:1.4 --format spdx\n"
                                      "  bulwark sbom dir:. --format cyclonedx=bom.json\n"
                                      "  bulwark sbom oci:./layout --format table");
  add_source_flags(*command, flags.sbom.reference, flags.sbom.source);
  add_output_flags(*command, flags.sbom.output, "cyclonedx, spdx, json, table");
  command->add_flag("--allow-partial", flags.sbom.allow_partial, "Exit with 0 although something could not be read");
}

void add_db(CLI::App& root, Flags& flags) {
  auto* db = root.add_subcommand("db", "Manage the vulnerability database");
  db->require_subcommand(1);
  auto* import = db->add_subcommand("import",
                                    "Import advisories from files or folders\n"
                                    "  bulwark db import all.zip\n"
                                    "  bulwark db import ./vulnerability-data\n"
                                    "  bulwark db import known_exploited_vulnerabilities.json epss_scores.csv.gz");
  import->add_option("paths", flags.db.inputs, "OSV, Debian tracker, secdb, OVAL, CSAF, KEV or EPSS; plain, .gz, .zst, .zip")
      ->required()
      ->type_name("PATH...");
  auto* update = db->add_subcommand("update",
                                    "Download the public OSV archives and import them\n"
                                    "  bulwark db update\n"
                                    "  bulwark db update --ecosystem Debian --ecosystem npm\n"
                                    "  HTTPS_PROXY=http://proxy:3128 bulwark db update");
  update->add_option("-e,--ecosystem", flags.db.ecosystems, "OSV ecosystem; may be repeated (default: all that are supported)")
      ->type_name("NAME")
      ->allow_extra_args(false);
  update->add_option("--url", flags.db.url, "Base address of a mirror of the OSV archives")
      ->type_name("URL")
      ->envname("BULWARK_OSV_URL");
  update->add_option("--ca-file", flags.db.ca_file, "PEM file of a certificate authority to trust as well")
      ->type_name("FILE")
      ->envname("BULWARK_CA_FILE");
  auto* status = db->add_subcommand("status", "Show what the database holds");
  status->add_flag("--json", flags.db.json, "As JSON");
  for (auto* command : {import, update, status}) add_database_flag(*command, flags.db.database);
}

void add_versions(CLI::App& root, Flags& flags) {
  auto* versions = root.add_subcommand("versions", "Compare versions as an ecosystem's own tool does");
  versions->require_subcommand(1);
  auto* compare = versions->add_subcommand("compare",
                                           "Print <, = or >\n"
                                           "  bulwark versions compare debian 1.0~rc1 1.0\n"
                                           "  bulwark versions compare npm 1.2.3 1.10.0\n"
                                           "  bulwark versions compare pypi 1.0.post1 1.0");
  compare->add_option("ecosystem", flags.versions.ecosystem, "Debian, rpm, Alpine, npm, PyPI, Maven, Go …")->required();
  compare->add_option("a", flags.versions.a, "A version")->required();
  compare->add_option("b", flags.versions.b, "Another version")->required();
  auto* check = versions->add_subcommand("check", "Check tables of `ecosystem<TAB>a<TAB>op<TAB>b`; prints the wrong rows");
  check->add_option("files", flags.versions.files, "TSV files")->required()->type_name("FILE...");
}

OptionDoc document_option(const CLI::Option& option) {
  OptionDoc doc;
  doc.positional = option.get_positional();
  doc.description = option.get_description();
  for (const auto& name : option.get_lnames()) doc.names.push_back("--" + name);
  for (const auto& name : option.get_snames()) doc.names.push_back("-" + name);
  if (doc.positional) doc.names = {option.get_name(true)};
  if (!doc.positional && option.get_items_expected_max() > 0) doc.value = option.get_type_name();
  if (doc.names.front() == "--fail-on" || doc.names.front() == "--severity")
    doc.choices = {"negligible", "low", "medium", "high", "critical"};
  if (doc.names.front() == "--scanners") doc.choices = {"vuln", "secret", "malware", "misconfig"};
  if (doc.names.front() == "--format") doc.choices = {"table", "json", "sarif", "cyclonedx", "spdx"};
  if (doc.names.front() == "--color") doc.choices = {"auto", "always", "never"};
  if (doc.names.front() == "shell") doc.choices = {"bash", "zsh", "fish"};
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

int report_usage_error(CLI::App& root, const CLI::ParseError& error) {
  if (error.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) {
    root.exit(error);  // --help and --version print to standard output
    return kDone;
  }
  fmt::print(stderr, "bulwark: {}\n", error.what());
  const CommandDoc tree = document_command(root);
  for (const auto& word : root.remaining(true)) {
    const std::string hint = nearest(tree, base::cut(word, "=").first);
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

void build_tree(CLI::App& root, Flags& flags) {
  root.name("bulwark");
  root.set_version_flag("--version", "bulwark " + tool_version());
  root.require_subcommand(1);
  root.fallthrough();
  root.add_flag("-q,--quiet", flags.global.quiet, "Nothing on standard error but warnings and errors");
  root.add_flag("--no-progress", flags.global.no_progress, "No progress line");
  root.add_option("--color", flags.global.color, "auto, always or never; NO_COLOR is honoured")
      ->type_name("WHEN")
      ->check(CLI::IsMember({"auto", "always", "never"}));
  root.add_option("--cache-dir", flags.global.cache_dir, "Folder for cached layers and the database")
      ->type_name("DIR")
      ->envname("BULWARK_CACHE_DIR");
  add_scan(root, flags);
  add_sbom(root, flags);
  add_db(root, flags);
  add_versions(root, flags);
  root.add_subcommand("completion", "Print a completion script for a shell\n  source <(bulwark completion bash)")
      ->add_option("shell", flags.shell, "bash, zsh or fish")
      ->required();
  root.add_subcommand("man", "Print the manual page\n  bulwark man | man -l -");
  root.add_subcommand("help", "Print help on a topic")->add_option("topic", flags.topic, "exit-codes");
}

int dispatch(const CLI::App& root, const Flags& flags) {
  const auto* db = root.get_subcommand("db");
  const auto* versions = root.get_subcommand("versions");
  if (root.got_subcommand("scan")) return run_scan(flags.global, flags.scan);
  if (root.got_subcommand("sbom")) return run_sbom(flags.global, flags.sbom);
  if (db->got_subcommand("import")) return run_db_import(flags.global, flags.db);
  if (db->got_subcommand("update")) return run_db_update(flags.global, flags.db);
  if (db->got_subcommand("status")) return run_db_status(flags.global, flags.db);
  if (versions->got_subcommand("compare")) return run_versions_compare(flags.versions);
  if (versions->got_subcommand("check")) return run_versions_check(flags.versions);
  if (root.got_subcommand("completion")) return run_completion(root, flags.shell);
  if (root.got_subcommand("man")) return write_output(man_page(document_command(root), tool_version()), {}) ? kDone : kFailed;
  fmt::print("{}", flags.topic == "exit-codes" ? kExitCodes : root.help());
  return kDone;
}

}  // namespace

int run(int argc, char** argv) {
  Flags flags;
  CLI::App root("Container security: vulnerable packages in images, archives, folders and SBOMs");
  build_tree(root, flags);
  try {
    root.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return report_usage_error(root, error);
  }
  return dispatch(root, flags);
}

}  // namespace cli
