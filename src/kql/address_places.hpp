// SPDX-License-Identifier: Apache-2.0
// Places of IP addresses, from a file in the form of MaxMind DB 2.0 with cities: GeoLite2-City and its like.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "base/result.hpp"

struct MMDB_s;

namespace kql {

// What is not known is empty. Names are the English ones; coordinates are degrees.
struct AddressPlace {
  std::string country, state, city;
  std::optional<double> latitude, longitude;
};

// The file is mapped into memory: who brings a new one puts it in the old one's place by renaming. Thread-safe.
class AddressPlaces {
 public:
  // Kind::not_found, or Kind::invalid_input for a file that is no such database.
  static base::Result<std::unique_ptr<const AddressPlaces>> open(const std::filesystem::path& file);

  // Nothing for an address that the database does not know, and for a text that is no address.
  std::optional<AddressPlace> of(const std::string& address) const;

 private:
  struct Close {
    void operator()(MMDB_s* database) const;
  };
  explicit AddressPlaces(std::unique_ptr<MMDB_s, Close> database) : database_(std::move(database)) {}

  std::unique_ptr<MMDB_s, Close> database_;
};

// The database that queries of this process look into; null where there is none. It is set before the first query.
const AddressPlaces* address_places();
void use_address_places(std::unique_ptr<const AddressPlaces> places);

}  // namespace kql
