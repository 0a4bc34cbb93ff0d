// SPDX-License-Identifier: Apache-2.0
#include "oci/tar.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "oci/tar_header.hpp"
#include "oci/tar_pax.hpp"
#include "oci/tar_stream.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

constexpr std::size_t kZeros = 64u << 10;

TarEntry::Type entry_type(char flag, std::string_view name) {
  switch (flag) {
    case '\0': return !name.empty() && name.back() == '/' ? TarEntry::Type::directory : TarEntry::Type::file;
    case '0':
    case '7':
    case 'S': return TarEntry::Type::file;
    case '1': return TarEntry::Type::hard_link;
    case '2': return TarEntry::Type::symlink;
    case '5':
    case 'D': return TarEntry::Type::directory;
    default: return TarEntry::Type::other;
  }
}

// Links, devices, directories and FIFOs have no data whatever their size says.
bool carries_data(char flag) { return flag < '1' || flag > '6'; }

class TarWalk {
 public:
  TarWalk(base::ByteSource& source, TarVisitor& visitor, const TarLimits& limits)
      : stream_(source, limits.expanded_bytes), visitor_(visitor), limits_(limits) {}

  Result<void> run() {
    for (std::uint64_t headers = 0;; ++headers) {
      offset_ = stream_.offset();
      const auto block = TRY(stream_.block());
      if (!block) return {};
      const TarHeader header(*block);
      if (header.is_zero()) {
        if (std::exchange(saw_zero_block_, true)) break;
        continue;
      }
      saw_zero_block_ = false;
      if (headers >= limits_.entries)
        return base::fail(Kind::too_large, fmt::format("tar: more than {} entries", limits_.entries));
      TRY(read_entry(header));
    }
    return stream_.drain();
  }

 private:
  base::Error at_offset(Kind kind, std::string_view what) const {
    return {kind, fmt::format("tar: {} at byte {}", what, offset_)};
  }

  Result<void> read_entry(const TarHeader& header) {
    if (!header.checksum_matches()) return base::fail(at_offset(Kind::corrupt, "a header that is no tar header"));
    const auto size = header.size();
    if (!size || *size < 0) return base::fail(at_offset(Kind::corrupt, "a header with an invalid size"));
    const auto stored = static_cast<std::uint64_t>(*size);
    switch (header.type()) {
      case 'x':
      case 'X': local_ = global_; return apply_pax(TRY(extension(stored)), local_);
      case 'g': {
        auto applied = apply_pax(TRY(extension(stored)), global_);
        local_ = global_;
        return applied;
      }
      case 'L': return set_long_text(TRY(extension(stored)), long_name_);
      case 'K': return set_long_text(TRY(extension(stored)), long_link_);
      default: return read_member(header, stored);
    }
  }

  // The data of an extension header, padding consumed.
  Result<std::string> extension(std::uint64_t size) {
    if (size > limits_.header_bytes)
      return base::fail(at_offset(
          Kind::too_large, fmt::format("an extended header of {} bytes, more than the {} allowed,", size, limits_.header_bytes)));
    std::string data = TRY(stream_.take(static_cast<std::size_t>(size)));
    TRY(stream_.skip_padding(size));
    return data;
  }

  Result<void> apply_pax(const std::string& records, PaxFields& fields) const {
    auto applied = apply_pax_records(records, fields);
    if (!applied) return base::fail(at_offset(applied.error().kind, applied.error().message));
    return {};
  }

  static Result<void> set_long_text(std::string data, std::optional<std::string>& field) {
    data.resize(std::min(data.size(), data.find('\0')));
    field = std::move(data);
    return {};
  }

  // `stored`: size of the data in the archive, as the header block says.
  Result<void> read_member(const TarHeader& header, std::uint64_t stored) {
    PaxFields pax = std::exchange(local_, global_);
    const auto long_name = std::exchange(long_name_, std::nullopt);
    const auto long_link = std::exchange(long_link_, std::nullopt);
    std::string name = pax.path ? std::move(*pax.path) : header.name();
    if (long_name) name = *long_name;
    if (pax.sparse_name) name = *pax.sparse_name;
    if (name.size() > limits_.path_bytes)
      return base::fail(at_offset(
          Kind::too_large, fmt::format("a path of {} bytes, more than the {} allowed,", name.size(), limits_.path_bytes)));
    if (pax.size) stored = *pax.size;
    if (!carries_data(header.type())) stored = 0;

    TarEntry entry;
    entry.type = entry_type(header.type(), name);
    entry.path = normalise_path(name);
    entry.mode = static_cast<std::uint32_t>(header.mode() & 07777);
    entry.mtime = pax.mtime.value_or(header.mtime());
    entry.size = stored;
    entry.data_offset = stream_.offset();
    if (entry.type == TarEntry::Type::symlink || entry.type == TarEntry::Type::hard_link) {
      entry.link = long_link ? *long_link : pax.link ? *pax.link : std::string(header.link());
      if (entry.link.size() > limits_.path_bytes)
        return base::fail(at_offset(Kind::too_large, fmt::format("a link of {} bytes", entry.link.size())));
      if (entry.type == TarEntry::Type::hard_link) entry.link = normalise_path(entry.link);
    }
    if (header.type() == 'S') return read_old_gnu_sparse(header, std::move(entry), stored);
    if (entry.type == TarEntry::Type::file && pax.sparse()) return read_pax_sparse(pax, std::move(entry), stored);
    return deliver(entry, stored);
  }

