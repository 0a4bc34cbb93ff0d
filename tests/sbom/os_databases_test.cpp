// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sbom/catalogers_os.hpp"

namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::UnorderedElementsAre;

const sbom::Cataloger* os_cataloger_for(std::string_view path) {
  sbom::FileHead head;
  head.path = path;
  head.size = 100;
  for (const auto& cataloger : sbom::os_catalogers())
    if (cataloger.wants(head)) return &cataloger;
  return nullptr;
}

sbom::FileFacts os_facts(const std::string& path, std::string content) {
  const auto* cataloger = os_cataloger_for(path);
  if (!cataloger) {
    ADD_FAILURE() << "nobody wants " << path;
    return {};
  }
  const sbom::File file{path, std::move(content), 0644};
  auto facts = cataloger->catalog({&file, 1});
  EXPECT_TRUE(facts);
  return facts.value_or(sbom::FileFacts());
}

std::vector<std::string> os_package_lines(const sbom::FileFacts& facts) {
  std::vector<std::string> lines;
  for (const auto& p : facts.packages)
    lines.push_back(p.type + ' ' + p.name + ' ' + p.version + ' ' + p.arch + ' ' + p.source + ' ' + p.source_version);
  return lines;
}

TEST(Dpkg, wants_status_files_and_their_kin) {
  for (const char* path : {"var/lib/dpkg/status", "chroot/var/lib/dpkg/status", "usr/lib/dpkg/status", "var/lib/dpkg/status.d/libc6",
                           "var/lib/dpkg/status.d/bGliYzY=", "var/lib/opkg/status", "usr/lib/opkg/status"})
    EXPECT_NE(os_cataloger_for(path), nullptr) << path;
  for (const char* path : {"var/lib/dpkg/status-old", "xvar/lib/xdpkg/status", "var/lib/dpkg/status.d", "var/lib/dpkg/available",
                           "var/lib/dpkg/status.d/a/b", "var/lib/dpkg/info/x.md5sums"})
    EXPECT_EQ(os_cataloger_for(path), nullptr) << path;
}

TEST(Dpkg, reads_sources_architectures_and_vendors) {
  const auto facts = os_facts("var/lib/dpkg/status",
                              "Package: libc6\nStatus: install ok installed\nMaintainer: GNU Libc <x@debian.org>\nArchitecture: amd64\n"
                              "Source: glibc\nVersion: 2.36-9+deb12u4\nDescription: GNU C Library\n Version: 9.9\n .\n Package: no\n"
                              "Conffiles:\n /etc/ld.so.conf abc\n\n"
                              "package: foo\nSTATUS: hold ok installed\nArchitecture: i386\nSource: bar (1:2-3)\nVersion: 2-3+b1\n"
                              "Origin: Docker\n\n\n \nPackage: plain\nStatus: install ok installed\nVersion: 1\r\n");
  EXPECT_THAT(os_package_lines(facts), ElementsAre("deb libc6 2.36-9+deb12u4 amd64 glibc 2.36-9+deb12u4", "deb foo 2-3+b1 i386 bar 1:2-3",
                                           "deb plain 1  plain 1"));
  EXPECT_EQ(facts.packages[0].vendor, "GNU Libc <x@debian.org>");
  EXPECT_EQ(facts.packages[1].vendor, "Docker");
  EXPECT_EQ(facts.manager, "dpkg");
}

TEST(Dpkg, counts_packages_whose_files_are_there) {
  const auto with_status = [](const std::string& status) {
    return os_facts("var/lib/dpkg/status", "Package: a\nVersion: 1\nStatus: " + status + "\n").packages.size();
  };
  for (const char* status : {"install ok installed", "deinstall ok installed", "install ok half-configured", "install ok unpacked",
                             "install ok triggers-awaited", "install ok triggers-pending", "install reinstreq installed",
                             "install  ok   installed"})
    EXPECT_EQ(with_status(status), 1u) << status;
  for (const char* status : {"deinstall ok config-files", "purge ok not-installed", "install ok not-installed",
                             "install ok half-installed", "installed", "install ok", ""})
    EXPECT_EQ(with_status(status), 0u) << status;
}

