// SPDX-License-Identifier: Apache-2.0
// What the files of one layer hold that is of interest, and its form in the layer cache.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "base/result.hpp"

namespace imagecheck {

// One thing that one rule says of one path.
struct Mark {
  enum class Kind { secret, malware, file };
  Kind kind = Kind::file;
  std::string rule;    // id of the secret rule, the malware rule or the image check
  std::string path;    // as oci::TarEntry has it: any bytes
  std::string detail;  // ready to print: "line 3: ghp_****", "mode 4755"; may be empty
  bool operator==(const Mark&) const = default;
};

struct LayerMarks {
  std::string diff_id;
  std::vector<Mark> marks;  // by path, in the order found
  std::vector<std::string> warnings;
};

base::Json to_json(const LayerMarks& marks);

// Strict: Kind::corrupt for what is not as to_json writes it, so that the layer is read again.
base::Result<LayerMarks> marks_from_json(const base::Json& json);

}  // namespace imagecheck
