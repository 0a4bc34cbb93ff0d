// SPDX-License-Identifier: Apache-2.0
// Package databases of real systems with the packages they hold, from BULWARK_TEST_DATA/pkgdb/cases.jsonl (its README.md
// tells the format). Each file goes through layer, merge and inventory as in a scan, at the path its kind has in an image.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>

#include "base/compress.hpp"
#include "base/files.hpp"
#include "base/json.hpp"
#include "base/text.hpp"
#include "oci/tar.hpp"
#include "sbom/layer_facts.hpp"

namespace {

using ::testing::ElementsAreArray;
using ::testing::IsSubsetOf;

struct PkgdbFile {
  std::string path, content;
};

// Where a kind of file lies in an image; "" keeps the path of the case. "%" stands for the file's own name.
const std::map<std::string, std::string>& pkgdb_image_paths() {
  static const std::map<std::string, std::string> paths = {
      {"apk-installed", "lib/apk/db/installed"},
      {"rpm-sqlite", "var/lib/rpm/rpmdb.sqlite"},
      {"rpm-bdb", "var/lib/rpm/Packages"},
      {"rpm-ndb", "usr/lib/sysimage/rpm/Packages.db"},
      {"rpm-manifest", "var/lib/rpmmanifest/container-manifest-2"},
      {"go-binary", "usr/bin/%"},
      {"rust-auditable", "usr/bin/%"},
      {"conda-meta", "opt/conda/conda-meta/%"},
      {"gemspec", "usr/lib/ruby/gems/3.1.0/specifications/%"},
      {"installed.json", "app/vendor/composer/installed.json"},
  };
  return paths;
}

std::string pkgdb_image_path(const std::string& kind, const std::string& file) {
  const bool opkg = file.find("opkg") != std::string::npos;
  if (kind == "dpkg-status") return opkg ? "usr/lib/opkg/status" : "var/lib/dpkg/status";
  // Lock files: the kind is the name.
  if (kind.ends_with(".lock") || kind.ends_with("-lock.json")) return "app/" + kind;
  const auto known = pkgdb_image_paths().find(kind);
  if (known == pkgdb_image_paths().end()) return file;
  std::string path = known->second;
  if (const auto at = path.find('%'); at != std::string::npos) path.replace(at, 1, base::basename(file));
  return path;
}

std::vector<const sbom::Cataloger*> every_cataloger() {
  std::vector<const sbom::Cataloger*> all;
  for (const auto span : {sbom::os_catalogers(), sbom::installed_catalogers(), sbom::lock_file_catalogers()})
    for (const auto& cataloger : span) all.push_back(&cataloger);
  return all;
}

model::Inventory inventory_of(const std::vector<sbom::LayerFacts>& layers) {
  model::Inventory inventory;
  sbom::merge_layers(layers, inventory);
  return inventory;
}

model::Inventory inventory_of_files(const std::vector<PkgdbFile>& files) {
  sbom::LayerAnalyzer analyzer(every_cataloger());
  for (const auto& file : files) {
    oci::TarEntry entry;
    entry.path = file.path;
    entry.size = file.content.size();
    entry.mode = 0755;
    if (!analyzer.begin(entry).value()) continue;
    EXPECT_TRUE(analyzer.data(file.content));
    EXPECT_TRUE(analyzer.end());
  }
  return inventory_of({analyzer.finish("")});
}

// Keeps members whole: for small archives of tests only.
class ArchiveMembers : public oci::TarVisitor {
 public:
  base::Result<bool> begin(const oci::TarEntry& entry) override {
    paths.insert(entry.path);
    current_ = &members[entry.path];
    return entry.type == oci::TarEntry::Type::file;
  }
  base::Result<void> data(std::string_view chunk) override {
    current_->append(chunk);
    return {};
  }
  base::Result<void> end() override { return {}; }

  std::set<std::string> paths;
  std::map<std::string, std::string> members;

