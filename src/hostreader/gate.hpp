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

// The same host, its files read through `open`: where a user had a daemon's configuration be a pipe, nothing waits for it.
class CarefulHost : public benchmark::HostReader {
 public:
  CarefulHost(benchmark::HostReader& host, OpenFile open) : host_(host), open_(std::move(open)) {}

  std::string engine_socket() const override { return host_.engine_socket(); }
  base::Result<benchmark::EngineAnswer> get(std::string_view path) override { return host_.get(path); }
  base::Result<void> follow(std::string_view path, const std::function<bool(std::string_view bytes)>& sink) override {
    return host_.follow(path, sink);
  }
  std::optional<int> engine_process() override { return host_.engine_process(); }
  base::Result<benchmark::FileStatus> stat(const std::string& path) override { return host_.stat(path); }
  base::Result<std::string> read(const std::string& path, std::size_t cap) override;
  base::Result<std::string> read_link(const std::string& path) override { return host_.read_link(path); }
  base::Result<std::vector<std::string>> list(const std::string& folder) override { return host_.list(folder); }
  base::Result<std::vector<std::string>> audit_rules() override { return host_.audit_rules(); }

 private:
  benchmark::HostReader& host_;
  const OpenFile open_;
};

// request → answer: what the tables allow (allowed.hpp), cut to what the collector keeps; all else is Kind::denied. Any
// number of threads; the host is asked one thing at a time, but for streams.
class Gate {
 public:
  // `host` outlives this. Files are read through `open`, since it tells what was really opened.
  Gate(benchmark::HostReader& host, OpenFile open) : host_(host, open), open_(std::move(open)), places_(host_) {}

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

  CarefulHost host_;
  const OpenFile open_;
  std::mutex mutex_;  // guards host_, but for follow, and places_
  KnownPlaces places_;
};

}  // namespace hostreader