  Result<void> deliver(const TarEntry& entry, std::uint64_t stored) {
    const bool wanted = TRY(visitor_.begin(entry)) && entry.type != TarEntry::Type::other;
    if (wanted) {
      TRY(forward(stored));
      TRY(visitor_.end());
    } else {
      TRY(stream_.skip(stored));
    }
    return stream_.skip_padding(stored);
  }

  Result<void> forward(std::uint64_t count) {
    return stream_.forward(count, [this](std::string_view chunk) { return visitor_.data(chunk); });
  }

  Result<void> read_old_gnu_sparse(const TarHeader& header, TarEntry entry, std::uint64_t stored) {
    const auto bad = [this] { return base::fail(at_offset(Kind::corrupt, "a sparse file with an invalid map")); };
    const auto real_size = header.sparse_real_size();
    std::vector<SparseExtent> extents;
    if (!header.is_gnu() || !real_size || *real_size < 0) return bad();
    if (!append_sparse_entries(header.sparse_map(), extents)) return bad();
    // The header's bytes are gone with the next block.
    for (bool extended = header.sparse_extended(); extended;) {
      const auto block = TRY(stream_.block());
      if (!block || !append_sparse_entries(block->substr(0, 21 * 24), extents)) return bad();
      if (extents.size() > kSparseExtentCap)
        return base::fail(at_offset(Kind::too_large, "a sparse file of too many pieces"));
      extended = (*block)[504] != 0;
    }
    entry.size = static_cast<std::uint64_t>(*real_size);
    return deliver_sparse(std::move(entry), extents, stored, stored);
  }

  Result<void> read_pax_sparse(PaxFields& pax, TarEntry entry, std::uint64_t stored) {
    std::uint64_t map_bytes = 0;
    if (pax.sparse_major > 1) return base::fail(at_offset(Kind::unsupported, "a sparse file of an unknown format"));
    if (pax.sparse_major == 1) {
      pax.sparse_map.clear();
      map_bytes = TRY(read_sparse_map(stored, pax.sparse_map));
    }
    entry.size = pax.sparse_real_size.value_or(0);
    return deliver_sparse(std::move(entry), pax.sparse_map, stored - map_bytes, stored);
  }

  // Format 1.0: decimal lines in front of the data (count, then offset and length of each), padded to a block.
  // Returns the bytes that the map took.
  Result<std::uint64_t> read_sparse_map(std::uint64_t stored, std::vector<SparseExtent>& extents) {
    SparseMapText text(stream_, stored);
    const std::uint64_t count = TRY_CONTEXT(text.number(), at_offset(Kind::corrupt, "sparse file").message);
    if (count > kSparseExtentCap) return base::fail(at_offset(Kind::too_large, "a sparse file of too many pieces"));
    for (std::uint64_t i = 0; i < count; ++i) {
      const std::uint64_t offset = TRY(text.number());
      const std::uint64_t length = TRY(text.number());
      extents.push_back({offset, length});
    }
    return text.consumed();
  }

  // `data_size` bytes of extents come next, then the padding of a member of `stored` bytes.
  Result<void> deliver_sparse(TarEntry entry, const std::vector<SparseExtent>& extents, std::uint64_t data_size,
                              std::uint64_t stored) {
    if (!sparse_extents_are_sound(extents, entry.size, data_size))
      return base::fail(at_offset(Kind::corrupt, "a sparse file with an invalid map"));
    if (entry.size > kSparseHoleCap) entry.type = TarEntry::Type::other;
    const bool wanted = TRY(visitor_.begin(entry)) && entry.type != TarEntry::Type::other;
    if (!wanted) {
      TRY(stream_.skip(data_size));
      return stream_.skip_padding(stored);
    }
    std::uint64_t at = 0;
    for (const SparseExtent& extent : extents) {
      TRY(deliver_zeros(extent.offset - at));
      TRY(forward(extent.length));
      at = extent.offset + extent.length;
    }
    TRY(deliver_zeros(entry.size - at));
    TRY(visitor_.end());
    return stream_.skip_padding(stored);
  }

  Result<void> deliver_zeros(std::uint64_t count) {
    static const std::string zeros(kZeros, '\0');
    while (count > 0) {
      const auto part = static_cast<std::size_t>(std::min<std::uint64_t>(count, zeros.size()));
      TRY(visitor_.data(std::string_view(zeros).substr(0, part)));
      count -= part;
    }
    return {};
  }

  TarStream stream_;
  TarVisitor& visitor_;
  const TarLimits& limits_;
  std::uint64_t offset_ = 0;  // of the header being read
  bool saw_zero_block_ = false;
  PaxFields global_, local_;
  std::optional<std::string> long_name_, long_link_;
};

}  // namespace

Result<void> read_tar(base::ByteSource& source, TarVisitor& visitor, const TarLimits& limits) {
  auto walked = TarWalk(source, visitor, limits).run();
  if (!walked) visitor.abandoned();
  return walked;
}

std::string normalise_path(std::string_view path) {
  std::string out;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(std::min(path.size(), part.size() + 1));
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      const auto parent = out.rfind('/');
      out.resize(parent == std::string::npos ? 0 : parent);
      continue;
    }
    if (!out.empty()) out += '/';
    out += part;
  }
  return out;
}

}  // namespace oci
