// SPDX-License-Identifier: Apache-2.0
// Java archives and the archives inside them (JAR File Specification; Java EE packaging; OSGi; Jenkins plugins).
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "base/zip.hpp"
#include "sbom/catalogers_installed.hpp"
#include "sbom/java_identity.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxJar = 256u << 20;
constexpr std::size_t kMaxNestedJar = 128u << 20;
constexpr std::size_t kMaxJarDepth = 128;               // the outermost archive is the first level
constexpr std::size_t kMaxJarUnpacked = 512u << 20;     // of one outermost archive, all levels together
constexpr std::size_t kMaxJarEntries = 1'000'000;       // likewise
constexpr std::size_t kMaxJarText = 8u << 20;           // one manifest or pom.properties
constexpr std::size_t kJarOpenCost = 16'384;            // charged for each nested archive, however small
constexpr std::size_t kMaxJarPackages = 200'000;
constexpr std::size_t kMaxJarWarnings = 10;
constexpr std::string_view kJarSpent =
    "the rest was left out: the archive holds more than 512 MiB unpacked, 1000000 entries or 200000 packages";

bool is_jar_name(std::string_view path) {
  static constexpr std::string_view kEndings[] = {"jar", "war", "ear", "par", "sar", "jpi", "hpi", "lpkg",
                                                  "rar", "nar", "kar", "aar", "ejb3"};
  const auto dot = path.rfind('.');
  if (dot == std::string_view::npos || dot + 1 >= path.size() || path.size() - dot > 5) return false;
  const std::string ending = base::to_lower(path.substr(dot + 1));
  return std::find(std::begin(kEndings), std::end(kEndings), ending) != std::end(kEndings);
}

bool wants_java(const FileHead& file) { return file.size >= 22 && is_jar_name(file.path); }

// Walks one outermost archive. Everything that may grow is charged to a budget of the whole walk.
class JarWalk {
 public:
  explicit JarWalk(FileFacts& facts) : facts_(facts) {}

  // `path` is "" for the outermost archive, else its path in the form of Package::path.
  base::Result<void> walk(std::string_view bytes, std::string_view name, const std::string& path, std::size_t depth);

 private:
  struct Contents {
    std::vector<MavenCoordinates> poms;
    JarManifest manifest;
    std::vector<const base::ZipEntry*> archives;
  };

  std::optional<std::string> read(const base::ZipReader& zip, const base::ZipEntry& entry, std::size_t cap,
                                  const std::string& path);
  Contents read_contents(const base::ZipReader& zip, const std::string& path);
  void add_packages(const Contents& contents, std::string_view name, const std::string& path);
  void add(const MavenCoordinates& coordinates, const std::string& path);
  void walk_nested(const base::ZipReader& zip, const base::ZipEntry& entry, const std::string& path, std::size_t depth);
  void warn(const std::string& path, std::string_view text);
  bool is_spent() const {
    return unpacked_ >= kMaxJarUnpacked || entries_ >= kMaxJarEntries || facts_.packages.size() >= kMaxJarPackages;
  }

  FileFacts& facts_;
  std::set<std::string> seen_;  // name, version and path of the packages so far
  std::size_t unpacked_ = 0;
  std::size_t entries_ = 0;
  std::size_t suppressed_ = 0;
};

void JarWalk::warn(const std::string& path, std::string_view text) {
  if (facts_.warnings.size() < kMaxJarWarnings) {
    facts_.warnings.push_back((path.empty() ? facts_.path : path) + ": " + std::string(text));
  } else if (++suppressed_ == 1) {
    facts_.warnings.push_back(facts_.path + ": more parts were left out");
  }
}

std::optional<std::string> JarWalk::read(const base::ZipReader& zip, const base::ZipEntry& entry, std::size_t cap,
                                         const std::string& path) {
  const std::size_t left = kMaxJarUnpacked - std::min(unpacked_, kMaxJarUnpacked);
  const std::size_t allowed = std::min(cap, left);
  auto content = zip.read(entry, allowed);
  if (content) {
    unpacked_ += content->size();
    return std::move(*content);
  }
  // What was unpacked before it failed cost as much as if it had not; a lying size costs what could be unpacked.
  unpacked_ += static_cast<std::size_t>(std::min<std::uint64_t>(
      allowed, content.error().kind == base::Kind::too_large ? allowed : std::max(entry.size, entry.compressed_size)));
  warn(path, base::printable(entry.name) + " was left out: " + content.error().message);
  return std::nullopt;
}

