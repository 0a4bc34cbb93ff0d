// SPDX-License-Identifier: Apache-2.0
// Judges saved facts again and again: what one hub or one pipeline can take of hosts in a second, parsing included.
//
// usage: bench_audit FACTS...
#include <chrono>
#include <cstdio>
#include <ctime>

#include "base/files.hpp"
#include "benchmark/judge.hpp"

namespace {

int replay(const char* file) {
  const auto text = base::read_file(file, benchmark::kFactsBytes);
  if (!text) return 1;
  const auto& controls = benchmark::cis_docker();
  std::size_t hosts = 0, failed = 0;
  const auto begin = std::chrono::steady_clock::now();
  const std::clock_t cpu_begin = std::clock();
  std::chrono::duration<double> took{};
  do {
    const auto facts = benchmark::HostFacts::parse(*text, file);
    if (!facts) return 1;
    for (const auto& result : assess(**facts, controls, {})) failed += result.status == benchmark::Status::fail ? 1u : 0u;
    ++hosts;
    took = std::chrono::steady_clock::now() - begin;
  } while (took.count() < 3);
  const double cpu = static_cast<double>(std::clock() - cpu_begin) / CLOCKS_PER_SEC, count = static_cast<double>(hosts);
  std::printf("%s: %.0f hosts/s, %.0f a CPU second (%zu bytes, %zu failed controls)\n", file, count / took.count(), count / cpu,
              text->size(), failed / hosts);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  for (int at = 1; at < argc; ++at)
    if (const int code = replay(argv[at]); code != 0) return code;
  return argc > 1 ? 0 : 3;
}
