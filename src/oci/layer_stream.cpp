// SPDX-License-Identifier: Apache-2.0
#include "oci/layer_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <exception>
#include <memory>
#include <set>
#include <thread>

#include "base/chunk_pipe.hpp"
#include "oci/layer_reader.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

constexpr std::size_t kFeedCapacity = 1u << 20;

// Shows one walk to the visitors of several layers that are the same blob.
class FanOutVisitor : public TarVisitor {
 public:
  explicit FanOutVisitor(std::vector<TarVisitor*> visitors) : visitors_(std::move(visitors)) {}

  Result<bool> begin(const TarEntry& entry) override {
    takers_.clear();
    for (TarVisitor* visitor : visitors_)
      if (TRY(visitor->begin(entry))) takers_.push_back(visitor);
    return !takers_.empty();
  }
  Result<void> data(std::string_view chunk) override {
    for (TarVisitor* visitor : takers_) TRY(visitor->data(chunk));
    return {};
  }
  Result<void> end() override {
    for (TarVisitor* visitor : takers_) TRY(visitor->end());
    return {};
  }

 private:
  std::vector<TarVisitor*> visitors_;
  std::vector<TarVisitor*> takers_;
};

// The reading end of a pipe; its end of life tells the writer that nobody reads any more.
class FeedSource : public base::ByteSource {
 public:
  explicit FeedSource(std::shared_ptr<base::ChunkPipe> pipe) : pipe_(std::move(pipe)) {}
  FeedSource(const FeedSource&) = delete;
  FeedSource& operator=(const FeedSource&) = delete;
  ~FeedSource() override { pipe_->cancel(); }
  Result<std::string_view> next() override { return pipe_->pop(); }

 private:
  std::shared_ptr<base::ChunkPipe> pipe_;
};

// read_layer() on a thread of its own, fed with the bytes of the blob.
class LayerFeed {
 public:
  LayerFeed(const Layer& layer, std::vector<TarVisitor*> visitors)
      : layer_(layer), visitor_(std::move(visitors)), pipe_(std::make_shared<base::ChunkPipe>(kFeedCapacity)) {
    thread_ = std::thread([this] { result_ = run(); });
  }
  LayerFeed(const LayerFeed&) = delete;
  LayerFeed& operator=(const LayerFeed&) = delete;
  ~LayerFeed() { finish(base::fail(Kind::cancelled, "the archive ended inside the layer")); }

  // A reader that has given up takes no more; what it found comes from finish().
  void push(std::string_view chunk) { reading_ = reading_ && pipe_->push(chunk).has_value(); }

  Result<void> finish(Result<void> outcome) {
    if (thread_.joinable()) {
      pipe_->finish(std::move(outcome));
      thread_.join();
    }
    return result_;
  }

 private:
  Result<void> run() {
    auto source = std::make_unique<FeedSource>(pipe_);
    try {
      return read_layer(std::move(source), layer_, visitor_);
    } catch (const std::exception& error) {
      return base::fail(Kind::internal, fmt::format("reading a layer failed: {}", error.what()));
    }
  }

  const Layer& layer_;
  FanOutVisitor visitor_;
  std::shared_ptr<base::ChunkPipe> pipe_;
  bool reading_ = true;
  Result<void> result_;
  std::thread thread_;
};

}  // namespace

class LayerStreamRun::Visitor : public TarVisitor {
 public:
  Visitor(LayerStreamRun& run, const LayersOf& layers_of, ArchiveIndex* index)
      : run_(run), layers_of_(layers_of), index_(index), missing_(run.missing().size()) {}

  bool all_done() const { return missing_ == 0; }

  Result<bool> begin(const TarEntry& entry) override {
    if (all_done()) return base::fail(Kind::cancelled, "all layers are read");
    current_.clear();
    if (entry.type == TarEntry::Type::file) current_ = layers_to_read(entry.path);
    if (current_.empty()) return index_ ? index_->begin(entry) : Result<bool>(false);
    if (index_) TRY(index_->begin(entry));
    received_ = 0;
    std::vector<TarVisitor*> visitors;
    for (const std::size_t layer : current_) visitors.push_back(&run_.visitor_for_(layer));
    feed_ = std::make_unique<LayerFeed>(run_.image_.layers[current_.front()], std::move(visitors));
    return true;
  }

  Result<void> data(std::string_view chunk) override {
    if (current_.empty()) return index_->data(chunk);
    feed_->push(chunk);
    received_ += chunk.size();
    if (run_.progress_) run_.progress_(current_.front(), received_, run_.image_.layers[current_.front()].size);
    return {};
  }

  Result<void> end() override {
    if (current_.empty()) return index_->end();
    const Result<void> result = feed_->finish({});
    feed_.reset();
    const Digest& diff_id = run_.image_.layers[current_.front()].diff_id;
    for (const std::size_t layer : current_) {
      const bool same = run_.image_.layers[layer].diff_id == diff_id;
      run_.done_[layer] = same ? result : base::fail(Kind::corrupt, "one blob stands for layers with different diff ids");
      --missing_;
    }
    return {};
  }

 private:
  std::vector<std::size_t> layers_to_read(const std::string& member) const {
    std::vector<std::size_t> out;
    for (const std::size_t layer : layers_of_(member)) {
      const bool asked = std::find(run_.wanted_.begin(), run_.wanted_.end(), layer) != run_.wanted_.end();
      if (asked && layer < run_.image_.layers.size() && run_.done_.count(layer) == 0) out.push_back(layer);
    }
    return out;
  }

  LayerStreamRun& run_;
  const LayersOf& layers_of_;
  ArchiveIndex* index_;
  std::size_t missing_;
  std::vector<std::size_t> current_;  // what the member at hand holds
  std::uint64_t received_ = 0;
  std::unique_ptr<LayerFeed> feed_;
};

Result<void> LayerStreamRun::read(base::ByteSource& archive, const LayersOf& layers_of, ArchiveIndex* index) {
  Visitor visitor(*this, layers_of, index);
  try {
    auto walked = read_tar(archive, visitor, ArchiveIndex::limits());
    if (!walked && visitor.all_done()) return {};
    return walked;
  } catch (const std::exception& error) {
    return base::fail(Kind::unavailable, fmt::format("reading the archive failed: {}", error.what()));
  }
}

std::vector<std::size_t> LayerStreamRun::missing() const {
  std::set<std::size_t> layers;
  for (const std::size_t layer : wanted_)
    if (done_.count(layer) == 0) layers.insert(layer);
  return {layers.begin(), layers.end()};
}

std::vector<Result<void>> LayerStreamRun::results(const base::Error& otherwise) const {
  std::vector<Result<void>> out;
  for (const std::size_t layer : wanted_) {
    const auto found = done_.find(layer);
    out.push_back(found == done_.end() ? base::fail(otherwise) : found->second);
  }
  return out;
}

}  // namespace oci
