// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>

#include "cli/tree.hpp"

namespace cli {

namespace {

void add_host_list(CLI::App& host, Flags& flags) {
  auto* list = host.add_subcommand("list",
                                   "List container hosts with how they compare with the benchmark\n"
                                   "  bulwark host list\n"
                                   "  bulwark host list --state lost --format json\n"
                                   "  bulwark host list --status Unhealthy --sort=-severity -o name");
  list->add_option("--state", flags.host.state, "connected, late or lost")->type_name("WORD")->check(CLI::IsMember({"connected", "late", "lost"}));
  list->add_option("--status", flags.host.status, "Healthy, Unhealthy or NotApplicable")
      ->type_name("WORD")
      ->transform(CLI::IsMember({"Healthy", "Unhealthy", "NotApplicable"}, CLI::ignore_case));
  list->add_option("--engine", flags.host.engine, "docker, podman, none or unreachable")->type_name("WORD")->check(CLI::IsMember({"docker", "podman", "none", "unreachable"}));
  list->add_flag("--unmanaged", flags.host.unmanaged, "Those that no orchestrator manages");
  add_list_flags(*list, flags.host.list);
  add_hub_target(*list, flags.host.target);
  set_action(*list, flags, [&flags] { return run_host_list(flags.global, flags.host); });
}

void add_host_token(CLI::App& host, Flags& flags) {
  auto* token = host.add_subcommand("token",
                                    "Make a token for adding hosts; prints the command to run on them\n"
                                    "  bulwark host token\n"
                                    "  bulwark host token --uses 50 --expires 7d --label env=prod\n"
                                    "  bulwark host token --token-alone > token");
  token->require_subcommand(0, 1);
  token->add_option("--expires", flags.host.expires, "How long it can be used: 90m, 12h, 7d (default 1h)")->type_name("TIME");
  token->add_option("--uses", flags.host.uses, "How many machines may enrol with it (default 1)")->type_name("N")->check(CLI::Range(1, 1000).description(""));
  token->add_option("--label", flags.host.labels, "Label of the machines that enrol; may be repeated")->type_name("NAME=VALUE")->take_all()->allow_extra_args(false);
  token->add_flag("--token-alone", flags.host.token_alone, "Print the token without the command");
  add_hub_target(*token, flags.host.target);
  set_action(*token, flags, [&flags] { return run_host_token(flags.global, flags.host); });
  auto* list = token->add_subcommand("list",
                                     "List tokens; their secrets are kept nowhere\n"
                                     "  bulwark host token list\n"
                                     "  bulwark host token list --format json\n"
                                     "  bulwark host token list -o name");
  add_list_flags(*list, flags.host.list);
  add_hub_target(*list, flags.host.target);
  set_action(*list, flags, [&flags] { return run_host_token_list(flags.global, flags.host); });
  auto* remove = token->add_subcommand("remove",
                                       "Revoke tokens\n"
                                       "  bulwark host token remove ID\n"
                                       "  bulwark host token remove ID OTHER\n"
                                       "  bulwark host token list -o name | xargs bulwark host token remove");
  remove->add_option("ids", flags.host.names, "Ids of tokens")->required()->type_name("ID...");
  add_hub_target(*remove, flags.host.target);
  set_action(*remove, flags, [&flags] { return run_host_token_remove(flags.global, flags.host); });
}

void add_host_actions(CLI::App& host, Flags& flags) {
  auto* assess = host.add_subcommand("assess",
                                     "Have hosts compared with the benchmark now\n"
                                     "  bulwark host assess web-1\n"
                                     "  bulwark host assess web-1 web-2\n"
                                     "  bulwark host list -o name | xargs bulwark host assess");
  auto* remove = host.add_subcommand("remove",
                                     "Forget hosts; their agents may report no more\n"
                                     "  bulwark host remove web-1\n"
                                     "  bulwark host remove web-1 web-2\n"
                                     "  bulwark host list --state lost -o name | xargs bulwark host remove");
  for (auto* command : {assess, remove}) {
    command->add_option("names", flags.host.names, "Hosts")->required()->type_name("NAME...");
    add_hub_target(*command, flags.host.target);
  }
  set_action(*assess, flags, [&flags] { return run_host_assess(flags.global, flags.host); });
  set_action(*remove, flags, [&flags] { return run_host_remove(flags.global, flags.host); });
}

}  // namespace

void add_host_commands(CLI::App& root, Flags& flags) {
  auto* host = root.add_subcommand("host", "Container hosts that report to the hub");
  host->require_subcommand(1);
  add_host_list(*host, flags);
  auto* show = host->add_subcommand("show",
                                    "Show a host, and what mends each control that it fails\n"
                                    "  bulwark host show web-1\n"
                                    "  bulwark host show web-1 --format json\n"
                                    "  bulwark host list -o name | xargs -n1 bulwark host show");
  show->add_option("name", flags.host.names, "A host")->required()->expected(1)->allow_extra_args(false)->type_name("NAME");
  add_detail_format(*show, flags.host.list.formats);
  add_hub_target(*show, flags.host.target);
  set_action(*show, flags, [&flags] { return run_host_show(flags.global, flags.host); });
  add_host_token(*host, flags);
  add_host_actions(*host, flags);
}

}  // namespace cli
