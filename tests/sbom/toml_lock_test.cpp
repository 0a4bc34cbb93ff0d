// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lock_testing.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(CargoLock, v1_lists_the_root_and_v4_the_packages) {
  EXPECT_THAT(locked("Cargo.lock", R"toml([root]
name = "app"
version = "0.1.0"
dependencies = ["libc 0.2.54 (registry+https://github.com/rust-lang/crates.io-index)"]

[[package]]
name = "libc"
version = "0.2.54"
source = "registry+https://github.com/rust-lang/crates.io-index"

[metadata]
"checksum libc 0.2.54 (registry+https://github.com/rust-lang/crates.io-index)" = "c665"
)toml"),
              ElementsAre("app 0.1.0", "libc 0.2.54"));
  EXPECT_THAT(locked("Cargo.lock", R"(version = 4

[[package]]
name = "serde"
version = "1.0.0"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "0c"

[[package]]
name = "serde"
version = "0.9.15"

[[package]]
name = "nameless"
)"),
              ElementsAre("serde 0.9.15", "serde 1.0.0"));
}

TEST(CargoLock, names_the_line_of_damaged_text) {
  EXPECT_THAT(locked("Cargo.lock", "[[package]]\nname = libc\n"), ElementsAre(HasSubstr("Cargo.lock: not valid TOML at line 2")));
  EXPECT_THAT(locked("Cargo.lock", "package = 3\n"), IsEmpty());
  EXPECT_FALSE(wants_lock("root/.cargo/registry/src/index.crates.io-6f17d22bba15001f/a-1.0.0/Cargo.lock"));
}

TEST(PoetryLock, development_is_said_by_category_or_by_groups) {
  EXPECT_THAT(locked("poetry.lock", R"([[package]]
name = "pytest"
version = "6.2.5"
category = "dev"
optional = false

[[package]]
name = "requests"
version = "2.25.1"
category = "main"
[package.dependencies]
urllib3 = ">=1.21.1,<1.27"

[metadata]
lock-version = "1.1"
)"),
              ElementsAre("pytest 6.2.5 dev", "requests 2.25.1"));
  EXPECT_THAT(locked("poetry.lock", R"([[package]]
name = "both"
version = "1.0"
groups = ["main", "dev"]
[[package]]
name = "mypy"
version = "1.1"
groups = ["lint"]
[metadata]
lock-version = "2.1"
)"),
              ElementsAre("both 1.0", "mypy 1.1 dev"));
}

TEST(PoetryLock, pdm_calls_the_main_group_default) {
  EXPECT_THAT(locked("pdm.lock", R"([metadata]
groups = ["default", "dev"]
lock_version = "4.4"
[[package]]
name = "idna"
version = "3.4"
groups = ["default"]
[[package]]
name = "black"
version = "23.1.0"
groups = ["dev"]
)"),
              ElementsAre("black 23.1.0 dev", "idna 3.4"));
}

TEST(UvLock, leaves_the_project_out_and_follows_its_dependencies) {
  EXPECT_THAT(locked("uv.lock", R"(version = 1
requires-python = ">=3.12"

[[package]]
name = "app"
version = "0.1.0"
source = { virtual = "." }
dependencies = [{ name = "requests" }]
[package.optional-dependencies]
http = [{ name = "httpx" }]
[package.dev-dependencies]
dev = [{ name = "pytest" }]

[[package]]
name = "requests"
version = "2.31.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "idna", marker = "python_version > '3'" }]

[[package]]
name = "idna"
version = "3.6"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "httpx"
version = "0.27.0"
source = { registry = "https://pypi.org/simple" }

[[package]]
name = "pytest"
version = "8.0.0"
source = { registry = "https://pypi.org/simple" }
dependencies = [{ name = "pluggy" }]

[[package]]
name = "pluggy"
version = "1.4.0"
source = { registry = "https://pypi.org/simple" }
)"),
              ElementsAre("httpx 0.27.0", "idna 3.6", "pluggy 1.4.0 dev", "pytest 8.0.0 dev", "requests 2.31.0"));
}

TEST(Pylock, lists_packages_of_plain_and_named_files) {
  constexpr std::string_view kLock = R"(lock-version = "1.0"
created-by = "tool"
[[packages]]
name = "attrs"
version = "25.1.0"
[[packages]]
name = "from-folder"
[packages.directory]
path = "."
)";
  EXPECT_THAT(locked("pylock.toml", kLock), ElementsAre("attrs 25.1.0"));
  EXPECT_THAT(locked("pylock.dev.toml", kLock), ElementsAre("attrs 25.1.0"));
  EXPECT_FALSE(wants_lock("pyproject.toml"));
}