JarWalk::Contents JarWalk::read_contents(const base::ZipReader& zip, const std::string& path) {
  Contents contents;
  for (const base::ZipEntry& entry : zip.entries()) {
    if (is_jar_name(entry.name)) {
      if (entry.size > 0) contents.archives.push_back(&entry);
      continue;
    }
    const auto file = base::basename(entry.name);
    const bool pom = file == "pom.properties";
    const bool manifest =
        !pom && contents.manifest.empty() && base::equals_ignoring_case(entry.name, "META-INF/MANIFEST.MF");
    if (!pom && !manifest) continue;
    if (is_spent()) {
      warn(path, kJarSpent);
      break;
    }
    const auto text = read(zip, entry, kMaxJarText, path);
    if (!text) continue;
    if (manifest) {
      contents.manifest = read_jar_manifest(*text);
    } else if (auto coordinates = read_pom_properties(*text)) {
      contents.poms.push_back(std::move(*coordinates));
    }
  }
  return contents;
}

void JarWalk::add(const MavenCoordinates& coordinates, const std::string& path) {
  model::Package package;
  package.name = coordinates.group.empty() ? coordinates.artifact : coordinates.group + ":" + coordinates.artifact;
  package.version = coordinates.version;
  package.type = "maven";
  package.path = path;
  if (!seen_.insert(package.name + '\n' + package.version + '\n' + path).second) return;
  add_package(facts_, std::move(package));
}

// Shaded archives hold the pom.properties of all they swallowed, and perhaps not their own.
void JarWalk::add_packages(const Contents& contents, std::string_view name, const std::string& path) {
  for (const MavenCoordinates& coordinates : contents.poms) add(coordinates, path);
  if (contents.poms.size() == 1) return;
  const auto guess = guess_maven_coordinates(contents.manifest, name);
  if (!guess) return;
  const bool known = std::any_of(contents.poms.begin(), contents.poms.end(),
                                 [&](const MavenCoordinates& pom) { return pom.artifact == guess->artifact; });
  if (!known && (contents.poms.empty() || !guess->group.empty())) add(*guess, path);
}

void JarWalk::walk_nested(const base::ZipReader& zip, const base::ZipEntry& entry, const std::string& path,
                          std::size_t depth) {
  const std::string inner = (path.empty() ? facts_.path : path) + "!/" + base::printable(entry.name);
  unpacked_ += kJarOpenCost;
  const auto bytes = read(zip, entry, kMaxNestedJar, path);
  if (!bytes) return;
  if (!base::looks_like_zip(*bytes)) return;  // ".rar" and ".par" are others' endings too
  const auto walked = walk(*bytes, entry.name, inner, depth + 1);
  if (!walked) warn(inner, "left out: " + walked.error().message);
}

base::Result<void> JarWalk::walk(std::string_view bytes, std::string_view name, const std::string& path,
                                 std::size_t depth) {
  const auto zip = base::ZipReader::open(bytes, kMaxJarEntries - std::min(entries_, kMaxJarEntries));
  if (!zip) {
    if (zip.error().kind == base::Kind::too_large) entries_ = kMaxJarEntries;
    return base::fail(zip.error());
  }
  entries_ += zip->entries().size();
  const Contents contents = read_contents(*zip, path);
  add_packages(contents, name, path);
  for (const base::ZipEntry* entry : contents.archives) {
    if (depth >= kMaxJarDepth) {
      warn(path, "archives nested deeper than 128 levels were left out");
      break;
    }
    if (is_spent()) {
      warn(path, kJarSpent);
      break;
    }
    walk_nested(*zip, *entry, path, depth);
  }
  return {};
}

base::Result<FileFacts> catalog_java(std::span<const File> files) {
  const File& file = files.front();
  FileFacts facts;
  facts.path = file.path;
  JarWalk walk(facts);
  const auto walked = walk.walk(file.content, file.path, "", 1);
  if (!walked && base::looks_like_zip(file.content)) return base::fail(walked.error().with_context(file.path));
  return facts;
}

}  // namespace

Cataloger java_cataloger() {
  return {.name = "java",
          .version = 1,
          .cap = kMaxJar,
          .grouped = false,
          .wants = wants_java,
          .catalog = catalog_java};
}

}  // namespace sbom
