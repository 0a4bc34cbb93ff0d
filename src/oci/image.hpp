// SPDX-License-Identifier: Apache-2.0
// An image as its manifest and configuration describe it (OCI image-spec 1.1, Docker manifest v2 schema 2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace oci {

// "sha256:<64 hex>" or "sha512:<128 hex>" (image-spec descriptor.md, Digests).
class Digest {
 public:
  Digest() = default;  // empty: not known
  static base::Result<Digest> parse(std::string_view text);

  const std::string& text() const { return text_; }
  std::string_view algorithm() const;  // "sha256"
  std::string_view hex() const;
  bool empty() const { return text_.empty(); }
  bool operator==(const Digest&) const = default;

 private:
  std::string text_;
};

struct Platform {
  std::string os;
  std::string architecture;  // Go names: amd64, arm64, arm …
  std::string variant;       // v7, v8; may be empty

  // "linux/arm64/v8", "linux/amd64", or "arm64" (linux).
  static base::Result<Platform> parse(std::string_view text);
  static Platform host();
  std::string text() const;
  bool operator==(const Platform&) const = default;
};

struct Layer {
  Digest digest;           // of the blob as it is stored; empty where the source does not tell (docker:)
  Digest diff_id;          // of the uncompressed tar
  std::string media_type;
  std::uint64_t size = 0;  // of the blob
  bool foreign = false;    // not distributable, or fetched from other URLs: skipped with a warning
  std::string created_by;  // history line of the configuration, may be empty
};

struct Image {
  std::string name;        // as the user wrote it
  Digest digest;           // of the manifest; empty where the source has none
  Digest config_digest;
  Platform platform;
  base::Json config;       // the configuration document, whole
  std::vector<Layer> layers;  // lowest first
  std::vector<std::string> warnings;
};

}  // namespace oci
