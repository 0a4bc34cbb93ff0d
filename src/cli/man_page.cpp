// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/command_tree.hpp"

namespace cli {

namespace {

// Text for man(7): hyphens that are typed, no accidental requests at the start of a line.
std::string roff(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool line_start = i == 0 || text[i - 1] == '\n';
    if (line_start && (text[i] == '.' || text[i] == '\'')) out += "\\&";
    if (text[i] == '\\')
      out += "\\e";
    else if (text[i] == '-')
      out += "\\-";
    else
      out += text[i];
  }
  return out;
}

// Indented lines of a description (examples) keep their line ends.
void append_description(std::string_view description, std::string& out) {
  bool verbatim = false;
  for (std::string_view line : base::split_lines(description)) {
    const bool indented = line.substr(0, 2) == "  ";
    if (indented != verbatim) out += indented ? ".nf\n" : ".fi\n";
    verbatim = indented;
    out += line.empty() ? ".PP\n" : roff(line) + "\n";
  }
  if (verbatim) out += ".fi\n";
}

void append_options(const CommandDoc& command, std::string& out) {
  for (const auto& option : command.options) {
    std::string head = "\\fB" + roff(base::join(option.names, ", ")) + "\\fR";
    if (!option.value.empty()) head += " \\fI" + roff(option.value) + "\\fR";
    out += fmt::format(".TP\n{}\n{}\n", head, roff(option.description));
    if (!option.choices.empty()) out += fmt::format("One of: {}.\n", roff(base::join(option.choices, ", ")));
  }
}

void append_commands(const CommandDoc& command, const std::string& path, std::string& out) {
  for (const auto& child : command.commands) {
    const std::string full = path + " " + child.name;
    out += fmt::format(".SS \"{}\"\n", roff(full));
    append_description(child.description, out);
    append_options(child, out);
    append_commands(child, full, out);
  }
}

}  // namespace

std::string man_page(const CommandDoc& root, const std::string& version) {
  std::string out = fmt::format(".TH BULWARK 1 \"\" \"bulwark {}\" \"User Commands\"\n.SH NAME\nbulwark \\- {}\n", version,
                                roff(base::cut(root.description, "\n").first));
  out += ".SH SYNOPSIS\n\\fBbulwark\\fR [\\fIoptions\\fR] \\fIcommand\\fR …\n.SH OPTIONS\n";
  append_options(root, out);
  out += ".SH COMMANDS\n";
  append_commands(root, "bulwark", out);
  out += ".SH EXIT STATUS\n";
  for (const auto* line : {"0\tdone; nothing at or over \\-\\-fail\\-on", "1\tthe operation failed",
                           "2\ta threshold was crossed (the report is complete)", "3\tbad usage",
                           "4\tpartial result: the report says what was left out", "130\tinterrupted"})
    out += fmt::format(".TP\n{}\n{}\n", base::cut(line, "\t").first, base::cut(line, "\t").second);
  return out;
}

}  // namespace cli
