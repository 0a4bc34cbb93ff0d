// SPDX-License-Identifier: Apache-2.0
// The catalogers of installed language packages, one a file. Package::path is left empty but inside archives.
#pragma once

#include "sbom/cataloger.hpp"

namespace sbom {

Cataloger python_cataloger();        // *.dist-info, *.egg-info, wheels and eggs
Cataloger node_cataloger();          // package.json below node_modules
Cataloger ruby_gemspec_cataloger();  // specifications/*.gemspec
Cataloger java_cataloger();          // jar, war, ear … and the archives inside them
Cataloger executable_cataloger();    // Go build information and Rust audit data in ELF, PE and Mach-O files
Cataloger php_composer_cataloger();  // vendor/composer/installed.json
Cataloger dotnet_deps_cataloger();   // *.deps.json
Cataloger conda_cataloger();         // conda-meta/*.json

// Appends the package unless its name or version is empty, longer than 512 bytes, or not printable UTF-8: facts are
// kept as JSON. True where it was appended.
bool add_package(FileFacts& facts, model::Package package);

}  // namespace sbom
