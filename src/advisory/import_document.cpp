// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "advisory/importers.hpp"

namespace advisory {

base::Result<void> import_document(Format format, std::string_view document, std::string_view name, RecordSet& into,
                                   Refusals& refusals) {
  switch (format) {
    case Format::osv: return import_osv(document, name, into, refusals);
    case Format::debian_tracker: return import_debian_tracker(document, name, into, refusals);
    case Format::secdb: return import_secdb(document, name, into, refusals);
    case Format::oval: return import_oval(document, name, into, refusals);
    case Format::csaf: return import_csaf(document, name, into, refusals);
    case Format::kev: return import_kev(document, name, into, refusals);
    case Format::epss: return import_epss(document, name, into, refusals);
    case Format::unknown: break;
  }
  return base::fail(base::Kind::unsupported,
                    fmt::format("{}: not in a known form; known are OSV, the Debian security tracker, Alpine secdb, OVAL, CSAF, "
                                "CISA KEV and EPSS", name));
}

}  // namespace advisory
