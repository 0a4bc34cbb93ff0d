// SPDX-License-Identifier: Apache-2.0
#include "hub/logs/workspace_parts.hpp"

namespace hub {

namespace {

base::Error no_engine() { return {base::Kind::unavailable, "This hub has no workspace engine: it keeps no records and answers no queries."}; }

class NoQueries final : public workspace::QueryService {
 public:
  explicit NoQueries(const workspace::TableSpecs& specs) : specs_(specs) {}

  tl::expected<workspace::QueryOutcome, workspace::QueryFailure> run(const workspace::QueryRequest&) override {
    return tl::make_unexpected(workspace::QueryFailure{no_engine(), {}});
  }
  base::Result<std::vector<workspace::QueryDiagnostic>> check(const workspace::QueryRequest&) override { return base::fail(no_engine()); }
  base::Result<void> cancel(std::string_view) override { return {}; }
  base::Result<std::vector<model::TableSchema>> schema(const workspace::WorkspaceRef&) override {
    std::vector<model::TableSchema> out;
    for (const auto& spec : specs_.all()) out.push_back(spec.schema);
    return out;
  }

 private:
  const workspace::TableSpecs& specs_;
};

class NoRecords final : public workspace::RecordSink {
 public:
  base::Result<workspace::AppendReceipt> append(const workspace::RecordBatch&) override { return base::fail(no_engine()); }
  std::chrono::seconds retry_after() const override { return std::chrono::minutes(5); }
};

}  // namespace

WorkspaceParts parts_without_engine(const workspace::TableSpecs& specs) {
  const RowReader none = [](std::string_view) -> base::Result<BodyRows> { return base::fail(no_engine()); };
  return {std::make_shared<NoQueries>(specs), std::make_shared<NoRecords>(), none, none, none, {}, {}, {specs, {}, {}, {}, {}, {}}, {}};
}

}  // namespace hub
