// SPDX-License-Identifier: Apache-2.0
// The functions of libchdb.so (package @chdb/lib-linux-x64-gnu, version 26.5.3) that are used. The library is loaded while
// the hub runs; nothing links it.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.hpp"

namespace workspace {

extern "C" {
struct ChdbClient;                       // opaque
struct ChdbResult;                       // opaque
using ChdbConnection = ChdbClient**;     // what chdb_connect gives; statements take what it points to
}

struct ChdbApi {
  // Arguments as on the command line: "--path=/…", "--config-file=/…". Null where it failed, which is said on stderr only.
  ChdbConnection (*connect)(int count, char** arguments) = nullptr;
  void (*close)(ChdbConnection) = nullptr;
  // Runs the statements of a text and gives the answer of the last one. Never null; freed with free_result.
  ChdbResult* (*query)(ChdbClient*, const char* sql, std::size_t sql_size, const char* format, std::size_t format_size) = nullptr;
  void (*free_result)(ChdbResult*) = nullptr;
  char* (*buffer)(ChdbResult*) = nullptr;
  std::size_t (*length)(ChdbResult*) = nullptr;
  const char* (*error)(ChdbResult*) = nullptr;  // null or empty: it went well; else the numbers below mean nothing
  double (*elapsed)(ChdbResult*) = nullptr;     // seconds
  std::uint64_t (*storage_rows_read)(ChdbResult*) = nullptr;
  std::uint64_t (*storage_bytes_read)(ChdbResult*) = nullptr;
  std::uint64_t (*rows_written)(ChdbResult*) = nullptr;
  // 0: no handlers of its own for SIGSEGV and the like; sets those of the process to the default as it does so.
  void (*set_signal_handlers_enabled)(int) = nullptr;
};

inline constexpr std::string_view kChdbEngineVersion = "26.5.1.1";  // what SELECT version() answers

// Loads the library once a process; it stays loaded. Kind::not_found and Kind::unsupported say what to do about a file
// that is missing or is not this library; Kind::conflict: another file was loaded before.
base::Result<const ChdbApi*> load_chdb(const std::filesystem::path& library);

// $BULWARK_ENGINE_LIBRARY where it is set; else libchdb.so beside the executable or in ../lib/bulwark from there, the first
// that exists (the former where none does).
std::filesystem::path find_chdb_library();

}  // namespace workspace
