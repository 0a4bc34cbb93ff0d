// SPDX-License-Identifier: Apache-2.0
#include "base/zip.hpp"

#include <gtest/gtest.h>
#include <isa-l/crc.h>

#include <cstdlib>
#include <fstream>

#include "base/files.hpp"
#include "support/compressors.hpp"
#include "support/sources.hpp"

namespace {

using base::Kind;

std::string zip_little(std::uint64_t value, int bytes) {
  std::string out;
  for (int i = 0; i < bytes; ++i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

// Writes archives by APPNOTE sections 4.3.7, 4.3.12 and 4.3.16.
struct ZipWriter {
  std::string body, directory;
  unsigned count = 0;

  void add(const std::string& name, std::string data, bool deflated, std::uint16_t flags = 0) {
    const std::uint32_t crc =
        crc32_gzip_refl(0, reinterpret_cast<unsigned char*>(data.data()), data.size());
    const std::string stored = deflated ? test::deflate(data, IGZIP_DEFLATE) : data;
    const std::string common = zip_little(20, 2) + zip_little(flags, 2) + zip_little(deflated ? 8 : 0, 2) + zip_little(0, 4) +
                               zip_little(crc, 4) + zip_little(stored.size(), 4) + zip_little(data.size(), 4) +
                               zip_little(name.size(), 2) + zip_little(0, 2);
    directory += zip_little(0x02014b50, 4) + zip_little(20, 2) + common + zip_little(0, 10) + zip_little(body.size(), 4) + name;
    body += zip_little(0x04034b50, 4) + common + name + stored;
    ++count;
  }

  std::string finish(const std::string& comment = "") const {
    return body + directory + zip_little(0x06054b50, 4) + zip_little(0, 4) + zip_little(count, 2) + zip_little(count, 2) +
           zip_little(directory.size(), 4) + zip_little(body.size(), 4) + zip_little(comment.size(), 2) + comment;
  }
};

TEST(Zip, reads_stored_and_deflated_entries) {
  ZipWriter zip;
  const std::string text = test::sample_text(100'000);
  zip.add("META-INF/MANIFEST.MF", text, true);
  zip.add("a.txt", "hello", false);
  const std::string bytes = zip.finish("a comment");
  const auto reader = base::ZipReader::open(bytes);
  ASSERT_TRUE(reader) << reader.error().message;
  ASSERT_EQ(reader->entries().size(), 2u);
  EXPECT_EQ(reader->entries()[0].name, "META-INF/MANIFEST.MF");
  EXPECT_EQ(reader->read(reader->entries()[0], 1u << 20).value(), text);
  EXPECT_EQ(reader->read(reader->entries()[1], 1u << 20).value(), "hello");
  EXPECT_EQ(reader->read(reader->entries()[0], 1000).error().kind, Kind::too_large);
  EXPECT_EQ(reader->read(reader->entries()[1], 4).error().kind, Kind::too_large);
  EXPECT_TRUE(base::looks_like_zip(bytes));
}

TEST(Zip, reads_archives_with_bytes_in_front) {
  ZipWriter zip;
  zip.add("a.txt", "hello", true);
  const std::string bytes = "#!/bin/sh\nexec java -jar $0\n" + zip.finish();
  const auto reader = base::ZipReader::open(bytes);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read(reader->entries().at(0), 100).value(), "hello");
}

TEST(Zip, an_end_record_inside_the_comment_does_not_mislead) {
  ZipWriter zip;
  zip.add("a.txt", "hello", true);
  const std::string bytes = zip.finish("PK\5\6 and more text that is long enough");
  const auto reader = base::ZipReader::open(bytes);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->entries().size(), 1u);
}

TEST(Zip, refuses_damage) {
  ZipWriter zip;
  zip.add("a.txt", "hello hello hello", false);
  zip.add("secret", "x", false, 1);
  std::string bytes = zip.finish();
  bytes[30 + 5 + 3] ^= 1;
  const auto reader = base::ZipReader::open(bytes);
  ASSERT_TRUE(reader);
  EXPECT_EQ(reader->read(reader->entries()[0], 100).error().kind, Kind::corrupt);
  EXPECT_EQ(reader->read(reader->entries()[1], 100).error().kind, Kind::unsupported);
  EXPECT_EQ(base::ZipReader::open(bytes, 1).error().kind, Kind::too_large);
  EXPECT_EQ(base::ZipReader::open("PK\3\4 and no end").error().kind, Kind::invalid_input);
  EXPECT_EQ(base::ZipReader::open("").error().kind, Kind::invalid_input);
  base::ZipEntry lie = reader->entries()[0];
  lie.header_offset = ~0ull - 5;
  EXPECT_EQ(reader->read(lie, 100).error().kind, Kind::corrupt);
}

TEST(Zip, survives_any_single_damaged_byte) {
  ZipWriter zip;
  zip.add("a.txt", "hello hello hello hello", true);
  const std::string whole = zip.finish();
  for (std::size_t i = 0; i < whole.size(); ++i) {
    std::string bytes = whole;
    bytes[i] = static_cast<char>(bytes[i] ^ 0xff);
    const auto reader = base::ZipReader::open(bytes);
    if (!reader) continue;
    for (const auto& entry : reader->entries()) {
      const auto data = reader->read(entry, 1000);
      if (data) {
        EXPECT_EQ(*data, "hello hello hello hello");
      }
    }
  }
}

// Python writes ZIP64 records when told that sizes may be large, and streams with data descriptors.
TEST(Zip, reads_what_python_writes) {
  if (std::system("python3 -c 'import zipfile' 2>/dev/null") != 0) GTEST_SKIP() << "no python3";
  auto dir = base::TempDir::create();
  ASSERT_TRUE(dir);
  const std::string archive = (dir->path() / "z.zip").string();
  const std::string script = (dir->path() / "z.py").string();
  std::ofstream(script) << "import sys, zipfile\n"
                           "zipfile.ZIP_FILECOUNT_LIMIT = 1  # forces the ZIP64 end record\n"
                           "z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED)\n"
                           "with z.open('big', 'w', force_zip64=True) as f: f.write(b'abc' * 1000)\n"
                           "z.writestr('other', 'text')\n"
                           "z.writestr('third', 'more')\n"
                           "z.close()\n";
  ASSERT_EQ(std::system(("python3 " + script + " " + archive).c_str()), 0);
  const std::string bytes = base::read_file(archive).value();
  for (const std::string& variant : {bytes, "bytes in front" + bytes}) {
    const auto reader = base::ZipReader::open(variant);
    ASSERT_TRUE(reader) << reader.error().message;
    ASSERT_EQ(reader->entries().size(), 3u);
    EXPECT_EQ(reader->read(reader->entries()[0], 10'000).value().size(), 3000u);
    EXPECT_EQ(reader->read(reader->entries()[2], 10'000).value(), "more");
  }
}

}  // namespace
