// SPDX-License-Identifier: Apache-2.0
#include "sbom/purl.hpp"

#include <gtest/gtest.h>

#include "sbom/layer_facts.hpp"

namespace {

using sbom::parse_purl;
using sbom::Purl;
using sbom::to_text;

struct PurlRow {
  const char* text;
  const char* canonical;
  const char* name_space;
  const char* name;
  const char* version;
};

constexpr PurlRow kPurlRows[] = {
    {"pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64", "pkg:deb/debian/attr@1:2.4.47-2%2Bb1?arch=amd64", "debian", "attr",
     "1:2.4.47-2+b1"},
    {"pkg:deb/Debian/Attr@1", "pkg:deb/debian/attr@1", "debian", "attr", "1"},
    {"pkg:rpm/fedora/curl@7.50.3-1.fc25?distro=fedora-25&arch=i386", "pkg:rpm/fedora/curl@7.50.3-1.fc25?arch=i386&distro=fedora-25",
     "fedora", "curl", "7.50.3-1.fc25"},
    {"pkg:npm/%40angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1", "@angular", "animation", "12.3.1"},
    {"pkg:npm/@angular/animation@12.3.1", "pkg:npm/%40angular/animation@12.3.1", "@angular", "animation", "12.3.1"},
    {"pkg:npm/@angular/animation", "pkg:npm/%40angular/animation", "@angular", "animation", ""},
    {"pkg:npm/JSONStream@1.3.5", "pkg:npm/JSONStream@1.3.5", "", "JSONStream", "1.3.5"},
    {"PKG:PyPI/Django_.allauth@12.23", "pkg:pypi/django-allauth@12.23", "", "django-allauth", "12.23"},
    {"pkg:golang/github.com/BurntSushi/toml@v1.3.2#cmd/./tomlv/../x", "pkg:golang/github.com/BurntSushi/toml@v1.3.2#cmd/tomlv/x",
     "github.com/BurntSushi", "toml", "v1.3.2"},
    {"pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?classifier=sources&type=",
     "pkg:maven/org.apache.xmlgraphics/batik-anim@1.9.1?classifier=sources", "org.apache.xmlgraphics", "batik-anim", "1.9.1"},
    {"pkg://gem//ruby-advisory-db-check@0.12.4", "pkg:gem/ruby-advisory-db-check@0.12.4", "", "ruby-advisory-db-check", "0.12.4"},
    {"pkg:composer/Laravel/Laravel@5.5.0", "pkg:composer/laravel/laravel@5.5.0", "laravel", "laravel", "5.5.0"},
    {"pkg:oci/debian@sha256%3A244fd47e07d10", "pkg:oci/debian@sha256:244fd47e07d10", "", "debian", "sha256:244fd47e07d10"},
    {"pkg:generic/x@1#%2Fb%2F..%2Fc", "pkg:generic/x@1#b/c", "", "x", "1"},
    {"pkg:generic/a%2Fb@1%2F2%23%3F", "pkg:generic/a%2Fb@1%2F2%23%3F", "", "a/b", "1/2#?"},
};

TEST(Purl, reads_and_writes_the_canonical_form) {
  for (const auto& row : kPurlRows) {
    const auto purl = parse_purl(row.text);
    ASSERT_TRUE(purl) << row.text << ": " << purl.error().message;
    EXPECT_EQ(to_text(*purl), row.canonical);
    EXPECT_EQ(purl->namespace_, row.name_space) << row.text;
    EXPECT_EQ(purl->name, row.name) << row.text;
    EXPECT_EQ(purl->version, row.version) << row.text;
    EXPECT_EQ(to_text(parse_purl(to_text(*purl)).value()), row.canonical);
  }
}

TEST(Purl, refuses_what_is_no_purl) {
  for (const char* text : {"", "pkg:", "pkg:npm", "pkg:npm/", "gem/x@1", "pkg:1x/y", "pkg:n pm/y",
                           "pkg:deb/debian/x@1?a=1&a=2", "pkg:deb/debian/x@1?%41=1"}) {
    const auto purl = parse_purl(text);
    ASSERT_FALSE(purl) << text;
    EXPECT_EQ(purl.error().kind, base::Kind::invalid_input) << text;
  }
  EXPECT_EQ(parse_purl("pkg:npm/" + std::string(20'000, 'a')).error().kind, base::Kind::too_large);
}

TEST(Purl, names_packages_as_their_ecosystem_does) {
  const auto name_of = [](const char* text) { return sbom::package_name(parse_purl(text).value()); };
  EXPECT_EQ(name_of("pkg:maven/org.slf4j/slf4j-api@1"), "org.slf4j:slf4j-api");
  EXPECT_EQ(name_of("pkg:npm/%40types/node@1"), "@types/node");
  EXPECT_EQ(name_of("pkg:golang/golang.org/x/net@v1"), "golang.org/x/net");
  EXPECT_EQ(name_of("pkg:golang/stdlib@1.22.0"), "stdlib");
  EXPECT_EQ(name_of("pkg:composer/psr/log@1"), "psr/log");
  EXPECT_EQ(name_of("pkg:deb/debian/bash@5"), "bash");
}

struct PackageRow {
  model::Package package;
  const char* purl;
};

model::Package make_package(std::string type, std::string name, std::string version, std::string arch = "",
                            std::string source = "", std::string source_version = "") {
  model::Package package;
  package.type = std::move(type);
  package.name = std::move(name);
  package.version = std::move(version);
  package.arch = std::move(arch);
  package.source = std::move(source);
  package.source_version = std::move(source_version);
  return package;
}

std::string purl_in(const char* id, const char* version, const model::Package& package) {
  model::Distribution os;
  os.id = id;
  os.version = version;
  return to_text(sbom::purl_of(package, os));
}

TEST(Purl, tells_distribution_arch_and_source_of_os_packages) {
  EXPECT_EQ(purl_in("debian", "12", make_package("deb", "libc6", "2.36-9+deb12u4", "amd64", "glibc", "2.36-9+deb12u4")),
            "pkg:deb/debian/libc6@2.36-9%2Bdeb12u4?arch=amd64&distro=debian-12&upstream=glibc");
  EXPECT_EQ(purl_in("debian", "12", make_package("deb", "foo", "1:2-1+b1", "amd64", "foo", "1:2-1")),
            "pkg:deb/debian/foo@1:2-1%2Bb1?arch=amd64&distro=debian-12&upstream=foo%401:2-1");
  EXPECT_EQ(purl_in("alpine", "3.19.1", make_package("apk", "musl-utils", "1.2.4-r2", "x86_64", "musl", "1.2.4-r2")),
            "pkg:apk/alpine/musl-utils@1.2.4-r2?arch=x86_64&distro=alpine-3.19.1&upstream=musl");
  EXPECT_EQ(purl_in("rhel", "9.3", make_package("rpm", "bind-libs", "32:9.16.23-1.el9", "x86_64", "bind", "32:9.16.23-1.el9")),
            "pkg:rpm/redhat/bind-libs@9.16.23-1.el9?arch=x86_64&distro=rhel-9.3&epoch=32&upstream=bind-9.16.23-1.el9.src.rpm");
}

TEST(Purl, follows_the_rules_of_language_ecosystems) {
  const auto purl_for = [](const model::Package& package) { return to_text(sbom::purl_of(package, std::nullopt)); };
  EXPECT_EQ(purl_for(make_package("npm", "@types/node", "20.1.0")), "pkg:npm/%40types/node@20.1.0");
  EXPECT_EQ(purl_for(make_package("pypi", "Zope.Interface", "6.0")), "pkg:pypi/zope-interface@6.0");
  EXPECT_EQ(purl_for(make_package("maven", "org.slf4j:slf4j-api", "2.0")), "pkg:maven/org.slf4j/slf4j-api@2.0");
  EXPECT_EQ(purl_for(make_package("golang", "example.com/app", "(devel)")), "pkg:golang/example.com/app");
  EXPECT_EQ(purl_for(make_package("golang", "stdlib", "1.22.0")), "pkg:golang/stdlib@1.22.0");
  EXPECT_EQ(purl_for(make_package("deb", "x", "1")), "pkg:deb/x@1");
}

TEST(Purl, fills_every_package_of_an_inventory) {
  model::Inventory inventory;
  inventory.packages = {make_package("gem", "rake", "13.0.6"), make_package("cargo", "libc", "0.2.1")};
  sbom::fill_purls(inventory);
  EXPECT_EQ(inventory.packages[0].purl, "pkg:gem/rake@13.0.6");
  EXPECT_EQ(inventory.packages[1].purl, "pkg:cargo/libc@0.2.1");
}

}  // namespace
