// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "base/text.hpp"
#include "cli/command_line.hpp"
#include "cli/hub_settings.hpp"

namespace {

using cli_test::contains;
using cli_test::run;

const std::vector<std::string> kHubCommands{
    "hub", "hub backup", "hub restore", "hub link", "hub apply", "login", "logout", "whoami", "context", "context list", "context use", "context remove",
    "registry", "registry add", "registry list", "registry test", "registry scan", "registry remove", "host", "host list", "host show", "host token", "host token list", "host token remove",
    "host assess", "host remove", "image", "image list", "image show",
    "image delete", "finding", "finding list", "finding show", "recommendation", "recommendation list", "recommendation show",
    "recommendation exempt", "gate"};

std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words;
  for (const auto word : base::split(command, ' ')) words.emplace_back(word);
  return words;
}

TEST(Help, fits_a_screen_and_begins_with_three_examples) {
  for (const auto& command : kHubCommands) {
    auto words = words_of(command);
    words.push_back("--help");
    const auto help = run(words);
    EXPECT_EQ(help.code, 0) << command;
    EXPECT_LT(std::count(help.out.begin(), help.out.end(), '\n'), 45) << command << "\n" << help.out;
    const bool family = contains(help.out, "Subcommands:") && command != "hub";
    if (!family) {
      const auto examples = help.out.substr(0, help.out.find("Usage:"));
      EXPECT_GE(std::count(examples.begin(), examples.end(), '\n'), 4) << command << "\n" << help.out;
    }
  }
}

TEST(Completion, offers_the_words_of_the_command_at_hand) {
  for (const std::string shell : {"bash", "zsh", "fish"}) {
    const auto script = run({"completion", shell});
    EXPECT_EQ(script.code, 0);
    for (const auto* flag : {"only-fixed", "hub-fingerprint", "require-approval", "self-signed", "token-stdin"})
      EXPECT_TRUE(contains(script.out, flag)) << shell << " lacks " << flag;
  }
  const auto bash = run({"completion", "bash"}).out;
  EXPECT_TRUE(contains(bash, "'finding list':--format|'finding list':-f|'finding list':-o) COMPREPLY=($(compgen -W 'table json csv name'")) << bash;
  EXPECT_TRUE(contains(bash, "'scan':--format"));
  const auto fish = run({"completion", "fish"}).out;
  EXPECT_TRUE(contains(fish, "'__fish_seen_subcommand_from finding; and __fish_seen_subcommand_from list'"));
  EXPECT_TRUE(contains(run({"man"}).out, "bulwark recommendation exempt"));
}

TEST(Usage, unknown_words_are_told_what_is_near) {
  const auto flag = run({"gate", "a/b:1", "--requre-approval"});
  EXPECT_EQ(flag.code, 3);
  EXPECT_TRUE(contains(flag.err, "--require-approval"));
  EXPECT_EQ(run({"registry"}).code, 3);
  EXPECT_EQ(run({"hub"}).code, 3);
  EXPECT_EQ(run({"hub", "--data", "d", "--tls-cert", "a.pem"}).code, 3);
  EXPECT_EQ(run({"hub", "--data", "d", "--listen", "127.0.0.1:http"}).code, 3);
}

TEST(Listen, addresses_come_with_a_port_or_without) {
  const auto reads = [](const std::string& text, const std::string& address, int port) {
    const auto listen = cli::parse_listen(text);
    ASSERT_TRUE(listen) << text;
    EXPECT_EQ(listen->address, address);
    EXPECT_EQ(listen->port, port);
  };
  reads("127.0.0.1", "127.0.0.1", 8443);
  reads("0.0.0.0:9000", "0.0.0.0", 9000);
  reads("[::1]:9000", "::1", 9000);
  reads("[::1]", "::1", 8443);
  reads("::", "::", 8443);
  reads("localhost:0", "127.0.0.1", 0);
  for (const auto* bad : {"", ":8443", "127.0.0.1:", "127.0.0.1:65536", "127.0.0.1:-1", "[::1]x", "[]:1"}) EXPECT_FALSE(cli::parse_listen(bad)) << bad;
}

TEST(Oidc, comes_from_the_file_and_the_environment_wins) {
  const auto folder = base::TempDir::create();
  ASSERT_TRUE(folder);
  const std::string file = (folder->path() / "oidc.yaml").string();
  ASSERT_TRUE(base::write_file_atomically(file, "issuer: https://login.example.com\nclientId: hub\nclientSecret: s\nscopes: [openid, groups]\n"));
  const test_support::Variable secret("BULWARK_OIDC_CLIENT_SECRET", "from-environment");
  const auto oidc = cli::read_oidc(file);
  ASSERT_TRUE(oidc && *oidc) << oidc.error().message;
  EXPECT_EQ((*oidc)->issuer, "https://login.example.com");
  EXPECT_EQ((*oidc)->client_secret, "from-environment");
  EXPECT_EQ((*oidc)->scopes, (std::vector<std::string>{"openid", "groups"}));
  EXPECT_EQ((*oidc)->username_claim, "preferred_username");
  EXPECT_FALSE(cli::read_oidc("")->has_value());
  ASSERT_TRUE(base::write_file_atomically(file, "issuer: https://login.example.com\nclientID: hub\n"));
  const auto wrong = cli::read_oidc(file);
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(contains(wrong.error().message, "clientID")) << wrong.error().message;
}

TEST(Clickhouse, comes_from_the_file_and_the_environment_wins) {
  const auto folder = base::TempDir::create();
  ASSERT_TRUE(folder);
  const std::string file = (folder->path() / "clickhouse.yaml").string();
  ASSERT_TRUE(base::write_file_atomically(file, "url: https://clickhouse.example.com/\nuser: hub\npassword: p\ncluster: logs\n"));
  const test_support::Variable password("BULWARK_CLICKHOUSE_PASSWORD", "from-environment");
  const auto server = cli::read_clickhouse(file);
  ASSERT_TRUE(server && *server) << server.error().message;
  EXPECT_EQ((*server)->http.url, "https://clickhouse.example.com/");
  EXPECT_EQ((*server)->http.user, "hub");
  EXPECT_EQ((*server)->http.password, "from-environment");
  EXPECT_EQ((*server)->http.cluster, "logs");
  EXPECT_FALSE(cli::read_clickhouse("")->has_value());
  ASSERT_TRUE(base::write_file_atomically(file, "url: https://clickhouse.example.com/\nusername: hub\n"));
  const auto wrong = cli::read_clickhouse(file);
  ASSERT_FALSE(wrong);
  EXPECT_TRUE(contains(wrong.error().message, "username")) << wrong.error().message;
}

}  // namespace
