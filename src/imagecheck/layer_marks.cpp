// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/layer_marks.hpp"

#include <array>
#include <optional>
#include <utility>

#include "base/text.hpp"

namespace imagecheck {

namespace {

constexpr std::int64_t kMarksFormat = 1;

constexpr std::array<std::pair<std::string_view, Mark::Kind>, 3> kMarkKinds{
    {{"secret", Mark::Kind::secret}, {"malware", Mark::Kind::malware}, {"file", Mark::Kind::file}}};

std::string_view mark_kind_name(Mark::Kind kind) {
  for (const auto& [name, value] : kMarkKinds)
    if (value == kind) return name;
  return "file";
}

// Paths may hold any byte, and JSON text is UTF-8.
base::Json encoded(std::string_view text) { return base::Json(base::percent_encode(text, "/ :,;()*$")); }

std::optional<Mark> mark_from_json(const base::Json& json) {
  const auto* parts = json.if_array();
  if (!parts || parts->size() != 4) return std::nullopt;
  for (const base::Json& part : *parts)
    if (!part.is_string()) return std::nullopt;
  const auto text = [parts](std::size_t i) { return base::percent_decode(base::as_string((*parts)[i])); };
  for (const auto& kind : kMarkKinds)
    if (kind.first == base::as_string((*parts)[0])) return Mark{kind.second, text(1), text(2), text(3)};
  return std::nullopt;
}

base::Result<LayerMarks> broken_marks() { return base::fail(base::Kind::corrupt, "marks of a layer: not as they were written"); }

}  // namespace

base::Json to_json(const LayerMarks& marks) {
  base::JsonArray list, warnings;
  list.reserve(marks.marks.size());
  for (const Mark& mark : marks.marks)
    list.push_back(base::JsonArray{mark_kind_name(mark.kind), encoded(mark.rule), encoded(mark.path), encoded(mark.detail)});
  for (const std::string& warning : marks.warnings) warnings.push_back(encoded(warning));
  return base::JsonObject{
      {"format", kMarksFormat}, {"diffId", marks.diff_id}, {"marks", std::move(list)}, {"warnings", std::move(warnings)}};
}

base::Result<LayerMarks> marks_from_json(const base::Json& json) {
  const base::Json* marks = base::find(json, "marks");
  const base::Json* warnings = base::find(json, "warnings");
  if (base::get_int(json, "format") != kMarksFormat || !marks || !marks->is_array() || !warnings || !warnings->is_array())
    return broken_marks();
  LayerMarks out;
  out.diff_id = base::get_string(json, "diffId");
  for (const base::Json& entry : marks->get_array()) {
    auto mark = mark_from_json(entry);
    if (!mark) return broken_marks();
    out.marks.push_back(std::move(*mark));
  }
  for (const base::Json& entry : warnings->get_array()) {
    if (!entry.is_string()) return broken_marks();
    out.warnings.push_back(base::percent_decode(base::as_string(entry)));
  }
  return out;
}

}  // namespace imagecheck
