// SPDX-License-Identifier: Apache-2.0
#include <cstdint>
#include <cstdlib>

#include "oci/tar.hpp"

namespace {

// Takes everything and checks what the contract of TarVisitor promises.
struct CheckingVisitor : oci::TarVisitor {
  std::uint64_t left = 0;
  bool open = false;

  base::Result<bool> begin(const oci::TarEntry& entry) override {
    if (open || entry.path != oci::normalise_path(entry.path)) std::abort();
    if (entry.type == oci::TarEntry::Type::other || entry.size > (1u << 20)) return false;
    open = true;
    left = entry.size;
    return true;
  }
  base::Result<void> data(std::string_view chunk) override {
    if (!open || chunk.empty() || chunk.size() > left) std::abort();
    left -= chunk.size();
    return {};
  }
  base::Result<void> end() override {
    if (!open || left != 0) std::abort();
    open = false;
    return {};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  CheckingVisitor visitor;
  const auto source = base::memory_source({reinterpret_cast<const char*>(data), size});
  static_cast<void>(oci::read_tar(*source, visitor));
  return 0;
}
