// SPDX-License-Identifier: Apache-2.0
// Debian's docker-registry, run by a test on a free loopback port with its data in a temporary folder, and ended with
// the object.
#pragma once

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <signal.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>

#include "base/files.hpp"
#include "base/hash.hpp"
#include "base/process.hpp"
#include "net/http.hpp"

extern char** environ;

namespace oci_test {

inline bool has_program(const std::string& name) {
  return base::run_process({"sh", "-c", "command -v " + name}).value().exit_code == 0;
}

inline int free_loopback_port() {
  const int fd = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ::bind(fd, reinterpret_cast<sockaddr*>(&address), size);
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  ::close(fd);
  return ntohs(address.sin_port);
}

class LiveRegistry {
 public:
  static constexpr const char* kUser = "ann";
  static constexpr const char* kPassword = "swordfish";

  struct Options {
    bool tls = false;
    bool login = false;  // kUser and kPassword
    bool deletes = false;
  };

  explicit LiveRegistry(Options options) : options_(options), port_(free_loopback_port()) {
    if (options.tls) make_certificates();
    write("config.yml", configuration());
    start();
    net::TransportOptions transport;
    transport.ca_file = options.tls ? ca_file() : "";
    transport_ = net::curl_transport(transport);
    ready_ = wait_until_ready();
  }
  LiveRegistry(const LiveRegistry&) = delete;
  LiveRegistry& operator=(const LiveRegistry&) = delete;
  ~LiveRegistry() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }

  bool ready() const { return ready_; }
  std::string host() const { return "localhost:" + std::to_string(port_); }
  std::string ca_file() const { return (folder_.path() / "ca.pem").string(); }
  std::filesystem::path blob_file(const std::string& digest_hex) const {
    return folder_.path() / "data/docker/registry/v2/blobs/sha256" / digest_hex.substr(0, 2) / digest_hex / "data";
  }

  // Returns the digest.
  std::string push_blob(const std::string& repository, const std::string& bytes) {
    const std::string digest = "sha256:" + base::sha256_hex(bytes);
    net::HttpRequest begin = request("POST", "/v2/" + repository + "/blobs/uploads/");
    const auto upload = transport_->send(begin);
    if (!upload || upload->status != 202) return {};
    net::HttpRequest put = request("PUT", "");
    put.url = upload->header("location");
    put.url += (put.url.find('?') == std::string::npos ? "?digest=" : "&digest=") + digest;
    put.headers.emplace_back("Content-Type", "application/octet-stream");
    put.body = bytes;
    const auto done = transport_->send(put);
    return done && done->status == 201 ? digest : "";
  }

  std::string push_manifest(const std::string& repository, const std::string& tag, const std::string& text,
                            const std::string& media_type) {
    net::HttpRequest put = request("PUT", "/v2/" + repository + "/manifests/" + tag);
    put.headers.emplace_back("Content-Type", media_type);
    put.body = text;
    const auto done = transport_->send(put);
    return done && done->status == 201 ? "sha256:" + base::sha256_hex(text) : "";
  }

 private:
  net::HttpRequest request(std::string method, const std::string& path) const {
    net::HttpRequest out;
    out.method = std::move(method);
    out.url = (options_.tls ? "https://" : "http://") + host() + path;
    out.total_timeout = std::chrono::seconds(20);
    if (options_.login) out.headers.emplace_back("Authorization", "Basic YW5uOnN3b3JkZmlzaA==");
    return out;
  }

  void write(const char* name, const std::string& text) {
    (void)base::write_file_atomically(folder_.path() / name, text);
  }

  void make_certificates() {
    const std::string folder = folder_.path().string();
    write("leaf.ext", "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n");
    const std::string script =
        "cd '" + folder +
        "' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj '/CN=Test authority'"
        " -keyout ca.key -out ca.pem && openssl req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj "
        "/CN=localhost"
        " -keyout leaf.key -out leaf.csr && openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial"
        " -days 2 -extfile leaf.ext -out leaf.pem";
    (void)base::run_process({"sh", "-c", script});
  }

  std::string configuration() {
    const std::string folder = folder_.path().string();
    std::string text = fmt::format(
        "version: 0.1\nlog: {{level: error, accesslog: {{disabled: true}}}}\nstorage: {{filesystem: {{rootdirectory: "
        "{}/data}}, delete: {{enabled: {}}}}}\n"
        "http:\n  addr: 127.0.0.1:{}\n",
        folder, options_.deletes, port_);
    if (options_.tls) text += fmt::format("  tls: {{certificate: {0}/leaf.pem, key: {0}/leaf.key}}\n", folder);
    if (options_.login) {
      // bcrypt of kPassword at its lowest cost
      write("htpasswd", "ann:$2b$04$abcdefghijklmnopqrstuugIEnm3ZbWF6xb2GcoE3L1CoGJFMKtu.\n");
      text += fmt::format("auth: {{htpasswd: {{realm: test, path: {}/htpasswd}}}}\n", folder);
    }
    return text;
  }

  void start() {
    const std::string config = (folder_.path() / "config.yml").string();
    const std::string log = (folder_.path() / "log").string();
    std::string words[] = {"docker-registry", "serve", config};
    char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 1, log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    posix_spawn_file_actions_adddup2(&actions, 1, 2);
    if (::posix_spawnp(&pid_, "docker-registry", &actions, nullptr, arguments, environ) != 0) pid_ = -1;
    posix_spawn_file_actions_destroy(&actions);
  }

  bool wait_until_ready() {
    for (const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
         std::chrono::steady_clock::now() < end;) {
      const auto answer = transport_->send(request("GET", "/v2/"));
      if (answer && answer->status == 200) return true;
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return false;
  }

  const Options options_;
  const base::TempDir folder_ = base::TempDir::create().value();
  const int port_;
  pid_t pid_ = -1;
  bool ready_ = false;
  std::unique_ptr<net::HttpTransport> transport_;
};

}  // namespace oci_test
