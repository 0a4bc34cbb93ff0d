// SPDX-License-Identifier: Apache-2.0
#include "base/yaml_doc.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <sstream>

#include "base/text.hpp"

namespace base {

namespace {

constexpr std::size_t kYamlDocBytes = 8u << 20;
constexpr std::size_t kYamlDocDepth = 32;
constexpr std::size_t kYamlDocNodes = 500'000;
constexpr std::size_t kYamlFaultsKept = 200;

struct YamlDocStop {  // thrown by the handler through the library, caught in parse_yaml_doc
  int line;
  std::string message;
};

// Builds nodes from the parser's events.
class YamlNodeBuilder : public YAML::EventHandler {
 public:
  YamlNodeBuilder(std::string_view file, YamlFaults& faults) : file_(file), faults_(faults) {}

  std::vector<YamlNode> documents;

  void OnDocumentStart(const YAML::Mark&) override {
    open_.clear();
    documents.emplace_back();
  }
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { put(make(mark, YamlNode::Kind::null, anchor)); }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    faults_.add(file_, mark.line + 1, "aliases are not supported here; write the value out");
    put(make(mark, YamlNode::Kind::null, 0));
  }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& text) override {
    YamlNode node = make(mark, YamlNode::Kind::scalar, anchor);
    node.text = text;
    put(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    start(make(mark, YamlNode::Kind::list, anchor));
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, YAML::EmitterStyle::value) override {
    start(make(mark, YamlNode::Kind::map, anchor));
  }
  void OnMapEnd() override { end(); }

 private:
  struct Open {
    YamlNode node;
    std::string key;
    bool has_key = false;
  };

  YamlNode make(const YAML::Mark& mark, YamlNode::Kind kind, YAML::anchor_t anchor) {
    if (++nodes_ > kYamlDocNodes) throw YamlDocStop{mark.line + 1, fmt::format("more than {} nodes", kYamlDocNodes)};
    // Some broken texts (",a: 'b") make the library report empty nodes at one place without end.
    events_here_ = mark.pos == last_place_ ? events_here_ + 1 : 0;
    last_place_ = mark.pos;
    if (events_here_ > 4 * kYamlDocDepth) throw YamlDocStop{mark.line + 1, "not valid YAML from here on"};
    if (anchor != 0) faults_.add(file_, mark.line + 1, "anchors are not supported here");
    YamlNode node;
    node.kind = kind;
    node.line = mark.line + 1;
    return node;
  }

  void start(YamlNode node) {
    if (open_.size() >= kYamlDocDepth) throw YamlDocStop{node.line, fmt::format("deeper than {} levels", kYamlDocDepth)};
    open_.emplace_back();
    open_.back().node = std::move(node);
  }

  void end() {
    YamlNode done = std::move(open_.back().node);
    open_.pop_back();
    put(std::move(done));
  }

  void put(YamlNode node) {
    if (open_.empty()) {
      documents.back() = std::move(node);
      return;
    }
    Open& parent = open_.back();
    if (parent.node.kind == YamlNode::Kind::list) {
      parent.node.items.push_back(std::move(node));
    } else if (!parent.has_key) {
      if (node.kind != YamlNode::Kind::scalar) faults_.add(file_, node.line, "a key must be a plain text");
      parent.key = std::move(node.text);
      parent.has_key = true;
    } else {
      if (parent.node.find(parent.key))
        faults_.add(file_, node.line, fmt::format("\"{}\" stands here a second time", printable(parent.key)));
      parent.node.members.push_back({std::move(parent.key), std::move(node)});
      parent.has_key = false;
    }
  }

  std::string_view file_;
  YamlFaults& faults_;
  std::vector<Open> open_;
  std::size_t nodes_ = 0;
  int last_place_ = -1;
  std::size_t events_here_ = 0;
};

// The known name that a word is a slip of; empty where none is near.
std::string_view nearest_name(const std::vector<std::string>& names, std::string_view word) {
  std::string_view best;
  std::size_t best_distance = 3;
  for (const std::string& name : names) {
    const std::size_t distance = edit_distance(name, word);
    if (distance >= best_distance || distance * 2 > word.size()) continue;
    best = name;
    best_distance = distance;
  }
  return best;
}

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  for (const auto& [name, node] : members)
    if (name == key) return &node;
  return nullptr;
}

void YamlFaults::add(std::string_view file, int line, std::string_view message) {
  if (faults_.size() < kYamlFaultsKept)
    faults_.push_back(fmt::format("{}:{}: {}", printable(file), line, message));
  else
    ++left_out_;
}

Result<void> YamlFaults::result() const {
  if (faults_.empty()) return {};
  std::string text = join(faults_, "\n");
  if (left_out_ > 0) text += fmt::format("\n… and {} more", left_out_);
  return fail(Kind::invalid_input, std::move(text));
}

