// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/tree.hpp"

namespace cli {

namespace {

void add_severity_filter(CLI::App& command, std::vector<std::string>& severities) {
  command.add_option("-s,--severity", severities, "These severities alone, e.g. high,critical")->type_name("LIST")->allow_extra_args(false);
}

void add_registry_settings(CLI::App& add, RegistryFlags& flags) {
  add.add_option("name", flags.names, "Its name at the hub")->required()->expected(1)->allow_extra_args(false)->type_name("NAME");
  add.add_option("host", flags.host, "Its address, e.g. registry.example.com or 127.0.0.1:5000")->required()->type_name("HOST");
  add.add_option("--username", flags.username, "User at the registry")->type_name("NAME");
  add.add_flag("--password-stdin", flags.password_stdin, "Read the password from standard input");
  add.add_option("--ca-file", flags.ca_file, "PEM file of the registry's authority")->type_name("FILE");
  add.add_flag("--plain-http", flags.plain_http, "Speak plain HTTP to it");
  add.add_option("--repository", flags.repositories, "Repositories to scan; * and ** are wild; may be repeated")
      ->type_name("GLOB")
      ->take_all()
      ->allow_extra_args(false);
  add.add_option("--platform", flags.platforms, "Platforms to scan; may be repeated")->type_name("OS/ARCH")->take_all()->allow_extra_args(false);
  add.add_option("--poll-minutes", flags.poll_minutes, "Minutes between listings (0: never)")->type_name("N")->check(CLI::Range(0, 10080).description(""));
  add.add_option("--untagged", flags.untagged, "Whether images without a tag count: assess or ignore")
      ->type_name("WORD")
      ->check(CLI::IsMember({"assess", "ignore"}));
  add.add_flag("--replace", flags.replace, "Change the registry of that name");
}

void add_registry_actions(CLI::App& registry, Flags& flags) {
  auto* test = registry.add_subcommand("test",
                                       "Check that the hub reaches a registry and may read it; 1 where it does not\n"
                                       "  bulwark registry test production\n"
                                       "  bulwark registry test production staging\n"
                                       "  bulwark registry list -o name | xargs bulwark registry test");
  auto* scan = registry.add_subcommand("scan",
                                       "List a registry now and scan what is new\n"
                                       "  bulwark registry scan production\n"
                                       "  bulwark registry scan production --rescan\n"
                                       "  bulwark registry list -o name | xargs bulwark registry scan");
  scan->add_flag("--rescan", flags.registry.rescan, "Scan every image again");
  auto* remove = registry.add_subcommand("remove",
                                         "Forget a registry and what is known of its images\n"
                                         "  bulwark registry remove staging\n"
                                         "  bulwark registry remove staging old-staging\n"
                                         "  bulwark registry remove staging --hub https://hub.example.com:8443");
  for (auto* command : {test, scan, remove}) {
    command->add_option("names", flags.registry.names, "Registries, by name or host")->required()->type_name("NAME...");
    add_hub_target(*command, flags.registry.target);
  }
  set_action(*test, flags, [&flags] { return run_registry_test(flags.global, flags.registry); });
  set_action(*scan, flags, [&flags] { return run_registry_scan(flags.global, flags.registry); });
  set_action(*remove, flags, [&flags] { return run_registry_remove(flags.global, flags.registry); });
}

void add_registry(CLI::App& root, Flags& flags) {
  auto* registry = root.add_subcommand("registry", "Registries that the hub watches");
  registry->require_subcommand(1);
  auto* add = registry->add_subcommand("add",
                                       "Watch a registry; prints the id of the resource\n"
                                       "  bulwark registry add production registry.example.com --username ci --password-stdin < password\n"
                                       "  bulwark registry add local 127.0.0.1:5000 --plain-http --poll-minutes 1\n"
                                       "  bulwark registry add team registry.example.com --repository 'team/**' --platform linux/amd64");
  add_registry_settings(*add, flags.registry);
  add_hub_target(*add, flags.registry.target);
  set_action(*add, flags, [&flags] { return run_registry_add(flags.global, flags.registry); });
  auto* list = registry->add_subcommand("list",
                                        "List registries with their images and findings\n"
                                        "  bulwark registry list\n"
                                        "  bulwark registry list --format csv=registries.csv\n"
                                        "  bulwark registry list -o name");
  add_list_flags(*list, flags.registry.list);
  add_hub_target(*list, flags.registry.target);
  set_action(*list, flags, [&flags] { return run_registry_list(flags.global, flags.registry); });
  add_registry_actions(*registry, flags);
}

void add_exempt(CLI::App& recommendation, Flags& flags) {
  auto& exempt = flags.recommendation;
  auto* command = recommendation.add_subcommand("exempt",
                                                "Take resources out of a recommendation; prints the id of the exemption\n"
                                                "  bulwark recommendation exempt KEY --registry sandbox --reason 'never deployed'\n"
                                                "  bulwark recommendation exempt KEY --image HOST/APP:1.4 --reason 'fixed in 1.5' --expires 2027-01-31\n"
                                                "  bulwark recommendation exempt KEY --finding ID --category mitigated --reason 'port is closed'");
  command->add_option("key", exempt.key, "The recommendation")->required()->type_name("KEY");
  command->add_option("--reason", exempt.reason, "Why")->required()->type_name("TEXT");
  command->add_option("--category", exempt.category, "waiver (default) or mitigated")
      ->type_name("WORD")
      ->check(CLI::IsMember({"waiver", "mitigated"}));
  command->add_option("--registry", exempt.registry, "For a registry alone")->type_name("NAME");
  command->add_option("--image", exempt.image, "For an image alone")->type_name("REF");
  command->add_option("--resource", exempt.resource, "For this resource and those below it")->type_name("ID");
  command->add_option("--finding", exempt.findings, "For these findings alone; may be repeated")->type_name("ID")->take_all()->allow_extra_args(false);
  command->add_option("--expires", exempt.expires, "Last day, e.g. 2027-01-31")->type_name("DATE");
  command->add_option("--name", exempt.name, "Name of the exemption (default: made up)")->type_name("NAME");
  add_hub_target(*command, exempt.target);
  set_action(*command, flags, [&flags] { return run_recommendation_exempt(flags.global, flags.recommendation); });
}

void add_recommendation(CLI::App& root, Flags& flags) {
  auto* recommendation = root.add_subcommand("recommendation", "What should be mended, and where");
  recommendation->require_subcommand(1);
  auto* list = recommendation->add_subcommand("list",
                                              "List recommendations that resources do not meet\n"
                                              "  bulwark recommendation list\n"
                                              "  bulwark recommendation list --severity high,critical --format json\n"
                                              "  bulwark recommendation list --status all -o name");
  add_severity_filter(*list, flags.recommendation.severities);
  list->add_option("--status", flags.recommendation.status, "unhealthy (default), healthy or all")
      ->type_name("WORD")
      ->check(CLI::IsMember({"unhealthy", "healthy", "all"}));
  list->add_option("--owner", flags.recommendation.owner, "Those of an owner")->type_name("NAME");
  add_list_flags(*list, flags.recommendation.list);
  add_hub_target(*list, flags.recommendation.target);
  set_action(*list, flags, [&flags] { return run_recommendation_list(flags.global, flags.recommendation); });
  auto* show = recommendation->add_subcommand("show",
                                              "Show what a recommendation asks for, how to meet it, and who does not\n"
                                              "  bulwark recommendation show KEY\n"
                                              "  bulwark recommendation show KEY --format json\n"
                                              "  bulwark recommendation list -o name | xargs -n1 bulwark recommendation show");
  show->add_option("key", flags.recommendation.key, "The recommendation")->required()->type_name("KEY");
  add_detail_format(*show, flags.recommendation.list.formats);
  add_hub_target(*show, flags.recommendation.target);
  set_action(*show, flags, [&flags] { return run_recommendation_show(flags.global, flags.recommendation); });
  add_exempt(*recommendation, flags);
}

void add_finding_filters(CLI::App& list, FindingFlags& flags) {
  add_severity_filter(list, flags.severities);
  list.add_option("--registry", flags.registry, "In this registry")->type_name("NAME");
  list.add_option("--repository", flags.repository, "In this repository")->type_name("NAME");
  list.add_option("--digest", flags.digest, "In this image")->type_name("DIGEST");
  list.add_option("--category", flags.category, "Vulnerability, Secret, Malware, Misconfiguration or Configuration")
      ->type_name("WORD")
      ->transform(CLI::IsMember({"Vulnerability", "Secret", "Malware", "Misconfiguration", "Configuration"}, CLI::ignore_case));
  list.add_option("--vulnerability", flags.vulnerability, "Of this vulnerability, e.g. CVE-2021-44228")->type_name("ID");
  list.add_option("--package", flags.package, "Of this package")->type_name("NAME");
  list.add_flag("--only-fixed,--ignore-unfixed", flags.only_fixed, "With a fixed version alone");
  list.add_flag("--kev", flags.kev, "Known to be exploited alone");
  list.add_option("--cvss", flags.cvss, "With at least this score")->type_name("SCORE")->check(CLI::Range(0.0, 10.0).description(""));
  list.add_option("--status", flags.status, "open (default), disabled or all")->type_name("WORD")->check(CLI::IsMember({"open", "disabled", "all"}));
}

void add_finding(CLI::App& root, Flags& flags) {
  auto* finding = root.add_subcommand("finding", "Vulnerabilities, secrets and malware in images");
  finding->require_subcommand(1);
  auto* list = finding->add_subcommand("list",
                                       "List findings\n"
                                       "  bulwark finding list --severity critical,high --only-fixed\n"
                                       "  bulwark finding list --vulnerability CVE-2021-44228 --all --format csv\n"
                                       "  bulwark finding list --registry production --kev -o name");
  add_finding_filters(*list, flags.finding);
  add_list_flags(*list, flags.finding.list);
  add_hub_target(*list, flags.finding.target);
  set_action(*list, flags, [&flags] { return run_finding_list(flags.global, flags.finding); });
  auto* show = finding->add_subcommand("show",
                                       "Show a finding: where, how bad, how to mend it\n"
                                       "  bulwark finding show ID\n"
                                       "  bulwark finding show ID --image registry.example.com/team/app:1.4\n"
                                       "  bulwark finding list --kev -o name | xargs -n1 bulwark finding show");
  show->add_option("id", flags.finding.id, "The finding")->required()->type_name("ID");
  show->add_option("--image", flags.finding.image, "In this image; else in the first that has it")->type_name("REF");
  add_detail_format(*show, flags.finding.list.formats);
  add_hub_target(*show, flags.finding.target);
  set_action(*show, flags, [&flags] { return run_finding_show(flags.global, flags.finding); });
}

void add_image_list(CLI::App& image, Flags& flags) {
  auto* list = image.add_subcommand("list",
                                    "List images with what was found in them; -o name prints HOST/REPO@DIGEST\n"
                                    "  bulwark image list --registry production --unhealthy\n"
                                    "  bulwark image list --repository team/app --all --format csv\n"
                                    "  bulwark image list --tag latest -o name | xargs -n1 bulwark gate");
  list->add_option("--registry", flags.image.registry, "In this registry")->type_name("NAME");
  list->add_option("--repository", flags.image.repository, "In this repository")->type_name("NAME");
  list->add_option("--tag", flags.image.tag, "With this tag")->type_name("TAG");
  add_severity_filter(*list, flags.image.severities);
  list->add_option("--scan-state", flags.image.scan_state, "queued, scanning, complete, failed, unsupported or off")
      ->type_name("WORD")
      ->check(CLI::IsMember({"queued", "scanning", "complete", "failed", "unsupported", "off"}));
  list->add_flag("--unhealthy", flags.image.unhealthy, "With findings that count alone");
  add_list_flags(*list, flags.image.list);
  add_hub_target(*list, flags.image.target);
  set_action(*list, flags, [&flags] { return run_image_list(flags.global, flags.image); });
}

void add_image(CLI::App& root, Flags& flags) {
  auto* image = root.add_subcommand("image", "Images in the registries of the hub");
  image->require_subcommand(1);
  add_image_list(*image, flags);
  auto* show = image->add_subcommand("show",
                                     "Show an image: platform, scan, findings, configuration\n"
                                     "  bulwark image show registry.example.com/team/app:1.4\n"
                                     "  bulwark image show registry.example.com/team/app@sha256:… --format json\n"
                                     "  bulwark image list --unhealthy -o name | xargs -n1 bulwark image show");
  show->add_option("reference", flags.image.references, "HOST/REPO:TAG or HOST/REPO@DIGEST")->required()->expected(1)->allow_extra_args(false)->type_name("REF");
  add_detail_format(*show, flags.image.list.formats);
  add_hub_target(*show, flags.image.target);
  set_action(*show, flags, [&flags] { return run_image_show(flags.global, flags.image); });
  auto* remove = image->add_subcommand("delete",
                                       "Delete images at their registry, with every tag that leads to them\n"
                                       "  bulwark image delete registry.example.com/team/app:1.4 --yes\n"
                                       "  bulwark image delete registry.example.com/team/app@sha256:… --yes\n"
                                       "  bulwark image list --tag nightly -o name | xargs bulwark image delete --yes");
  remove->add_option("references", flags.image.references, "HOST/REPO:TAG or HOST/REPO@DIGEST")->required()->type_name("REF...");
  remove->add_flag("--yes", flags.image.yes, "Do it; without it nothing is deleted");
  add_hub_target(*remove, flags.image.target);
  set_action(*remove, flags, [&flags] { return run_image_delete(flags.global, flags.image); });
}

void add_gate(CLI::App& root, Flags& flags) {
  auto& gate = flags.gate;
  auto* command = root.add_subcommand("gate",
                                      "Ask the hub whether an image may be deployed: exit code 0, or 2 with the reasons\n"
                                      "  bulwark gate registry.example.com/team/app:1.4 --wait 120\n"
                                      "  bulwark gate registry.example.com/team/app@sha256:… --severity critical --only-fixed\n"
                                      "  bulwark gate HOST/APP:1.4 --require-approval --max-age-days 7 --format json=gate.json");
  command->add_option("reference", gate.reference, "HOST/REPO:TAG or HOST/REPO@DIGEST")->required()->type_name("REF");
  command->add_option("-s,--severity", gate.severity, "Refuse findings of at least this severity (default high)")->type_name("SEVERITY");
  command->add_flag("--only-fixed,--ignore-unfixed", gate.only_fixed, "Count findings that have a fixed version alone");
  command->add_option("--max-age-days", gate.max_age_days, "Refuse a scan older than this")->type_name("N")->check(CLI::Range(1, 3650).description(""));
  command->add_flag("--require-approval", gate.require_approval, "Refuse what nobody approved");
  command->add_flag("--require-signature", gate.require_signature, "Refuse what is not signed with a known key");
  command->add_option("--wait", gate.wait_seconds, "Wait this long for the image to be scanned")->type_name("SECONDS")->check(CLI::Range(0, 86400).description(""));
  add_detail_format(*command, gate.formats);
  add_hub_target(*command, gate.target);
  set_action(*command, flags, [&flags] { return run_gate(flags.global, flags.gate); });
}

}  // namespace

void add_view_commands(CLI::App& root, Flags& flags) {
  add_registry(root, flags);
  add_host_commands(root, flags);
  add_image(root, flags);
  add_finding(root, flags);
  add_recommendation(root, flags);
  add_gate(root, flags);
}

}  // namespace cli
