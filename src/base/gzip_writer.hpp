// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace base {

// Compresses what is written to it into one gzip member (RFC 1952), quickly: for answers over a network.
class GzipWriter {
 public:
  GzipWriter();
  GzipWriter(const GzipWriter&) = delete;
  GzipWriter& operator=(const GzipWriter&) = delete;
  ~GzipWriter();

  void write(std::string_view bytes);
  std::string finish();  // the whole member; once, at the end
  std::size_t written() const;  // compressed bytes so far

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace base
