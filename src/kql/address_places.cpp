// SPDX-License-Identifier: Apache-2.0
#include "kql/address_places.hpp"

#include <fmt/format.h>
#include <maxminddb.h>

namespace kql {

namespace {

std::unique_ptr<const AddressPlaces>& places_of_process() {
  static std::unique_ptr<const AddressPlaces> places;
  return places;
}

template <typename... Path>
std::optional<MMDB_entry_data_s> member(MMDB_entry_s& entry, Path... path) {
  MMDB_entry_data_s data{};
  if (MMDB_get_value(&entry, &data, path..., nullptr) != MMDB_SUCCESS || !data.has_data) return std::nullopt;
  return data;
}

std::string text_of(const std::optional<MMDB_entry_data_s>& data) {
  return data && data->type == MMDB_DATA_TYPE_UTF8_STRING ? std::string(data->utf8_string, data->data_size) : std::string();
}

std::optional<double> real_of(const std::optional<MMDB_entry_data_s>& data) {
  if (!data || data->type != MMDB_DATA_TYPE_DOUBLE) return std::nullopt;
  return data->double_value;
}

}  // namespace

void AddressPlaces::Close::operator()(MMDB_s* database) const {
  MMDB_close(database);
  delete database;
}

base::Result<std::unique_ptr<const AddressPlaces>> AddressPlaces::open(const std::filesystem::path& file) {
  std::unique_ptr<MMDB_s, Close> database(new MMDB_s{});
  const int status = MMDB_open(file.c_str(), MMDB_MODE_MMAP, database.get());
  if (status == MMDB_SUCCESS) return std::unique_ptr<const AddressPlaces>(new AddressPlaces(std::move(database)));
  delete database.release();  // nothing was opened
  if (status == MMDB_FILE_OPEN_ERROR) return base::fail(base::Kind::not_found, fmt::format("cannot open the database of places {}", file.string()));
  return base::fail(base::Kind::invalid_input,
                    fmt::format("{} is no database of places ({}); GeoLite2-City.mmdb and files of that form are", file.string(), MMDB_strerror(status)));
}

std::optional<AddressPlace> AddressPlaces::of(const std::string& address) const {
  int no_address = 0, status = MMDB_SUCCESS;
  MMDB_lookup_result_s found = MMDB_lookup_string(database_.get(), address.c_str(), &no_address, &status);
  if (no_address != 0 || status != MMDB_SUCCESS || !found.found_entry) return std::nullopt;
  MMDB_entry_s& entry = found.entry;
  return AddressPlace{text_of(member(entry, "country", "names", "en")), text_of(member(entry, "subdivisions", "0", "names", "en")),
                      text_of(member(entry, "city", "names", "en")), real_of(member(entry, "location", "latitude")),
                      real_of(member(entry, "location", "longitude"))};
}

const AddressPlaces* address_places() { return places_of_process().get(); }

void use_address_places(std::unique_ptr<const AddressPlaces> places) { places_of_process() = std::move(places); }

}  // namespace kql
