// SPDX-License-Identifier: Apache-2.0
#include "workspace/example_queries.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "base/text.hpp"
#include "base/yaml_doc.hpp"
#include "content/content.hpp"

namespace workspace {

namespace {

ExampleQuery read_example(base::YamlReader& reader, const std::string& category) {
  ExampleQuery out;
  out.category = category;
  out.id = reader.text("id");
  out.name = reader.text("name");
  out.description = reader.text("description");
  out.tables = reader.texts("tables");
  out.text = std::string(base::trim(reader.text("query")));
  reader.finish();
  return out;
}

void read_category(base::YamlReader& reader, std::string_view file, base::YamlFaults& faults, std::vector<ExampleQuery>& out) {
  const std::string category = reader.text("category");
  for (const base::YamlNode& node : reader.list("queries")) {
    base::YamlReader item(node, file, faults);
    ExampleQuery example = read_example(item, category);
    const auto same = [&](const ExampleQuery& other) { return other.id == example.id; };
    if (std::any_of(out.begin(), out.end(), same)) item.fault("id", fmt::format("query '{}' is there already", example.id));
    out.push_back(std::move(example));
  }
  reader.finish();
}

}  // namespace

base::Result<std::vector<ExampleQuery>> load_example_queries() {
  std::vector<ExampleFile> files;
  for (const std::string_view path : content::list("queries/")) files.push_back({path, *content::file(path)});
  return read_example_queries(files);
}

base::Result<std::vector<ExampleQuery>> read_example_queries(std::span<const ExampleFile> files) {
  base::YamlFaults faults;
  std::vector<ExampleQuery> out;
  for (const ExampleFile& file : files) {
    const std::vector<base::YamlNode> documents = base::parse_yaml_doc(file.text, file.path, faults);
    for (const base::YamlNode& document : documents) {
      base::YamlReader reader(document, file.path, faults);
      read_category(reader, file.path, faults, out);
    }
  }
  TRY(faults.result());
  return out;
}

}  // namespace workspace
