// SPDX-License-Identifier: Apache-2.0
#include "agent/spool.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/crypto.hpp"
#include "base/files.hpp"

namespace agent {

namespace {

constexpr std::uint64_t kIdleSegmentBytes = 256u << 10;  // past that a file whose messages were all taken is begun anew
constexpr std::string_view kSegmentEnd = ".spool";

std::uint64_t segment_bytes(std::uint64_t bound) { return std::clamp<std::uint64_t>(bound / 8, 64u << 10, 4u << 20); }

base::Result<void> sync_folder(const std::filesystem::path& folder) {
  const int fd = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return base::fail(base::errno_error(errno, "cannot open", folder));
  const bool synced = ::fsync(fd) == 0;
  const int error = errno;
  ::close(fd);
  if (!synced) return base::fail(base::errno_error(error, "cannot sync", folder));
  return {};
}

base::Error disk_error(int error_number, const std::filesystem::path& path) {
  base::Error error = base::errno_error(error_number, "cannot write", path);
  error.kind = base::Kind::unavailable;
  if (error_number == ENOSPC || error_number == EDQUOT) error.message += "; free some space, what happens meanwhile is lost";
  return error;
}

base::Result<void> write_all(int fd, std::string_view bytes, std::uint64_t offset, const std::filesystem::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return base::fail(disk_error(errno, path));
    bytes.remove_prefix(static_cast<std::size_t>(written));
    offset += static_cast<std::uint64_t>(written);
  }
  if (::fdatasync(fd) != 0) return base::fail(disk_error(errno, path));
  return {};
}

base::Result<std::vector<std::filesystem::path>> segment_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end; at.increment(error))
    if (at->path().extension() == kSegmentEnd) out.push_back(at->path());
  if (error) return base::fail(base::errno_error(error.value(), "cannot list", folder));
  std::sort(out.begin(), out.end());  // names are their first sequences, with leading zeros
  return out;
}

}  // namespace

base::Result<std::unique_ptr<Spool>> Spool::open(Options options) {
  if (::mkdir(options.folder.c_str(), 0700) != 0 && errno != EEXIST)
    return base::fail(base::errno_error(errno, "cannot make", options.folder));
  std::unique_ptr<Spool> spool(new Spool(std::move(options)));
  TRY(spool->load());
  return spool;
}

Spool::~Spool() {
  if (writing_ >= 0) ::close(writing_);
}

base::Result<void> Spool::load() {
  const auto files = TRY(segment_files(options_.folder));
  for (const auto& file : files) TRY(load_segment(file));
  if (!segments_.empty()) return resume();
  // Without a file nobody knows which sequences were given out: a stream of its own never repeats one.
  stream_ = base::uuid4();
  TRY(write_losses());
  write_acknowledged();
  return begin_segment();
}

base::Result<void> Spool::put_aside(const std::filesystem::path& path) const {
  std::filesystem::path aside = path;
  aside += ".broken";
  if (::rename(path.c_str(), aside.c_str()) != 0) return base::fail(base::errno_error(errno, "cannot put aside", path));
  return {};
}

// Up to the first record that is cut short or fails its check.
base::Result<std::uint64_t> Spool::good_bytes(Segment& segment) const {
  const auto file = TRY(base::MappedFile::open(segment.path));
  std::uint64_t at = kSegmentHeadBytes;
  while (const auto record = decode_record(file.bytes().substr(std::min<std::uint64_t>(at, file.bytes().size())))) {
    if (record->sequence <= segment.last && segment.last >= segment.first) break;  // sequences rise
    segment.last = record->sequence;
    ++segment.waiting;
    at += record_bytes(*record);
  }
  return at;
}

base::Result<void> Spool::load_segment(const std::filesystem::path& path) {
  Segment segment;
  segment.path = path;
  std::uint64_t size = 0;
  {
    const auto file = TRY(base::MappedFile::open(path));
    const auto head = decode_head(file.bytes());
    if (!head || (!stream_.empty() && head->stream != stream_)) return put_aside(path);
    stream_ = head->stream;
    size = file.bytes().size();
    segment.first = head->first;
    segment.last = head->first - 1;
  }
  if (!segments_.empty() && segment.first <= segments_.back().last) return put_aside(path);
  segment.size = TRY(good_bytes(segment));
  if (segment.size < size && ::truncate(path.c_str(), static_cast<off_t>(segment.size)) != 0)
    return base::fail(base::errno_error(errno, "cannot cut the broken end of", path));
  segments_.push_back(std::move(segment));
  return {};
}

