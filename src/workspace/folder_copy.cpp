// SPDX-License-Identifier: Apache-2.0
#include "workspace/folder_copy.hpp"

#include <fmt/format.h>

#include "base/files.hpp"
#include "workspace/ingest/source_marks.hpp"
#include "workspace/ingest/spool_files.hpp"
#include "workspace/ingest/table_catalog.hpp"

namespace workspace {

namespace {

namespace fs = std::filesystem;

enum class How { linked, copied };

bool is_gone(const std::error_code& error) { return error == std::errc::no_such_file_or_directory; }

base::Error copy_error(const std::error_code& error, const fs::path& path) { return base::errno_error(error.value(), "cannot copy", path); }

void link_file(const fs::path& from, const fs::path& to, std::error_code& error) {
  fs::create_hard_link(from, to, error);
  if (error && !is_gone(error)) fs::copy_file(from, to, error);  // another file system, or one without links
}

// A folder with what is in it, or nothing where it is not there. False where something of it went meanwhile.
bool copy_tree(const fs::path& from, const fs::path& to, How how, std::error_code& error) {
  bool whole = true;
  fs::directory_iterator at(from, error);
  if (is_gone(error)) {
    error.clear();
    return false;
  }
  if (!error) fs::create_directories(to, error);
  for (const fs::directory_iterator end; !error && at != end; at.increment(error)) {
    const fs::path target = to / at->path().filename();
    if (at->is_symlink(error)) fs::copy_symlink(at->path(), target, error);
    else if (at->is_directory(error)) whole = copy_tree(at->path(), target, how, error) && whole;
    else if (how == How::linked) link_file(at->path(), target, error);
    else fs::copy_file(at->path(), target, error);
    if (!error) continue;
    if (!is_gone(error)) return whole;
    whole = false;
  }
  return whole;
}

base::Result<void> copy_whole(const fs::path& from, const fs::path& to, How how) {
  std::error_code error;
  copy_tree(from, to, how, error);
  if (error) return base::fail(copy_error(error, from));
  return {};
}

// A part of a table never changes. One that goes while it is copied was merged into another, which was there before, or is
// past its retention.
base::Result<void> copy_part(const fs::path& from, const fs::path& to) {
  std::error_code error, ignored;
  const bool whole = copy_tree(from, to, How::linked, error);
  if (error) return base::fail(copy_error(error, from));
  if (!whole || !fs::exists(from, ignored)) fs::remove_all(to, ignored);
  return {};
}

bool begins_with(const std::string& text, std::string_view prefix) { return std::string_view(text).substr(0, prefix.size()) == prefix; }

// Of the engine alone, and gone at its next start.
bool is_passing(const std::string& name) {
  return begins_with(name, "tmp") || begins_with(name, "delete_tmp") || begins_with(name, "moving") || name == "detached" || fs::path(name).extension() == ".tmp";
}

bool is_definition(const fs::path& file) { return file.extension() == ".sql"; }

// What the engine has of one table; of a database, whose folder has the definitions of its tables, nothing more.
base::Result<void> copy_stored(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  for (fs::directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (is_passing(name) || is_definition(name)) continue;
    if (!at->is_directory(error)) fs::copy_file(at->path(), to / name, error);
    else if (name == "deduplication_logs") TRY(copy_whole(at->path(), to / name, How::copied));  // is appended to
    else TRY(copy_part(at->path(), to / name));
    if (error && !is_gone(error)) break;
  }
  if (error && !is_gone(error)) return base::fail(copy_error(error, from));
  return {};
}

base::Result<void> copy_definitions(const fs::path& from, const fs::path& to) {
  std::error_code error;
  fs::create_directories(to, error);
  for (fs::directory_iterator at(from, error), end; !error && at != end; at.increment(error)) {
    if (is_definition(at->path())) fs::copy_file(at->path(), to / at->path().filename(), error);
    if (error && !is_gone(error)) break;
  }
  if (error && !is_gone(error)) return base::fail(copy_error(error, from));
  return {};
}

std::vector<fs::path> folders_of(const fs::path& folder) {
  std::vector<fs::path> out;
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->is_directory(error)) out.push_back(at->path());
  return out;
}

// Definitions first: a table has its folder before it has one, and keeps it a while after it lost it.
base::Result<void> copy_engine(const fs::path& from, const fs::path& to) {
  TRY(copy_whole(from / "metadata", to / "metadata", How::copied));
  for (const auto copy : {copy_definitions, copy_stored})
    for (const fs::path& outer : folders_of(from / "store"))  // "store/a60/a60656ea-…"
      for (const fs::path& inner : folders_of(outer)) TRY(copy(inner, to / "store" / outer.filename() / inner.filename()));
  return copy_whole(from / "data", to / "data", How::copied);  // names of the tables' folders
}

// The last segment is appended to meanwhile: what is copied of it ends with a whole frame, or with a torn one, which nobody
// heard to be stored when the copy began.
base::Result<void> copy_spool(const fs::path& from, const fs::path& to) {
  std::error_code error;
  if (!fs::exists(from, error)) return {};
  TRY(make_folder(to));
  const std::vector<SegmentFile> segments = TRY(list_segments(from));
  for (const SegmentFile& segment : segments) {
    const fs::path target = to / segment.path.filename();
    if (&segment == &segments.back()) fs::copy_file(segment.path, target, error);
    else link_file(segment.path, target, error);
    if (error) return base::fail(copy_error(error, segment.path));
  }
  return {};
}

}  // namespace

base::Result<void> copy_folder(const fs::path& folder, const fs::path& target, const WriteGate::Hold&) {
  TRY(make_folder(target));
  TRY(copy_engine(folder / "engine" / "data", target / "engine" / "data"));
  TRY(copy_spool(folder / "spool", target / "spool"));
  std::error_code error;
  if (fs::exists(folder / "sources", error)) fs::copy_file(folder / "sources", target / "sources", error);
  if (error) return base::fail(copy_error(error, folder / "sources"));
  TRY(copy_whole(folder / "tables", target / "tables", How::copied));  // last: the table of every row in the spool is there
  return copy_whole(folder / "set-aside", target / "set-aside", How::linked);
}

base::Result<void> check_folder_copy(const fs::path& copy) {
  TRY(SourceMarks::open(copy / "sources"));
  const TableSpecs specs = TRY(TableSpecs::load());
  TRY(TableCatalog::open(specs, copy / "tables"));
  return {};
}

}  // namespace workspace