TEST(Dpkg, status_d_needs_no_status) {
  const auto facts = os_facts("var/lib/dpkg/status.d/base", "Package: base-files\nVersion: 12.4\nArchitecture: amd64\n");
  EXPECT_THAT(os_package_lines(facts), ElementsAre("deb base-files 12.4 amd64 base-files 12.4"));
}

TEST(Dpkg, a_bad_record_fails_alone) {
  const std::string nul("Package: ok\0x\nVersion: 1\nStatus: install ok installed\n\n", 55);
  const auto facts = os_facts("var/lib/dpkg/status", nul + "Package: no-version\nStatus: install ok installed\n\nPackage: long\nVersion: " +
                                                         std::string(5000, '1') + "\nStatus: install ok installed\n\n" +
                                                         "no field at all\n\nPackage: last\nStatus: install ok installed\nVersion: 2");
  ASSERT_EQ(facts.packages.size(), 2u);
  EXPECT_EQ(facts.packages[1].name, "last");
  EXPECT_THAT(facts.warnings, ElementsAre(HasSubstr("package \"no-version\" has no version"), HasSubstr("package \"long\" has a field longer")));
}

TEST(Dpkg, reads_a_million_blank_and_continuation_lines) {
  std::string text = "Package: a\nVersion: 1\nDescription: x\n";
  for (int i = 0; i < 1'000'000; ++i) text += " y\n";
  text += std::string(1'000'000, '\n') + "Package: b\nVersion: 1\n";
  EXPECT_EQ(os_facts("var/lib/dpkg/status", text).packages.size(), 2u);
  EXPECT_THAT(os_facts("var/lib/dpkg/status", "").packages, IsEmpty());
}

TEST(Opkg, has_its_own_type_and_any_flag_word) {
  const auto facts = os_facts("usr/lib/opkg/status",
                              "Package: dropbear\nVersion: 2024.85-r0\nStatus: install user installed\nArchitecture: x86_64\n\n"
                              "Package: gone\nVersion: 1\nStatus: deinstall user not-installed\n");
  EXPECT_THAT(os_package_lines(facts), ElementsAre("opkg dropbear 2024.85-r0 x86_64 dropbear 2024.85-r0"));
  EXPECT_EQ(facts.manager, "opkg");
}

TEST(DpkgFiles, lists_owned_files_without_folders) {
  const auto facts = os_facts("var/lib/dpkg/info/x:amd64.list", "/.\n/usr\n/usr/bin\n/usr/bin/x\n/usr/bin/x2\n/usr/share\n/usr/share/a b\n");
  EXPECT_THAT(facts.owned, UnorderedElementsAre(sbom::path_fingerprint("bin/x"), sbom::path_fingerprint("usr/bin/x2"),
                                                sbom::path_fingerprint("usr/share/a b")));
  EXPECT_TRUE(std::is_sorted(facts.owned.begin(), facts.owned.end()));
  EXPECT_EQ(facts.manager, "dpkg");
  EXPECT_THAT(facts.packages, IsEmpty());
}

TEST(DpkgFiles, reads_md5sums_of_distroless_images_and_opkg_lists) {
  const auto sums = os_facts("var/lib/dpkg/status.d/x.md5sums", "d41d8cd98f00b204e9800998ecf8427e  usr/lib/x.py\nbroken\n\n");
  EXPECT_THAT(sums.owned, ElementsAre(sbom::path_fingerprint("/usr/lib/x.py")));
  const auto opkg = os_facts("usr/lib/opkg/info/x.list", "/usr/sbin/x\t0100755\n");
  EXPECT_THAT(opkg.owned, ElementsAre(sbom::path_fingerprint("/usr/sbin/x")));
  EXPECT_EQ(opkg.manager, "opkg");
}

