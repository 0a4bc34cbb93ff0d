// SPDX-License-Identifier: Apache-2.0
#include "oci/docker_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "base/text.hpp"
#include "oci/archive_index.hpp"
#include "oci/index_resolver.hpp"
#include "oci/layer_stream.hpp"
#include "oci/saved_manifest.hpp"

namespace oci {

using base::Kind;
using base::Result;

namespace {

constexpr std::string_view kDefaultSocket = "/var/run/docker.sock";
constexpr std::size_t kDockerLayers = 10'000;

Result<std::string> docker_socket_path(const SourceOptions& options) {
  if (!options.docker_socket.empty()) return options.docker_socket;
  const char* variable = std::getenv("DOCKER_HOST");
  const std::string_view host = variable ? variable : "";
  constexpr std::string_view kUnix = "unix://";
  if (host.substr(0, kUnix.size()) == kUnix) return std::string(host.substr(kUnix.size()));
  if (!host.empty())
    return base::fail(Kind::unsupported, fmt::format("DOCKER_HOST is {}, but only unix:// sockets are spoken to; save the "
                                                     "image and scan docker-archive:FILE", base::printable(host)));
  return std::string(kDefaultSocket);
}

// GET /images/{name}/history lists newest first; entries of size 0 made no layer. Nothing where that does not add up.
std::vector<std::string> created_by_lines(const base::Json& history, std::size_t layers) {
  std::vector<std::string> lines;
  if (const auto* entries = history.if_array())
    for (auto entry = entries->rbegin(); entry != entries->rend(); ++entry)
      if (base::get_int(*entry, "Size").value_or(0) > 0) lines.emplace_back(base::get_string(*entry, "CreatedBy"));
  if (lines.size() != layers) lines.assign(layers, "");
  return lines;
}

Result<std::vector<Digest>> inspected_diff_ids(const base::Json& inspected, std::string_view name) {
  const base::Json* rootfs = base::find(inspected, "RootFS");
  const base::JsonArray none;
  const base::JsonArray& layers = rootfs ? base::get_array(*rootfs, "Layers") : none;
  if (layers.size() > kDockerLayers) return base::fail(Kind::too_large, fmt::format("{} has {} layers", name, layers.size()));
  std::vector<Digest> diff_ids;
  for (const base::Json& layer : layers)
    diff_ids.push_back(TRY_CONTEXT(Digest::parse(base::as_string(layer)), fmt::format("Docker's image {}", name)));
  return diff_ids;
}

// The image configuration (image-spec config.md) as far as the daemon tells it.
base::Json rebuild_config(const base::Json& inspected, const Image& image) {
  base::JsonArray diff_ids;
  for (const Layer& layer : image.layers) diff_ids.emplace_back(layer.diff_id.text());
  base::JsonObject config{{"architecture", image.platform.architecture},
                          {"os", image.platform.os},
                          {"rootfs", base::JsonObject{{"type", "layers"}, {"diff_ids", std::move(diff_ids)}}}};
  if (!image.platform.variant.empty()) config["variant"] = image.platform.variant;
  if (const base::Json* created = base::find(inspected, "Created")) config["created"] = *created;
  if (const base::Json* run = base::find(inspected, "Config")) config["config"] = *run;
  return config;
}

class DockerSource : public ImageSource {
 public:
  DockerSource(net::HttpTransport& transport, std::string socket, std::string name)
      : transport_(transport), socket_(std::move(socket)), name_(std::move(name)) {}

  Result<Image> resolve(const std::optional<Platform>& platform) override {
    const base::Json inspected = TRY(get_json("json"));
    Image image;
    image.name = name_;
    image.platform = {std::string(base::get_string(inspected, "Os")), std::string(base::get_string(inspected, "Architecture")),
                      std::string(base::get_string(inspected, "Variant"))};
    TRY(check_platform(image.platform, platform));
    const auto& repo_digests = base::get_array(inspected, "RepoDigests");
    if (!repo_digests.empty())
      image.digest = Digest::parse(base::cut_last(base::as_string(repo_digests.front()), "@").second).value_or(Digest());
    image.config_digest = Digest::parse(base::get_string(inspected, "Id")).value_or(Digest());
    const auto diff_ids = TRY(inspected_diff_ids(inspected, name_));
    const auto history = get_json("history");
    const auto lines = created_by_lines(history ? *history : base::Json(), diff_ids.size());
    for (std::size_t i = 0; i < diff_ids.size(); ++i) {
      Layer layer;
      layer.diff_id = diff_ids[i];
      layer.created_by = lines[i];
      image.layers.push_back(std::move(layer));
    }
    image.config = rebuild_config(inspected, image);
    return image;
  }

  std::vector<Result<void>> read_layers(const Image& image, const std::vector<std::size_t>& wanted,
                                        const VisitorFor& visitor_for, const Progress& progress) override {
    if (wanted.empty()) return {};
    LayerStreamRun run(image, wanted, visitor_for, progress);
    auto read = read_missing(image, run);
    const base::Error lacks{Kind::not_found, fmt::format("Docker's archive of {} lacks this layer", name_)};
    return run.results(read ? lacks : read.error());
  }

