// SPDX-License-Identifier: Apache-2.0
// From the parameters of a request to a query of a view, and from rows to JSON or CSV.
#pragma once

#include <string>
#include <vector>

#include "hub/api.hpp"
#include "security/queries.hpp"

namespace hub {

// `action` decides which scopes are shown. Every parameter but top, cursor, sort, q, format and api-version is a filter.
base::Result<security::Query> read_query(const ApiCall& call, std::string_view action);
// Takes the filter `registry` out and narrows the scopes to that registry; to nothing where there is none such.
base::Result<void> narrow_to_registry(store::Session& session, security::Query& query);

bool wants_csv(const ApiCall& call);

// {value, total, next}
net::ServerResponse page_response(base::JsonArray value, std::int64_t total, const std::string& next);

// For lists that are made as a whole: sorts their rows by the member that the query names, one of `fields` (severity: by
// counts, the most severe first), in the order `otherwise` where it names none; then gives the page that it asks for.
base::Result<void> sort_rows(base::JsonArray& rows, const security::Query& query, std::string_view otherwise,
                             const std::vector<std::string_view>& fields);
base::Result<net::ServerResponse> part_response(const security::Query& query, base::JsonArray rows);

// RFC 4180; cells that a spreadsheet would take for a formula get an apostrophe in front, but for scoped npm names.
net::ServerResponse csv_response(const std::string& name, const std::vector<std::string>& columns, const base::JsonArray& rows);

base::Json time_or_null(store::Millis time);
base::JsonArray texts_json(const std::vector<std::string>& texts);
base::JsonObject name_json(const security::ResourceName& name);  // registry, repository, digest, tags

}  // namespace hub
