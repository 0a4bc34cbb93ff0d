// SPDX-License-Identifier: Apache-2.0
// One function a source format. Each reads a whole document, adds what it finds to a RecordSet, and counts what it had
// to leave out. docs/add-an-advisory-source.md walks through a new one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "advisory/record_set.hpp"
#include "base/result.hpp"

namespace advisory {

enum class Format { unknown, osv, debian_tracker, secdb, oval, csaf, kev, epss };

// Recognises a document that is neither packed nor compressed.
Format detect_format(std::string_view document);

// The longest document that is read; the Debian tracker has about 60 MB.
inline constexpr std::size_t kLargestDocument = std::size_t{1} << 30;

// What could not be read. Not thread-safe.
class Refusals {
 public:
  void add(std::string_view where, std::string_view why);
  void merge(const Refusals& other);
  std::size_t count() const { return count_; }
  const std::vector<std::string>& warnings() const { return warnings_; }

 private:
  static constexpr std::size_t kMostWarnings = 50;
  std::size_t count_ = 0;
  std::vector<std::string> warnings_;
};

// Each fails with Kind::invalid_input, naming `name`, where the document as a whole cannot be read. A bad record in
// it goes to `refusals`.
base::Result<void> import_osv(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals);
base::Result<void> import_debian_tracker(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals);
base::Result<void> import_secdb(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals);
base::Result<void> import_oval(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals);
base::Result<void> import_csaf(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals);
base::Result<void> import_kev(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals);
base::Result<void> import_epss(std::string_view document, std::string_view name, RecordSet& into, Refusals& refusals);

// By format; Kind::unsupported for Format::unknown.
base::Result<void> import_document(Format format, std::string_view document, std::string_view name, RecordSet& into,
                                   Refusals& refusals);

// An archive as OSV publishes it (<id>.json entries), read on several cores, in the order of its entries. `archive`
// are the bytes of the ZIP file.
base::Result<void> import_osv_archive(std::string_view archive, std::string_view name, RecordSet& into, Refusals& refusals);

}  // namespace advisory
