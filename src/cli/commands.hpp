// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace cli {

// Runs the command line; returns the exit code: 0 done, 1 operational error, 2 threshold crossed, 3 bad usage,
// 4 partial result, 130 interrupted.
int run(int argc, char** argv);

}  // namespace cli
