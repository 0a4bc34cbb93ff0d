// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "base/text.hpp"
#include "cli/command_tree.hpp"

namespace cli {

namespace {

std::string single_quoted(std::string_view text) {
  std::string out = "'";
  for (char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string first_line(std::string_view text) { return std::string(base::cut(text, "\n").first); }

std::vector<std::string> words_of(const CommandDoc& command) {
  std::vector<std::string> words;
  for (const auto& child : command.commands) words.push_back(child.name);
  for (const auto& option : command.options)
    if (!option.positional) words.insert(words.end(), option.names.begin(), option.names.end());
  return words;
}

// One `case` arm a command: "scan" or "db import" → its words.
void bash_arms(const CommandDoc& command, const std::string& path, std::string& out) {
  out += fmt::format("    {}) words={} ;;\n", single_quoted(path), single_quoted(base::join(words_of(command), " ")));
  for (const auto& child : command.commands) bash_arms(child, path.empty() ? child.name : path + " " + child.name, out);
}

// Arms "PATH:OPTION", for one option takes other words in other commands. Global options come under any path.
void bash_choices(const CommandDoc& command, const std::string& path, std::string& out) {
  for (const auto& option : command.options) {
    if (option.positional || option.choices.empty()) continue;
    std::vector<std::string> arms;
    for (const auto& name : option.names) arms.push_back((path.empty() ? "*" : single_quoted(path)) + ":" + name);
    out += fmt::format("    {}) COMPREPLY=($(compgen -W {} -- \"$current\")); return ;;\n", base::join(arms, "|"),
                       single_quoted(base::join(option.choices, " ")));
  }
  for (const auto& child : command.commands) bash_choices(child, path.empty() ? child.name : path + " " + child.name, out);
}

void command_names(const CommandDoc& command, std::vector<std::string>& out) {
  for (const auto& child : command.commands) {
    out.push_back(child.name);
    command_names(child, out);
  }
}

std::string bash_script(const CommandDoc& root) {
  std::vector<std::string> names;
  command_names(root, names);
  std::string arms;
  std::string choices;
  bash_arms(root, "", arms);
  bash_choices(root, "", choices);
  return fmt::format(R"(# bash completion for bulwark
_bulwark() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" previous="${{COMP_WORDS[COMP_CWORD-1]}}" path="" word words=""
  for word in "${{COMP_WORDS[@]:1:COMP_CWORD-1}}"; do
    case "$word" in
      {}) path="${{path:+$path }}$word" ;;
    esac
  done
  case "$path:$previous" in
{}    *) ;;
  esac
  case "$path" in
{}  esac
  COMPREPLY=($(compgen -W "$words" -- "$current"))
  if [ ${{#COMPREPLY[@]}} -eq 0 ]; then COMPREPLY=($(compgen -f -- "$current")); fi
}}
complete -F _bulwark bulwark
)",
                     base::join(names, "|"), choices, arms);
}

// zsh reads bash completions; the descriptions are shown through _describe for commands.
std::string zsh_script(const CommandDoc& root) {
  return "#compdef bulwark\nautoload -U +X bashcompinit && bashcompinit\n" + bash_script(root);
}

// Commands of different families have the same names ("list"): below the first level both names must have been seen.
void fish_lines(const CommandDoc& command, const std::string& condition, bool root, std::string& out) {
  for (const auto& child : command.commands) {
    out += fmt::format("complete -c bulwark -n {} -f -a {} -d {}\n", single_quoted(condition), child.name,
                       single_quoted(first_line(child.description)));
    const std::string seen = "__fish_seen_subcommand_from " + child.name;
    fish_lines(child, root ? seen : condition + "; and " + seen, false, out);
  }
  for (const auto& option : command.options) {
    if (option.positional) continue;
    std::string names;
    for (const auto& name : option.names)
      names += name.size() > 2 ? " -l " + name.substr(2) : " -s " + name.substr(1);
    std::string values = option.value.empty() ? "" : " -r";
    if (!option.choices.empty()) values += " -f -a " + single_quoted(base::join(option.choices, " "));
    out += fmt::format("complete -c bulwark -n {}{}{} -d {}\n", single_quoted(condition), names, values,
                       single_quoted(first_line(option.description)));
  }
}

std::string fish_script(const CommandDoc& root) {
  std::string out = "# fish completion for bulwark\n";
  fish_lines(root, "__fish_use_subcommand", true, out);
  return out;
}

}  // namespace

std::string completion_script(const CommandDoc& root, const std::string& shell) {
  if (shell == "bash") return bash_script(root);
  if (shell == "zsh") return zsh_script(root);
  if (shell == "fish") return fish_script(root);
  return {};
}

}  // namespace cli
