// SPDX-License-Identifier: Apache-2.0
// Places of addresses, from a database that the test writes (MaxMind DB file format 2.0).
#include "kql/address_places.hpp"

#include <gtest/gtest.h>

#include <bit>

#include "base/files.hpp"
#include "kql/run.hpp"

namespace {

using Bytes = std::string;

Bytes big_endian(std::uint64_t value, int bytes) {
  Bytes out;
  for (int i = bytes - 1; i >= 0; --i) out += static_cast<char>(value >> (8 * i) & 0xff);
  return out;
}

// Values of the data section: types 2 text, 3 double, 5 and 6 unsigned, 7 map, 9 and 11 (array) in the extended form.
Bytes text(std::string_view value) { return static_cast<char>(2 << 5 | value.size()) + Bytes(value); }
Bytes real(double value) { return static_cast<char>(3 << 5 | 8) + big_endian(std::bit_cast<std::uint64_t>(value), 8); }
Bytes number(int type, std::uint64_t value, int bytes) {
  const Bytes head = type < 8 ? Bytes(1, static_cast<char>(type << 5 | bytes)) : Bytes{static_cast<char>(bytes), static_cast<char>(type - 7)};
  return head + big_endian(value, bytes);
}
Bytes array(const std::vector<Bytes>& values) {
  Bytes out{static_cast<char>(values.size()), 4};
  for (const Bytes& value : values) out += value;
  return out;
}
Bytes map(const std::vector<std::pair<std::string, Bytes>>& members) {
  Bytes out(1, static_cast<char>(7 << 5 | members.size()));
  for (const auto& [name, value] : members) out += text(name) + value;
  return out;
}
Bytes named(std::string_view name) { return map({{"names", map({{"de", text("?")}, {"en", text(name)}})}}); }

// Networks 203.0.113.0/25 and 203.0.113.128/25 with their data, in a tree of 25 nodes.
Bytes database(const Bytes& low, const Bytes& high) {
  constexpr std::uint32_t kNetwork = 203u << 24 | 113u << 8;
  constexpr int kNodes = 25;
  Bytes tree;
  for (int bit = 0; bit < kNodes; ++bit) {
    std::uint64_t sides[2] = {kNodes, kNodes};  // nothing is known
    if (bit + 1 < kNodes) {
      sides[kNetwork >> (31 - bit) & 1] = static_cast<std::uint64_t>(bit) + 1;
    } else {
      sides[0] = kNodes + 16;
      sides[1] = kNodes + 16 + low.size();
    }
    tree += big_endian(sides[0], 3) + big_endian(sides[1], 3);
  }
  const Bytes about = map({{"binary_format_major_version", number(5, 2, 2)}, {"binary_format_minor_version", number(5, 0, 2)},
                           {"build_epoch", number(9, 1'700'000'000, 8)}, {"database_type", text("Test-City")},
                           {"description", map({{"en", text("of a test")}})}, {"ip_version", number(5, 4, 2)},
                           {"languages", array({text("en")})}, {"node_count", number(6, kNodes, 4)}, {"record_size", number(5, 24, 2)}});
  return tree + Bytes(16, '\0') + low + high + "\xab\xcd\xefMaxMind.com" + about;
}

class AddressPlacesTest : public testing::Test {
 protected:
  void SetUp() override {
    auto made = base::TempDir::create();
    ASSERT_TRUE(made);
    dir_.emplace(std::move(*made));
    file_ = dir_->path() / "places.mmdb";
  }
  void TearDown() override { kql::use_address_places(nullptr); }
  std::unique_ptr<const kql::AddressPlaces> open(const Bytes& bytes) {
    EXPECT_TRUE(base::write_file_atomically(file_, bytes, 0600));
    auto opened = kql::AddressPlaces::open(file_);
    EXPECT_TRUE(opened) << opened.error().message;
    return opened ? std::move(*opened) : nullptr;
  }
  static base::Result<std::string> first_cell(std::string_view query) {
    const kql::RowSource none = [](const kql::Relation&) -> base::Result<std::optional<kql::Rows>> { return std::nullopt; };
    const auto rows = kql::run_query(query, {}, none);
    if (!rows) return tl::unexpected(rows.error());
    const kql::Table& table = rows->answers.front().table;
    return kql::to_text(table.rows[0][0], table.schema[0].type);
  }

  std::optional<base::TempDir> dir_;
  std::filesystem::path file_;
};

Bytes two_places() {
  return database(map({{"city", named("Bruges")}, {"country", named("Belgium")},
                       {"location", map({{"latitude", real(51.5)}, {"longitude", real(-3.25)}})},
                       {"subdivisions", array({named("West Flanders"), named("Elsewhere")})}}),
                  map({{"country", named("Chad")}}));
}

TEST_F(AddressPlacesTest, are_what_is_known_of_an_address) {
  kql::use_address_places(open(two_places()));
  EXPECT_EQ(first_cell("print geo_info_from_ip_address('203.0.113.77')").value_or("?"),
            R"({"country":"Belgium","state":"West Flanders","city":"Bruges","latitude":51.5,"longitude":-3.25})");
  EXPECT_EQ(first_cell("print tostring(geo_info_from_ip_address('203.0.113.200').country)").value_or("?"), "Chad");
  EXPECT_EQ(first_cell("print geo_info_from_ip_address('203.0.113.200')").value_or("?"), R"({"country":"Chad"})");
}

TEST_F(AddressPlacesTest, are_null_where_nothing_is_known) {
  kql::use_address_places(open(two_places()));
  for (const char* address : {"203.0.114.1", "", "example.com", "203.0.113.77/24", "2001:db8::1"})
    EXPECT_EQ(first_cell("print isnull(geo_info_from_ip_address('" + std::string(address) + "'))").value_or("?"), "True") << address;
}

TEST_F(AddressPlacesTest, are_refused_without_a_database) {
  const auto cell = first_cell("print geo_info_from_ip_address('203.0.113.77')");
  ASSERT_FALSE(cell);
  EXPECT_EQ(cell.error().kind, base::Kind::invalid_input);
  EXPECT_NE(cell.error().message.find("--geo-database"), std::string::npos) << cell.error().message;
  EXPECT_TRUE(kql::bind_text("print geo_info_from_ip_address('203.0.113.77')", {}).diagnostics.empty());  // checked only
}

TEST_F(AddressPlacesTest, a_file_that_is_no_database_is_named) {
  const auto missing = kql::AddressPlaces::open(file_);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().kind, base::Kind::not_found);
  ASSERT_TRUE(base::write_file_atomically(file_, "no database", 0600));
  const auto wrong = kql::AddressPlaces::open(file_);
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().kind, base::Kind::invalid_input);
  EXPECT_NE(wrong.error().message.find(file_.string()), std::string::npos);
}

TEST_F(AddressPlacesTest, a_damaged_database_does_no_harm) {
  const Bytes good = two_places();
  for (std::size_t at = 0; at < good.size(); at += 3) {
    Bytes bad = good;
    bad[at] = static_cast<char>(~bad[at]);
    ASSERT_TRUE(base::write_file_atomically(file_, bad, 0600));
    const auto opened = kql::AddressPlaces::open(file_);
    if (opened) (void)(*opened)->of("203.0.113.77");
  }
}

}  // namespace
