// SPDX-License-Identifier: Apache-2.0
#include <gmock/gmock.h>

#include "base/files.hpp"
#include "sbom/go_buildinfo.hpp"
#include "sbom/installed_support.hpp"
#include "sbom/object_image.hpp"

namespace executable_test {

using sbom_test::listed;
using sbom_test::little_endian;
using testing::ElementsAre;
using testing::IsEmpty;

const sbom::Cataloger kExecutable = sbom::executable_cataloger();
constexpr std::uint64_t kDataAddress = 0x10000;

std::string number(std::uint64_t value, int bytes, bool big_endian) {
  std::string out = little_endian(value, bytes);
  if (big_endian) std::reverse(out.begin(), out.end());
  return out;
}

std::string padded(std::string text, std::size_t size) {
  text.resize(std::max(size, text.size()), '\0');
  return text;
}

// An ELF file with one section of content at kDataAddress, in a writable segment; file offset 0x200.
struct ElfShape {
  bool wide = true;
  bool big_endian = false;
  bool with_sections = true;
  std::uint16_t type = 2;
};

std::string elf_section(const ElfShape& shape, std::uint32_t name, std::uint32_t type, std::uint64_t address,
                        std::uint64_t offset, std::uint64_t size) {
  const int word = shape.wide ? 8 : 4;
  const auto n = [&](std::uint64_t value, int bytes) { return number(value, bytes, shape.big_endian); };
  return n(name, 4) + n(type, 4) + n(3, word) + n(address, word) + n(offset, word) + n(size, word) + n(0, 4) + n(0, 4) +
         n(16, word) + n(0, word);
}

std::string make_elf(const ElfShape& shape, const std::string& section, const std::string& content) {
  const int word = shape.wide ? 8 : 4;
  const auto n = [&](std::uint64_t value, int bytes) { return number(value, bytes, shape.big_endian); };
  const std::uint64_t header = shape.wide ? 64 : 52;
  const std::string names = padded(std::string("\0", 1) + section, 64);
  const std::uint64_t names_at = 0x200 + content.size();
  const std::uint64_t sections_at = names_at + names.size();
  std::string file = "\x7f" "ELF" + std::string(1, shape.wide ? '\2' : '\1') + (shape.big_endian ? '\2' : '\1') + '\1';
  file = padded(file, 16) + n(shape.type, 2) + n(62, 2) + n(1, 4) + n(0, word) + n(header, word) +
         n(shape.with_sections ? sections_at : 0, word) + n(0, 4) + n(header, 2) + n(shape.wide ? 56 : 32, 2) + n(1, 2) +
         n(shape.wide ? 64 : 40, 2) + n(shape.with_sections ? 3 : 0, 2) + n(2, 2);
  file += shape.wide ? n(1, 4) + n(6, 4) + n(0x200, 8) + n(kDataAddress, 8) + n(0, 8) + n(content.size(), 8) + n(content.size(), 8) + n(16, 8)
                     : n(1, 4) + n(0x200, 4) + n(kDataAddress, 4) + n(0, 4) + n(content.size(), 4) + n(content.size(), 4) + n(6, 4) + n(16, 4);
  file = padded(file, 0x200) + content + names;
  return file + elf_section(shape, 0, 0, 0, 0, 0) + elf_section(shape, 1, 1, kDataAddress, 0x200, content.size()) +
         elf_section(shape, 0, 3, 0, names_at, names.size());
}

std::string varint(std::size_t value) {
  std::string out;
  for (; value >= 0x80; value >>= 7) out += static_cast<char>((value & 0x7f) | 0x80);
  return out + static_cast<char>(value);
}

std::string marked(const std::string& modules) { return std::string(16, '<') + modules + std::string(16, '>'); }

// Go 1.18 and later.
std::string inline_info(const std::string& version, const std::string& modules) {
  return padded("\xff Go buildinf:" + std::string("\x08\x02", 2), 32) + varint(version.size()) + version +
         varint(marked(modules).size()) + marked(modules);
}

// Go 1.13 to 1.17: pointers to string headers, which lie behind the 32 bytes of the header here.
std::string pointer_info(const std::string& version, const std::string& modules, bool wide, bool big_endian) {
  const int word = wide ? 8 : 4;
  const auto n = [&](std::uint64_t value) { return number(value, word, big_endian); };
  const std::uint64_t headers = kDataAddress + 32;
  const std::uint64_t text = headers + 4 * static_cast<std::uint64_t>(word);
  std::string info = "\xff Go buildinf:" + std::string(1, static_cast<char>(word)) + (big_endian ? '\1' : '\0');
  info = padded(info + n(headers) + n(headers + 2 * static_cast<std::uint64_t>(word)), 32);
  return info + n(text) + n(version.size()) + n(text + version.size()) + n(marked(modules).size()) + version + marked(modules);
}

const std::string kModules =
    "path\texample.com/app/cmd\nmod\texample.com/app\t(devel)\t\ndep\tgolang.org/x/net\tv0.1.0\th1:abc=\n"
    "dep\texample.com/old\tv1.0.0\n=>\texample.com/fork\tv1.0.1\th1:def=\ndep\texample.com/local\tv0.3.0\n"
    "=>\t./local\t(devel)\t\nbuild\t-compiler=gc\n";

const std::vector<std::string> kExpected = {"example.com/app (devel)", "example.com/fork v1.0.1", "example.com/local (devel)",
                                            "golang.org/x/net v0.1.0", "stdlib 1.22.0"};

TEST(GoBuildInfo, is_read_from_every_elf_class_and_byte_order) {
  for (const bool wide : {false, true}) {
    for (const bool big_endian : {false, true}) {
      const ElfShape shape{wide, big_endian, true, 2};
      EXPECT_EQ(listed(kExecutable, "app", make_elf(shape, ".go.buildinfo", inline_info("go1.22.0", kModules))), kExpected);
      EXPECT_EQ(listed(kExecutable, "app", make_elf(shape, ".go.buildinfo", pointer_info("go1.22.0", kModules, wide, big_endian))),
                kExpected);
    }
  }
}

TEST(GoBuildInfo, is_searched_in_writable_segments_where_sections_are_stripped) {
  ElfShape shape;
  shape.with_sections = false;
  const std::string content = std::string(160, 'x') + inline_info("go1.22.0", kModules);
  EXPECT_EQ(listed(kExecutable, "app", make_elf(shape, "", content)), kExpected);
}

TEST(GoBuildInfo, misaligned_copy_of_the_magic_is_passed_over) {
  const std::string content = padded("ab\xff Go buildinf:", 32) + inline_info("go1.22.0", kModules);
  EXPECT_EQ(listed(kExecutable, "app", make_elf({}, ".go.buildinfo", content)), kExpected);
}

TEST(GoBuildInfo, library_without_go_sections_is_not_searched) {
  EXPECT_THAT(listed(kExecutable, "lib.so", make_elf({}, ".data", inline_info("go1.22.0", kModules))), IsEmpty());
}

TEST(GoBuildInfo, lengths_past_the_end_give_nothing) {
  const std::string info = inline_info("go1.22.0", kModules);
  for (std::size_t size = 0; size < 48; ++size) {
    EXPECT_THAT(listed(kExecutable, "app", make_elf({}, ".go.buildinfo", info.substr(0, size))).size(), testing::Le(1u));
  }
  auto huge = info.substr(0, 32) + std::string(9, '\xff') + '\x7f';
  EXPECT_THAT(listed(kExecutable, "app", make_elf({}, ".go.buildinfo", huge)), IsEmpty());
}

TEST(GoBuildInfo, relocatable_objects_hold_nothing) {
  ElfShape shape;
  shape.type = 1;
  EXPECT_THAT(listed(kExecutable, "a", make_elf(shape, ".go.buildinfo", inline_info("go1.22.0", kModules))), IsEmpty());
}

TEST(GoBuildInfo, is_read_from_pe_data_section) {
  const std::string content = pointer_info("go1.16.3", kModules, false, false);
  std::string file = padded("MZ", 0x3c) + little_endian(0x80, 4);
  file = padded(file, 0x80) + std::string("PE\0\0", 4) + little_endian(0x14c, 2) + little_endian(1, 2) + little_endian(0, 12) +
         little_endian(224, 2) + little_endian(0x102, 2);
  std::string optional_header = little_endian(0x10b, 2) + std::string(26, '\0') + little_endian(kDataAddress - 0x1000, 4);
  file += padded(optional_header, 224) + padded(".data", 8) + little_endian(content.size(), 4) + little_endian(0x1000, 4) +
          little_endian(content.size(), 4) + little_endian(0x400, 4) + std::string(12, '\0') + little_endian(0xc0000040, 4);
  file = padded(file, 0x400) + content;
  EXPECT_THAT(listed(kExecutable, "app.exe", file), testing::Contains("stdlib 1.16.3"));
  EXPECT_THAT(listed(kExecutable, "app.exe", file), testing::Contains("example.com/fork v1.0.1"));
}

std::string make_mach_o(const std::string& content) {
  std::string file = "\xcf\xfa\xed\xfe" + little_endian(0x0100000c, 4) + little_endian(0, 4) + little_endian(2, 4) +
                     little_endian(1, 4) + little_endian(152, 4) + little_endian(0, 8);
  file += little_endian(0x19, 4) + little_endian(152, 4) + padded("__DATA", 16) + little_endian(kDataAddress, 8) +
          little_endian(content.size(), 8) + little_endian(0x200, 8) + little_endian(content.size(), 8) + little_endian(3, 4) +
          little_endian(3, 4) + little_endian(1, 4) + little_endian(0, 4);
  file += padded("__go_buildinfo", 16) + padded("__DATA", 16) + little_endian(kDataAddress, 8) + little_endian(content.size(), 8) +
          little_endian(0x200, 4) + std::string(28, '\0');
  return padded(file, 0x200) + content;
}

std::string big(std::uint64_t value, int bytes) { return number(value, bytes, true); }

TEST(GoBuildInfo, is_read_from_mach_o_and_universal_files) {
  const std::string thin = make_mach_o(inline_info("go1.22.0", kModules));
  EXPECT_EQ(listed(kExecutable, "app", thin), kExpected);
  std::string fat = "\xca\xfe\xba\xbe" + big(2, 4);
  for (int i = 0; i < 2; ++i) fat += big(0x0100000c, 4) + big(0, 4) + big(0x1000, 4) + big(thin.size(), 4) + big(12, 4);
  EXPECT_EQ(listed(kExecutable, "app", padded(fat, 0x1000) + thin), kExpected) << "both architectures list the same";
}

TEST(GoBuildInfo, toolchain_versions_are_written_as_osv_writes_them) {
  EXPECT_EQ(sbom::go_stdlib_version("go1.22.0"), "1.22.0");
  EXPECT_EQ(sbom::go_stdlib_version("go1.17"), "1.17");
  EXPECT_EQ(sbom::go_stdlib_version("go1.22rc1"), "1.22.0-rc.1");
  EXPECT_EQ(sbom::go_stdlib_version("go1.18beta2"), "1.18.0-beta.2");
  EXPECT_EQ(sbom::go_stdlib_version("go1.24.3 X:boringcrypto"), "1.24.3");
  EXPECT_EQ(sbom::go_stdlib_version("go1.20.6b7"), "1.20.6");
  EXPECT_EQ(sbom::go_stdlib_version("go1.26.1-X:nodwarf5"), "1.26.1");
  EXPECT_EQ(sbom::go_stdlib_version("devel go1.23-0a1b2c Mon Jan 1"), "(devel)");
  EXPECT_EQ(sbom::go_stdlib_version("go"), "(devel)");
}

TEST(GoBuildInfo, module_lines_without_a_path_are_skipped) {
  const auto packages = sbom::go_packages({"go1.13.4", "path\tcommand-line-arguments\ndep\t\t\t\n=>\tx\tv1\ndep\ta.b/c\n=>\nbuild"});
  ASSERT_EQ(packages.size(), 2u);
  EXPECT_EQ(packages[1].name + " " + packages[1].version, "a.b/c (devel)");
}

// zlib.compress of {"packages":[…]} in stored form (RFC 1950, RFC 1951 section 3.2.4).
std::string zlib_stored(const std::string& text) {
  std::uint32_t a = 1, b = 0;
  for (const char c : text) {
    a = (a + static_cast<std::uint8_t>(c)) % 65521;
    b = (b + a) % 65521;
  }
  return "\x78\x01\x01" + little_endian(text.size(), 2) + little_endian(~text.size() & 0xffff, 2) + text + big(b << 16 | a, 4);
}

TEST(RustAudit, lists_crates_and_marks_those_of_the_build) {
  const std::string json =
      R"({"packages":[{"name":"serde","version":"1.0.1","source":"crates.io"},)"
      R"({"name":"cc","version":"1.2.3","source":"crates.io","kind":"build"},)"
      R"({"name":"app","version":"0.1.0","source":"local","root":true},{"name":"","version":"1"},{"version":3}]})";
  EXPECT_THAT(listed(kExecutable, "app", make_elf({}, ".dep-v0", zlib_stored(json))),
              ElementsAre("app 0.1.0", "cc 1.2.3 dev", "serde 1.0.1"));
}

TEST(RustAudit, unreadable_section_is_a_warning_that_names_the_file) {
  const auto facts = sbom_test::run(kExecutable, "usr/bin/app", make_elf({}, ".dep-v0", "no zlib stream"));
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->packages, IsEmpty());
  ASSERT_EQ(facts->warnings.size(), 1u);
  EXPECT_THAT(facts->warnings[0], testing::StartsWith("usr/bin/app: "));
}

