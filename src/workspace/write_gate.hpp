// SPDX-License-Identifier: Apache-2.0
// Keeps those who write to a workspace's folder and a backup of it apart, though they are processes of their own.
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.hpp"

namespace workspace {

// Locks of a file, which end with the process that holds them. Thread-safe.
class WriteGate {
 public:
  // Held until the end of its life.
  class Hold {
   public:
    explicit Hold(int fd) : fd_(fd) {}
    Hold(Hold&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Hold& operator=(Hold&&) = delete;
    ~Hold();

   private:
    int fd_;
  };

  explicit WriteGate(std::filesystem::path file) : file_(std::move(file)) {}  // made at its first use, in a folder that is there

  // For one step of a writer, many at a time. Waits while the gate is closed; not for a thread that is in already, which
  // would wait for itself.
  base::Result<Hold> pass() const;

  // For a backup. Waits for the steps that are under way and lets no new one begin, so that it is not kept waiting by them.
  base::Result<Hold> close() const;

 private:
  std::filesystem::path file_;
};

// Of the folder of the workspaces.
inline WriteGate gate_of(const std::filesystem::path& folder) { return WriteGate(folder / "gate"); }

}  // namespace workspace
