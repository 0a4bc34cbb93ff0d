// SPDX-License-Identifier: Apache-2.0
// A key pair made by the openssl program, which signs with it too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/files.hpp"
#include "base/process.hpp"

namespace test {

class Signer {
 public:
  // Words for `openssl genpkey`: {"-algorithm", "ed25519"}.
  explicit Signer(const std::vector<std::string>& algorithm) : raw_(algorithm[1] == "ed25519") {
    std::vector<std::string> words = {"openssl", "genpkey", "-out", file("key.pem")};
    words.insert(words.end(), algorithm.begin(), algorithm.end());
    run(words);
    pem_ = run({"openssl", "pkey", "-in", file("key.pem"), "-pubout"});
  }
  static Signer p256() { return Signer({"-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"}); }

  const std::string& pem() const { return pem_; }
  std::string private_pem() const { return base::read_file(file("key.pem")).value_or(""); }

  std::string sign(std::string_view data) const {
    (void)base::write_file_atomically(file("data"), data);
    if (raw_) return run({"openssl", "pkeyutl", "-sign", "-rawin", "-inkey", file("key.pem"), "-in", file("data")});
    return run({"openssl", "dgst", "-sha256", "-sign", file("key.pem"), file("data")});
  }

 private:
  std::string file(const char* name) const { return (folder_.path() / name).string(); }
  static std::string run(const std::vector<std::string>& words) {
    const auto output = base::run_process(words);
    return output && output->exit_code == 0 ? output->out : "";
  }

  base::TempDir folder_ = base::TempDir::create().value();
  bool raw_;
  std::string pem_;
};

}  // namespace test
