// SPDX-License-Identifier: Apache-2.0
// The prompt of `bulwark query` on a terminal.
#pragma once

#include <functional>
#include <string>

namespace cli {

// Reads queries until the end of the input or `quit`; a query ends with ';' or an empty line and may have several lines.
// Earlier ones are recalled with the arrow keys, from session to session. Ctrl-C forgets the query that is typed, or raises
// Interrupts while one runs. The exit code of the last query.
int run_query_prompt(const std::function<int(const std::string& query)>& run);

}  // namespace cli
