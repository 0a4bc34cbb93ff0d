// SPDX-License-Identifier: Apache-2.0
#include "imagecheck/engine.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <mutex>

#include "base/hash.hpp"
#include "imagecheck/issue_merge.hpp"

namespace imagecheck {

namespace {

// Raise when the same rules make other marks of the same files.
constexpr int kMarksVersion = 1;

void append_sources(std::vector<RuleSource>& to, std::vector<RuleSource> from) {
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

}  // namespace

struct Engine::State {
  EngineOptions options;
  std::string key;
  std::optional<SecretRules> secrets;
  std::vector<ImageCheck> checks;
  std::optional<FileChecks> files;
  std::vector<RuleSource> malware_sources;

  // Compiled when first needed, under `once`.
  mutable std::once_flag once;
  mutable base::Result<void> prepared;
  mutable std::optional<MalwareRules> malware;
  mutable std::unique_ptr<KeywordFilter> filter;
  mutable std::size_t secret_keywords = 0;
  mutable bool malware_always = false;

  base::Result<void> compile() const {
    if (options.malware) malware = TRY(MalwareRules::compile(malware_sources));
    std::vector<std::string> keywords;
    if (secrets) keywords = secrets->keywords();
    secret_keywords = keywords.size();
    if (malware) {
      for (const MalwareRule& rule : malware->rules()) {
        malware_always |= rule.keywords.empty();
        keywords.insert(keywords.end(), rule.keywords.begin(), rule.keywords.end());
      }
    }
    filter = std::make_unique<KeywordFilter>(keywords);
    return {};
  }

  base::Result<void> prepare() const {
    std::call_once(once, [this] { prepared = compile(); });
    return prepared;
  }
};

Engine::Engine(std::unique_ptr<State> state) : state_(std::move(state)) {}
Engine::~Engine() = default;

base::Result<std::shared_ptr<const Engine>> Engine::create(const EngineOptions& options) {
  auto state = std::make_unique<State>();
  state->options = options;
  std::vector<RuleSource> secret_sources = embedded_rules("secrets/", {"yaml"});
  if (!options.secret_rules.empty()) append_sources(secret_sources, TRY(rules_in_folder(options.secret_rules, {"yaml", "yml"})));
  state->malware_sources = embedded_rules("yara/", {"yar"});
  if (!options.yara_rules.empty()) append_sources(state->malware_sources, TRY(rules_in_folder(options.yara_rules, {"yar", "yara"})));
  const std::vector<RuleSource> check_sources = embedded_rules("image-checks/", {"yaml"});
  if (options.secrets || options.misconfiguration) state->secrets = TRY(SecretRules::load(secret_sources));
  if (options.misconfiguration) {
    state->checks = TRY(load_image_checks(check_sources));
    state->files.emplace(state->checks);
  }
  state->key = base::sha256_hex(fmt::format(
      "marks {}\n{}\n{}\n{}\n", kMarksVersion, options.secrets ? rules_key(secret_sources) : "",
      options.malware ? rules_key(state->malware_sources) : "", options.misconfiguration ? rules_key(check_sources) : ""));
  // The user's rules are compiled at once, so that their faults show whether or not a layer has to be read.
  if (options.malware && !options.yara_rules.empty()) TRY(state->prepare());
  return std::shared_ptr<const Engine>(new Engine(std::move(state)));
}

const std::string& Engine::key() const { return state_->key; }

base::Result<void> Engine::prepare() const { return state_->prepare(); }

std::unique_ptr<LayerChecker> Engine::layer_checker(bool folder) const {
  (void)state_->prepare();
  LayerRules rules;
  rules.secrets = state_->options.secrets ? &*state_->secrets : nullptr;
  rules.malware = state_->malware ? &*state_->malware : nullptr;
  rules.files = state_->files && !folder ? &*state_->files : nullptr;
  rules.filter = state_->filter.get();
  rules.secret_keywords = state_->secret_keywords;
  rules.malware_always = state_->malware_always;
  return std::make_unique<LayerChecker>(rules);
}

std::vector<model::Finding> Engine::findings(const CheckedImage& image, const std::vector<CheckedLayer>& layers,
                                             std::vector<std::string>& warnings) const {
  IssueMerge merge(layers);
  const bool has_malware = std::any_of(layers.begin(), layers.end(), [](const CheckedLayer& layer) {
    return layer.marks && std::any_of(layer.marks->marks.begin(), layer.marks->marks.end(),
                                      [](const Mark& mark) { return mark.kind == Mark::Kind::malware; });
  });
  if (state_->options.secrets) merge.add_secrets(state_->secrets->rules());
  // Untouched before prepare(): another scan may be compiling the rules just now.
  if (has_malware && state_->prepare() && state_->malware) merge.add_malware(state_->malware->rules());
  const SecretRules* secrets = state_->secrets ? &*state_->secrets : nullptr;
  for (const ImageCheck& check : state_->checks) {
    if (check.on_files) merge.add_file_check(check);
    if (check.on_config && image.config)
      merge.add_config_check(check, check.on_config({*image.config, image.reference, secrets, image.now}, check.parameters));
  }
  return merge.finish(warnings);
}

}  // namespace imagecheck
