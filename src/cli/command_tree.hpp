// SPDX-License-Identifier: Apache-2.0
// The command tree as plain data, from which completions and the man page are made.
#pragma once

#include <string>
#include <vector>

namespace cli {

struct OptionDoc {
  std::vector<std::string> names;  // "--format", "-f"; for a positional argument its name
  std::string value;               // "NAME[=FILE]"; empty for a flag
  std::string description;
  std::vector<std::string> choices;
  bool positional = false;
};

struct CommandDoc {
  std::string name;  // "bulwark", "scan", "import" …
  std::string description;
  std::vector<OptionDoc> options;
  std::vector<CommandDoc> commands;
};

// A completion script for "bash", "zsh" or "fish"; empty for any other shell.
std::string completion_script(const CommandDoc& root, const std::string& shell);

// The man page bulwark(1) in man(7) macros.
std::string man_page(const CommandDoc& root, const std::string& version);

}  // namespace cli
