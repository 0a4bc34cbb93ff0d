// SPDX-License-Identifier: Apache-2.0
// A copy of the workspaces in a hub's folder, also while a hub writes to it.
#pragma once

#include <filesystem>

#include "base/result.hpp"
#include "workspace/write_gate.hpp"

namespace workspace {

// Copies what the embedded engine keeps, the spool, the marks of sources, the custom tables and the rows that were set aside
// into `target`, which does not exist yet. The engine may be open and merge meanwhile; nobody writes, as the gate of `folder`
// is closed. What never changes is linked where both are on one file system, so that it takes neither time nor room.
base::Result<void> copy_folder(const std::filesystem::path& folder, const std::filesystem::path& target, const WriteGate::Hold& closed);

// What can be said of such a copy without opening the engine. Kind::corrupt, or what reading says.
base::Result<void> check_folder_copy(const std::filesystem::path& copy);

}  // namespace workspace
