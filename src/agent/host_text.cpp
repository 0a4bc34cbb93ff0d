// SPDX-License-Identifier: Apache-2.0
#include "agent/host_text.hpp"

#include <filesystem>

#include "base/files.hpp"

namespace agent {

std::string text_of(benchmark::HostReader& host, const std::string& path, std::size_t cap) {
  auto text = host.read(path, cap);
  if (!text && text.error().kind == base::Kind::denied) text = base::read_file(path, cap);
  return std::move(text).value_or(std::string());
}

bool exists_on(benchmark::HostReader& host, const std::string& path) {
  const auto status = host.stat(path);
  if (status || status.error().kind != base::Kind::denied) return status.has_value();
  std::error_code error;
  return std::filesystem::exists(path, error);
}

}  // namespace agent
