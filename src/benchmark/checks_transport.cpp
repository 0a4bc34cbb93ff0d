// SPDX-License-Identifier: Apache-2.0
// The daemon's own sockets (2.7).
#include <fmt/format.h>

#include <optional>

#include "base/text.hpp"
#include "benchmark/check.hpp"

namespace benchmark {

namespace {

// The daemon warns of plain sockets wherever their address came from, a systemd socket for one.
std::optional<std::string_view> warning_of_plain_socket(const Subject& subject) {
  for (const std::string_view warning : subject.info("Warnings").texts())
    if (warning.find("API is accessible on http") != std::string_view::npos) return warning;
  return std::nullopt;
}

std::optional<std::string> tcp_address(const DaemonOptions& options) {
  for (std::string& host : options.values("hosts"))
    if (host.starts_with("tcp://")) return std::move(host);
  return std::nullopt;
}

Verdict tcp_needs_tls(const Subject& subject, const Parameters&) {
  const DaemonOptions& options = subject.host.options();
  const auto warning = warning_of_plain_socket(subject);
  const auto address = tcp_address(options);
  if (!address) {
    if (warning) return judged(false, {"GET /info", "$.Warnings", shortened(*warning), "the API answers on TCP without TLS"});
    return verdict(Status::not_applicable, options.evidence("hosts", "the daemon listens on no TCP address"));
  }
  if (options.value("tlsverify") != "true")
    return judged(false,
                  options.evidence("tlsverify", fmt::format("{} takes clients without a certificate", base::printable(*address))))
        .because(options.evidence("hosts"));
  for (const std::string_view file : {"tlscacert", "tlscert", "tlskey"})
    if (options.value(file).value_or("").empty())
      return judged(false, options.evidence(file, fmt::format("{} names no file", file)));
  return judged(true, options.evidence("tlsverify")).because(options.evidence("hosts"));
}

}  // namespace

const std::vector<Check>& transport_checks() {
  static const std::vector<Check> checks{{"tcp_needs_tls", Scope::host, kReadsOptions | kReadsInfo, tcp_needs_tls, {}}};
  return checks;
}

}  // namespace benchmark
