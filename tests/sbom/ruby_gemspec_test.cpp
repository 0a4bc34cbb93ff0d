// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "sbom/installed_support.hpp"

namespace ruby_gemspec_test {

using sbom_test::listed;
using testing::ElementsAre;
using testing::IsEmpty;

const sbom::Cataloger kGemspec = sbom::ruby_gemspec_cataloger();

std::vector<std::string> gem(const std::string& body) {
  return listed(kGemspec, "gems/specifications/x.gemspec", "Gem::Specification.new do |s|\n" + body + "\nend\n");
}

TEST(Gemspec, reads_what_rubygems_writes) {
  const std::string text =
      "# -*- encoding: utf-8 -*-\n# stub: nokogiri 1.13.6 x86_64-linux lib\n\nGem::Specification.new do |s|\n"
      "  s.name = \"nokogiri\".freeze\n  s.version = \"1.13.6\"\n  s.platform = \"x86_64-linux\".freeze\n\n"
      "  s.required_rubygems_version = Gem::Requirement.new(\">= 0\".freeze) if s.respond_to? :required_rubygems_version=\n"
      "  s.rubygems_version = \"3.3.5\".freeze\n  s.add_runtime_dependency(%q<racc>.freeze, [\"~> 1.4\"])\nend\n";
  EXPECT_THAT(listed(kGemspec, "specifications/nokogiri-1.13.6-x86_64-linux.gemspec", text), ElementsAre("nokogiri 1.13.6"));
}

TEST(Gemspec, reads_every_form_of_string_literal) {
  for (const char* value : {"\"1.2\"", "'1.2'", "%q<1.2>", "%q(1.2)", "%Q{1.2}", "%[1.2]", "Gem::Version.new(\"1.2\")",
                            "::Gem::Version.new '1.2'", "Gem::Version.create(%q{1.2}).freeze", "\"1.2\".dup.freeze # note"}) {
    EXPECT_THAT(gem("s.name = %q{a}\ns.version = " + std::string(value)), ElementsAre("a 1.2")) << value;
  }
}

TEST(Gemspec, what_must_be_computed_is_skipped) {
  for (const char* value : {"\"1.#{minor}\"", "Foo::VERSION", "\"1.\" + minor", "File.read('VERSION')", "'1' % x", "\"open",
                            "\"1.2\".sub('1', '2')"}) {
    EXPECT_THAT(gem("s.name = 'a'\ns.version = " + std::string(value)), IsEmpty()) << value;
  }
}

TEST(Gemspec, stub_line_speaks_where_the_text_computes) {
  EXPECT_THAT(listed(kGemspec, "specifications/a.gemspec", "# stub: a 3.0.1 ruby lib\nGem::Specification.new do |s|\n  s.name = N\nend\n"),
              ElementsAre("a 3.0.1"));
}

TEST(Gemspec, only_the_block_variable_counts) {
  EXPECT_THAT(gem("other.name = 'wrong'\nx_s.version = '9'\ns.name = 'a'; s.version='1'\ns.metadata.name = 'no'"), ElementsAre("a 1"));
}

TEST(Gemspec, reads_constructor_arguments) {
  EXPECT_THAT(listed(kGemspec, "specifications/a.gemspec", "Gem::Specification.new(\"a\", '2.0') do |spec|\n  spec.summary = 'x'\nend\n"),
              ElementsAre("a 2.0"));
  EXPECT_THAT(listed(kGemspec, "specifications/a.gemspec", "Gem::Specification.new 'a', '2.0' do |spec|\nend\n"), ElementsAre("a 2.0"));
}

TEST(Gemspec, comments_and_data_are_no_code) {
  EXPECT_THAT(gem("# s.name = 'no'\n=begin\ns.name = 'no'\n=end\ns.name = 'a'\ns.version = '1'"), ElementsAre("a 1"));
  EXPECT_THAT(listed(kGemspec, "specifications/a.gemspec", "__END__\ns.name = 'a'\ns.version = '1'\n"), IsEmpty());
}

TEST(Gemspec, wants_specifications_only) {
  EXPECT_TRUE(sbom_test::wants(kGemspec, "usr/lib/ruby/gems/3.1.0/specifications/default/json-2.6.1.gemspec"));
  EXPECT_TRUE(sbom_test::wants(kGemspec, "specifications/a.gemspec"));
  EXPECT_FALSE(sbom_test::wants(kGemspec, "gems/a-1.0/a.gemspec")) << "the source of an installed gem would list it twice";
}

}  // namespace ruby_gemspec_test
