// SPDX-License-Identifier: Apache-2.0
// SQL of relations. Its functions stand in relation_sql.cpp (sources and what follows the rows), join_sql.cpp (two inputs)
// and row_sql.cpp (aggregates, expansion, parse).
#pragma once

#include <vector>

#include "kql/sql/select.hpp"
#include "kql/sql/sql_writer.hpp"

namespace kql {

class RelationWriter {
 public:
  RelationWriter(const SqlNames& names, const NeededColumns& needed) : names_(names), needed_(needed) {}
  base::Result<Select> select(const Relation& relation);
  SqlNamer& namer() { return namer_; }
  std::vector<bool> needed(const Relation& relation) const;

 private:
  using Written = base::Result<Select>;
  Written write(const TableRows& table, const Relation& relation);
  Written write(const ValueRows& values, const Relation& relation);
  Written write(const RangeRows& range, const Relation& relation);
  Written write(const FilterRows& filter, const Relation& relation);
  Written write(const ProjectRows& project, const Relation& relation);
  Written write(const SortRows& sort, const Relation& relation);
  Written write(const LimitRows& limit, const Relation& relation);
  Written write(const SampleRows& sample, const Relation& relation);
  Written write(const SharedRows& shared, const Relation& relation);
  Written write(const JoinRows& join, const Relation& relation);
  Written write(const UnionRows& all, const Relation& relation);
  Written write(const AggregateRows& aggregate, const Relation& relation);
  Written write(const ExpandRows& expand, const Relation& relation);
  Written write(const ParseRows& parse, const Relation& relation);
  template <typename Node>
  Written write(const Node&, const Relation&);  // the others have no SQL

  base::Result<std::vector<std::string>> put_constants_below(const AggregateRows& aggregate, Select& in);
  void keep_extremes(const AggregateRows& aggregate, Select& in) const;

  Written all_of(const Relation& relation);      // with no clause behind its columns but conditions and an order
  Written short_of(const Relation& relation);    // the same, its expressions short enough to be used several times
  Written joined_side(const Relation& side, const std::vector<ScalarPtr>& keys, std::vector<std::string>& key_names, bool padded, bool one_by_key);
  Select no_rows(const Relation& relation);
  Written part_of(const StoredTable& table, const StoredTable::Part& part, const Relation& relation);

  const SqlNames& names_;
  const NeededColumns& needed_;
  SqlNamer namer_;
  int depth_ = 0;
  int written_ = 0;
};

// Columns whose text index is not asked: where a value is wanted of every row it is no help.
std::vector<ColumnSql> not_indexed(std::vector<ColumnSql> columns);

// A real as a key of a group or a join: there is one NaN and one zero.
std::string key_sql(const std::string& value, Type type);

}  // namespace kql
