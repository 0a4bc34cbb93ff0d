// SPDX-License-Identifier: Apache-2.0
// The hubs a person is signed in to, kept in a file that only they can read.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace client {

struct Context {
  std::string name;
  std::string url;          // https://hub.example.com:8443, without a slash at the end
  std::string user;         // who signed in, to be shown
  std::string token;        // API token; a secret
  std::string token_id;     // where the sign-in made the token, so that signing out can take it away
  std::string ca_file;      // PEM file of an authority to trust as well; may be empty
  std::string fingerprint;  // of the one certificate to trust; may be empty
};

struct Contexts {
  std::vector<Context> list;
  std::string current;  // a name; empty where none is

  const Context* find(std::string_view name) const;         // null where there is none
  const Context* find_by_url(std::string_view url) const;   // the current one first
  void put(Context context);                                // replaces that of the same name
  bool remove(std::string_view name);                       // false where there is none
};

// $BULWARK_CONFIG, else $XDG_CONFIG_HOME/bulwark/contexts.json, else ~/.config/bulwark/contexts.json.
std::filesystem::path contexts_file();

// No file is no contexts. Kind::denied where others may read the file, Kind::invalid_input where it is damaged; both name it.
base::Result<Contexts> load_contexts(const std::filesystem::path& file);
base::Result<void> save_contexts(const Contexts& contexts, const std::filesystem::path& file);  // mode 0600

// 1 to 64 letters, digits, '.', '_', '-', ':', '[' and ']'.
bool is_context_name(std::string_view name);

}  // namespace client
