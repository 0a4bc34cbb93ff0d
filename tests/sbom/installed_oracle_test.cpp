// SPDX-License-Identifier: Apache-2.0
// The catalogers against the tools that know better: importlib.metadata and `go version -m`.
#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "base/files.hpp"
#include "base/process.hpp"
#include "base/text.hpp"
#include "sbom/installed_support.hpp"

namespace installed_oracle_test {

namespace fs = std::filesystem;
using sbom_test::listed;

// Output of a tool, nothing where it is missing or fails.
std::optional<std::string> tool(const std::vector<std::string>& argv) {
  const auto output = base::run_process(argv, {}, std::chrono::minutes(3));
  if (!output || output->exit_code != 0) return std::nullopt;
  return output->out;
}

TEST(PythonOracle, agrees_with_importlib_metadata) {
  // One line a distribution whose metadata is a file on disk: name, version, path.
  const auto known = tool({"python3", "-c", R"(
import importlib.metadata as m, os
for d in m.distributions():
    p = str(getattr(d, '_path', ''))
    for f in ('METADATA', 'PKG-INFO', ''):
        q = os.path.join(p, f) if f else p
        if os.path.isfile(q):
            print(d.metadata['Name'], d.version, q, sep='\t')
            break
)"});
  if (!known || known->empty()) GTEST_SKIP() << "no python3 with installed distributions";
  const auto cataloger = sbom::python_cataloger();
  for (const auto line : base::split_lines(*known)) {
    const auto fields = base::split(line, '\t');
    ASSERT_EQ(fields.size(), 3u) << line;
    const std::string path(fields[2].substr(1));
    EXPECT_TRUE(sbom_test::wants(cataloger, path)) << path;
    const auto content = base::read_file(std::string(fields[2]));
    ASSERT_TRUE(content) << content.error().message;
    EXPECT_THAT(listed(cataloger, path, *content), testing::ElementsAre(std::string(fields[0]) + " " + std::string(fields[1])));
  }
}

// What `go version -m` prints, put as the cataloger puts it.
std::vector<std::string> packages_of_go(const std::string& text) {
  std::vector<std::string> packages;
  const auto version_or_devel = [](const std::vector<std::string_view>& fields) {
    return fields.size() > 3 && !fields[3].empty() ? std::string(fields[3]) : std::string("(devel)");
  };
  for (const auto line : base::split_lines(text)) {
    const auto fields = base::split(line, '\t');
    if (!fields[0].empty()) packages.push_back("stdlib " + std::string(base::cut_last(line, ": go").second));
    if (fields.size() < 3 || fields[2].empty()) continue;
    const std::string name(fields[2]);
    if (fields[1] == "mod" || fields[1] == "dep") packages.push_back(name + " " + version_or_devel(fields));
    if (fields[1] != "=>") continue;
    const std::string kept = name[0] == '.' ? packages.back().substr(0, packages.back().find(' ')) : name;
    packages.back() = kept + " " + version_or_devel(fields);
  }
  std::sort(packages.begin(), packages.end());
  return packages;
}

void expect_same_as_go(const fs::path& program) {
  const auto known = tool({"go", "version", "-m", program.string()});
  ASSERT_TRUE(known) << program;
  const auto content = base::read_file(program, 512u << 20);
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(listed(sbom::executable_cataloger(), program.string().substr(1), *content), packages_of_go(*known)) << program;
}

TEST(GoOracle, agrees_on_installed_programs) {
  const auto root = tool({"go", "env", "GOROOT"});
  if (!root) GTEST_SKIP() << "no Go toolchain";
  std::vector<fs::path> programs = {fs::path(base::trim(*root)) / "bin/go"};
  for (const char* path : {"/usr/bin/docker-registry", "/usr/bin/skopeo", "/usr/bin/umoci"}) {
    if (fs::exists(path)) programs.emplace_back(path);
  }
  for (const auto& program : programs) expect_same_as_go(program);
}

void write_text(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path) << text;
}

// Compiling the standard library for a target takes long where Go has not cached it: other targets than this
// machine's are built only where BULWARK_LONG is set.
TEST(GoOracle, agrees_on_fresh_programs_of_every_format) {
  if (!tool({"go", "version"})) GTEST_SKIP() << "no Go toolchain";
  if (std::getenv("BULWARK_LONG") == nullptr) GTEST_SKIP() << "BULWARK_LONG is not set";
  const auto folder = base::TempDir::create();
  ASSERT_TRUE(folder);
  write_text(folder->path() / "go.mod",
             "module example.com/tiny\n\ngo 1.19\n\nrequire (\n\texample.com/a v1.2.3\n)\nreplace example.com/a => ./a\n");
  write_text(folder->path() / "main.go", "package main\n\nimport \"example.com/a\"\n\nfunc main() { println(a.F()) }\n");
  write_text(folder->path() / "a/go.mod", "module example.com/a\n\ngo 1.19\n");
  write_text(folder->path() / "a/a.go", "package a\n\nfunc F() int { return 1 }\n");
  for (const std::string target : {"linux/amd64", "linux/386", "linux/arm64", "linux/s390x", "windows/386", "windows/amd64",
                                   "darwin/amd64", "darwin/arm64"}) {
    const auto [system, machine] = base::cut(target, "/");
    const auto program = folder->path() / (std::string(system) + "-" + std::string(machine));
    const auto built = tool({"env", "CGO_ENABLED=0", "GOFLAGS=-mod=mod", "GOPROXY=off", "GOTOOLCHAIN=local", "GOOS=" + std::string(system),
                             "GOARCH=" + std::string(machine), "go", "build", "-C", folder->path().string(), "-o", program.string(), "."});
    if (!built) continue;  // this toolchain cannot build for it
    expect_same_as_go(program);
  }
}

}  // namespace installed_oracle_test