 private:
  std::string* current_ = nullptr;
};

std::string unpacked_archive(const std::string& bytes) {
  const auto text = base::decompress_whole(bytes, 1u << 30, "test archive");
  EXPECT_TRUE(text) << text.error().message;
  return text.value_or("");
}

model::Inventory inventory_of_docker_archive(const std::string& bytes) {
  const std::string tar = unpacked_archive(bytes);
  ArchiveMembers archive;
  EXPECT_TRUE(oci::read_tar(*base::memory_source(tar), archive));
  const auto parsed = base::parse_json(archive.members["manifest.json"], "manifest.json");
  EXPECT_TRUE(parsed) << parsed.error().message;
  const base::Json manifest = parsed.value_or(base::Json(base::JsonArray()));
  std::vector<sbom::LayerFacts> layers;
  for (const auto& image : manifest.get_array()) {
    for (const auto& name : base::get_array(image, "Layers")) {
      sbom::LayerAnalyzer analyzer(every_cataloger());
      const std::string layer = unpacked_archive(archive.members[std::string(base::as_string(name))]);
      EXPECT_TRUE(oci::read_tar(*base::memory_source(layer), analyzer));
      layers.push_back(analyzer.finish(std::string(base::as_string(name))));
    }
  }
  return inventory_of(layers);
}

std::string json_text(const base::Json& package, std::string_view key) { return std::string(base::get_string(package, key)); }

// The fields that the expected packages have decide what is compared.
struct ComparedFields {
  bool arch = false, source = false, dev = false;
};

std::string pkgdb_expected_line(const base::Json& package, const ComparedFields& fields) {
  const auto epoch = base::get_int(package, "epoch").value_or(0);
  const std::string release = json_text(package, "release");
  std::string line = json_text(package, "name") + ' ' + (epoch > 0 ? std::to_string(epoch) + ':' : "") +
                     json_text(package, "version") + (release.empty() ? "" : '-' + release);
  if (fields.arch) line += ' ' + json_text(package, "arch");
  if (fields.source) line += ' ' + json_text(package, "source") + ' ' + json_text(package, "source_version");
  if (const std::string source_rpm = json_text(package, "source_rpm"); !source_rpm.empty()) line += ' ' + source_rpm;
  if (const std::string modularity = json_text(package, "modularity"); !modularity.empty()) line += ' ' + modularity;
  return line + (fields.dev && base::get_bool(package, "dev") ? " dev" : "");
}

std::string pkgdb_found_line(const model::Package& package, const ComparedFields& fields) {
  std::string line = package.name + ' ' + package.version;
  if (fields.arch) line += ' ' + package.arch;
  if (fields.source) line += ' ' + package.source + ' ' + package.source_version;
  if (package.type == "rpm" && !package.source.empty()) {
    const auto without_epoch = package.source_version.substr(package.source_version.find(':') + 1);
    line += ' ' + package.source + '-' + without_epoch + ".src.rpm";
  }
  if (!package.modularity.empty()) line += ' ' + package.modularity;
  return line + (fields.dev && package.dev ? " dev" : "");
}

void expect_packages(const base::Json& expected_case, const model::Inventory& inventory) {
  ComparedFields fields;
  for (const auto& package : base::get_array(expected_case, "packages")) {
    fields.arch = fields.arch || base::find(package, "arch");
    fields.source = fields.source || base::find(package, "source_version");
    fields.dev = fields.dev || base::find(package, "dev");
  }
  std::set<std::string> expected, found;
  for (const auto& package : base::get_array(expected_case, "packages")) expected.insert(pkgdb_expected_line(package, fields));
  for (const auto& package : inventory.packages) found.insert(pkgdb_found_line(package, fields));
  if (base::get_string(expected_case, "kind") == "java-archive")
    EXPECT_THAT(expected, IsSubsetOf(found));
  else
    EXPECT_THAT(found, ElementsAreArray(expected));
}

void expect_members(const base::Json& layer_case, const std::string& bytes) {
  ArchiveMembers members;
  const auto read = oci::read_tar(*base::memory_source(bytes), members);
  EXPECT_TRUE(read) << read.error().message;
  std::set<std::string> expected;
  for (const auto& member : base::get_array(layer_case, "members")) expected.insert(oci::normalise_path(base::as_string(member)));
  EXPECT_EQ(members.paths, expected);
  sbom::LayerAnalyzer analyzer(every_cataloger());
  EXPECT_TRUE(oci::read_tar(*base::memory_source(bytes), analyzer));
  for (const auto& package : inventory_of({analyzer.finish("")}).packages) EXPECT_NE(package.path.substr(0, 1), "/");
}

void check_pkgdb_case(const std::filesystem::path& folder, const base::Json& one_case) {
  const std::string kind = json_text(one_case, "kind");
  std::vector<PkgdbFile> files;
  for (const auto& name : base::get_array(one_case, "files")) {
    auto content = base::read_file(folder / std::string(base::as_string(name)), 1u << 30);
    ASSERT_TRUE(content) << content.error().message;
    files.push_back({pkgdb_image_path(kind, std::string(base::as_string(name))), std::move(*content)});
  }
  ASSERT_FALSE(files.empty());
  if (kind == "layer-tar") return expect_members(one_case, files[0].content);
  if (kind.starts_with("docker-archive")) return expect_packages(one_case, inventory_of_docker_archive(files[0].content));
  expect_packages(one_case, inventory_of_files(files));
}

TEST(PackageDatabaseCases, give_their_package_lists) {
  const char* root = std::getenv("BULWARK_TEST_DATA");
  if (!root) GTEST_SKIP() << "BULWARK_TEST_DATA is not set";
  const std::filesystem::path folder = std::filesystem::path(root) / "pkgdb";
  const auto cases = base::read_file(folder / "cases.jsonl");
  ASSERT_TRUE(cases) << cases.error().message;
  int checked = 0;
  for (std::string_view line : base::split_lines(*cases)) {
    if (base::trim(line).empty()) continue;
    const auto one_case = base::parse_json(line, "cases.jsonl");
    ASSERT_TRUE(one_case) << one_case.error().message;
    SCOPED_TRACE(json_text(*one_case, "id"));
    check_pkgdb_case(folder, *one_case);
    ++checked;
  }
  EXPECT_GT(checked, 0);
}

}  // namespace
