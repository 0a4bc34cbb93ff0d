// SPDX-License-Identifier: Apache-2.0
#include "sbom/rpm.hpp"

#include <gmock/gmock.h>
#include <sqlite3.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "base/files.hpp"
#include "sbom/rpm_builder.hpp"
#include "sbom/rpm_header.hpp"

namespace sbom {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using testing::BdbBuilder;
using testing::ndb_database;
using testing::rpm_header;
using testing::RpmHeaderBuilder;

std::vector<std::string> blobs_of(base::Result<void> (*visit)(std::string_view, const RpmBlobVisitor&), std::string_view bytes,
                                  base::Result<void>* result = nullptr) {
  std::vector<std::string> blobs;
  const auto outcome = visit(bytes, [&](std::string_view blob) {
    blobs.emplace_back(blob);
    return true;
  });
  if (result)
    *result = outcome;
  else
    EXPECT_TRUE(outcome) << outcome.error().message;
  return blobs;
}

std::vector<std::string> names_and_versions(const FileFacts& facts) {
  std::vector<std::string> out;
  for (const auto& package : facts.packages) out.push_back(package.name + ' ' + package.version);
  std::sort(out.begin(), out.end());
  return out;
}

FileFacts catalog(const Cataloger& cataloger, std::vector<File> files) {
  auto facts = cataloger.catalog(files);
  EXPECT_TRUE(facts) << facts.error().message;
  return facts ? *facts : FileFacts{};
}

TEST(RpmHeader, gives_package_fields) {
  const std::string blob = RpmHeaderBuilder()
                               .text(1000, "bind-libs")
                               .text(1001, "9.16.23")
                               .text(1002, "1.el9")
                               .number(1003, 32)
                               .text(1011, "Red Hat, Inc.")
                               .text(1022, "x86_64")
                               .text(1044, "bind-9.16.23-1.el9.src.rpm")
                               .text(5096, "bind:9.16:820190206:9edba152")
                               .build();
  const auto package = rpm_package(*RpmHeader::parse(blob));
  ASSERT_TRUE(package);
  EXPECT_EQ(package->name, "bind-libs");
  EXPECT_EQ(package->version, "32:9.16.23-1.el9");
  EXPECT_EQ(package->type, "rpm");
  EXPECT_EQ(package->arch, "x86_64");
  EXPECT_EQ(package->source, "bind");
  EXPECT_EQ(package->source_version, "9.16.23-1.el9");
  EXPECT_EQ(package->vendor, "Red Hat, Inc.");
  EXPECT_EQ(package->modularity, "bind:9.16:820190206:9edba152");
}

TEST(RpmHeader, leaves_out_epoch_zero_and_takes_the_later_of_two_entries) {
  const std::string blob =
      RpmHeaderBuilder().text(1000, "old").text(1001, "1").text(1002, "2").number(1003, 0).text(1000, "new").build();
  const auto package = rpm_package(*RpmHeader::parse(blob));
  ASSERT_TRUE(package);
  EXPECT_EQ(package->name, "new");
  EXPECT_EQ(package->version, "1-2");
}

TEST(RpmHeader, fingerprints_owned_files) {
  const std::string blob = RpmHeaderBuilder()
                               .texts(1118, {"/usr/bin/", "/etc/"})
                               .texts(1117, {"httpd", "httpd.conf", "lost"})
                               .numbers(1116, {0, 1, 7})
                               .build();
  RpmOwnedFiles owned;
  owned.add(*RpmHeader::parse(blob));
  std::vector<std::uint64_t> expected{path_fingerprint("usr/bin/httpd"), path_fingerprint("etc/httpd.conf")};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(owned.take_sorted(), expected);
}

TEST(RpmHeader, bounds_many_files_in_one_long_folder) {
  const std::vector<std::string> names(40'000, "f");
  const std::string blob = RpmHeaderBuilder()
                               .texts(1118, {'/' + std::string(4000, 'x') + '/'})
                               .texts(1117, names)
                               .numbers(1116, std::vector<std::uint32_t>(names.size(), 0))
                               .build();
  RpmOwnedFiles owned;
  owned.add(*RpmHeader::parse(blob));
  EXPECT_TRUE(owned.truncated());
}

TEST(RpmHeader, survives_every_truncation_and_lying_counts) {
  const std::string blob = rpm_header("a", "1");
  for (std::size_t size = 0; size < blob.size(); ++size) EXPECT_FALSE(RpmHeader::parse(std::string_view(blob).substr(0, size)));
  std::string lying = blob;
  lying.replace(0, 4, "\x7f\xff\xff\xff");
  EXPECT_FALSE(RpmHeader::parse(lying));
  const std::string array = RpmHeaderBuilder().entry(1117, 8, 0xffffffff, std::string_view("a\0b", 3)).build();
  EXPECT_THAT(RpmHeader::parse(array)->texts(RpmTag::basenames), ElementsAre("a"));
}

TEST(RpmHeader, splits_source_names) {
  EXPECT_EQ(split_source_rpm("java-1.8.0-openjdk-1.8.0.345.b01-2.el9.src.rpm").name, "java-1.8.0-openjdk");
  EXPECT_EQ(split_source_rpm("kernel-5.14-1.nosrc.rpm").version, "5.14-1");
  EXPECT_EQ(split_source_rpm("(none)").name, "");
  EXPECT_EQ(split_source_rpm("-1-2.src.rpm").name, "");
}

// A database on disk, so that its files can be taken while it is open.
class SqliteFile {
 public:
  explicit SqliteFile(const std::string& schema = "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)",
                      const std::string& pragmas = "PRAGMA page_size=512")
      : folder_(*base::TempDir::create()) {
    sqlite3* raw = nullptr;
    sqlite3_open(path().c_str(), &raw);
    database_.reset(raw);
    run("PRAGMA synchronous=OFF; " + pragmas);
    run(schema);
  }
  void run(const std::string& sql) {
    char* message = nullptr;
    EXPECT_EQ(sqlite3_exec(database_.get(), sql.c_str(), nullptr, nullptr, &message), SQLITE_OK) << sql << ": " << message;
    sqlite3_free(message);
  }
  void insert(const std::string& blob) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string hex;
    for (char c : blob) hex.append({kHex[static_cast<std::uint8_t>(c) >> 4], kHex[c & 15]});
    run("INSERT INTO Packages (blob) VALUES (x'" + hex + "')");
  }
  std::string bytes(const std::string& suffix = "") const { return base::read_file(path() + suffix).value_or(std::string()); }

 private:
  struct Closer {
    void operator()(sqlite3* database) const { sqlite3_close(database); }
  };
  std::string path() const { return (folder_.path() / "rpmdb.sqlite").string(); }
  base::TempDir folder_;
  std::unique_ptr<sqlite3, Closer> database_;
};

base::Result<FileFacts> catalog_sqlite(const std::string& database, const std::string& wal = "") {
  std::vector<File> files{{"var/lib/rpm/rpmdb.sqlite", database, 0644}};
  if (!wal.empty()) files.push_back({"var/lib/rpm/rpmdb.sqlite-wal", wal, 0644});
  return kRpmSqliteCataloger.catalog(files);
}

TEST(RpmSqlite, lists_packages_without_keys) {
  SqliteFile file;
  file.insert(rpm_header("bash", "5.1"));
  file.insert(rpm_header("gpg-pubkey", "abc"));
  file.insert(rpm_header("glibc", "2.34", 5000));  // on overflow pages
  const auto facts = catalog_sqlite(file.bytes());
  ASSERT_TRUE(facts) << facts.error().message;
  EXPECT_THAT(names_and_versions(*facts), ElementsAre("bash 5.1-1.el9", "glibc 2.34-1.el9"));
  EXPECT_EQ(facts->manager, "rpm");
  EXPECT_THAT(facts->warnings, IsEmpty());
}

TEST(RpmSqlite, leaves_out_a_bad_header_and_says_so) {
  SqliteFile file;
  file.insert("rubbish");
  file.insert(rpm_header("bash", "5.1"));
  const auto facts = catalog_sqlite(file.bytes());
  ASSERT_TRUE(facts);
  EXPECT_THAT(names_and_versions(*facts), ElementsAre("bash 5.1-1.el9"));
  EXPECT_THAT(facts->warnings, ElementsAre(HasSubstr("var/lib/rpm/rpmdb.sqlite: 1 of 2 packages left out")));
}

TEST(RpmSqlite, reads_what_only_the_write_ahead_log_holds) {
  SqliteFile file("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)",
                  "PRAGMA page_size=512; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
  file.insert(rpm_header("bash", "5.1"));
  file.run("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string before = file.bytes();
  file.insert(rpm_header("glibc", "2.34", 3000));
  const std::string wal = file.bytes("-wal");
  ASSERT_EQ(file.bytes(), before);
  EXPECT_THAT(names_and_versions(*catalog_sqlite(before)), ElementsAre("bash 5.1-1.el9"));
  EXPECT_THAT(names_and_versions(*catalog_sqlite(before, wal)), ElementsAre("bash 5.1-1.el9", "glibc 2.34-1.el9"));
}

TEST(RpmSqlite, ignores_uncommitted_and_damaged_frames) {
  SqliteFile file("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)",
                  "PRAGMA page_size=512; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
  file.run("PRAGMA wal_checkpoint(TRUNCATE)");
  const std::string database = file.bytes();
  file.insert(rpm_header("bash", "5.1"));
  const std::string first = file.bytes("-wal");
  file.insert(rpm_header("glibc", "2.34", 3000));
  const std::string wal = file.bytes("-wal");
  // Whatever is cut off or flipped behind the first commit leaves the first commit.
  for (std::size_t size = first.size(); size < wal.size(); size += 97)
    EXPECT_THAT(names_and_versions(*catalog_sqlite(database, wal.substr(0, size))), ElementsAre("bash 5.1-1.el9")) << size;
  for (std::size_t at = first.size() + 30; at < wal.size(); at += 211) {
    std::string flipped = wal;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    EXPECT_THAT(names_and_versions(*catalog_sqlite(database, flipped)), ElementsAre("bash 5.1-1.el9")) << at;
  }
  std::string other_salt = wal;
  other_salt[16] = static_cast<char>(other_salt[16] ^ 1);
  EXPECT_THAT(names_and_versions(*catalog_sqlite(database, other_salt)), IsEmpty());
}

TEST(RpmSqlite, applies_a_log_to_an_empty_file) {
  SqliteFile file("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)",
                  "PRAGMA page_size=512; PRAGMA journal_mode=WAL; PRAGMA wal_autocheckpoint=0");
  file.insert(rpm_header("bash", "5.1"));
  EXPECT_THAT(names_and_versions(*catalog_sqlite("", file.bytes("-wal"))), ElementsAre("bash 5.1-1.el9"));
}

TEST(RpmSqlite, warns_of_a_log_without_its_database) {
  const std::vector<File> files{{"var/lib/rpm/rpmdb.sqlite-wal", "something", 0644}};
  const auto facts = kRpmSqliteCataloger.catalog(files);
  ASSERT_TRUE(facts);
  EXPECT_THAT(facts->warnings, ElementsAre(HasSubstr("without its database")));
}

TEST(RpmSqlite, refuses_schemas_that_run_something) {
  const std::string view = "CREATE TABLE t(blob); CREATE VIEW Packages AS SELECT blob FROM t";
  const std::string endless =
      "CREATE VIEW Packages AS WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM n) SELECT x AS blob FROM n";
  const std::string generated = "CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob AS (zeroblob(1000000)))";
  for (const std::string& schema : {view, endless, generated}) {
    SqliteFile file(schema);
    if (schema == generated) file.run("INSERT INTO Packages(hnum) VALUES (1)");
    const auto facts = catalog_sqlite(file.bytes());
    ASSERT_FALSE(facts) << schema;
    EXPECT_EQ(facts.error().kind, base::Kind::corrupt) << facts.error().message;
  }
}

TEST(RpmSqlite, refuses_what_is_no_rpm_database) {
  SqliteFile other("CREATE TABLE Other(x)");
  EXPECT_EQ(catalog_sqlite(other.bytes()).error().kind, base::Kind::invalid_input);
  EXPECT_EQ(catalog_sqlite(std::string(4096, 'x')).error().kind, base::Kind::corrupt);
  EXPECT_THAT(names_and_versions(*catalog_sqlite("")), IsEmpty());
}

TEST(RpmSqlite, keeps_what_it_read_before_the_damage) {
  SqliteFile file;
  for (int i = 0; i < 40; ++i) file.insert(rpm_header("package" + std::to_string(i), "1", 300));
  std::string bytes = file.bytes();
  bytes.resize(bytes.size() / 2);
  const auto facts = catalog_sqlite(bytes);
  if (facts) {
    EXPECT_THAT(facts->packages.size(), ::testing::AllOf(::testing::Gt(0u), ::testing::Lt(40u)));
    EXPECT_THAT(facts->warnings, Contains(HasSubstr("read in part")));
  } else {
    EXPECT_EQ(facts.error().kind, base::Kind::corrupt);
  }
}

TEST(RpmNdb, lists_packages) {
  const std::string bytes = ndb_database({rpm_header("bash", "5.1"), rpm_header("glibc", "2.34", 9000)});
  const auto facts = catalog(kRpmNdbCataloger, {{"usr/lib/sysimage/rpm/Packages.db", bytes, 0644}});
  EXPECT_THAT(names_and_versions(facts), ElementsAre("bash 5.1-1.el9", "glibc 2.34-1.el9"));
}

TEST(RpmNdb, leaves_out_a_blob_with_a_wrong_head) {
  std::string bytes = ndb_database({rpm_header("bash", "5.1"), rpm_header("glibc", "2.34")});
  bytes[4096] = static_cast<char>(bytes[4096] ^ 1);
  const auto facts = catalog(kRpmNdbCataloger, {{"usr/lib/sysimage/rpm/Packages.db", bytes, 0644}});
  EXPECT_THAT(names_and_versions(facts), ElementsAre("glibc 2.34-1.el9"));
  EXPECT_THAT(facts.warnings, ElementsAre(HasSubstr("read in part")));
}

TEST(RpmNdb, refuses_slots_that_share_a_blob) {
  std::string bytes = ndb_database({rpm_header("bash", "5.1")});
  for (std::size_t at = 48; at < 4096; at += 16) bytes.replace(at, 16, bytes.substr(32, 16));
  base::Result<void> result;
  EXPECT_THAT(blobs_of(visit_rpm_ndb, bytes, &result), SizeIs(::testing::Lt(50u)));
  EXPECT_FALSE(result);
}

TEST(RpmBdb, lists_packages_of_both_byte_orders) {
  for (bool big_endian : {false, true}) {
    BdbBuilder builder(big_endian);
    builder.add(0, std::string(4, '\1'));
    for (std::uint32_t i = 1; i <= 30; ++i) builder.add(i, rpm_header("p" + std::to_string(i), "1", i % 3 == 0 ? 2000 : 0));
    const auto facts = catalog(kRpmBdbCataloger, {{"var/lib/rpm/Packages", builder.build(), 0644}});
    EXPECT_THAT(facts.packages, SizeIs(30));
    EXPECT_THAT(names_and_versions(facts), Contains("p30 1-1.el9"));
    EXPECT_THAT(facts.warnings, IsEmpty());
  }
}

TEST(RpmBdb, ends_a_loop_of_overflow_pages) {
  BdbBuilder builder(false);
  builder.add(1, rpm_header("loop", "1", 3000));
  std::string bytes = builder.build();
  bytes.replace(3 * 512 + 16, 4, testing::le32_bytes(3));  // the first overflow page follows itself
  base::Result<void> result;
  EXPECT_THAT(blobs_of(visit_rpm_bdb, bytes, &result), IsEmpty());
  EXPECT_FALSE(result);
}

TEST(RpmBdb, reads_a_cut_file_in_part) {
  BdbBuilder builder(false);
  for (std::uint32_t i = 1; i <= 30; ++i) builder.add(i, rpm_header("p" + std::to_string(i), "1"));
  const std::string bytes = builder.build();
  for (std::size_t size = 0; size < bytes.size(); size += 61) {
    const std::vector<File> files{{"var/lib/rpm/Packages", bytes.substr(0, size), 0644}};
    const auto facts = kRpmBdbCataloger.catalog(files);
    if (!facts || size == 0) continue;
    EXPECT_THAT(facts->warnings, Contains(HasSubstr("read in part"))) << size;
  }
}

TEST(RpmManifest, lists_packages_of_azure_linux_distroless) {
  const std::string text =
      "glibc\t2.38-8.azl3\t1716000000\t1715000000\tMicrosoft Corporation\t(none)\t12345\tx86_64\t0\tglibc-2.38-8.azl3.src.rpm\n"
      "openssl-libs\t3.3.2-1.azl3\t1\t1\tMicrosoft Corporation\t1\t2\tx86_64\t1\topenssl-3.3.2-1.azl3.src.rpm\n"
      "short line\n";
  const auto facts = catalog(kRpmManifestCataloger, {{"var/lib/rpmmanifest/container-manifest-2", text, 0644}});
  EXPECT_THAT(names_and_versions(facts), ElementsAre("glibc 2.38-8.azl3", "openssl-libs 1:3.3.2-1.azl3"));
  EXPECT_EQ(facts.packages[1].source, "openssl");
  EXPECT_THAT(facts.warnings, ElementsAre(HasSubstr("1 lines")));
}

TEST(RpmCatalogers, want_their_paths_only) {
  const auto wanted_by = [](const Cataloger& cataloger, std::string_view path) { return cataloger.wants({path, 1, 0644, {}}); };
  EXPECT_TRUE(wanted_by(kRpmSqliteCataloger, "var/lib/rpm/rpmdb.sqlite"));
  EXPECT_TRUE(wanted_by(kRpmSqliteCataloger, "rootfs/usr/lib/sysimage/rpm/rpmdb.sqlite-wal"));
  EXPECT_TRUE(wanted_by(kRpmBdbCataloger, "usr/share/rpm/Packages"));
  EXPECT_TRUE(wanted_by(kRpmNdbCataloger, "usr/lib/sysimage/rpm/Packages.db"));
  EXPECT_FALSE(wanted_by(kRpmBdbCataloger, "srv/Packages"));
  EXPECT_FALSE(wanted_by(kRpmBdbCataloger, "Packages"));
  EXPECT_FALSE(wanted_by(kRpmBdbCataloger, "my-var/lib/rpmx/Packages"));
  EXPECT_FALSE(wanted_by(kRpmBdbCataloger, "xvar/lib/rpm/Packages"));
  EXPECT_TRUE(wanted_by(kRpmManifestCataloger, "var/lib/rpmmanifest/container-manifest-2"));
}

}  // namespace
}  // namespace sbom
