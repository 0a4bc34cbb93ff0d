// SPDX-License-Identifier: Apache-2.0
#include "providers/container_registry/image_details.hpp"

#include "base/text.hpp"

namespace providers {

namespace {

constexpr std::size_t kEntriesCap = 200, kTextCap = 1000;

base::Json capped_text(std::string_view text) { return base::Json(base::printable(text.substr(0, kTextCap))); }

base::JsonArray capped_list(const base::Json& config, std::string_view name) {
  base::JsonArray out;
  for (const auto& entry : base::get_array(config, name))
    if (out.size() < kEntriesCap) out.emplace_back(capped_text(base::as_string(entry)));
  return out;
}

base::JsonArray env_names(const base::Json& config) {
  base::JsonArray out;
  for (const auto& entry : base::get_array(config, "Env"))
    if (out.size() < kEntriesCap) out.emplace_back(capped_text(base::cut(base::as_string(entry), "=").first));
  return out;
}

base::JsonObject labels_of(const base::Json& config) {
  base::JsonObject out;
  for (const auto& label : base::get_object(config, "Labels"))
    if (out.size() < kEntriesCap) out.emplace(base::printable(std::string_view(label.key()).substr(0, kTextCap)), capped_text(base::as_string(label.value())));
  return out;
}

base::JsonArray port_names(const base::Json& config) {
  base::JsonArray out;
  for (const auto& port : base::get_object(config, "ExposedPorts"))
    if (out.size() < kEntriesCap) out.emplace_back(capped_text(port.key()));
  return out;
}

}  // namespace

ImageDetails details_of(const oci::Image& image) {
  ImageDetails details;
  const auto* inner = base::find(image.config, "config");
  const base::Json config = inner ? *inner : base::Json(base::JsonObject{});
  details.config = {{"user", capped_text(base::get_string(config, "User"))},
                    {"env", env_names(config)},
                    {"entrypoint", capped_list(config, "Entrypoint")},
                    {"cmd", capped_list(config, "Cmd")},
                    {"exposedPorts", port_names(config)},
                    {"created", capped_text(base::get_string(image.config, "created"))},
                    {"labels", labels_of(config)}};
  for (const auto& layer : image.layers) {
    details.size += static_cast<std::int64_t>(layer.size);
    if (details.layers.size() < kEntriesCap)
      details.layers.emplace_back(base::JsonObject{{"diffId", layer.diff_id.text()},
                                                   {"size", static_cast<std::int64_t>(layer.size)},
                                                   {"createdBy", capped_text(layer.created_by)}});
  }
  return details;
}

base::JsonObject to_json(const ImageDetails& details) {
  base::JsonArray notices;
  for (const auto& notice : details.notices)
    if (notices.size() < kEntriesCap) notices.emplace_back(capped_text(notice));
  base::JsonObject out{{"config", details.config}, {"layers", details.layers}, {"notices", std::move(notices)}};
  if (details.signature)
    out.emplace("signature", base::JsonObject{{"verified", details.signature->verified}, {"detail", details.signature->detail}});
  return out;
}

}  // namespace providers