 private:
  Result<void> read_missing(const Image& image, LayerStreamRun& run) {
    ArchiveIndex index(true);
    TRY(stream_archive(run, [&image](const std::string& member) { return layers_by_name(image, member); }, index));
    if (run.missing().empty()) return {};
    // Members named after neither diff id: manifest.json at the end of the stream told which is which.
    const std::string* manifest = index.document("manifest.json");
    if (!manifest) return base::fail(Kind::corrupt, fmt::format("Docker's archive of {} has no manifest.json", name_));
    const SavedImage saved = TRY(pick_saved_image(*manifest, "", name_));
    if (saved.layers.size() != image.layers.size())
      return base::fail(Kind::conflict, fmt::format("{} changed in Docker while it was read; try again", name_));
    std::map<std::string, std::vector<std::size_t>> layers_of;
    for (std::size_t layer = 0; layer < saved.layers.size(); ++layer)
      if (const auto member = index.find_file(saved.layers[layer])) layers_of[*member].push_back(layer);
    ArchiveIndex ignored(false);
    return stream_archive(run, [&layers_of](const std::string& member) -> std::vector<std::size_t> {
      const auto found = layers_of.find(member);
      return found == layers_of.end() ? std::vector<std::size_t>() : found->second;
    }, ignored);
  }

  // Daemons of today name a layer's member blobs/sha256/<diff id>, others <diff id>.tar.
  static std::vector<std::size_t> layers_by_name(const Image& image, const std::string& member) {
    std::string_view hex = base::basename(member);
    if (hex.size() > 4 && hex.substr(hex.size() - 4) == ".tar") hex.remove_suffix(4);
    std::vector<std::size_t> out;
    for (std::size_t layer = 0; layer < image.layers.size(); ++layer)
      if (image.layers[layer].diff_id.hex() == hex) out.push_back(layer);
    return out;
  }

  Result<void> stream_archive(LayerStreamRun& run, const LayersOf& layers_of, ArchiveIndex& index) {
    const auto download = [this](const base::ByteSink& sink) -> Result<void> {
      net::HttpRequest request = request_for("get");
      // The daemon may pack the whole image before it sends the first byte.
      request.stall_timeout = std::chrono::minutes(10);
      const auto response = TRY_CONTEXT(transport_.send(request, sink), "Docker");
      return check_status(response);
    };
    const base::SourcePtr archive = base::pipe_source(download, 1u << 20);
    return run.read(*archive, layers_of, &index);
  }

  net::HttpRequest request_for(std::string_view what) const {
    net::HttpRequest request;
    request.url = fmt::format("http://localhost/images/{}/{}", base::percent_encode(name_, "/:@"), what);
    request.unix_socket = socket_;
    return request;
  }

  Result<base::Json> get_json(std::string_view what) {
    const auto response = transport_.send(request_for(what));
    if (!response)
      return base::fail(response.error().kind,
                        fmt::format("the Docker daemon at {} does not answer ({}); is it running, and may you use its socket?",
                                    socket_, response.error().message));
    TRY(check_status(*response));
    return base::parse_json(response->body, fmt::format("Docker's answer about {}", name_));
  }

  Result<void> check_status(const net::HttpResponse& response) const {
    if (response.status >= 200 && response.status < 300) return {};
    if (response.status == 404)
      return base::fail(Kind::not_found, fmt::format("Docker has no image {0}; docker pull {0} brings it, or scan registry:{0}",
                                                     base::printable(name_)));
    const auto json = base::parse_json(response.body, "answer");
    const auto message = json ? base::get_string(*json, "message") : std::string_view();
    const Kind kind = response.status == 401 || response.status == 403 ? Kind::denied
                      : response.status >= 500                         ? Kind::unavailable
                                                                       : Kind::invalid_input;
    return base::fail(kind, fmt::format("Docker answered {} about {}: {}", response.status, name_,
                                        base::printable(message.substr(0, 500))));
  }

  Result<void> check_platform(const Platform& has, const std::optional<Platform>& asked) const {
    const bool fits = !asked || (asked->os == has.os && asked->architecture == has.architecture &&
                                 (asked->variant.empty() || has.variant.empty() || asked->variant == has.variant));
    if (fits) return {};
    return base::fail(Kind::not_found, fmt::format("Docker has {} for {} only, not for {}", name_, has.text(), asked->text()));
  }

  net::HttpTransport& transport_;
  std::string socket_;
  std::string name_;
};

}  // namespace

Result<std::unique_ptr<ImageSource>> open_docker_source(std::string_view reference, const SourceOptions& options) {
  if (!options.transport) return base::fail(Kind::internal, "docker: needs a transport");
  const bool printable = std::all_of(reference.begin(), reference.end(), [](char c) { return c > ' ' && c < 0x7f; });
  if (reference.empty() || reference.size() > 1'000 || !printable || reference.find("..") != std::string_view::npos)
    return base::fail(Kind::invalid_input, fmt::format("'{}' is no name of a Docker image", base::printable(reference.substr(0, 200))));
  return std::make_unique<DockerSource>(*options.transport, TRY(docker_socket_path(options)), std::string(reference));
}

}  // namespace oci
