// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "lock_testing.hpp"

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(GemfileLock, lists_every_source_and_cuts_the_platform) {
  EXPECT_THAT(locked("Gemfile.lock", R"(GIT
  remote: https://github.com/a/fork.git
  revision: 0123
  specs:
    fork (0.1.0)
      rack (>= 1)

PATH
  remote: engines/own
  specs:
    own (1.0.0.pre)

GEM
  remote: https://rubygems.org/
  specs:
    nokogiri (1.16.0)
      racc (~> 1.4)
    nokogiri (1.16.0-x86_64-linux)
      racc (~> 1.4)
    racc (1.7.3)

PLATFORMS
  ruby
  x86_64-linux

DEPENDENCIES
  nokogiri (~> 1.16)
  own!

CHECKSUMS
    racc (1.7.3) sha256=0123

BUNDLED WITH
   2.4.10
)"),
              ElementsAre("fork 0.1.0", "nokogiri 1.16.0", "own 1.0.0.pre", "racc 1.7.3"));
}

TEST(GemfileLock, a_text_without_sections_locks_nothing) {
  EXPECT_THAT(locked("Gemfile.lock", "malformed"), IsEmpty());
  EXPECT_THAT(locked("Gemfile.lock", "GEM\n  specs:\n    a (\n    (1)\n    b 1.0\n    c ()\n"), IsEmpty());
  EXPECT_FALSE(wants_lock("usr/lib/ruby/gems/3.1.0/gems/a-1.0/Gemfile.lock"));
  EXPECT_TRUE(wants_lock("src/gems/own-thing/Gemfile.lock"));
}

TEST(Requirements, lists_pins_only) {
  constexpr std::string_view kText = R"(# comment
-r base.txt
-c constraints.txt
--index-url https://pypi.example/simple
requests[security,socks]==2.31.0 ; python_version >= "3.8"  # why
urllib3 == 1.26.18
Legacy.Name (==1.0)
arbitrary===2.0-weird
idna==3.6 \
    --hash=sha256:abc \
    --hash=sha256:def
both==1.5,>=1
range>=1.0
wild==1.*
bare
direct @ https://host.example/direct-1.0.zip#egg=direct==9
./folder
-e git+https://host.example/x.git#egg=x
)";
  EXPECT_THAT(locked("requirements.txt", kText),
              ElementsAre("Legacy.Name 1.0", "arbitrary 2.0-weird", "both 1.5", "idna 3.6", "requests 2.31.0",
                          "urllib3 1.26.18"));
  EXPECT_THAT(lock_warnings("requirements.txt", kText), ElementsAre(HasSubstr("requirements.txt: 5 entries")));
}

TEST(Requirements, decodes_byte_order_marks) {
  EXPECT_THAT(locked("requirements.txt", "\xef\xbb\xbf" "a==1\r\nb==2\r\n"), ElementsAre("a 1", "b 2"));
  EXPECT_THAT(locked("requirements.txt", std::string_view("\xff\xfe" "a\0=\0=\0001\0\n\0", 12)), ElementsAre("a 1"));
  EXPECT_THAT(locked("requirements.txt", std::string_view("\xfe\xff\0a\0=\0=\0001", 10)), ElementsAre("a 1"));
}

TEST(Requirements, the_name_of_the_file_says_development) {
  EXPECT_THAT(locked("requirements-dev.txt", "a==1"), ElementsAre("a 1 dev"));
  EXPECT_THAT(locked("requirements/test.txt", "a==1"), ElementsAre("a 1 dev"));
  EXPECT_THAT(locked("requirements/prod.txt", "a==1"), ElementsAre("a 1"));
  EXPECT_THAT(locked("requirements_device.txt", "a==1"), ElementsAre("a 1"));
  EXPECT_FALSE(wants_lock("readme.txt"));
  EXPECT_FALSE(wants_lock("requirements/readme.md"));
}

TEST(GoMod, replaces_excludes_and_names_the_toolchain) {
  constexpr std::string_view kText = R"(// a comment
module example.com/app // the app

go 1.21
toolchain go1.21.5-custom

require golang.org/x/text v0.3.7
require (
	github.com/a/one v1.0.0
	github.com/a/two/v2 v2.1.0 // indirect
	"github.com/a/quoted" v0.0.0-20220907171357-04be3eba64a2
	github.com/a/local v1.0.0
	github.com/a/excluded v1.4.0
)

exclude github.com/a/excluded v1.4.0

replace (
	github.com/a/one => github.com/fork/one v1.0.1
	github.com/a/one v0.9.0 => github.com/fork/one v0.9.1
	golang.org/x/text v0.3.7 => golang.org/x/text v0.3.8
	github.com/a/local => ./local
)
retract [v1.0.0, v1.9.9]
)";
  EXPECT_THAT(locked("go.mod", kText),
              ElementsAre("example.com/app (devel)", "github.com/a/quoted v0.0.0-20220907171357-04be3eba64a2",
                          "github.com/a/two/v2 v2.1.0", "github.com/fork/one v1.0.1", "golang.org/x/text v0.3.8",
                          "stdlib 1.21.5"));
  EXPECT_THAT(lock_warnings("go.mod", kText), ElementsAre(HasSubstr("1 entry without an exact version")));
}

TEST(GoMod, says_that_old_files_list_direct_requirements_only) {
  EXPECT_THAT(lock_warnings("go.mod", "module m\ngo 1.9\nrequire a.example/b v1.0.0\n"),
              ElementsAre(HasSubstr("go mod tidy -go=1.17")));
  EXPECT_THAT(lock_warnings("go.mod", "module m\ngo 1.17\nrequire a.example/b v1.0.0\n"), IsEmpty());
  EXPECT_FALSE(wants_lock("root/go/pkg/mod/a.example/b@v1.0.0/go.mod"));
}