base::Result<void> Spool::resume() {
  read_marks();
  for (std::size_t i = 1; i < segments_.size(); ++i) {  // behind an end that was broken
    const std::uint64_t from = std::max(segments_[i - 1].last, gaps_counted_), to = segments_[i].first - 1;
    if (to <= from) continue;
    lost_ += static_cast<std::int64_t>(to - from);
    gaps_counted_ = to;
  }
  TRY(write_losses());
  writing_ = ::open(segments_.back().path.c_str(), O_WRONLY | O_CLOEXEC);
  if (writing_ < 0) return base::fail(base::errno_error(errno, "cannot open", segments_.back().path));
  acknowledged_ = std::min(acknowledged_, segments_.back().last);
  advance(acknowledged_);
  return {};
}

// The file of losses is written before what is lost goes; that of acknowledgements without syncing, for a hub passes over
// what it is sent again.
void Spool::read_marks() {
  if (const auto text = base::read_file(options_.folder / "losses.json", 4'096))
    if (const auto json = base::parse_json(*text, "losses.json"); json && base::get_string(*json, "stream") == stream_) {
      lost_ = std::max<std::int64_t>(0, base::get_int(*json, "lost").value_or(0));
      gaps_counted_ = static_cast<std::uint64_t>(std::max<std::int64_t>(0, base::get_int(*json, "through").value_or(0)));
    }
  if (const auto text = base::read_file(options_.folder / "acknowledged", 4'096))
    if (const auto head = decode_head(*text); head && head->stream == stream_) acknowledged_ = std::max(acknowledged_, head->first);
}

base::Result<void> Spool::write_losses() const {
  return base::write_file_atomically(
      options_.folder / "losses.json",
      base::to_text(base::JsonObject{{"stream", stream_}, {"lost", lost_}, {"through", gaps_counted_}}), 0600);
}

void Spool::write_acknowledged() const {
  const std::string bytes = encode_head({stream_, acknowledged_});
  const int fd = ::open((options_.folder / "acknowledged").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
  if (fd < 0) return;
  const ssize_t written = ::pwrite(fd, bytes.data(), bytes.size(), 0);
  (void)written;  // a torn one is none
  ::close(fd);
}

base::Result<void> Spool::begin_segment() {
  const std::uint64_t first = segments_.empty() ? 1 : segments_.back().last + 1;
  Segment segment{options_.folder / fmt::format("{:020}{}", first, kSegmentEnd), first, first - 1, kSegmentHeadBytes, 0};
  const int fd = ::open(segment.path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return base::fail(disk_error(errno, segment.path));
  auto written = write_all(fd, encode_head({stream_, first}), 0, segment.path);
  if (written) written = sync_folder(options_.folder);
  if (!written) {
    ::close(fd);
    ::unlink(segment.path.c_str());
    return base::fail(written.error());
  }
  if (writing_ >= 0) ::close(writing_);
  writing_ = fd;
  segments_.push_back(std::move(segment));
  return {};
}

std::uint64_t Spool::total_bytes() const {
  std::uint64_t sum = 0;
  for (const Segment& segment : segments_) sum += segment.size;
  return sum;
}

void Spool::pop_front() {
  ::unlink(segments_.front().path.c_str());
  segments_.pop_front();
  read_offset_ = kSegmentHeadBytes;
}

base::Result<void> Spool::drop_oldest() {
  if (segments_.size() == 1) TRY(begin_segment());
  lost_ += segments_.front().waiting;
  acknowledged_ = std::max(acknowledged_, segments_.front().last);
  TRY(write_losses());
  pop_front();
  return {};
}

base::Result<void> Spool::make_room(std::uint64_t bytes) {
  if (bytes + kSegmentHeadBytes > options_.bytes)
    return base::fail(base::Kind::too_large, fmt::format("{} bytes of messages do not fit a spool of {}", bytes, options_.bytes));
  while (total_bytes() + bytes > options_.bytes && (segments_.size() > 1 || segments_.front().size > kSegmentHeadBytes))
    TRY(drop_oldest());
  Segment& last = segments_.back();
  if (last.size + bytes > segment_bytes(options_.bytes) && last.last >= last.first) TRY(begin_segment());
  return {};
}

base::Result<void> Spool::write_records(const std::string& bytes) {
  Segment& last = segments_.back();
  auto written = write_all(writing_, bytes, last.size, last.path);
  if (!written && ::ftruncate(writing_, static_cast<off_t>(last.size)) != 0) written.error().message += " (and its end is torn)";
  return written;
}

base::Result<void> Spool::refuse(std::size_t count, base::Error why) {
  lost_ += static_cast<std::int64_t>(count);
  (void)write_losses();  // on the disk that is full; it is tried again with the next loss
  return base::fail(std::move(why));
}

base::Result<void> Spool::append(const std::vector<uplink::Body>& bodies, std::int64_t at) {
  const std::lock_guard lock(mutex_);
  std::string bytes;
  std::uint64_t sequence = segments_.back().last;
  for (const uplink::Body& body : bodies) {
    const std::string line = base::to_text(uplink::to_json(uplink::Message{++sequence, at, body}));
    if (line.size() > uplink::kMessageBytes)
      return refuse(bodies.size(), {base::Kind::too_large, fmt::format("a message of {} bytes is past the cap", line.size())});
    bytes += encode_record(sequence, line);
  }
  if (auto room = make_room(bytes.size()); !room) return refuse(bodies.size(), std::move(room).error());
  if (auto written = write_records(bytes); !written) return refuse(bodies.size(), std::move(written).error());
  Segment& last = segments_.back();
  last.size += bytes.size();
  last.last = sequence;
  last.waiting += static_cast<std::int64_t>(bodies.size());
  return {};
}

base::Result<void> Spool::collect(const Segment& segment, std::uint64_t offset, std::size_t bytes, std::size_t most,
                                  Pending& out) const {
  const auto file = TRY(base::MappedFile::open(segment.path));
  std::size_t held = 0;
  for (const std::string& line : out.lines) held += line.size();
  while (offset < segment.size && out.lines.size() < most) {
    const auto record = decode_record(file.bytes().substr(std::min<std::uint64_t>(offset, file.bytes().size())));
    if (!record)
      return base::fail(base::Kind::corrupt, fmt::format("{} changed on the disk; what it holds is lost", segment.path.string()));
    if (!out.lines.empty() && held + record->message.size() > bytes) return {};
    if (out.lines.empty()) out.first = record->sequence;
    out.last = record->sequence;
    held += record->message.size();
    out.lines.emplace_back(record->message);
    offset += record_bytes(*record);
  }
  return {};
}

base::Result<Spool::Pending> Spool::peek(std::size_t bytes, std::size_t most) {
  const std::lock_guard lock(mutex_);
  Pending out;
  for (std::size_t i = 0; i < segments_.size(); ++i) {
    const std::size_t had = out.lines.size();
    auto collected = collect(segments_[i], i == 0 ? read_offset_ : kSegmentHeadBytes, bytes, most, out);
    if (!collected && out.lines.empty()) {
      TRY(drop_oldest());
      return base::fail(collected.error());
    }
    const bool all = collected && static_cast<std::int64_t>(out.lines.size() - had) == segments_[i].waiting;
    if (!all) break;
  }
  return out;
}

// Goes on behind `sequence` in the first file, and takes files away whose messages all were acknowledged.
void Spool::advance(std::uint64_t sequence) {
  while (segments_.size() > 1 && segments_.front().last <= sequence) pop_front();
  Segment& first = segments_.front();
  const auto file = base::MappedFile::open(first.path);
  while (file && first.waiting > 0 && read_offset_ < first.size) {
    const auto record = decode_record(file->bytes().substr(std::min<std::uint64_t>(read_offset_, file->bytes().size())));
    if (!record || record->sequence > sequence) break;
    read_offset_ += record_bytes(*record);
    --first.waiting;
  }
  if (first.waiting == 0 && first.size > kIdleSegmentBytes && begin_segment()) pop_front();
}

void Spool::acknowledge(std::uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  sequence = std::min(sequence, segments_.back().last);
  if (sequence <= acknowledged_) return;
  acknowledged_ = sequence;
  advance(sequence);
  write_acknowledged();
}

void Spool::give_up(std::uint64_t sequence) {
  const std::lock_guard lock(mutex_);
  sequence = std::min(sequence, segments_.back().last);
  if (sequence <= acknowledged_) return;
  std::int64_t before = 0, after = 0;
  for (const Segment& segment : segments_) before += segment.waiting;
  acknowledged_ = sequence;
  advance(sequence);
  for (const Segment& segment : segments_) after += segment.waiting;
  lost_ += before - after;
  (void)write_losses();
  write_acknowledged();
}

Spool::Totals Spool::totals() const {
  const std::lock_guard lock(mutex_);
  Totals out{stream_, 0, 0, lost_, segments_.back().last};
  for (const Segment& segment : segments_) {
    out.messages += segment.waiting;
    if (segment.waiting > 0) out.bytes += static_cast<std::int64_t>(segment.size - kSegmentHeadBytes);
  }
  if (segments_.front().waiting > 0) out.bytes -= static_cast<std::int64_t>(read_offset_ - kSegmentHeadBytes);
  return out;
}

}  // namespace agent
