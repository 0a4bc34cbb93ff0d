// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "arm/rbac.hpp"

// A role of the test's own, as an assignment holds it.
inline std::shared_ptr<const arm::Role> held(const arm::Role* role) { return {std::shared_ptr<const void>(), role}; }
