// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace advisory {

using XmlAttributes = std::vector<std::pair<std::string_view, std::string_view>>;

std::string_view xml_attribute(const XmlAttributes& attributes, std::string_view name);

// Called in document order. Names come without their prefix ("name" for <linux-def:name>).
struct XmlHandlers {
  std::function<void(std::string_view name, const XmlAttributes& attributes)> start;
  std::function<void(std::string_view name, std::string_view text)> end;  // text directly inside the element
};

// Reads XML with expat. Document type declarations are refused, and with them entities: nothing that is read here has
// any, and entities that name entities make a small file fill the memory. Kind::invalid_input with the line.
base::Result<void> read_xml(std::string_view document, std::string_view name, const XmlHandlers& handlers);

}  // namespace advisory
