// SPDX-License-Identifier: Apache-2.0
#include "uplink/form.hpp"

#include <fmt/format.h>

#include <limits>

#include "base/text.hpp"
#include "uplink/messages.hpp"

namespace uplink {

namespace {

// Not within a character of UTF-8.
std::string_view cut_at(std::string_view text, std::size_t most) {
  if (text.size() <= most) return text;
  while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xc0u) == 0x80u) --most;
  return text.substr(0, most);
}

}  // namespace

std::string travelling_text(std::string_view text) {
  std::string safe = base::printable(cut_at(text, kTextBytes));
  return std::string(cut_at(safe, kTextBytes));
}

void FormWriter::text(std::string_view key, const std::string& value) {
  if (!value.empty()) out_[key] = travelling_text(value);
}

void FormWriter::required(std::string_view key, const std::string& value) { out_[key] = travelling_text(value); }

void FormWriter::lines(std::string_view key, const std::string& value) {
  if (value.empty()) return;
  std::string safe;
  for (const std::string_view line : base::split(value, '\n')) safe.append(safe.empty() ? "" : "\n").append(base::printable(line));
  out_[key] = cut_at(safe, kTextBytes);
}

void FormWriter::optional_number(std::string_view key, const std::optional<int>& value) {
  if (value) out_[key] = *value;
}

void FormWriter::flag(std::string_view key, bool value) {
  if (value) out_[key] = true;
}

void FormWriter::texts(std::string_view key, const std::vector<std::string>& values, std::size_t most) {
  if (values.empty()) return;
  base::JsonArray array;
  for (const std::string& value : values)
    if (array.size() < most) array.emplace_back(travelling_text(value));
  out_[key] = std::move(array);
}

void FormWriter::pairs(std::string_view key, const std::vector<std::pair<std::string, std::string>>& values,
                       std::size_t most) {
  if (values.empty()) return;
  base::JsonObject object;
  for (const auto& [name, value] : values)
    if (object.size() < most) object[travelling_text(name)] = travelling_text(value);
  out_[key] = std::move(object);
}

void FormWriter::any(std::string_view key, const base::Json& value) {
  if (!value.is_null()) out_[key] = value;
}

FormReader::FormReader(const base::Json& json, std::string_view name, std::optional<base::Error>& fault)
    : object_(json.if_object()), name_(name), fault_(fault) {
  if (!object_) fail({}, "must be an object");
}

FormReader::FormReader(const base::Json& json, std::string_view name, long index, const FormReader* parent)
    : object_(json.if_object()), name_(name), index_(index), parent_(parent), fault_(parent->fault_) {
  if (!object_) fail({}, "must be an object");
}

std::string FormReader::path() const {
  std::string path = parent_ ? parent_->path() : std::string();
  if (!path.empty() && !name_.empty()) path += '.';
  path += name_;
  return index_ < 0 ? path : fmt::format("{}[{}]", path, index_);
}

void FormReader::fail(std::string_view key, std::string_view words, base::Kind kind) {
  if (fault_) return;
  std::string where = path();
  if (!where.empty() && !key.empty()) where += '.';
  where += key;
  if (where.empty()) where = "the document";
  fault_ = base::Error{kind, fmt::format("{} {}", where, words)};
}

const base::Json* FormReader::found(std::string_view key) {
  if (fault_ || !object_) return nullptr;
  const base::Json* value = object_->if_contains(key);
  return value && value->is_null() ? nullptr : value;
}

const base::JsonArray* FormReader::array_of(std::string_view key, std::size_t most) {
  const base::Json* value = found(key);
  if (!value) return nullptr;
  const base::JsonArray* array = value->if_array();
  if (!array) {
    fail(key, "must be a list");
  } else if (array->size() > most) {
    fail(key, fmt::format("has {} entries; {} are admitted", array->size(), most), base::Kind::too_large);
    return nullptr;
  }
  return array;
}

