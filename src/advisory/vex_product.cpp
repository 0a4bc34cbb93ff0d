// SPDX-License-Identifier: Apache-2.0
#include "advisory/vex_product.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace advisory {
namespace {

bool is_digest(std::string_view text) { return text.starts_with("sha256:") || text.starts_with("sha512:"); }

// "nginx" is "docker.io/library/nginx": the first part is a registry where it has a dot or a port, or is "localhost".
std::string full_repository(std::string_view repository) {
  const auto [first, rest] = base::cut(repository, "/");
  const bool has_registry = !rest.empty() && (first.find_first_of(".:") != std::string_view::npos || first == "localhost");
  std::string registry(has_registry ? first : "docker.io");
  if (registry == "index.docker.io" || registry == "registry-1.docker.io") registry = "docker.io";
  const std::string path(has_registry ? rest : repository);
  const bool official = registry == "docker.io" && path.find('/') == std::string::npos;
  return base::to_lower(registry) + (official ? "/library/" : "/") + path;
}

bool given_and_different(std::string_view given, std::string_view actual) { return !given.empty() && given != actual; }

std::string_view comparable_purl_version(const sbom::Purl& purl) {
  std::string_view version = purl.version;
  if (purl.type == "golang" && version.starts_with('v')) version.remove_prefix(1);
  return version;
}

}  // namespace

ImageName ImageName::parse(std::string_view text) {
  ImageName image;
  if (text.starts_with("docker:")) text.remove_prefix(7);
  if (text.empty() || text.find("://") != std::string_view::npos || text.find_first_of(" \t") != std::string_view::npos) return image;
  const auto [name, digest] = base::cut(text, "@");
  image.digest = digest;
  const std::size_t colon = name.rfind(':');
  const bool has_tag = colon != std::string_view::npos && name.find('/', colon) == std::string_view::npos;
  if (has_tag) image.tag = name.substr(colon + 1);
  image.repository = full_repository(name.substr(0, has_tag ? colon : name.size()));
  return image;
}

ArtifactNames::ArtifactNames(const model::Artifact& artifact) : text(artifact.name), digest(artifact.digest) {
  if (artifact.type == "image") image = ImageName::parse(artifact.name);
  if (digest.empty()) digest = image.digest;
  architecture = base::cut(base::cut(artifact.platform, "/").second, "/").first;
}

ProductName::ProductName(std::string text) : text_(std::move(text)) {
  if (text_.starts_with("pkg:")) {
    if (auto purl = sbom::parse_purl(text_)) purl_ = std::move(*purl);
  } else if (!is_digest(text_)) {
    image_ = ImageName::parse(text_);
  }
}

bool ProductName::oci_purl_names(const ArtifactNames& artifact) const {
  if (is_digest(purl_->version)) return purl_->version == artifact.digest;
  if (artifact.image.repository.empty()) return false;
  if (given_and_different(purl_->version, artifact.image.tag)) return false;  // pkg:docker/nginx@1.25
  if (given_and_different(purl_->qualifier("tag"), artifact.image.tag)) return false;
  if (given_and_different(purl_->qualifier("arch"), artifact.architecture)) return false;
  const std::string_view url = purl_->qualifier("repository_url");
  if (purl_->type == "docker") {
    const std::string path = purl_->namespace_.empty() ? purl_->name : purl_->namespace_ + "/" + purl_->name;
    return full_repository(url.empty() ? path : std::string(url) + "/" + path) == artifact.image.repository;
  }
  if (!url.empty()) return full_repository(base::cut(url, "?").first) == artifact.image.repository;
  return purl_->name == base::to_lower(base::basename(artifact.image.repository));
}

bool ProductName::names_artifact(const ArtifactNames& artifact) const {
  if (text_.empty()) return false;
  if (purl_) return (purl_->type == "oci" || purl_->type == "docker") && oci_purl_names(artifact);
  if (is_digest(text_)) return text_ == artifact.digest;
  if (text_ == artifact.text) return true;
  if (image_.repository.empty() || image_.repository != artifact.image.repository) return false;
  if (!image_.digest.empty()) return image_.digest == artifact.digest;
  return !given_and_different(image_.tag, artifact.image.tag);
}

bool ProductName::names_package(const model::Package& package, const std::optional<sbom::Purl>& purl) const {
  if (!purl_) return !text_.empty() && !text_.starts_with("pkg:") && text_ == package.name;
  if (!purl) return false;
  if (purl_->type != purl->type || purl_->namespace_ != purl->namespace_ || purl_->name != purl->name) return false;
  if (!purl_->version.empty() && comparable_purl_version(*purl_) != comparable_purl_version(*purl)) return false;
  if (given_and_different(purl_->subpath, purl->subpath)) return false;
  return std::all_of(purl_->qualifiers.begin(), purl_->qualifiers.end(), [&purl](const auto& qualifier) {
    return purl->qualifier(qualifier.first) == qualifier.second;
  });
}

}  // namespace advisory
