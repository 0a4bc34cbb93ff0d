// SPDX-License-Identifier: Apache-2.0
// geo_from_wkt: shapes written as well-known text (OGC 06-103r4, chapter 7).
#include <cctype>

#include "base/text.hpp"
#include "kql/functions/function.hpp"
#include "kql/number.hpp"

namespace kql {

namespace {

constexpr int kDeepestCollection = 16;
constexpr std::size_t kMostPlaces = 1'000'000;

class WktReader {
 public:
  explicit WktReader(std::string_view text) : text_(text) {}
  // The whole text as one shape.
  std::optional<base::Json> read() {
    auto shape = read_shape(0);
    skip_blanks();
    return shape && at_ == text_.size() ? std::move(shape) : std::nullopt;
  }

 private:
  using Read = std::optional<base::Json> (WktReader::*)();

  void skip_blanks() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
  }
  bool take(char c) {
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  std::string word() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::isalpha(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return base::to_lower(text_.substr(begin, at_ - begin));
  }
  std::optional<base::Json> number() {
    skip_blanks();
    const std::size_t begin = at_;
    while (at_ < text_.size() && std::string_view("0123456789+-.eE").find(text_[at_]) != std::string_view::npos) ++at_;
    const std::string_view digits = text_.substr(begin, at_ - begin);
    if (const auto whole = parse_whole_number(digits)) return base::Json(*whole);
    const auto real = parse_real_number(digits);
    return real ? std::optional(base::Json(*real)) : std::nullopt;
  }
  // "1 2"; a third and a fourth number, height and measure, are left out.
  std::optional<base::Json> place() {
    auto x = number(), y = number();
    if (!x || !y || ++places_ > kMostPlaces) return std::nullopt;
    for (int more = 0; more < 2; ++more) {
      const std::size_t before = at_;
      if (!number()) at_ = before;
    }
    return base::JsonArray{std::move(*x), std::move(*y)};
  }
  std::optional<base::Json> place_perhaps_in_brackets() {
    const bool bracket = take('(');
    auto out = place();
    return out && (!bracket || take(')')) ? std::move(out) : std::nullopt;
  }
  std::optional<base::Json> list_of(Read element_reader) {
    if (!take('(')) return std::nullopt;
    base::JsonArray out;
    do {
      auto element = (this->*element_reader)();
      if (!element) return std::nullopt;
      out.push_back(std::move(*element));
    } while (take(','));
    return take(')') ? std::optional<base::Json>(std::move(out)) : std::nullopt;
  }
  std::optional<base::Json> places() { return list_of(&WktReader::place); }
  std::optional<base::Json> places_each_perhaps_in_brackets() { return list_of(&WktReader::place_perhaps_in_brackets); }
  std::optional<base::Json> lists_of_places() { return list_of(&WktReader::places); }
  std::optional<base::Json> polygons() { return list_of(&WktReader::lists_of_places); }
  std::optional<base::Json> one_place() {
    auto list = places();
    if (!list || list->get_array().size() != 1) return std::nullopt;
    return std::move(list->get_array()[0]);
  }
  std::optional<base::Json> collection(int depth) {
    if (depth == kDeepestCollection || !take('(')) return std::nullopt;
    base::JsonArray shapes;
    do {
      auto shape = read_shape(depth + 1);
      if (!shape) return std::nullopt;
      shapes.push_back(std::move(*shape));
    } while (take(','));
    if (!take(')')) return std::nullopt;
    return base::JsonObject{{"type", "GeometryCollection"}, {"geometries", std::move(shapes)}};
  }
  // NOLINTNEXTLINE(misc-no-recursion): kDeepestCollection
  std::optional<base::Json> read_shape(int depth) {
    struct Kind {
      std::string_view word, type;
      Read read;
    };
    static const Kind kKinds[] = {{"point", "Point", &WktReader::one_place},
                                  {"linestring", "LineString", &WktReader::places},
                                  {"polygon", "Polygon", &WktReader::lists_of_places},
                                  {"multipoint", "MultiPoint", &WktReader::places_each_perhaps_in_brackets},
                                  {"multilinestring", "MultiLineString", &WktReader::lists_of_places},
                                  {"multipolygon", "MultiPolygon", &WktReader::polygons}};
    const std::string name = word();
    if (name == "geometrycollection") return collection(depth);
    for (const Kind& kind : kKinds) {
      if (kind.word != name) continue;
      auto coordinates = (this->*kind.read)();
      if (!coordinates) return std::nullopt;
      return base::JsonObject{{"type", boost::json::string(kind.type)}, {"coordinates", std::move(*coordinates)}};
    }
    return std::nullopt;
  }

  std::string_view text_;
  std::size_t at_ = 0, places_ = 0;
};

Value from_wkt(const Arguments& a) {
  auto shape = WktReader(a.text(0)).read();
  return shape ? Value::dynamic(std::move(*shape)) : Value();
}

// An array of texts: each of them, null where it is no shape.
Value all_from_wkt(const Arguments& a) {
  const auto* array = a.json(0).if_array();
  if (array == nullptr) return {};
  base::JsonArray out;
  for (const base::Json& text : *array) {
    auto shape = text.is_string() ? WktReader(base::as_string(text)).read() : std::nullopt;
    out.push_back(shape ? std::move(*shape) : base::Json());
  }
  return Value::dynamic(std::move(out));
}

constexpr Function kShapeFunctions[] = {
    {.name = "geo_from_wkt", .signature = "(string) dynamic", .evaluate = from_wkt},
    {.name = "geo_from_wkt", .signature = "(dynamic) dynamic", .evaluate = all_from_wkt},
};

}  // namespace

std::span<const Function> geo_shape_functions() { return kShapeFunctions; }

}  // namespace kql
