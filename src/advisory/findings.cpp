// SPDX-License-Identifier: Apache-2.0
// From hits to the finding a user reads.
#include <algorithm>

#include "advisory/matcher.hpp"
#include "advisory/version.hpp"
#include "base/text.hpp"

namespace advisory {

namespace {

using index::AdvisoryRow;
using index::AffectedRow;

constexpr std::size_t kMostFindingReferences = 24;
constexpr std::size_t kMostFindingVectors = 16;

class FindingMaker {
 public:
  FindingMaker(const IndexReader& index, const std::vector<Hit>& hits, model::Finding& out)
      : index_(index), records_(index.records()), hits_(hits), group_(index.group(hits.front().group)), out_(out) {}

  void ids() {
    out_.id = records_.string(group_.id);
    const auto [begin, end] = records_.span(group_.ids);
    for (std::size_t i = begin; i < end; ++i)
      if (records_.lists[i] != group_.id) out_.aliases.emplace_back(records_.string(records_.lists[i]));
    std::sort(out_.aliases.begin(), out_.aliases.end());
    for (const Hit& hit : hits_) out_.sources.emplace_back(records_.string(advisory_of(hit).id));
    std::sort(out_.sources.begin(), out_.sources.end());
    out_.sources.erase(std::unique(out_.sources.begin(), out_.sources.end()), out_.sources.end());
  }

  // The version that ends every advisory the package is under.
  void fix() {
    const auto scheme = scheme_of(records_.string(affected_of(hits_.front()).ecosystem));
    for (const Hit& hit : hits_) {
      const auto version = records_.string(hit.fixed);
      if (version.empty()) continue;
      if (out_.fixed_version.empty() || (scheme && compare_versions(*scheme, version, out_.fixed_version) > 0)) out_.fixed_version = version;
    }
    out_.status = out_.fixed_version.empty() ? status_without_fix() : model::FixStatus::fixed;
  }

  void severity() {
    for (const Hit& hit : hits_) {
      const auto affected = affected_of(hit);
      const auto advisory = advisory_of(hit);
      take_word(affected.severity);
      take_vectors(affected.score, affected.vectors);
      if (is_own(advisory)) take_vectors(advisory.score, advisory.vectors);
      take_word(advisory.severity);
    }
    std::string_view other_word;
    each_member([&](const AdvisoryRow& advisory) {
      if (!is_own(advisory)) return;
      if (out_.score < 0)
        take_vectors(advisory.score, advisory.vectors);
      else
        add_vectors(advisory.vectors);
      if (other_word.empty()) other_word = records_.string(advisory.severity);
    });
    out_.severity = choose_severity(other_word);
  }

  void texts() {
    for (const Hit& hit : hits_) {
      const auto advisory = advisory_of(hit);
      if (out_.title.empty() && is_own(advisory)) out_.title = records_.string(advisory.title);
      take_published(advisory);
      add_references(advisory);
    }
    each_member([&](const AdvisoryRow& advisory) {
      if (out_.title.empty() && is_own(advisory)) out_.title = records_.string(advisory.title);
    });
    for (const Hit& hit : hits_)
      if (out_.title.empty()) out_.title = records_.string(advisory_of(hit).title);
  }

  void exploitation() {
    const auto [begin, end] = records_.span(group_.ids);
    for (std::size_t i = begin; i < end; ++i) {
      const auto number = cve_number(records_.string(records_.lists[i]));
      if (number == 0) continue;
      if (index_.in_kev(number)) out_.kev = true;
      const auto epss = index_.epss(number);
      if (!epss || epss->probability / 1e9 <= out_.epss) continue;
      out_.epss = std::min(1.0, epss->probability / 1e9);
      out_.epss_percentile = std::min(1.0, epss->percentile / 1e9);
    }
  }

 private:
  AdvisoryRow advisory_of(const Hit& hit) const { return records_.advisories[hit.advisory]; }
  AffectedRow affected_of(const Hit& hit) const { return records_.affected[hit.affected]; }

  // Whether text and score of an advisory are about this vulnerability alone.
  static bool is_own(const AdvisoryRow& advisory) { return advisory.groups.count == 1; }

  template <typename Visit>
  void each_member(const Visit& visit) const {
    const auto [begin, end] = records_.span(group_.advisories);
    for (std::size_t i = begin; i < end; ++i) visit(records_.advisories[records_.lists[i]]);
  }

  void take_word(index::StringId word) {
    if (out_.vendor_severity.empty()) out_.vendor_severity = records_.string(word);
  }

  void add_vectors(index::StringId vectors) {
    for (const std::string_view vector : base::split(records_.string(vectors), ' ')) {
      const bool known = std::find(out_.vectors.begin(), out_.vectors.end(), vector) != out_.vectors.end();
      if (!vector.empty() && !known && out_.vectors.size() < kMostFindingVectors) out_.vectors.emplace_back(vector);
    }
  }

  void take_vectors(std::uint8_t tenths, index::StringId vectors) {
    add_vectors(vectors);
    if (tenths > 100 || tenths / 10.0 <= out_.score) return;
    out_.score = tenths / 10.0;
    out_.vector = base::cut(records_.string(vectors), " ").first;
  }

  // What a distribution says of its own package counts more than a score for the vulnerability at large.
  model::Severity choose_severity(std::string_view other_word) const {
    const auto vendor = model::parse_severity(out_.vendor_severity);
    const bool vendor_speaks = vendor && *vendor != model::Severity::unknown;
    const auto& type = out_.package.type;
    const bool os_package = type == "deb" || type == "apk" || type == "rpm";
    if (os_package && vendor_speaks) return *vendor;
    if (out_.score >= 0) return model::severity_of_score(out_.score);
    if (vendor_speaks) return *vendor;
    return model::parse_severity(other_word).value_or(model::Severity::unknown);
  }

  model::FixStatus status_without_fix() const {
    for (const Hit& hit : hits_) {
      switch (static_cast<VendorStatus>(affected_of(hit).status)) {
        case VendorStatus::will_not_fix: return model::FixStatus::will_not_fix;
        case VendorStatus::fix_deferred: return model::FixStatus::fix_deferred;
        case VendorStatus::end_of_life: return model::FixStatus::end_of_life;
        case VendorStatus::under_investigation: return model::FixStatus::under_investigation;
        default: break;
      }
    }
    return model::FixStatus::affected;
  }

  void take_published(const AdvisoryRow& advisory) {
    const auto published = records_.string(advisory.published);
    // Go writes year 1 where it does not know.
    if (published.empty() || published.substr(0, 4) == "0001") return;
    if (out_.published.empty() || published < out_.published) out_.published = published;
  }

  void add_references(const AdvisoryRow& advisory) {
    const auto [begin, end] = records_.span(advisory.references);
    for (std::size_t i = begin; i + 1 < end && out_.references.size() < kMostFindingReferences; i += 2) {
      std::string url(records_.string(records_.lists[i]));
      url += records_.string(records_.lists[i + 1]);
      if (std::find(out_.references.begin(), out_.references.end(), url) == out_.references.end())
        out_.references.push_back(std::move(url));
    }
  }

  const IndexReader& index_;
  const RecordView& records_;
  const std::vector<Hit>& hits_;
  const index::GroupRow group_;
  model::Finding& out_;
};

}  // namespace

model::Finding make_finding(const IndexReader& index, const model::Package& package, const std::vector<Hit>& hits) {
  model::Finding out;
  out.package = package;
  FindingMaker maker(index, hits, out);
  maker.ids();
  maker.fix();
  maker.severity();
  maker.texts();
  maker.exploitation();
  return out;
}

}  // namespace advisory
