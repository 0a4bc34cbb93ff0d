// SPDX-License-Identifier: Apache-2.0
#include "sbom/java_identity.hpp"

#include <algorithm>
#include <vector>

#include "base/text.hpp"

namespace sbom {
namespace {

constexpr std::size_t kMaxManifestValue = 64u << 10;
constexpr std::size_t kMaxManifestNames = 1000;
constexpr std::size_t kMaxPropertyLines = 1000;

bool is_java_digit(char c) { return c >= '0' && c <= '9'; }

bool is_java_word(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_java_digit(c) || c == '.' || c == '_' || c == '-';
  });
}

std::string_view next_java_line(std::string_view& text) {
  const std::size_t end = text.find_first_of("\r\n");
  const std::string_view line = text.substr(0, end);
  if (end == std::string_view::npos) {
    text = {};
  } else {
    const bool pair = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
    text.remove_prefix(end + (pair ? 2 : 1));
  }
  return line;
}

// A version whose words are digits or names of a stage of release.
bool is_version_word(std::string_view word) {
  if (word.empty()) return false;
  if (is_java_digit(word.front())) return true;
  static constexpr std::string_view kStages[] = {
      "snapshot", "release", "final", "ga",      "alpha", "a",  "beta",       "b",     "milestone", "m",
      "rc",       "cr",      "sp",    "preview", "pre",   "ea", "incubating", "build", "patch",     "dev",
      "jre",      "jdk",     "java",  "android", "v",     "r",  "redhat",     "hadoop"};
  const std::string lower = base::to_lower(word);
  return std::any_of(std::begin(kStages), std::end(kStages), [&](std::string_view stage) {
    return lower.starts_with(stage) && lower.find_first_not_of("0123456789.", stage.size()) == std::string::npos;
  });
}

// Words behind a version that name a variant of the same artifact.
bool is_jar_classifier(std::string_view word) {
  static constexpr std::string_view kClassifiers[] = {
      "sources", "javadoc", "tests",   "test",   "linux",  "osx",      "windows", "macos",      "universal", "x86_64",
      "native",  "shaded",  "all",     "exec",   "runner", "uber",     "fat",     "standalone", "jar",       "aarch_64",
      "nodep",   "nodeps",  "bundle",  "boot",   "no",     "jakarta",  "full",    "client",     "server",    "classes"};
  return std::find(std::begin(kClassifiers), std::end(kClassifiers), word) != std::end(kClassifiers);
}

// The part of "1.2.3-jre-linux-x86_64" that is the version; empty where this cannot be one.
std::string_view version_of_tail(std::string_view tail) {
  std::size_t end = 0;
  for (std::size_t at = 0; at <= tail.size();) {
    const std::size_t dash = std::min(tail.find('-', at), tail.size());
    const std::string_view word = tail.substr(at, dash - at);
    if (is_jar_classifier(word)) return tail.substr(0, end);
    if (!is_version_word(word)) return {};
    end = dash;
    at = dash + 1;
  }
  return tail.substr(0, end);
}

std::string_view manifest_value(const JarManifest& manifest, std::string_view name) {
  const auto found = manifest.find(name);
  return found == manifest.end() ? std::string_view{} : std::string_view(found->second);
}

// The value up to the first blank or bracket, where it looks like a version: "9.0.65", not "${version}" or "trunk".
std::string_view manifest_version(const JarManifest& manifest, std::string_view name) {
  auto value = manifest_value(manifest, name);
  value = value.substr(0, value.find_first_of(" (\t"));
  const std::size_t digit = value.starts_with("v") ? 1 : 0;
  if (value.size() <= digit || !is_java_digit(value[digit])) return {};
  if (!is_java_word(value.substr(0, value.find('+')))) return {};
  return value;
}

std::string jar_version(const JarManifest& manifest, const JarFileName& file) {
  if (!file.version.empty()) return file.version;
  for (const std::string_view name :
       {"plugin-version", "implementation-version", "bundle-version", "specification-version"}) {
    const auto value = manifest_version(manifest, name);
    if (!value.empty()) return std::string(value);
  }
  return {};
}

std::string bundle_name(const JarManifest& manifest) {
  const auto value = manifest_value(manifest, "bundle-symbolicname");
  const auto name = base::trim(value.substr(0, value.find(';')));
  return is_java_word(name) ? std::string(name) : std::string();
}

// Tomcat's own naming: bundle org.apache.tomcat-catalina is artifact tomcat-catalina.
std::optional<MavenCoordinates> tomcat_coordinates(const std::string& bundle) {
  constexpr std::string_view kEmbedded = "org.apache.tomcat-embed-";
  constexpr std::string_view kServer = "org.apache.tomcat-";
  if (bundle.starts_with(kEmbedded)) return MavenCoordinates{"org.apache.tomcat.embed", bundle.substr(11), {}};
  if (bundle.starts_with(kServer)) return MavenCoordinates{"org.apache.tomcat", bundle.substr(11), {}};
  return std::nullopt;
}

