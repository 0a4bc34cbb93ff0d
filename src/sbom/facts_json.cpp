// SPDX-License-Identifier: Apache-2.0
// The layer cache's text form of LayerFacts. Strict: what is not exactly as written here is an error, and the caller
// reads the layer again. Texts that are no valid UTF-8 (file names may hold any byte) stand as {"base64": …}.
#include <fmt/format.h>

#include <algorithm>

#include "base/base64.hpp"
#include "base/hash.hpp"
#include "base/text.hpp"
#include "sbom/layer_facts.hpp"

namespace sbom {

namespace {

using base::Json;
using base::JsonArray;
using base::JsonObject;

constexpr std::int64_t kFactsFormat = 1;

base::Json text_json(const std::string& text) {
  // Control characters are replaced as well by printable(); such texts are rare enough to be encoded too.
  const auto plain = [](char c) { return c >= 0x20 && c < 0x7f; };
  if (std::all_of(text.begin(), text.end(), plain) || base::printable(text) == text) return Json(text);
  return Json(JsonObject{{"base64", base::base64_encode(text)}});
}

Json texts_json(const std::vector<std::string>& texts) {
  JsonArray array;
  array.reserve(texts.size());
  for (const auto& text : texts) array.push_back(text_json(text));
  return array;
}

Json fingerprints_json(const std::vector<std::uint64_t>& fingerprints) {
  std::string bytes;
  bytes.reserve(fingerprints.size() * 8);
  for (std::uint64_t value : fingerprints)
    for (int shift = 0; shift < 64; shift += 8) bytes += static_cast<char>(value >> shift & 0xff);
  return Json(base::base64_encode(bytes));
}

// The text members of a package, each left out where it is empty.
struct PackageMember {
  std::string_view key;
  std::string model::Package::*text;
};

constexpr PackageMember kPackageMembers[] = {
    {"name", &model::Package::name},
    {"version", &model::Package::version},
    {"type", &model::Package::type},
    {"arch", &model::Package::arch},
    {"source", &model::Package::source},
    {"sourceVersion", &model::Package::source_version},
    {"path", &model::Package::path},
    {"modularity", &model::Package::modularity},
    {"vendor", &model::Package::vendor},
};

Json package_json(const model::Package& package) {
  JsonObject object;
  for (const auto& member : kPackageMembers)
    if (const std::string& text = package.*member.text; !text.empty()) object[member.key] = text_json(text);
  if (package.dev) object["dev"] = true;
  return object;
}

Json os_json(const model::Distribution& os) {
  return JsonObject{{"id", text_json(os.id)},
                    {"version", text_json(os.version)},
                    {"codename", text_json(os.codename)},
                    {"prettyName", text_json(os.pretty_name)},
                    {"like", texts_json(os.like)}};
}

Json file_json(const FileFacts& file) {
  JsonObject object{{"path", text_json(file.path)}};
  JsonArray packages;
  packages.reserve(file.packages.size());
  for (const auto& package : file.packages) packages.push_back(package_json(package));
  object["packages"] = std::move(packages);
  if (file.os) object["os"] = os_json(*file.os);
  object["manager"] = text_json(file.manager);
  object["owned"] = fingerprints_json(file.owned);
  object["warnings"] = texts_json(file.warnings);
  return object;
}

// Reads one object's members; remembers the first fault, and members that nobody asked for are one.
class FactsReader {
 public:
  explicit FactsReader(const Json& json) : object_(json.if_object()) {
    if (!object_) fault("an object");
  }

  const Json* member(std::string_view key, bool required = true) {
    const Json* found = object_ ? object_->if_contains(key) : nullptr;
    if (found) ++used_;
    if (!found && required) fault(key);
    return found;
  }

  std::string text(std::string_view key, bool required = true) {
    const Json* found = member(key, required);
    return found ? text_of(*found, key) : std::string();
  }

  std::vector<std::string> texts(std::string_view key) {
    std::vector<std::string> out;
    const JsonArray& elements = array(key);
    out.reserve(elements.size());
    for (const Json& element : elements) out.push_back(text_of(element, key));
    return out;
  }

  const JsonArray& array(std::string_view key) {
    static const JsonArray none;
    const Json* found = member(key);
    if (found && !found->is_array()) fault(key);
    return found && found->is_array() ? found->get_array() : none;
  }

  std::vector<std::uint64_t> fingerprints(std::string_view key) {
    const auto bytes = base::base64_decode(text(key));
    if (!bytes || bytes->size() % 8 != 0) {
      fault(key);
      return {};
    }
    std::vector<std::uint64_t> out(bytes->size() / 8);
    for (std::size_t i = 0; i < bytes->size(); ++i)
      out[i / 8] |= std::uint64_t{static_cast<unsigned char>((*bytes)[i])} << (i % 8 * 8);
    if (std::adjacent_find(out.begin(), out.end(), std::greater_equal<>()) != out.end()) fault(key);
    return out;
  }

