// SPDX-License-Identifier: Apache-2.0
#include "advisory/importers.hpp"
namespace advisory {
base::Result<void> import_csaf(std::string_view, std::string_view, RecordSet&, Refusals&) { return {}; }
base::Result<void> import_oval(std::string_view, std::string_view, RecordSet&, Refusals&) { return {}; }
}
