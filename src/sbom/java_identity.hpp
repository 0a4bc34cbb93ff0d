// SPDX-License-Identifier: Apache-2.0
// Which Maven artifact a Java archive is: pom.properties, else the manifest and the file name.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace sbom {

struct MavenCoordinates {
  std::string group;  // empty where nothing tells it
  std::string artifact;
  std::string version;
};

// META-INF/maven/<group>/<artifact>/pom.properties (Maven Archiver). Nothing where one of the three is missing or
// still a "${placeholder}".
std::optional<MavenCoordinates> read_pom_properties(std::string_view text);

// Main section of META-INF/MANIFEST.MF (JAR File Specification): lower-case names, continuation lines joined.
using JarManifest = std::map<std::string, std::string, std::less<>>;
JarManifest read_jar_manifest(std::string_view text);

// "artifact-1.2.3.jar" → artifact and version, without what follows a version (classifiers such as "linux-x86_64");
// without a version in the name the artifact is the whole stem.
struct JarFileName {
  std::string artifact;
  std::string version;
};
JarFileName split_jar_name(std::string_view file_name);

// For archives without pom.properties. Nothing where no version is known, and where neither a group is known nor the
// file name has the form of a Maven artifact.
std::optional<MavenCoordinates> guess_maven_coordinates(const JarManifest& manifest, std::string_view file_name);

// Group of widely used artifacts whose archives do not name it (those built with Gradle or Ant); empty where unknown.
std::string_view known_maven_group(std::string_view artifact, std::string_view version);

}  // namespace sbom