// Undoes the rule of maven-bundle-plugin, which makes group.artifact and drops from the artifact what the group's
// last word says already: org.slf4j + slf4j-api → org.slf4j.api.
std::string group_of_bundle(const std::string& bundle, const std::string& artifact) {
  const auto [head, last] = base::cut_last(bundle, ".");
  if (last.empty()) return {};
  if (artifact == last && head.find('.') == std::string_view::npos) return bundle;  // org.jsoup + jsoup → org.jsoup
  const std::string suffix = "." + artifact;
  if (bundle.size() > suffix.size() && bundle.compare(bundle.size() - suffix.size(), suffix.size(), suffix) == 0) {
    return bundle.substr(0, bundle.size() - suffix.size());
  }
  const auto group_word = base::cut_last(head, ".").second;
  const std::string joined = std::string(group_word.empty() ? head : group_word) + "-" + std::string(last);
  return joined == artifact ? std::string(head) : std::string();
}

std::string jar_group(const JarManifest& manifest, const std::string& artifact, const std::string& version) {
  const auto known = known_maven_group(artifact, version);
  if (!known.empty()) return std::string(known);
  for (const std::string_view name : {"group-id", "implementation-vendor-id"}) {
    const auto value = base::trim(manifest_value(manifest, name));
    if (is_java_word(value) && value.find('.') != std::string_view::npos) return std::string(value);
  }
  return group_of_bundle(bundle_name(manifest), artifact);
}

// Where the file name has no version it may have been renamed: the manifest's word is better then.
std::string jar_artifact(const JarManifest& manifest, const JarFileName& file) {
  const auto plugin = base::trim(manifest_value(manifest, "short-name"));  // Jenkins plugins
  if (is_java_word(plugin) && manifest.count("plugin-version") != 0) return std::string(plugin);
  if (!file.version.empty()) return file.artifact;
  const auto title = base::trim(manifest_value(manifest, "implementation-title"));
  if (is_java_word(title) && title.find('.') == std::string_view::npos) return std::string(title);
  return file.artifact;
}

}  // namespace

std::optional<MavenCoordinates> read_pom_properties(std::string_view text) {
  MavenCoordinates found;
  for (std::size_t lines = 0; !text.empty() && lines < kMaxPropertyLines; ++lines) {
    const auto line = base::trim(next_java_line(text));
    if (line.empty() || line[0] == '#' || line[0] == '!') continue;
    const std::size_t separator = line.find_first_of("=:");
    if (separator == std::string_view::npos) continue;
    const auto key = base::trim(line.substr(0, separator));
    const auto value = base::trim(line.substr(separator + 1));
    if (key == "groupId") found.group = value;
    if (key == "artifactId") found.artifact = value;
    if (key == "version") found.version = value;
  }
  // Versions are freer than names: build metadata, blanks of bad builds.
  const bool complete = is_java_word(found.group) && is_java_word(found.artifact) && !found.version.empty() &&
                        found.version.find("${") == std::string::npos;
  if (!complete) return std::nullopt;
  return found;
}

JarManifest read_jar_manifest(std::string_view text) {
  JarManifest manifest;
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  std::string* last = nullptr;
  while (!text.empty()) {
    const auto line = next_java_line(text);
    if (line.empty()) break;  // sections of single files follow
    if (line[0] == ' ') {
      if (last != nullptr && last->size() < kMaxManifestValue) last->append(line.substr(1));
      continue;
    }
    const auto [name, value] = base::cut(line, ":");
    if (manifest.size() >= kMaxManifestNames) break;
    last = &manifest[base::to_lower(base::trim(name))];
    last->assign(value.substr(0, 1) == " " ? value.substr(1) : value);
  }
  return manifest;
}

JarFileName split_jar_name(std::string_view file_name) {
  const auto stem = base::cut_last(base::basename(file_name), ".").first;
  for (std::size_t dash = stem.find('-'); dash != std::string_view::npos; dash = stem.find('-', dash + 1)) {
    auto tail = stem.substr(dash + 1);
    if (tail.starts_with("v") && tail.size() > 1 && is_java_digit(tail[1])) tail.remove_prefix(1);
    if (dash == 0 || tail.empty() || !is_java_digit(tail[0])) continue;
    const auto version = version_of_tail(tail);
    if (!version.empty()) return {std::string(stem.substr(0, dash)), std::string(version)};
  }
  return {std::string(stem), {}};
}

std::optional<MavenCoordinates> guess_maven_coordinates(const JarManifest& manifest, std::string_view file_name) {
  const JarFileName file = split_jar_name(file_name);
  const std::string version = jar_version(manifest, file);
  if (version.empty()) return std::nullopt;
  if (auto tomcat = tomcat_coordinates(bundle_name(manifest))) {
    tomcat->version = version;
    return tomcat;
  }
  MavenCoordinates found;
  found.artifact = jar_artifact(manifest, file);
  found.version = version;
  found.group = jar_group(manifest, found.artifact, version);
  if (!is_java_word(found.artifact) || (found.group.empty() && file.version.empty())) return std::nullopt;
  return found;
}

}  // namespace sbom
