// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <termios.h>
#include <unistd.h>

#include <filesystem>

#include "base/text.hpp"
#include "cli/console.hpp"
#include "cli/hub_connection.hpp"
#include "cli/rows.hpp"
#include "client/contexts.hpp"
#include "client/sign_in.hpp"
#include "net/http.hpp"
#include "net/pinned_certificate.hpp"
#include "net/url.hpp"

namespace cli {

namespace {

// Standard input does not show what is typed, for the life of the object.
class HiddenInput {
 public:
  HiddenInput() : active_(::tcgetattr(STDIN_FILENO, &before_) == 0) {
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    if (active_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
  }
  HiddenInput(const HiddenInput&) = delete;
  HiddenInput& operator=(const HiddenInput&) = delete;
  ~HiddenInput() {
    if (active_) ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_);
    fmt::print(stderr, "\n");
  }

 private:
  termios before_{};
  const bool active_;
};

base::Result<std::string> ask(const std::string& question, bool hidden) {
  fmt::print(stderr, "{}: ", question);
  std::fflush(stderr);
  if (!hidden) return read_secret_line(question);
  const HiddenInput hide;
  return read_secret_line(question);
}

std::string machine_name() {
  char name[256] = {};
  return ::gethostname(name, sizeof name - 1) == 0 ? name : "";
}

// Exactly one way to sign in, without reading anything.
base::Result<void> check_login(const LoginFlags& flags) {
  if (!flags.name.empty() && !client::is_context_name(flags.name))
    return base::fail(base::Kind::invalid_input, "--name is 1 to 64 letters, digits, '.', '_', '-' and ':'");
  const int ways = (flags.token_stdin ? 1 : 0) + (flags.username.empty() ? 0 : 1) + (flags.client_id.empty() ? 0 : 1);
  if (ways > 1) return base::fail(base::Kind::invalid_input, "choose one of --token-stdin, --username and --client-id");
  if (!flags.client_id.empty() && !flags.secret_stdin)
    return base::fail(base::Kind::invalid_input, "--client-id needs --client-secret-stdin");
  if (flags.secret_stdin && flags.client_id.empty())
    return base::fail(base::Kind::invalid_input, "--client-secret-stdin needs --client-id");
  if (flags.password_stdin && flags.username.empty())
    return base::fail(base::Kind::invalid_input, "--password-stdin needs --username");
  const bool asks = !flags.token_stdin && flags.client_id.empty() && !flags.password_stdin;
  if (asks && ::isatty(STDIN_FILENO) != 1)
    return base::fail(base::Kind::invalid_input,
                      "nobody can be asked here; use --token-stdin, --username with --password-stdin, or --client-id with "
                      "--client-secret-stdin");
  return {};
}

base::Result<client::SignIn> read_credentials(const LoginFlags& flags) {
  client::SignIn how;
  how.days = flags.days;
  how.token_name = base::trim("bulwark login on " + machine_name());
  if (!flags.tenant.empty()) how.tenant = flags.tenant;
  if (flags.token_stdin) {
    how.token = TRY(read_secret_line("token"));
  } else if (!flags.client_id.empty()) {
    how.client_id = flags.client_id;
    how.client_secret = TRY(read_secret_line("client secret"));
  } else {
    how.user = flags.username.empty() ? TRY(ask("User name", false)) : flags.username;
    how.password = flags.password_stdin ? TRY(read_secret_line("password")) : TRY(ask("Password", true));
  }
  return how;
}

// What a person can do about a certificate that nobody vouches for.
void suggest_fingerprint(const base::Error& error, const client::Target& target) {
  if (!target.fingerprint.empty() || error.message.substr(0, 18) != "the certificate of") return;
  const auto seen = net::server_fingerprint(target.url);
  if (!seen) return;
  fmt::print(stderr,
             "Its SHA-256 fingerprint is {0}\nWhere that is the fingerprint of the hub's own certificate, run: bulwark login "
             "{1} --fingerprint {0}\n",
             *seen, target.url);
}

base::Result<client::Target> login_target(const LoginFlags& flags) {
  client::Target target;
  target.url = TRY(client::normal_url(flags.url));
  if (!flags.ca_file.empty()) target.ca_file = std::filesystem::absolute(flags.ca_file).string();
  if (!flags.fingerprint.empty()) target.fingerprint = TRY(net::parse_fingerprint(flags.fingerprint));
  target.user_agent = "bulwark/" + tool_version();
  return target;
}

base::Result<client::Context> remember(const LoginFlags& flags, const client::Target& target, const client::SignedIn& done) {
  const auto file = client::contexts_file();
  auto contexts = TRY(client::load_contexts(file));
  client::Context context;
  context.name = flags.name.empty() ? TRY(net::Url::parse(target.url)).authority() : flags.name;
  if (!client::is_context_name(context.name)) context.name = "hub";
  context.url = target.url;
  context.user = done.user;
  context.token = done.token;
  context.token_id = done.token_id;
  context.ca_file = target.ca_file;
  context.fingerprint = target.fingerprint;
  contexts.put(context);
  contexts.current = context.name;
  TRY(client::save_contexts(contexts, file));
  return context;
}

// The token that the sign-in made is taken away at the hub too, where it can still be reached.
void revoke(const client::Context& context) {
  if (context.token_id.empty()) return;
  client::Target target{context.url, context.token, context.ca_file, context.fingerprint, "bulwark/" + tool_version()};
  const auto connection = client::Connection::open(target);
  if (!connection) return print_warning(connection.error().message);
  const auto gone = connection->send("DELETE", "/api/v1/tokens/" + base::percent_encode(context.token_id));
  if (!gone && gone.error().kind != base::Kind::not_found)
    print_warning(fmt::format("the API token stays valid at {} until it expires, since it could not be taken away: {}", context.url,
                              base::cut(gone.error().message, "\n").first));
}

std::string whoami_text(const base::Json& session, const std::string& url) {
  std::vector<std::string> may;
  for (const auto& capability : base::get_object(session, "capabilities"))
    if (capability.value().is_bool() && capability.value().get_bool()) may.emplace_back(capability.key());
  return base::printable(cell(session, "user.name")) + " at " + url + "\n" +
         detail_lines(session, {{"Name", "user.displayName"}, {"Mail", "user.email"}, {"Signed in by", "how"}, {"Hub", "version"}}) +
         fmt::format("May: {}\n", may.empty() ? "read" : base::printable(base::join(may, ", ")));
}

}  // namespace

int run_login(const GlobalOptions& global, const LoginFlags& flags) {
  if (const auto fine = check_login(flags); !fine) return usage_error(fine.error());
  const auto target = login_target(flags);
  if (!target) return usage_error(target.error());
  // A file that cannot be written must not cost a token.
  if (const auto contexts = client::load_contexts(client::contexts_file()); !contexts) return fail_with(contexts.error());
  const auto how = read_credentials(flags);
  if (!how) return usage_error(how.error());
  const auto done = client::sign_in(*target, *how);
  if (!done) {
    print_error(done.error());
    suggest_fingerprint(done.error(), *target);
    return kFailed;
  }
  const auto context = remember(flags, *target, *done);
  if (!context) return fail_with(context.error());
  print_hint(global, fmt::format("Signed in to {} as {} (context {}).", context->url, base::printable(context->user), context->name));
  return kDone;
}

int run_logout(const GlobalOptions& global, const ContextFlags& flags) {
  const auto file = client::contexts_file();
  auto contexts = client::load_contexts(file);
  if (!contexts) return fail_with(contexts.error());
  const auto* found = contexts->find(flags.name.empty() ? contexts->current : flags.name);
  if (!found)
    return fail_with({base::Kind::not_found, flags.name.empty() ? "no hub is chosen; bulwark context list names those there are"
                                                                : fmt::format("there is no context '{}'; bulwark context list "
                                                                              "names those there are", base::printable(flags.name))});
  client::Context context = *found;
  revoke(context);
  context.token.clear();
  context.token_id.clear();
  const std::string url = context.url;
  contexts->put(std::move(context));
  if (const auto saved = client::save_contexts(*contexts, file); !saved) return fail_with(saved.error());
  print_hint(global, fmt::format("Signed out of {}.", url));
  return kDone;
}

int run_whoami(const GlobalOptions&, const WhoamiFlags& flags) {
  const auto formats = detail_formats(flags.formats);
  if (!formats) return usage_error(formats.error());
  const auto connection = connect(flags.target);
  if (!connection) return fail_with(connection.error());
  auto session = connection->get("/api/v1/session");
  if (!session) return fail_with(session.error());
  if (session->is_object()) session->get_object().erase("csrf");
  return print_detail(*formats, whoami_text(*session, connection->url()), *session);
}

}  // namespace cli
