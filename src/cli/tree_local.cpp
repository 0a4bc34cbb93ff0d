// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/tree.hpp"

namespace cli {

namespace {

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
      ->type_name("DIR");
  command->add_option("--yara-rules", scan.yara_rules, "Folder of YARA rules (*.yar, *.yara), beside the built-in ones")
      ->type_name("DIR");
  command->add_flag("--show-suppressed", scan.show_suppressed, "List suppressed findings too");
  command->add_flag("--allow-partial", scan.allow_partial, "Exit with 0 although something could not be read");
  set_action(*command, flags, [&flags] { return run_scan(flags.global, flags.scan); });
}

constexpr const char* kAuditHelp =
    "Judge this container host by the CIS Docker Benchmark, or one whose facts were saved\n"
    "  bulwark audit\n"
    "  bulwark audit docker --section 5 --level 1 --fail-on high\n"
    "  bulwark audit --save-facts host.json --format json=report.json\n"
    "  bulwark audit --facts host.json --format sarif=report.sarif";

void add_audit(CLI::App& root, Flags& flags) {
  auto* command = root.add_subcommand("audit", kAuditHelp);
  auto& audit = flags.audit;
  command->add_option("benchmark", audit.benchmark, "Benchmark (docker)")
      ->default_val("docker")
      ->check(CLI::IsMember({"docker"}).description(""));
  add_output_flags(*command, audit.output, "table, json, sarif, junit");
  command
      ->add_option("--host,--socket", audit.host, "Socket of the engine (default: DOCKER_HOST, /var/run/docker.sock, podman's)")
      ->type_name("PATH");
  command->add_option("--reader", audit.reader, "Look at this host through a host reader's socket, without rights of one's own")
      ->type_name("PATH");
  command->add_option("--facts", audit.facts, "Judge these saved facts, not this host")->type_name("FILE");
  command->add_option("--save-facts", audit.save_facts, "Keep what was collected, to be judged again elsewhere")
      ->type_name("FILE");
  const auto add_list = [command](const char* name, std::vector<std::string>& list, const char* description, const char* type) {
    command->add_option(name, list, description)->type_name(type)->allow_extra_args(false);
  };
  add_list("--check", audit.checks, "These controls alone, e.g. 5.4,2.1", "LIST");
  add_list("--skip", audit.skipped, "Without these controls or sections, e.g. 1.1,7", "LIST");
  add_list("--section", audit.sections, "These sections alone, e.g. 2,5", "LIST");
  add_list("--trusted-user", audit.trusted_users, "Who may be in the group docker; may be repeated", "NAME");
  add_list("--trusted-image", audit.trusted_images, "Glob of image names that are trusted; may be repeated", "GLOB");
  command->add_option("--level", audit.level, "Controls of the profile of this level, 1 or 2")
      ->type_name("LEVEL")
      ->check(CLI::Range(1, 2).description(""));
  command->add_option("--fail-on", audit.fail_on, "Exit with 2 when a control of at least this severity fails")
      ->type_name("SEVERITY")
      ->envname("BULWARK_FAIL_ON");
  command->add_flag("--allow-partial", audit.allow_partial, "Exit with 0 although something could not be read");
  set_action(*command, flags, [&flags] { return run_audit(flags.global, flags.audit); });
}

// Started by its systemd unit; by hand for tests and other service managers.
void add_host_reader(CLI::App& root, Flags& flags) {
  auto* command = root.add_subcommand("host-reader",
                                      "Answer an agent on a Unix socket, as root: a fixed list of what an audit reads, nothing else\n"
                                      "  systemctl enable --now bulwark-host-reader.socket\n"
                                      "  bulwark host-reader --socket /run/bulwark/host-reader.sock\n"
                                      "  bulwark host-reader --socket /run/reader.sock --user ann --group ann");
  auto& reader = flags.host_reader;
  command->add_option("--socket", reader.socket, "Socket to make (default: the one that systemd hands over)")->type_name("PATH");
  command->add_option("--engine", reader.engine, "Socket of the engine (default: DOCKER_HOST, /var/run/docker.sock, podman's)")
      ->type_name("PATH");
  command->add_option("--user", reader.users, "Who is answered besides root (default bulwark-agent); may be repeated")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_option("--group", reader.group, "Who may open the socket (default bulwark-agent)")->type_name("NAME");
  set_action(*command, flags, [&flags] { return run_host_reader(flags.host_reader); });
}

void add_agent_data(CLI::App& command, AgentFlags& agent) {
  command.add_option("--data", agent.data, "Folder with the agent's state (default /var/lib/bulwark-agent)")
      ->type_name("DIR")
      ->envname("BULWARK_AGENT_DATA");
}

void add_agent(CLI::App& root, Flags& flags) {
  auto* command = root.add_subcommand("agent",
                                      "Watch this container host and report to a hub\n"
                                      "  bulwark agent --hub https://hub.example.com:8443 --enroll TOKEN\n"
                                      "  bulwark agent --data /var/lib/bulwark-agent --reader /run/bulwark/host-reader.sock\n"
                                      "  bulwark agent status");
  auto& agent = flags.agent;
  add_agent_data(*command, agent);
  command->add_option("--hub", agent.hub, "Address of the hub (default: the one it was enrolled with)")
      ->type_name("URL")
      ->envname("BULWARK_HUB");
  command->add_option("--enroll", agent.token, "Token of the hub, to make this machine known to it")
      ->type_name("TOKEN")
      ->envname("BULWARK_ENROLL_TOKEN");
  command->add_flag("--enroll-only", agent.enroll_only, "End once this machine is known");
  command->add_option("--ca", agent.ca_file, "PEM file of the hub's authority, where the token names no certificate")
      ->type_name("FILE");
  command->add_option("--reader", agent.reader, "Look at the host through a host reader's socket, without rights of one's own")
      ->type_name("PATH");
  command->add_option("--docker", agent.docker, "Socket of the engine (default: DOCKER_HOST, /var/run/docker.sock, podman's)")
      ->type_name("PATH");
  command->add_option("--spool-size", agent.spool_size, "What may wait on disk while the hub is away (default 64M, at least 16M)")
      ->type_name("SIZE");
  command->add_flag("--no-packages", agent.no_packages, "Do not look for the packages of the host and of its images");
  set_action(*command, flags, [&flags] { return run_agent(flags.global, flags.agent); });
  auto* status = command->add_subcommand("status", "Show what the agent last knew: connected or not, what waits, what is wrong");
  add_agent_data(*status, agent);
  set_action(*status, flags, [&flags] { return run_agent_status(flags.agent); });
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
  set_action(*command, flags, [&flags] { return run_sbom(flags.global, flags.sbom); });
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
  set_action(*import, flags, [&flags] { return run_db_import(flags.global, flags.db); });
  set_action(*update, flags, [&flags] { return run_db_update(flags.global, flags.db); });
  set_action(*status, flags, [&flags] { return run_db_status(flags.global, flags.db); });
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
  set_action(*compare, flags, [&flags] { return run_versions_compare(flags.versions); });
  set_action(*check, flags, [&flags] { return run_versions_check(flags.versions); });
}

}  // namespace

void add_local_commands(CLI::App& root, Flags& flags) {
  add_scan(root, flags);
  add_audit(root, flags);
  add_host_reader(root, flags);
  add_agent(root, flags);
  add_sbom(root, flags);
  add_db(root, flags);
  add_versions(root, flags);
}

}  // namespace cli