TEST(Executable, wants_programs_and_libraries_but_no_objects_scripts_or_java_classes) {
  const std::string elf = make_elf({}, ".x", "");
  EXPECT_TRUE(sbom_test::wants(kExecutable, "usr/bin/app", elf));
  EXPECT_TRUE(sbom_test::wants(kExecutable, "usr/lib/libx.so.1.2", elf));
  EXPECT_TRUE(sbom_test::wants(kExecutable, "app.exe", "MZ and more bytes"));
  EXPECT_TRUE(sbom_test::wants(kExecutable, "app", "\xca\xfe\xba\xbe" + big(2, 4)));
  EXPECT_FALSE(sbom_test::wants(kExecutable, "A.class", "\xca\xfe\xba\xbe" + big(52, 4)));
  EXPECT_FALSE(sbom_test::wants(kExecutable, "lib/modules/x.ko", elf));
  EXPECT_FALSE(sbom_test::wants(kExecutable, "x.o", elf));
  EXPECT_FALSE(sbom_test::wants(kExecutable, "run.sh", "#!/bin/sh\n"));
}

TEST(Executable, damaged_headers_give_nothing) {
  const std::string elf = make_elf({}, ".go.buildinfo", inline_info("go1.22.0", kModules));
  for (std::size_t size = 0; size < elf.size(); size += 7) {
    EXPECT_TRUE(sbom_test::run(kExecutable, "app", elf.substr(0, size)));
  }
  std::string lying = elf;
  for (std::size_t at = 16; at < 64; ++at) lying[at] = '\xff';
  EXPECT_THAT(listed(kExecutable, "app", lying), IsEmpty());
}

}  // namespace executable_test