std::vector<YamlNode> parse_yaml_doc(std::string_view text, std::string_view file, YamlFaults& faults) {
  if (text.size() > kYamlDocBytes) {
    faults.add(file, 1, fmt::format("{} bytes, more than the {} allowed", text.size(), kYamlDocBytes));
    return {};
  }
  YamlNodeBuilder builder(file, faults);
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return std::move(builder.documents);
  } catch (const YamlDocStop& stop) {
    faults.add(file, stop.line, stop.message);
  } catch (const YAML::Exception& error) {
    faults.add(file, error.mark.line + 1, fmt::format("not valid YAML: {}", error.msg));
  } catch (const std::exception& error) {
    faults.add(file, 1, fmt::format("not valid YAML: {}", error.what()));
  }
  return {};
}

YamlReader::YamlReader(const YamlNode& node, std::string_view file, YamlFaults& faults)
    : node_(node), file_(file), faults_(faults) {
  if (node.kind != YamlNode::Kind::map) fault_at(node.line, "a map of members (name: value) is expected here");
}

const YamlNode* YamlReader::member(std::string_view key) {
  known_.emplace_back(key);
  const YamlNode* found = node_.find(key);
  return found && found->kind != YamlNode::Kind::null ? found : nullptr;
}

const YamlNode* YamlReader::scalar(std::string_view key) {
  const YamlNode* found = member(key);
  if (!found || found->kind == YamlNode::Kind::scalar) return found;
  fault(key, "must be a text");
  return nullptr;
}

int YamlReader::line_of(std::string_view key) const {
  const YamlNode* found = node_.find(key);
  return found ? found->line : node_.line;
}

void YamlReader::fault(std::string_view key, std::string_view message) {
  fault_at(line_of(key), fmt::format("\"{}\" {}", printable(key), message));
}

std::string YamlReader::text(std::string_view key) {
  const YamlNode* found = scalar(key);
  if (found && !found->text.empty()) return found->text;
  if (!node_.find(key) || node_.find(key)->kind == YamlNode::Kind::null || found)
    fault(key, "is missing or empty");
  return {};
}

std::string YamlReader::text_or(std::string_view key, std::string_view otherwise) {
  const YamlNode* found = scalar(key);
  return found ? found->text : std::string(otherwise);
}

const std::vector<YamlNode>& YamlReader::list(std::string_view key) {
  static const std::vector<YamlNode> none;
  const YamlNode* found = member(key);
  if (!found) return none;
  if (found->kind != YamlNode::Kind::list) fault(key, "must be a list");
  return found->items;
}

std::vector<std::string> YamlReader::texts(std::string_view key) {
  std::vector<std::string> out;
  for (const YamlNode& item : list(key)) {
    if (item.kind != YamlNode::Kind::scalar || item.text.empty())
      fault_at(item.line, fmt::format("\"{}\" must be a list of texts, none empty", printable(key)));
    else
      out.push_back(item.text);
  }
  return out;
}

std::int64_t YamlReader::integer_or(std::string_view key, std::int64_t otherwise, std::int64_t least, std::int64_t most) {
  const YamlNode* found = scalar(key);
  if (!found) return otherwise;
  std::int64_t value = 0;
  const char* end = found->text.data() + found->text.size();
  const auto [at, error] = std::from_chars(found->text.data(), end, value);
  if (error == std::errc() && at == end && value >= least && value <= most) return value;
  fault(key, fmt::format("must be a whole number from {} to {}", least, most));
  return otherwise;
}

double YamlReader::number_or(std::string_view key, double otherwise, double least, double most) {
  const YamlNode* found = scalar(key);
  if (!found) return otherwise;
  double value = 0;
  const char* end = found->text.data() + found->text.size();
  const auto [at, error] = std::from_chars(found->text.data(), end, value);
  if (error == std::errc() && at == end && std::isfinite(value) && value >= least && value <= most) return value;
  fault(key, fmt::format("must be a number from {} to {}", least, most));
  return otherwise;
}

bool YamlReader::boolean_or(std::string_view key, bool otherwise) {
  const YamlNode* found = scalar(key);
  if (!found) return otherwise;
  if (found->text == "true" || found->text == "false") return found->text == "true";
  fault(key, "must be true or false");
  return otherwise;
}

void YamlReader::finish() {
  for (const auto& [key, value] : node_.members) {
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const std::string_view near = nearest_name(known_, key);
    fault_at(value.line, near.empty() ? fmt::format("\"{}\" is no member here; there are {}", printable(key), join(known_, ", "))
                                      : fmt::format("\"{}\" is no member here; did you mean \"{}\"?", printable(key), near));
  }
}

}  // namespace base
