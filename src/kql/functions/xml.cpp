// SPDX-License-Identifier: Apache-2.0
#include "kql/functions/xml.hpp"

#include <expat.h>

#include <memory>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace kql {

namespace {

constexpr std::size_t kLongestXml = 1u << 20;
constexpr std::size_t kDeepestXml = 64;
constexpr std::string_view kTextMember = "#text";

struct XmlElement {
  std::string name;
  base::JsonObject members;
  std::string text;  // since the last child, or since the begin
};

struct XmlDocument {
  XML_Parser parser = nullptr;
  std::vector<XmlElement> open;  // the first is the document itself
};

// A second value of a name makes an array of both.
void add_member(base::JsonObject& members, std::string_view name, base::Json value) {
  const auto [at, added] = members.emplace(name, value);
  if (added) return;
  base::Json& held = at->value();
  if (!held.is_array()) held = base::JsonArray{std::move(held)};
  held.get_array().push_back(std::move(value));
}

void keep_text(XmlElement& element) {
  const std::string_view text = base::trim(element.text);
  if (!text.empty()) add_member(element.members, kTextMember, boost::json::string(text));
  element.text.clear();
}

void XMLCALL on_xml_start(void* data, const XML_Char* name, const XML_Char** attributes) {
  auto& document = *static_cast<XmlDocument*>(data);
  if (document.open.size() > kDeepestXml) {
    XML_StopParser(document.parser, XML_FALSE);
    return;
  }
  keep_text(document.open.back());
  XmlElement element{name, {}, {}};
  for (; attributes[0] != nullptr; attributes += 2) element.members["@" + std::string(attributes[0])] = attributes[1];
  document.open.push_back(std::move(element));
}

void XMLCALL on_xml_end(void* data, const XML_Char*) {
  auto& document = *static_cast<XmlDocument*>(data);
  if (document.open.size() < 2) return;
  XmlElement element = std::move(document.open.back());
  document.open.pop_back();
  keep_text(element);
  base::Json value;
  if (element.members.size() == 1 && element.members.begin()->key() == kTextMember) value = std::move(element.members.begin()->value());
  else if (!element.members.empty()) value = std::move(element.members);
  add_member(document.open.back().members, element.name, std::move(value));
}

void XMLCALL on_xml_text(void* data, const XML_Char* text, int length) {
  auto& document = *static_cast<XmlDocument*>(data);
  if (length > 0) document.open.back().text.append(text, static_cast<std::size_t>(length));
}

// Entities that name entities make a short text fill the memory.
void XMLCALL on_xml_doctype(void* data, const XML_Char*, const XML_Char*, const XML_Char*, int has_own_declarations) {
  if (has_own_declarations != 0) XML_StopParser(static_cast<XmlDocument*>(data)->parser, XML_FALSE);
}

}  // namespace

std::optional<base::Json> json_of_xml(std::string_view text) {
  if (text.size() > kLongestXml) return std::nullopt;
  const std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate("UTF-8"), XML_ParserFree);
  if (!parser) return std::nullopt;
  XmlDocument document{parser.get(), {}};
  document.open.emplace_back();
  XML_SetUserData(parser.get(), &document);
  XML_SetElementHandler(parser.get(), on_xml_start, on_xml_end);
  XML_SetCharacterDataHandler(parser.get(), on_xml_text);
  XML_SetStartDoctypeDeclHandler(parser.get(), on_xml_doctype);
  if (XML_Parse(parser.get(), text.data(), static_cast<int>(text.size()), XML_TRUE) != XML_STATUS_OK) return std::nullopt;
  return std::move(document.open.front().members);
}

}  // namespace kql