std::size_t FormReader::index_of(std::string_view key, const std::string_view* names, std::size_t count) {
  const base::Json* value = found(key);
  const boost::json::string* text = value ? value->if_string() : nullptr;
  for (std::size_t i = 0; text && i < count; ++i)
    if (names[i] == std::string_view(*text)) return i;
  fail(key, value ? "has a value that is not known here" : "is missing");
  return 0;
}

void FormReader::text(std::string_view key, std::string& value) {
  const base::Json* json = found(key);
  if (!json) return;
  const boost::json::string* text = json->if_string();
  if (!text) return fail(key, "must be a text");
  if (text->size() > kTextBytes)
    return fail(key, fmt::format("has {} bytes; {} are admitted", text->size(), kTextBytes), base::Kind::too_large);
  value.assign(text->data(), text->size());
}

void FormReader::required(std::string_view key, std::string& value) {
  text(key, value);
  if (value.empty()) fail(key, "is missing");
}

void FormReader::number(std::string_view key, std::int64_t& value) {
  const base::Json* json = found(key);
  if (!json) return;
  if (const std::int64_t* number = json->if_int64())
    value = *number;
  else
    fail(key, "must be a whole number");
}

void FormReader::number(std::string_view key, std::uint64_t& value) {
  const base::Json* json = found(key);
  if (!json) return;
  if (const std::uint64_t* number = json->if_uint64())
    value = *number;
  else if (const std::int64_t* small = json->if_int64(); small && *small >= 0)
    value = static_cast<std::uint64_t>(*small);
  else
    fail(key, "must be a whole number that is not negative");
}

void FormReader::number(std::string_view key, double& value) {
  const base::Json* json = found(key);
  if (!json) return;
  if (!json->is_number()) return fail(key, "must be a number");
  value = json->to_number<double>();
}

void FormReader::optional_number(std::string_view key, std::optional<int>& value) {
  const base::Json* json = found(key);
  if (!json) return;
  const std::int64_t* number = json->if_int64();
  if (!number || *number < std::numeric_limits<int>::min() || *number > std::numeric_limits<int>::max())
    return fail(key, "must be a whole number of 32 bits");
  value = static_cast<int>(*number);
}

void FormReader::flag(std::string_view key, bool& value) {
  const base::Json* json = found(key);
  if (!json) return;
  if (!json->is_bool()) return fail(key, "must be true or false");
  value = json->get_bool();
}

void FormReader::texts(std::string_view key, std::vector<std::string>& values, std::size_t most) {
  const base::JsonArray* array = array_of(key, most);
  if (!array) return;
  for (const base::Json& json : *array) {
    const boost::json::string* text = json.if_string();
    if (!text) return fail(key, "must be a list of texts");
    if (text->size() > kTextBytes)
      return fail(key, fmt::format("has a text of {} bytes; {} are admitted", text->size(), kTextBytes),
                  base::Kind::too_large);
    values.emplace_back(text->data(), text->size());
  }
}

void FormReader::pairs(std::string_view key, std::vector<std::pair<std::string, std::string>>& values, std::size_t most) {
  const base::Json* json = found(key);
  if (!json) return;
  const base::JsonObject* object = json->if_object();
  if (!object) return fail(key, "must be an object");
  if (object->size() > most)
    return fail(key, fmt::format("has {} members; {} are admitted", object->size(), most), base::Kind::too_large);
  for (const auto& member : *object) {
    const boost::json::string* text = member.value().if_string();
    if (!text) return fail(key, "must have texts alone");
    if (text->size() > kTextBytes || member.key().size() > kTextBytes)
      return fail(key, fmt::format("has a text past {} bytes", kTextBytes), base::Kind::too_large);
    values.emplace_back(std::string(member.key()), std::string(text->data(), text->size()));
  }
}

void FormReader::any(std::string_view key, base::Json& value) {
  if (const base::Json* json = found(key)) value = *json;
}

}  // namespace uplink
