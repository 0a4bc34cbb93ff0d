// SPDX-License-Identifier: Apache-2.0
#include "advisory/xml_reader.hpp"

#include <expat.h>
#include <fmt/format.h>

#include <algorithm>
#include <memory>

namespace advisory {

namespace {

constexpr std::size_t kDeepestElement = 100;
constexpr std::size_t kLongestText = 1u << 20;

struct XmlState {
  const XmlHandlers* handlers = nullptr;
  XML_Parser parser = nullptr;
  std::vector<std::string> texts;  // one an open element
  std::string refusal;
};

std::string_view without_prefix(std::string_view name) {
  const auto colon = name.rfind(':');
  return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void refuse_xml(XmlState& state, std::string reason) {
  if (state.refusal.empty()) state.refusal = std::move(reason);
  XML_StopParser(state.parser, XML_FALSE);
}

void XMLCALL on_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& state = *static_cast<XmlState*>(data);
  if (state.texts.size() >= kDeepestElement) return refuse_xml(state, "elements are nested too deep");
  state.texts.emplace_back();
  XmlAttributes list;
  for (; attributes[0]; attributes += 2) list.emplace_back(without_prefix(attributes[0]), attributes[1]);
  state.handlers->start(without_prefix(name), list);
}

void XMLCALL on_end(void* data, const XML_Char* name) {
  auto& state = *static_cast<XmlState*>(data);
  if (state.texts.empty()) return;
  const std::string text = std::move(state.texts.back());
  state.texts.pop_back();
  state.handlers->end(without_prefix(name), text);
}

void XMLCALL on_text(void* data, const XML_Char* text, int length) {
  auto& state = *static_cast<XmlState*>(data);
  if (state.texts.empty() || length <= 0) return;
  const auto size = static_cast<std::size_t>(length);
  if (state.texts.back().size() + size > kLongestText) return refuse_xml(state, "a text is too long");
  state.texts.back().append(text, size);
}

void XMLCALL on_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int) {
  refuse_xml(*static_cast<XmlState*>(data), "a document type declaration is not accepted");
}

}  // namespace

std::string_view xml_attribute(const XmlAttributes& attributes, std::string_view name) {
  for (const auto& [key, value] : attributes)
    if (key == name) return value;
  return {};
}

base::Result<void> read_xml(std::string_view document, std::string_view name, const XmlHandlers& handlers) {
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr), XML_ParserFree);
  if (!parser) return base::fail(base::Kind::internal, "no memory for an XML parser");
  XmlState state;
  state.handlers = &handlers;
  state.parser = parser.get();
  XML_SetUserData(parser.get(), &state);
  XML_SetElementHandler(parser.get(), on_start, on_end);
  XML_SetCharacterDataHandler(parser.get(), on_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_doctype);
  bool good = true;
  while (good && !document.empty()) {
    const auto part = document.substr(0, 1u << 20);
    document.remove_prefix(part.size());
    good = XML_Parse(parser.get(), part.data(), static_cast<int>(part.size()), document.empty()) == XML_STATUS_OK;
  }
  if (good) return {};
  const std::string reason = state.refusal.empty() ? XML_ErrorString(XML_GetErrorCode(parser.get())) : state.refusal;
  return base::fail(base::Kind::invalid_input,
                    fmt::format("{}: line {}: {}", name, XML_GetCurrentLineNumber(parser.get()), reason));
}

}  // namespace advisory
