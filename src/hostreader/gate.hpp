// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>
#include <string>
#include <string_view>

#include "benchmark/host_reader.hpp"
#include "hostreader/known_places.hpp"
#include "hostreader/open_file.hpp"
#include "hostreader/protocol.hpp"

namespace hostreader {

struct Answer {
  base::Json value;
  std::string body;
};

// request → answer: what the tables allow (allowed.hpp), cut to what the collector keeps; all else is Kind::denied. Any
// number of threads; the host is asked one thing at a time, but for streams.
class Gate {
 public:
  // `host` outlives this. Files are read through `open`, since it tells what was really opened.
  Gate(benchmark::HostReader& host, OpenFile open) : host_(host), open_(std::move(open)), places_(host) {}

  base::Result<Answer> answer(const Request& request);  // of all but Op::follow
  base::Result<void> follow(const std::string& path, const std::function<bool(std::string_view bytes)>& sink);

 private:
  base::Result<Answer> get(const std::string& target);
  base::Result<Answer> stat(const std::string& path);
  base::Result<Answer> read(const std::string& path, std::size_t cap);
  base::Result<Answer> read_listed(const std::string& path, const struct FileRule& rule, std::size_t cap);
  base::Result<Answer> read_daemon_config(const std::string& path, std::size_t cap);
  base::Result<Answer> read_link(const std::string& path);
  base::Result<Answer> list(const std::string& path);

  benchmark::HostReader& host_;
  const OpenFile open_;
  std::mutex mutex_;  // guards host_, but for follow, and places_
  KnownPlaces places_;
};

}  // namespace hostreader
