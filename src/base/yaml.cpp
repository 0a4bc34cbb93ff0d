// SPDX-License-Identifier: Apache-2.0
#include "base/yaml.hpp"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <string>
#include <unordered_map>
#include <utility>

namespace base {

namespace {

constexpr std::size_t kYamlDepth = 64;
constexpr std::size_t kYamlNodes = 2'000'000;
constexpr std::size_t kYamlBytes = 64u << 20;

struct YamlFailure {  // thrown by the handler through the library, caught in parse_yaml
  Kind kind;
  std::string message;
};

std::string yaml_place(const YAML::Mark& mark) {
  return fmt::format("line {}, column {}", mark.line + 1, mark.column + 1);
}

// Builds values from the parser's events and stops it once a limit is reached. Cost is counted for copies that
// aliases make as well, so that nested aliases cannot grow the document beyond the limits.
class YamlBuilder : public YAML::EventHandler {
 public:
  std::vector<Json> documents;

  void OnDocumentStart(const YAML::Mark& mark) override {
    spend(mark, {1, 0});
    open_.clear();
    anchors_.clear();
    documents.emplace_back(nullptr);
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override { scalar(mark, Json(nullptr), 0, anchor); }
  void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor, const std::string& text) override {
    scalar(mark, Json(text), text.size(), anchor);
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = anchors_.find(anchor);
    if (found == anchors_.end())
      throw YamlFailure{Kind::invalid_input, yaml_place(mark) + ": an alias inside the node it stands for"};
    spend(mark, found->second.cost);
    if (open_.size() + found->second.height > kYamlDepth) too_deep(mark);
    note_height(found->second.height);
    put(Json(found->second.value));
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(mark, Json(JsonArray()), anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(mark, Json(JsonObject()), anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Cost {
    std::size_t nodes = 0;
    std::size_t bytes = 0;
  };
  struct Anchored {
    Json value;
    Cost cost;
    std::size_t height = 1;  // levels of the value, itself included
  };
  struct Open {
    Json value;
    YAML::anchor_t anchor = 0;
    YAML::Mark mark;
    Cost before;             // spent when it began
    std::size_t height = 1;
    bool has_key = false;
    std::string key;
  };

  [[noreturn]] static void too_deep(const YAML::Mark& mark) {
    throw YamlFailure{Kind::too_large, fmt::format("{}: deeper than {} levels", yaml_place(mark), kYamlDepth)};
  }

  // Some broken texts (",a: 'b") make the library report empty nodes at one place without end.
  void expect_progress(const YAML::Mark& mark) {
    events_here_ = mark.pos == last_place_ ? events_here_ + 1 : 0;
    last_place_ = mark.pos;
    if (events_here_ > 4 * kYamlDepth)
      throw YamlFailure{Kind::invalid_input, yaml_place(mark) + ": not valid YAML from here on"};
  }

  void spend(const YAML::Mark& mark, Cost cost) {
    spent_.nodes += cost.nodes;
    spent_.bytes += cost.bytes;
    if (spent_.nodes > kYamlNodes || spent_.bytes > kYamlBytes)
      throw YamlFailure{Kind::too_large, yaml_place(mark) + ": too many nodes, aliases replaced"};
  }

  void note_height(std::size_t height) {
    if (!open_.empty() && open_.back().height < height + 1) open_.back().height = height + 1;
  }

  void scalar(const YAML::Mark& mark, Json value, std::size_t bytes, YAML::anchor_t anchor) {
    const Cost cost{1, bytes};
    expect_progress(mark);
    spend(mark, cost);
    if (anchor != 0) {
      spend(mark, cost);
      anchors_[anchor] = Anchored{value, cost, 1};
    }
    note_height(1);
    put(std::move(value));
  }

  void start(const YAML::Mark& mark, Json empty, YAML::anchor_t anchor) {
    if (open_.size() >= kYamlDepth) too_deep(mark);
    Open open;
    open.value = std::move(empty);
    open.anchor = anchor;
    open.mark = mark;
    open.before = spent_;
    spend(mark, {1, 0});
    open_.push_back(std::move(open));
  }

  void end() {
    Open done = std::move(open_.back());
    open_.pop_back();
    if (done.anchor != 0) {
      const Cost cost{spent_.nodes - done.before.nodes, spent_.bytes - done.before.bytes};
      spend(done.mark, cost);
      anchors_[done.anchor] = Anchored{done.value, cost, done.height};
    }
    note_height(done.height);
    put(std::move(done.value));
  }

  void put(Json value) {
    if (open_.empty()) {
      documents.back() = std::move(value);
      return;
    }
    Open& parent = open_.back();
    if (auto* array = parent.value.if_array()) {
      array->push_back(std::move(value));
    } else if (!parent.has_key) {
      parent.key = value.is_string() ? std::string(as_string(value)) : to_text(value);
      parent.has_key = true;
    } else {
      parent.value.as_object().insert_or_assign(parent.key, std::move(value));
      parent.has_key = false;
    }
  }

  std::vector<Open> open_;
  std::unordered_map<YAML::anchor_t, Anchored> anchors_;
  Cost spent_;
  int last_place_ = -1;
  std::size_t events_here_ = 0;
};

}  // namespace

Result<std::vector<Json>> parse_yaml(std::string_view text, std::string_view what) {
  YamlBuilder builder;
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
  } catch (const YamlFailure& failure) {
    return fail(failure.kind, fmt::format("{}: {}", what, failure.message));
  } catch (const YAML::Exception& error) {
    return fail(Kind::invalid_input, fmt::format("{}: not valid YAML at {}: {}", what, yaml_place(error.mark), error.msg));
  } catch (const std::exception& error) {
    return fail(Kind::invalid_input, fmt::format("{}: not valid YAML: {}", what, error.what()));
  }
  return std::move(builder.documents);
}

}  // namespace base
