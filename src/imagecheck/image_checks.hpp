// SPDX-License-Identifier: Apache-2.0
// Checks of how an image is made: its configuration, its history, the modes and names of its files. Each check is data
// (docs/add-an-image-check.md): words, and the name of a function here with parameters.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/glob.hpp"
#include "base/json.hpp"
#include "base/result.hpp"
#include "base/time.hpp"
#include "imagecheck/rule_source.hpp"
#include "imagecheck/secret_rules.hpp"
#include "model/finding.hpp"
#include "oci/tar.hpp"

namespace imagecheck {

// What a check's `parameters` say, typed by the function that they are for.
class CheckParameters {
 public:
  enum class Type { texts, globs, pattern, number, octal, word };

  CheckParameters();
  CheckParameters(CheckParameters&&) noexcept;
  CheckParameters& operator=(CheckParameters&&) noexcept;
  ~CheckParameters();

  const std::vector<std::string>& texts(std::string_view name) const;  // empty where missing
  const std::vector<base::Glob>& globs(std::string_view name) const;   // empty where missing
  std::int64_t number(std::string_view name, std::int64_t otherwise) const;
  std::string_view word(std::string_view name) const;                  // empty where missing

  // Whether the expression is found in the text; what its first group, else all of it, matched. Nothing where there is
  // no such parameter.
  std::optional<std::string> find(std::string_view name, std::string_view text) const;
  bool matches(std::string_view name, std::string_view text) const { return find(name, text).has_value(); }

 private:
  friend class ImageCheckReader;
  struct Values;
  std::unique_ptr<Values> values_;
};

// What the checks of the configuration look at.
struct ConfigSubject {
  const base::Json& config;         // the image's configuration document
  std::string_view reference;       // as the user wrote it
  const SecretRules* secrets;       // null: formats of secrets are not known
  base::Seconds now;
};

// The items at fault, ready to print and without secrets; none where the image passes.
using ConfigFunction = std::vector<std::string> (*)(const ConfigSubject&, const CheckParameters&);

// The functions over files. Facts of each layer: what is at fault is an item for a path.
enum class FileFunction { mode_bits, paths_present, lines_matching };

struct ImageCheck {
  std::string id, title, description, remediation, impact;
  model::Severity severity = model::Severity::medium;
  std::vector<std::string> references;
  std::string function;                  // its name
  ConfigFunction on_config = nullptr;    // one of the two is set
  std::optional<FileFunction> on_files;
  CheckParameters parameters;
};

// The functions that data can name, with their parameters.
struct CheckFunctionDoc {
  std::string_view name;
  ConfigFunction on_config;
  std::optional<FileFunction> on_files;
  struct Parameter {
    std::string_view name;
    CheckParameters::Type type;
    bool required;
  };
  std::vector<Parameter> parameters;
};
const std::vector<CheckFunctionDoc>& check_functions();
const std::vector<CheckFunctionDoc>& config_check_functions();

// Kind::invalid_input carries every fault of every file, a line each.
base::Result<std::vector<ImageCheck>> load_image_checks(const std::vector<RuleSource>& sources);

// The checks over files, run on the entries of one layer.
class FileChecks {
 public:
  explicit FileChecks(const std::vector<ImageCheck>& checks);  // which outlive it

  static constexpr std::uint64_t kContentCap = 1u << 20;  // larger files are not read for their lines

  // Calls found(check, detail) where the entry itself is at fault; detail may be empty.
  using Found = std::function<void(const ImageCheck&, std::string)>;
  void look_at_entry(const oci::TarEntry& entry, const Found& found) const;

  bool wants_content(std::string_view path, std::uint64_t size) const;
  void look_at_content(std::string_view path, std::string_view content, const Found& found) const;

 private:
  std::vector<const ImageCheck*> by_entry_, by_lines_;
};

}  // namespace imagecheck
