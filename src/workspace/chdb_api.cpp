// SPDX-License-Identifier: Apache-2.0
#include "workspace/chdb_api.hpp"

#include <dlfcn.h>
#include <fmt/format.h>

#include <cstdlib>
#include <mutex>

namespace workspace {

namespace {

template <typename Function>
bool resolve(void* library, const char* name, Function& function, std::string& missing) {
  function = reinterpret_cast<Function>(::dlsym(library, name));
  if (!function && missing.empty()) missing = name;
  return function != nullptr;
}

base::Result<ChdbApi> open_library(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored))
    return base::fail(base::Kind::not_found,
                      fmt::format("the engine of the workspace is missing: no file {}; put libchdb.so beside the executable or "
                                  "name it in BULWARK_ENGINE_LIBRARY",
                                  file.string()));
  // NODELETE: its threads outlive every connection. LOCAL: its symbols are nobody else's.
  void* library = ::dlopen(file.c_str(), RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE);
  if (!library)
    return base::fail(base::Kind::unsupported, fmt::format("the engine of the workspace cannot be loaded: {}", ::dlerror()));
  ChdbApi api;
  std::string missing;
  resolve(library, "chdb_connect", api.connect, missing);
  resolve(library, "chdb_close_conn", api.close, missing);
  resolve(library, "chdb_query_n", api.query, missing);
  resolve(library, "chdb_destroy_query_result", api.free_result, missing);
  resolve(library, "chdb_result_buffer", api.buffer, missing);
  resolve(library, "chdb_result_length", api.length, missing);
  resolve(library, "chdb_result_error", api.error, missing);
  resolve(library, "chdb_result_elapsed", api.elapsed, missing);
  resolve(library, "chdb_result_storage_rows_read", api.storage_rows_read, missing);
  resolve(library, "chdb_result_storage_bytes_read", api.storage_bytes_read, missing);
  resolve(library, "chdb_result_rows_written", api.rows_written, missing);
  resolve(library, "chdb_set_signal_handlers_enabled", api.set_signal_handlers_enabled, missing);
  if (!missing.empty())
    return base::fail(base::Kind::unsupported, fmt::format("{} has no function {}; it is not the libchdb.so that belongs to this "
                                                           "version of Bulwark",
                                                           file.string(), missing));
  return api;
}

}  // namespace

base::Result<const ChdbApi*> load_chdb(const std::filesystem::path& library) {
  static std::mutex mutex;  // guards the two below
  static std::filesystem::path loaded_from;
  static ChdbApi loaded;
  const std::lock_guard lock(mutex);
  if (loaded_from.empty()) {
    loaded = TRY(open_library(library));
    loaded_from = library;
  } else if (loaded_from != library) {
    return base::fail(base::Kind::conflict, fmt::format("this process has the workspace's engine from {} loaded, not {}",
                                                        loaded_from.string(), library.string()));
  }
  return &loaded;
}

std::filesystem::path find_chdb_library() {
  if (const char* named = std::getenv("BULWARK_ENGINE_LIBRARY"); named && *named) return named;
  std::error_code ignored;
  const std::filesystem::path folder = std::filesystem::read_symlink("/proc/self/exe", ignored).parent_path();
  const std::filesystem::path beside = folder / "libchdb.so";
  const std::filesystem::path installed = folder.parent_path() / "lib/bulwark/libchdb.so";
  return !std::filesystem::exists(beside, ignored) && std::filesystem::exists(installed, ignored) ? installed : beside;
}

}  // namespace workspace
