// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>

#include "base/text.hpp"
#include "sbom/java_identity.hpp"

namespace sbom {
namespace {

struct KnownGroup {
  std::string_view artifact;  // with a trailing '*': a prefix; the longest that fits counts
  std::string_view group;
  std::string_view since;     // first major version under this group, where it moved
};

// Artifacts that name their group nowhere in the archive, and where a wrong guess would hide advisories.
constexpr KnownGroup kKnownGroups[] = {
    {"spring-aop", "org.springframework", ""},
    {"spring-aspects", "org.springframework", ""},
    {"spring-beans", "org.springframework", ""},
    {"spring-context", "org.springframework", ""},
    {"spring-context-support", "org.springframework", ""},
    {"spring-core", "org.springframework", ""},
    {"spring-expression", "org.springframework", ""},
    {"spring-jcl", "org.springframework", ""},
    {"spring-jdbc", "org.springframework", ""},
    {"spring-jms", "org.springframework", ""},
    {"spring-messaging", "org.springframework", ""},
    {"spring-orm", "org.springframework", ""},
    {"spring-oxm", "org.springframework", ""},
    {"spring-test", "org.springframework", ""},
    {"spring-tx", "org.springframework", ""},
    {"spring-web", "org.springframework", ""},
    {"spring-webflux", "org.springframework", ""},
    {"spring-webmvc", "org.springframework", ""},
    {"spring-websocket", "org.springframework", ""},
    {"spring-boot*", "org.springframework.boot", ""},
    {"spring-security-*", "org.springframework.security", ""},
    {"spring-data-*", "org.springframework.data", ""},
    {"spring-session-*", "org.springframework.session", ""},
    {"spring-cloud-*", "org.springframework.cloud", ""},
    {"spring-integration-*", "org.springframework.integration", ""},
    {"spring-batch-*", "org.springframework.batch", ""},
    {"spring-kafka", "org.springframework.kafka", ""},
    {"spring-amqp", "org.springframework.amqp", ""},
    {"spring-rabbit", "org.springframework.amqp", ""},
    {"spring-retry", "org.springframework.retry", ""},
    {"spring-graphql", "org.springframework.graphql", ""},
    {"spring-ldap-core", "org.springframework.ldap", ""},
    {"reactor-core", "io.projectreactor", ""},
    {"reactor-netty*", "io.projectreactor.netty", ""},
    {"micrometer-*", "io.micrometer", ""},
    {"kotlin-*", "org.jetbrains.kotlin", ""},
    {"kotlinx-*", "org.jetbrains.kotlinx", ""},
    {"okhttp", "com.squareup.okhttp3", "3"},
    {"okhttp", "com.squareup.okhttp", ""},
    {"okio*", "com.squareup.okio", ""},
    {"retrofit", "com.squareup.retrofit2", ""},
    {"groovy*", "org.apache.groovy", "4"},
    {"groovy*", "org.codehaus.groovy", ""},
    {"hibernate-core", "org.hibernate.orm", "6"},
    {"hibernate-core", "org.hibernate", ""},
    {"hibernate-entitymanager", "org.hibernate", ""},
    {"hibernate-validator", "org.hibernate.validator", "6"},
    {"hibernate-validator", "org.hibernate", ""},
    {"kafka-clients", "org.apache.kafka", ""},
    {"kafka_*", "org.apache.kafka", ""},
    {"lucene-*", "org.apache.lucene", ""},
    {"solr-core", "org.apache.solr", ""},
    {"elasticsearch", "org.elasticsearch", ""},
    {"opensearch", "org.opensearch", ""},
    {"zookeeper", "org.apache.zookeeper", ""},
    {"bcprov-*", "org.bouncycastle", ""},
    {"bcpkix-*", "org.bouncycastle", ""},
    {"bcutil-*", "org.bouncycastle", ""},
    {"bcpg-*", "org.bouncycastle", ""},
    {"bcmail-*", "org.bouncycastle", ""},
    {"bc-fips", "org.bouncycastle", ""},
    {"grpc-*", "io.grpc", ""},
    {"rxjava", "io.reactivex.rxjava3", "3"},
    {"rxjava", "io.reactivex.rxjava2", "2"},
    {"rxjava", "io.reactivex", ""},
    {"mysql-connector-java", "mysql", ""},
    {"mysql-connector-j", "com.mysql", ""},
    {"jetty-http", "org.eclipse.jetty", ""},
    {"jetty-server", "org.eclipse.jetty", ""},
    {"log4j", "log4j", ""},
    {"reload4j", "ch.qos.reload4j", ""},
    {"junit", "junit", ""},
    {"junit-jupiter*", "org.junit.jupiter", ""},
    {"junit-platform-*", "org.junit.platform", ""},
    {"hamcrest*", "org.hamcrest", ""},
    {"guava", "com.google.guava", ""},
    {"gson", "com.google.code.gson", ""},
    {"protobuf-java*", "com.google.protobuf", ""},
    {"asm*", "org.ow2.asm", "4"},
    {"asm", "asm", ""},
    {"classworlds", "classworlds", ""},
    {"oro", "oro", ""},
    {"xml-apis", "xml-apis", ""},
    {"dom4j", "org.dom4j", "2"},
    {"dom4j", "dom4j", ""},
    {"jdom", "org.jdom", ""},
    {"jdom2", "org.jdom", ""},
    {"joda-time", "joda-time", ""},
    {"commons-beanutils", "commons-beanutils", ""},
    {"commons-cli", "commons-cli", ""},
    {"commons-codec", "commons-codec", ""},
    {"commons-collections", "commons-collections", ""},
    {"commons-collections4", "org.apache.commons", ""},
    {"commons-compress", "org.apache.commons", ""},
    {"commons-configuration", "commons-configuration", ""},
    {"commons-configuration2", "org.apache.commons", ""},
    {"commons-digester", "commons-digester", ""},
    {"commons-fileupload", "commons-fileupload", ""},
    {"commons-httpclient", "commons-httpclient", ""},
    {"commons-io", "commons-io", ""},
    {"commons-lang", "commons-lang", ""},
    {"commons-lang3", "org.apache.commons", ""},
    {"commons-logging", "commons-logging", ""},
    {"commons-net", "commons-net", ""},
    {"commons-text", "org.apache.commons", ""},
    {"commons-validator", "commons-validator", ""},
    {"struts", "struts", ""},
    {"xercesImpl", "xerces", ""},
    {"xalan", "xalan", ""},
    {"velocity", "org.apache.velocity", ""},
    {"ant", "org.apache.ant", ""},
    {"aspectjrt", "org.aspectj", ""},
    {"aspectjweaver", "org.aspectj", ""},
    {"hsqldb", "org.hsqldb", ""},
};

bool known_group_fits(const KnownGroup& row, std::string_view artifact) {
  if (row.artifact.back() != '*') return row.artifact == artifact;
  const auto prefix = row.artifact.substr(0, row.artifact.size() - 1);
  return artifact.substr(0, prefix.size()) == prefix;
}

// `version` starts with a major number of at least `since` (both short digit strings).
bool is_since(std::string_view version, std::string_view since) {
  if (since.empty()) return true;
  auto major = version.substr(0, version.find_first_not_of("0123456789"));
  major.remove_prefix(std::min(major.find_first_not_of('0'), major.size()));
  return major.size() != since.size() ? major.size() > since.size() : major >= since;
}

}  // namespace

std::string_view known_maven_group(std::string_view artifact, std::string_view version) {
  const KnownGroup* best = nullptr;
  for (const KnownGroup& row : kKnownGroups) {
    if (!known_group_fits(row, artifact) || !is_since(version, row.since)) continue;
    if (best == nullptr || row.artifact.size() > best->artifact.size()) best = &row;
  }
  return best == nullptr ? std::string_view{} : best->group;
}

}  // namespace sbom
