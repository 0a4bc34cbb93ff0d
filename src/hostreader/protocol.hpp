// SPDX-License-Identifier: Apache-2.0
// What an agent and the host reader say to each other on a Unix socket: one request at a time a connection.
//
//   request   u32 length (at most 4 KiB) · JSON {"op": "stat", "path": "/etc/docker", "cap": 4096}
//   answer    frames: u8 kind · u32 length (at most 64 KiB) · bytes
//               'B'  a piece of the body; empty ones keep a silent stream alive
//               'E'  the end, JSON {"value": …} or {"error": {"kind": "denied", "message": "…"}}
//
// Numbers are big-endian. Bodies: of "get" and "follow" what the engine sent, of "read" the file, of "list" and "audit" a
// JSON list of texts; the value of "get" is the status. The other operations answer in the value alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/json.hpp"
#include "benchmark/host_reader.hpp"

namespace hostreader {

inline constexpr std::size_t kRequestBytes = 4u << 10;
inline constexpr std::size_t kFrameBytes = 64u << 10;

enum class Op { socket, get, follow, process, stat, read, link, list, audit };

struct Request {
  Op op = Op::socket;
  std::string path;     // of an Engine API resource or of a file; none for socket, process and audit
  std::size_t cap = 0;  // of read: bytes
};

std::string encode(const Request& request);
// Of the JSON of one request. Kind::invalid_input for what encode() never writes: other operations, members or types.
base::Result<Request> parse_request(std::string_view json);

enum class FrameKind : char { body = 'B', end = 'E' };

struct Frame {
  FrameKind kind = FrameKind::body;
  std::string_view bytes;
};

std::string encode(FrameKind kind, std::string_view bytes);
// The ends of answers.
std::string encode_value(const base::Json& value);
std::string encode_error(const base::Error& error);

// The next request's JSON, the next frame, off the front of what was received; nothing where more must come first. The
// views point into the buffer. Kind::invalid_input past the caps and for an unknown kind: the connection is of no more use.
base::Result<std::optional<std::string_view>> take_request(std::string_view& received);
base::Result<std::optional<Frame>> take_frame(std::string_view& received);

// The value of an end frame, or the error that it carries; Kind::invalid_input where it is neither.
base::Result<base::Json> parse_end(std::string_view json);

base::Json to_json(const benchmark::FileStatus& status);
base::Result<benchmark::FileStatus> parse_status(const base::Json& value);
base::Json to_json(const std::vector<std::string>& texts);
base::Result<std::vector<std::string>> parse_texts(std::string_view json);

}  // namespace hostreader
