// SPDX-License-Identifier: Apache-2.0
#include "cli/console.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "base/files.hpp"
#include "base/text.hpp"

namespace cli {

namespace {

bool environment_set(const char* name) {
  const char* value = std::getenv(name);
  return value && *value != '\0';
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    if (!environment_set(name)) continue;
    const std::string value = base::to_lower(std::getenv(name));
    return value.find("utf-8") != std::string::npos || value.find("utf8") != std::string::npos;
  }
  return false;
}

std::size_t terminal_width() {
  winsize size{};
  if (::ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 40) return size.ws_col;
  if (environment_set("COLUMNS")) {
    const int columns = std::atoi(std::getenv("COLUMNS"));
    if (columns >= 40 && columns <= 1000) return static_cast<std::size_t>(columns);
  }
  return 120;
}

bool wants_colour(const GlobalOptions& global) {
  if (global.color == "always") return true;
  if (global.color == "never") return false;
  if (environment_set("NO_COLOR")) return false;
  if (environment_set("CLICOLOR_FORCE")) return std::string_view(std::getenv("CLICOLOR_FORCE")) != "0";
  return ::isatty(STDOUT_FILENO) == 1;
}

}  // namespace

void print_error(const base::Error& error) { fmt::print(stderr, "bulwark: {}\n", error.message); }

void print_warning(std::string_view text) { fmt::print(stderr, "bulwark: warning: {}\n", base::printable(text)); }

void print_hint(const GlobalOptions& global, std::string_view text) {
  if (!global.quiet) fmt::print(stderr, "{}\n", text);
}

int fail_with(const base::Error& error) {
  print_error(error);
  return kFailed;
}

scan::TableStyle table_style(const GlobalOptions& global) {
  const bool terminal = ::isatty(STDOUT_FILENO) == 1;
  return {terminal_width(), terminal && locale_is_utf8(), wants_colour(global)};
}

bool wants_progress(const GlobalOptions& global) {
  return !global.quiet && !global.no_progress && !environment_set("CI") && ::isatty(STDERR_FILENO) == 1;
}

base::Result<void> write_output(std::string_view text, const std::string& file) {
  if (!file.empty() && file != "-") return base::write_file_atomically(file, text);
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0)
    return base::fail(base::errno_error(errno, "cannot write to", "standard output"));
  return {};
}

std::string tool_version() { return BULWARK_VERSION; }

}  // namespace cli
