// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace model {

// One installed (or, from a lock file, declared) package.
struct Package {
  std::string name;     // as its ecosystem writes it: "group:artifact" for Maven, "@scope/name" for npm, PyPI as
                        // the metadata has it, Packagist "vendor/name", Go module path, "stdlib" for the toolchain
  std::string version;  // as its ecosystem writes it; rpm: "[epoch:]version-release" with epoch 0 left out;
                        // "(devel)" for a Go main module without a version
  std::string type;     // purl type: deb, apk, rpm, opkg, pypi, npm, gem, maven, golang, cargo, composer, nuget, conda
  std::string arch;             // where the format has one
  std::string source;           // OS packages: source package (deb, rpm) or origin (apk); else empty
  std::string source_version;   // OS packages: version of the source, as the native tools derive it
  std::string purl;             // package URL; filled in by sbom::fill_purls once the distribution is known
  std::string layer;            // diff id of the layer that first has this (name, version); empty for folders
  std::string path;             // file it was read from, relative to the root; "a.jar!/b.jar" for nested archives
  std::string managed_by;       // "dpkg", "apk" or "rpm" where an OS package owns that file; such a language
                                // package is listed and not matched: the distribution's data speaks for it
  std::string modularity;       // rpm: "name:stream:version:context"
  std::string vendor;           // rpm Vendor, dpkg Maintainer or Origin: tells third-party packages apart
  bool dev = false;             // a development dependency
};

// Operating system distribution of an image, from os-release and its kin.
struct Distribution {
  std::string id;           // os-release ID: debian, ubuntu, alpine, rhel, almalinux, azurelinux, mariner, wolfi …
  std::string version;      // VERSION_ID: "12", "22.04", "3.19.1"
  std::string codename;     // VERSION_CODENAME, may be empty
  std::string pretty_name;  // PRETTY_NAME, for people
  std::vector<std::string> like;  // ID_LIKE
};

// What was looked at.
struct Artifact {
  std::string name;      // reference as the user wrote it
  std::string type;      // "image", "directory" or "sbom"
  std::string digest;    // manifest digest; empty where the source has none
  std::string platform;  // "linux/amd64"; empty for folders
  std::vector<std::string> layers;  // diff ids, lowest first
};

}  // namespace model
