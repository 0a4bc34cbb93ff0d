// SPDX-License-Identifier: Apache-2.0
#include "hostreader/allowed.hpp"

#include <gtest/gtest.h>

#include <string>

using hostreader::find_engine_path;
using hostreader::find_readable;

namespace {

const std::string kSha = "sha256:" + std::string(64, 'e');

bool may_get(const std::string& target) { return find_engine_path(target, false) != nullptr; }
bool may_follow(const std::string& target) { return find_engine_path(target, true) != nullptr; }

}  // namespace

TEST(AllowedEnginePaths, are_those_of_collector_and_inventory) {
  for (const std::string target :
       {"/_ping", "/version", "/info", "/containers/json?all=1", "/containers/json?all=true&filters=%7B%22label%22%3A%5B%22a%3Db%22%5D%7D",
        "/images/json", "/images/json?digests=1&all=0", "/networks", "/volumes", "/swarm", "/nodes", "/services", "/secrets",
        "/exec/0a9f/json", "/v1.41/info", "/v1.52/containers/json?all=1"})
    EXPECT_TRUE(may_get(target)) << target;
  EXPECT_TRUE(may_get("/containers/" + std::string(64, 'a') + "/json"));
  EXPECT_TRUE(may_get("/containers/web-1.a_b/top"));
  EXPECT_TRUE(may_get("/images/" + kSha + "/json"));
  EXPECT_TRUE(may_get("/images/" + kSha + "/history"));
  EXPECT_TRUE(may_follow("/images/" + kSha + "/get"));
  EXPECT_TRUE(may_follow("/events"));
  EXPECT_TRUE(may_follow("/events?since=1700000000.000000001&filters=%7B%22type%22%3A%5B%22container%22%5D%7D"));
}

TEST(AllowedEnginePaths, are_no_others) {
  for (const std::string target :
       {"", "/", "info", "//info", "/info/", "/info?x=1", "/info?", "/INFO", "/_ping/../info", "/containers/../info",
        "/containers/./json", "/containers//json", "/containers/.x/json", "/containers/a%2fb/json", "/containers/a%2Fb/json",
        "/containers/a/b/json", "/containers/a/logs", "/containers/a/archive?path=/etc/shadow", "/containers/a/export",
        "/containers/a/attach", "/containers/a/json#x", "/containers/a/json?size=1", "/containers/json?all=2",
        "/containers/json?all=1&all=1", "/containers/json?all", "/containers/json?all=1 HTTP/1.1", "/containers/json?filters=x",
        "/containers/json?filters=%7B%22a%22%3A1%7D", "/containers/json?filters=%7", "/containers/a/top?ps_args=-o%20args",
        "/images/x/get", "/images/get?names=a", "/images/search?term=a", "/images/a/b/json", "/exec/a/start", "/auth", "/build",
        "/commit", "/swarm/unlockkey", "/secrets/a", "/configs", "/plugins", "/tasks", "/system/df", "/events",
        "/v1/info", "/v1.4111/info", "/v1.x/info", "/v2.0/info", "/v1.41/v1.41/info", "/v1.41info", "/info\r\nX: y", "/info\n", "/info "})
    EXPECT_FALSE(may_get(target)) << target;
  EXPECT_FALSE(may_get(std::string("/info\0", 6)));
  EXPECT_FALSE(may_get("/containers/" + std::string(129, 'a') + "/json"));
  for (const std::string target : {"/info", "/containers/a/logs?follow=1", "/containers/a/attach/ws", "/events?since=-1",
                                   "/events?since=1.", "/events?since=", "/events?until=1&x=1", "/images/../get", "/images/a%2e/get"})
    EXPECT_FALSE(may_follow(target)) << target;
}

TEST(AllowedFiles, are_those_of_the_collector) {
  for (const char* path : {"/proc/1/comm", "/proc/4194304/cmdline", "/proc/7/net/tcp6", "/proc/self/mountinfo", "/etc/group",
                           "/etc/audit/rules.d/10-docker.rules", "/etc/containerd/config.toml"})
    EXPECT_NE(find_readable(path), nullptr) << path;
  for (const char* path :
       {"/etc/shadow", "/etc/gshadow", "/etc/group/", "/etc//group", "/etc/../etc/group", "/proc/1/environ", "/proc/1/mem", "/proc/1/maps",
        "/proc/self/comm", "/proc/1/root/etc/shadow", "/proc/1/fd/3", "/proc/1/task/1/comm", "/proc/-1/comm", "/proc/1x/comm",
        "/proc/99999999999/comm", "/etc/audit/rules.d/x", "/etc/audit/rules.d/a/b.rules", "/etc/audit/rules.d/../../shadow.rules",
        "/root/.docker/config.json", "/etc/docker/key.json", "/var/lib/docker/swarm/certificates/swarm-node.key", "", "/"})
    EXPECT_EQ(find_readable(path), nullptr) << path;
  EXPECT_TRUE(hostreader::is_readable_link("/proc/7/exe"));
  EXPECT_TRUE(hostreader::is_readable_link("/proc/7/fd/12"));
  for (const char* path : {"/proc/7/cwd", "/proc/7/root", "/proc/7/fd", "/proc/7/fd/..", "/etc/localtime"})
    EXPECT_FALSE(hostreader::is_readable_link(path)) << path;
  for (const char* path : {"/", "/root", "/proc/7", "/proc/7/task", "/proc/7/fd/3", "/etc/docker"})
    EXPECT_FALSE(hostreader::is_listable(path)) << path;
}

TEST(AllowedFiles, are_named_plainly) {
  EXPECT_TRUE(hostreader::is_plain_path("/etc/docker/certs.d/reg.example:5000/ca.crt"));
  for (const std::string path : {"", "etc", "/", "/etc/", "/etc//x", "/etc/./x", "/etc/../x", "/..", "/etc/.."})
    EXPECT_FALSE(hostreader::is_plain_path(path)) << path;
  EXPECT_FALSE(hostreader::is_plain_path(std::string("/etc\0x", 6)));
  EXPECT_FALSE(hostreader::is_plain_path("/" + std::string(5000, 'a')));
}