  std::string text_of(const Json& json, std::string_view key) {
    if (json.is_string()) return std::string(base::as_string(json));
    const auto* object = json.if_object();
    const Json* encoded = object && object->size() == 1 ? object->if_contains("base64") : nullptr;
    auto bytes = encoded && encoded->is_string() ? base::base64_decode(base::as_string(*encoded)) : std::nullopt;
    if (!bytes) fault(key);
    return bytes.value_or(std::string());
  }

  void fault(std::string_view key) {
    if (fault_.empty()) fault_ = key;
  }

  // After the last member was read.
  base::Result<void> finish() {
    if (fault_.empty() && object_ && used_ != object_->size()) fault_ = "an unknown member";
    if (fault_.empty()) return {};
    return base::fail(base::Kind::corrupt, fmt::format("layer facts: {} is not as it was written", fault_));
  }

 private:
  const JsonObject* object_;
  std::size_t used_ = 0;
  std::string fault_;
};

base::Result<model::Package> package_from_json(const Json& json) {
  FactsReader reader(json);
  model::Package package;
  for (const auto& member : kPackageMembers) package.*member.text = reader.text(member.key, false);
  if (const Json* dev = reader.member("dev", false)) {
    if (!dev->is_bool()) reader.fault("dev");
    else package.dev = dev->get_bool();
  }
  if (package.name.empty() || package.version.empty() || package.type.empty()) reader.fault("a package");
  TRY(reader.finish());
  return package;
}

base::Result<model::Distribution> os_from_json(const Json& json) {
  FactsReader reader(json);
  model::Distribution os;
  os.id = reader.text("id");
  os.version = reader.text("version");
  os.codename = reader.text("codename");
  os.pretty_name = reader.text("prettyName");
  os.like = reader.texts("like");
  TRY(reader.finish());
  return os;
}

base::Result<FileFacts> file_from_json(const Json& json) {
  FactsReader reader(json);
  FileFacts file;
  file.path = reader.text("path");
  const JsonArray& packages = reader.array("packages");
  file.packages.reserve(packages.size());
  for (const Json& package : packages) file.packages.push_back(TRY(package_from_json(package)));
  if (const Json* os = reader.member("os", false)) file.os = TRY(os_from_json(*os));
  file.manager = reader.text("manager");
  file.owned = reader.fingerprints("owned");
  file.warnings = reader.texts("warnings");
  TRY(reader.finish());
  return file;
}

base::Result<LayerFacts> layer_from_json(const Json& json) {
  FactsReader reader(json);
  LayerFacts facts;
  const Json* format = reader.member("format");
  if (!format || !format->is_int64() || format->get_int64() != kFactsFormat) reader.fault("format");
  facts.diff_id = reader.text("diffId");
  for (const Json& file : reader.array("files")) facts.files.push_back(TRY(file_from_json(file)));
  facts.whiteouts = reader.texts("whiteouts");
  facts.opaque = reader.texts("opaque");
  facts.replaced = reader.texts("replaced");
  for (const Json& link : reader.array("symlinks")) {
    const auto* pair = link.if_array();
    if (!pair || pair->size() != 2)
      reader.fault("symlinks");
    else
      facts.symlinks.emplace(reader.text_of(pair->at(0), "symlinks"), reader.text_of(pair->at(1), "symlinks"));
  }
  facts.non_folders = reader.fingerprints("nonFolders");
  facts.folders = reader.fingerprints("folders");
  facts.warnings = reader.texts("warnings");
  TRY(reader.finish());
  return facts;
}

}  // namespace

std::string catalogers_key(const std::vector<const Cataloger*>& catalogers) {
  std::vector<std::string> parts;
  for (const Cataloger* cataloger : catalogers)
    parts.push_back(fmt::format("{} {} {}\n", cataloger->name, cataloger->version, cataloger->cap));
  std::sort(parts.begin(), parts.end());
  return base::sha256_hex(fmt::format("facts {}\n{}", kFactsFormat, base::join(parts, "")));
}

base::Json to_json(const LayerFacts& facts) {
  JsonArray files, symlinks;
  files.reserve(facts.files.size());
  for (const auto& file : facts.files) files.push_back(file_json(file));
  for (const auto& [path, target] : facts.symlinks) symlinks.push_back(JsonArray{text_json(path), text_json(target)});
  return JsonObject{{"format", kFactsFormat},
                    {"diffId", text_json(facts.diff_id)},
                    {"files", std::move(files)},
                    {"whiteouts", texts_json(facts.whiteouts)},
                    {"opaque", texts_json(facts.opaque)},
                    {"replaced", texts_json(facts.replaced)},
                    {"symlinks", std::move(symlinks)},
                    {"nonFolders", fingerprints_json(facts.non_folders)},
                    {"folders", fingerprints_json(facts.folders)},
                    {"warnings", texts_json(facts.warnings)}};
}

base::Result<LayerFacts> facts_from_json(const base::Json& json) { return layer_from_json(json); }

}  // namespace sbom