TEST(Apk, reads_packages_origins_and_owned_files) {
  const auto facts = os_facts("lib/apk/db/installed",
                              "C:Q1abc=\nP:musl-utils\nV:1.2.4-r2\nA:x86_64\no:musl\nF:sbin\nR:ldconfig\nF:usr/bin\nR:getent\nF:\nR:top\n\n"
                              "P:bare\nV:1\n\n\nP:broken\nA:x86_64\n\nP:last\nV:2\nA:noarch\nF:etc\nR:l");
  EXPECT_THAT(os_package_lines(facts), ElementsAre("apk musl-utils 1.2.4-r2 x86_64 musl 1.2.4-r2", "apk bare 1  bare 1", "apk last 2 noarch last 2"));
  EXPECT_THAT(facts.owned, UnorderedElementsAre(sbom::path_fingerprint("usr/sbin/ldconfig"), sbom::path_fingerprint("bin/getent"),
                                                sbom::path_fingerprint("top"), sbom::path_fingerprint("etc/l")));
  EXPECT_THAT(facts.warnings, ElementsAre(HasSubstr("\"broken\" has no version")));
  EXPECT_EQ(facts.manager, "apk");
  EXPECT_NE(os_cataloger_for("usr/lib/apk/db/installed"), nullptr);
  EXPECT_EQ(os_cataloger_for("lib/apk/db/installed.new"), nullptr);
}

std::string os_of(const std::string& path, std::string content) {
  const auto facts = os_facts(path, std::move(content));
  return facts.os ? facts.os->id + '|' + facts.os->version + '|' + facts.os->codename + '|' + facts.os->pretty_name : "none";
}

TEST(OsRelease, reads_values_as_a_shell_does) {
  EXPECT_EQ(os_of("etc/os-release", "# comment\n\nNAME=\"Fedora Linux\"\nID=fedora\nVERSION_ID=39\nPRETTY_NAME='Fedora \"39\"'\n"),
            "fedora|39||Fedora \"39\"");
  EXPECT_EQ(os_of("usr/lib/os-release", "ID=\"rhel\"\r\nVERSION_ID=\"9.3\"\r\nPRETTY_NAME=\"a \\\"b\\\" \\$c \\\\ \\x\"\r\n"),
            "rhel|9.3||a \"b\" $c \\ \\x");
  EXPECT_EQ(os_of("etc/os-release", "ID=Debian\nID_LIKE=x\nVERSION_CODENAME=sid"), "debian||sid|");
  EXPECT_EQ(os_of("etc/os-release", "NAME=Nameless"), "linux|||Nameless");
  EXPECT_EQ(os_of("etc/os-release", ""), "none");
  EXPECT_EQ(os_of("etc/os-release", "=x\nID\nnonsense"), "none");
  const auto facts = os_facts("etc/os-release", "ID=almalinux\nID_LIKE=\"rhel centos  Fedora\"");
  EXPECT_THAT(facts.os->like, ElementsAre("rhel", "centos", "fedora"));
}

TEST(OsRelease, reads_older_files) {
  EXPECT_EQ(os_of("etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=20.04\nDISTRIB_CODENAME=focal\nDISTRIB_DESCRIPTION=\"Ubuntu 20.04\""),
            "ubuntu|20.04|focal|Ubuntu 20.04");
  EXPECT_EQ(os_of("etc/alpine-release", "3.19.1\n"), "alpine|3.19.1||Alpine Linux 3.19.1");
  EXPECT_EQ(os_of("etc/debian_version", "trixie/sid\n"), "debian||trixie|Debian GNU/Linux trixie/sid");
  EXPECT_EQ(os_of("etc/redhat-release", "CentOS Linux release 7.9.2009 (Core)\n"), "centos|7.9||CentOS Linux release 7.9.2009 (Core)");
  EXPECT_EQ(os_of("etc/redhat-release", "Red Hat Enterprise Linux Server release 6.10 (Santiago)"),
            "rhel|6.10||Red Hat Enterprise Linux Server release 6.10 (Santiago)");
  EXPECT_EQ(os_of("etc/mariner-release", "CBL-Mariner 2.0.20220226\nX=1"), "mariner|2.0||CBL-Mariner 2.0.20220226");
  EXPECT_EQ(os_of("etc/system-release", "Amazon Linux release 2 (Karoo)"), "amzn|2||Amazon Linux release 2 (Karoo)");
  EXPECT_EQ(os_of("etc/redhat-release", "Something else 1.0"), "none");
  EXPECT_EQ(os_cataloger_for("home/x/etc/os-release"), nullptr);
}

}  // namespace
