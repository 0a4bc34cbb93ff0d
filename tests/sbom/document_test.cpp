// SPDX-License-Identifier: Apache-2.0
#include "sbom/document.hpp"

#include <gmock/gmock.h>

#include <set>

#include "sbom/layer_facts.hpp"

namespace sbom {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr base::Seconds kNow{std::chrono::seconds(1'700'000'000)};

model::Package make_package(std::string type, std::string name, std::string version, std::string path) {
  model::Package package;
  package.type = std::move(type);
  package.name = std::move(name);
  package.version = std::move(version);
  package.path = std::move(path);
  package.layer = "sha256:" + std::string(64, 'b');
  return package;
}

// One of each kind that the two formats write differently.
model::Inventory sample_inventory() {
  model::Inventory inventory;
  inventory.artifact = {"registry.example/app:1", "image", "sha256:" + std::string(64, 'a'), "linux/amd64",
                        {"sha256:" + std::string(64, 'b'), "sha256:" + std::string(64, 'c')}};
  inventory.os = model::Distribution{"rhel", "9.3", "Plow", "Red Hat Enterprise Linux 9.3 (Plow)", {"fedora", "centos"}};
  inventory.warnings = {"layer 3 left out"};
  inventory.partial = true;
  auto rpm = make_package("rpm", "openssl-libs", "1:3.0.7-25.el9_3", "var/lib/rpm/rpmdb.sqlite");
  rpm.arch = "x86_64";
  rpm.source = "openssl";
  rpm.source_version = "3.0.7-25.el9_3";
  rpm.vendor = "Red Hat, Inc. (made up)";
  rpm.modularity = "openssl:3:1:2";
  auto maven = make_package("maven", "org.apache.commons:commons-text", "1.9", "app.jar!/BOOT-INF/lib/commons-text.jar");
  maven.managed_by = "rpm";
  auto npm = make_package("npm", "@angular/core", "16.0.0", "srv/node_modules/@angular/core/package.json");
  npm.dev = true;
  inventory.packages = {make_package("composer", "symfony/http-kernel", "v6.0.0", "srv/vendor/composer/installed.json"),
                        make_package("golang", "github.com/example/tool", "(devel)", "usr/bin/tool"),
                        maven,
                        npm,
                        make_package("npm", "lodash", "4.17.20", "a/package.json"),
                        make_package("npm", "lodash", "4.17.20", "b/package.json"),
                        make_package("pypi", "Foo_Bar.baz", "1.0+local", "usr/lib/python3/METADATA"),
                        rpm};
  fill_purls(inventory);
  return inventory;
}

void expect_same(const model::Inventory& read, const model::Inventory& written) {
  EXPECT_EQ(read.artifact.name, written.artifact.name);
  EXPECT_EQ(read.artifact.type, "sbom");
  EXPECT_EQ(read.artifact.digest, written.artifact.digest);
  EXPECT_EQ(read.artifact.platform, written.artifact.platform);
  EXPECT_EQ(read.artifact.layers, written.artifact.layers);
  EXPECT_EQ(read.warnings, written.warnings);
  EXPECT_EQ(read.partial, written.partial);
  ASSERT_EQ(read.os.has_value(), written.os.has_value());
  if (read.os) {
    EXPECT_EQ(read.os->id, written.os->id);
    EXPECT_EQ(read.os->version, written.os->version);
    EXPECT_EQ(read.os->codename, written.os->codename);
    EXPECT_EQ(read.os->pretty_name, written.os->pretty_name);
    EXPECT_EQ(read.os->like, written.os->like);
  }
  ASSERT_EQ(read.packages.size(), written.packages.size());
  for (std::size_t i = 0; i < read.packages.size(); ++i) {
    const auto& a = read.packages[i];
    const auto& b = written.packages[i];
    SCOPED_TRACE(b.name);
    EXPECT_EQ(a.name, b.name);
    EXPECT_EQ(a.version, b.version);
    EXPECT_EQ(a.type, b.type);
    EXPECT_EQ(a.arch, b.arch);
    EXPECT_EQ(a.source, b.source);
    EXPECT_EQ(a.source_version, b.source_version);
    EXPECT_EQ(a.purl, b.purl);
    EXPECT_EQ(a.layer, b.layer);
    EXPECT_EQ(a.path, b.path);
    EXPECT_EQ(a.managed_by, b.managed_by);
    EXPECT_EQ(a.modularity, b.modularity);
    EXPECT_EQ(a.vendor, b.vendor);
    EXPECT_EQ(a.dev, b.dev);
  }
}

model::Inventory read_back(const base::Json& document) {
  auto read = read_document(base::to_pretty_text(document), "bom.json");
  EXPECT_TRUE(read) << read.error().message;
  return read ? *read : model::Inventory{};
}

TEST(Document, cyclonedx_round_trip_loses_nothing) {
  const auto inventory = sample_inventory();
  expect_same(read_back(to_cyclonedx(inventory, {}, kNow)), inventory);
}

TEST(Document, spdx_round_trip_loses_nothing) {
  const auto inventory = sample_inventory();
  expect_same(read_back(to_spdx(inventory, kNow)), inventory);
}

TEST(Document, empty_inventories_round_trip) {
  model::Inventory inventory;
  inventory.artifact.name = "empty";
  inventory.artifact.layers = {"sha256:" + std::string(64, '0')};
  expect_same(read_back(to_cyclonedx(inventory, {}, kNow)), inventory);
  expect_same(read_back(to_spdx(inventory, kNow)), inventory);
}

TEST(Document, second_writing_gives_the_same_packages) {
  const auto inventory = sample_inventory();
  const auto once = read_back(to_spdx(inventory, kNow));
  const auto twice = read_back(to_cyclonedx(once, {}, kNow));
  EXPECT_EQ(base::to_text(*base::find(to_cyclonedx(once, {}, kNow), "components")),
            base::to_text(*base::find(to_cyclonedx(twice, {}, kNow), "components")));
}

TEST(CycloneDx, head_is_deterministic_and_refs_are_unique) {
  const auto inventory = sample_inventory();
  const base::Json document = to_cyclonedx(inventory, {}, kNow);
  EXPECT_EQ(base::to_text(document), base::to_text(to_cyclonedx(inventory, {}, kNow)));
  EXPECT_NE(base::get_string(document, "serialNumber"),
            base::get_string(to_cyclonedx(inventory, {}, kNow + std::chrono::seconds(1)), "serialNumber"));
  EXPECT_EQ(base::get_string(document, "specVersion"), "1.6");
  EXPECT_THAT(std::string(base::get_string(document, "serialNumber")), ::testing::MatchesRegex("urn:uuid:[-0-9a-f]+"));
  EXPECT_THAT(std::string(base::get_string(document, "serialNumber")), SizeIs(45));
  std::set<std::string_view> refs;
  for (const auto& component : base::get_array(document, "components")) refs.insert(base::get_string(component, "bom-ref"));
  EXPECT_EQ(refs.size(), inventory.packages.size() + 1);
}

model::Finding sample_finding(const model::Package& package, std::string fixed) {
  model::Finding finding;
  finding.id = "CVE-2022-42889";
  finding.aliases = {"GHSA-599f-7c49-w659"};
  finding.title = "Text4Shell";
  finding.package = package;
  finding.fixed_version = std::move(fixed);
  finding.severity = model::Severity::critical;
  finding.score = 9.8;
  finding.vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H";
  finding.references = {"https://example.org/advisory"};
  finding.published = "2022-10-13T13:15:10Z";
  return finding;
}

TEST(CycloneDx, one_vulnerability_names_all_its_packages) {
  const auto inventory = sample_inventory();
  const base::Json document =
      to_cyclonedx(inventory, {sample_finding(inventory.packages[2], "1.10"), sample_finding(inventory.packages[4], "")}, kNow);
  const auto& vulnerabilities = base::get_array(document, "vulnerabilities");
  ASSERT_EQ(vulnerabilities.size(), 1u);
  const base::Json& vulnerability = vulnerabilities[0];
  EXPECT_EQ(base::get_string(vulnerability, "id"), "CVE-2022-42889");
  const auto& affects = base::get_array(vulnerability, "affects");
  ASSERT_EQ(affects.size(), 2u);
  EXPECT_EQ(base::get_string(affects[0], "ref"), inventory.packages[2].purl);
  EXPECT_EQ(base::to_text(affects[0].at("versions")),
            R"([{"version":"1.9","status":"affected"},{"version":"1.10","status":"unaffected"}])");
  EXPECT_EQ(base::get_string(base::get_array(vulnerability, "ratings")[0], "method"), "CVSSv31");
  EXPECT_EQ(base::get_string(vulnerability, "recommendation"), "Upgrade org.apache.commons:commons-text to 1.10");
  EXPECT_EQ(base::get_string(base::get_array(vulnerability, "references")[0], "id"), "GHSA-599f-7c49-w659");
}

TEST(CycloneDx, suppression_becomes_an_analysis) {
  const auto inventory = sample_inventory();
  auto finding = sample_finding(inventory.packages[2], "");
  finding.suppressed = model::Suppression{"vex.json", "vulnerable_code_not_in_execute_path", "not_affected"};
  const base::Json document = to_cyclonedx(inventory, {finding}, kNow);
  const base::Json& analysis = base::get_array(document, "vulnerabilities")[0].at("analysis");
  EXPECT_EQ(base::get_string(analysis, "state"), "not_affected");
  EXPECT_EQ(base::get_string(analysis, "justification"), "code_not_reachable");
  EXPECT_THAT(std::string(base::get_string(analysis, "detail")), HasSubstr("vex.json"));
}

TEST(CycloneDx, invalid_utf8_is_replaced) {
  model::Inventory inventory;
  inventory.artifact.name = "a";
  inventory.packages = {make_package("npm", "x", "1", "bad\xff/name")};
  EXPECT_THAT(read_back(to_cyclonedx(inventory, {}, kNow)).packages[0].path, "bad\xef\xbf\xbd/name");
  EXPECT_THAT(read_back(to_spdx(inventory, kNow)).packages[0].path, "bad\xef\xbf\xbd/name");
}

TEST(Document, reads_what_trivy_writes_as_cyclonedx) {
  const auto inventory = read_document(R"({"bomFormat":"CycloneDX","specVersion":"1.5","metadata":{"component":{"type":"container",
    "name":"demo","properties":[{"name":"aquasecurity:trivy:DiffID","value":"sha256:1"},{"name":"aquasecurity:trivy:DiffID","value":"sha256:2"}]}},
    "components":[
     {"type":"operating-system","name":"redhat","version":"8.9"},
     {"type":"library","name":"libssl3","version":"1:3.0.11-1~deb12u2","purl":"pkg:deb/debian/libssl3@3.0.11-1~deb12u2?arch=amd64&distro=debian-12.4&epoch=1",
      "properties":[{"name":"aquasecurity:trivy:SrcName","value":"openssl"},{"name":"aquasecurity:trivy:SrcEpoch","value":"1"},
       {"name":"aquasecurity:trivy:SrcVersion","value":"3.0.11"},{"name":"aquasecurity:trivy:SrcRelease","value":"1~deb12u2"},
       {"name":"aquasecurity:trivy:LayerDiffID","value":"sha256:1"}]},
     {"type":"application","name":"srv/package-lock.json","components":[
      {"type":"library","group":"@babel","name":"core","version":"7.0.0","purl":"pkg:npm/%40babel/core@7.0.0",
       "properties":[{"name":"aquasecurity:trivy:FilePath","value":"srv/package.json"}]}]}]})",
                                       "trivy.json");
  ASSERT_TRUE(inventory) << inventory.error().message;
  EXPECT_EQ(inventory->os->id, "rhel");
  EXPECT_THAT(inventory->artifact.layers, ElementsAre("sha256:1", "sha256:2"));
  ASSERT_THAT(inventory->packages, SizeIs(2));
  const auto& deb = inventory->packages[0];
  EXPECT_EQ(deb.version, "1:3.0.11-1~deb12u2");
  EXPECT_EQ(deb.source, "openssl");
  EXPECT_EQ(deb.source_version, "1:3.0.11-1~deb12u2");
  EXPECT_EQ(deb.arch, "amd64");
  EXPECT_EQ(deb.layer, "sha256:1");
  EXPECT_EQ(inventory->packages[1].name, "@babel/core");
  EXPECT_EQ(inventory->packages[1].path, "srv/package.json");
}

TEST(Document, reads_what_syft_writes_as_cyclonedx) {
  const auto inventory = read_document(R"({"bomFormat":"CycloneDX","specVersion":"1.6","components":[
     {"type":"library","name":"openssl-libs","version":"1:3.0.7-24.el9","publisher":"Rocky","purl":"pkg:rpm/rocky/openssl-libs@3.0.7-24.el9?arch=x86_64&distro=rocky-9.3&epoch=1",
      "properties":[{"name":"syft:metadata:sourceRpm","value":"openssl-3.0.7-24.el9.src.rpm"},{"name":"syft:location:0:path","value":"/var/lib/rpm/rpmdb.sqlite"},
       {"name":"syft:location:0:layerID","value":"sha256:7"}]},
     {"type":"library","name":"zlib","version":"0:1.2.11-40.el9","purl":"pkg:rpm/rocky/zlib@1.2.11-40.el9?arch=x86_64&distro=rocky-9.3&epoch=0&upstream=zlib-1.2.11-40.el9.src.rpm"},
     {"type":"library","name":"libcrypto3","version":"3.1.4-r2","purl":"pkg:apk/alpine/libcrypto3@3.1.4-r2?arch=x86_64&distro=alpine-3.19.1",
      "properties":[{"name":"syft:metadata:originPackage","value":"openssl"}]},
     {"type":"library","group":"org.yaml","name":"snakeyaml","version":"1.30","purl":"pkg:maven/org.yaml/snakeyaml@1.30"},
     {"type":"library","name":"snakeyaml","version":"1.31","purl":"pkg:maven/org.yaml/snakeyaml@1.31"},
     {"type":"file","name":"/etc/passwd"},
     {"type":"operating-system","name":"rocky","version":"9.3","description":"Rocky Linux 9.3","properties":[{"name":"syft:distro:idLike:0","value":"rhel"}]}]})",
                                       "syft.json");
  ASSERT_TRUE(inventory) << inventory.error().message;
  EXPECT_EQ(inventory->os->id, "rocky");
  ASSERT_THAT(inventory->packages, SizeIs(5));
  EXPECT_THAT(inventory->warnings, IsEmpty());
  EXPECT_EQ(inventory->packages[0].source, "openssl");
  EXPECT_EQ(inventory->packages[0].source_version, "3.1.4-r2");
  EXPECT_EQ(inventory->packages[1].name, "org.yaml:snakeyaml");
  EXPECT_EQ(inventory->packages[2].name, "org.yaml:snakeyaml");
  const auto& rpm = inventory->packages[3];
  EXPECT_EQ(rpm.version, "1:3.0.7-24.el9");
  EXPECT_EQ(rpm.source, "openssl");
  EXPECT_EQ(rpm.source_version, "3.0.7-24.el9");
  EXPECT_EQ(rpm.path, "var/lib/rpm/rpmdb.sqlite");
  EXPECT_EQ(rpm.layer, "sha256:7");
  EXPECT_EQ(rpm.vendor, "Rocky");
  EXPECT_EQ(inventory->packages[4].version, "1.2.11-40.el9");
  EXPECT_EQ(inventory->packages[4].source, "zlib");
}

TEST(Document, takes_the_distribution_from_package_urls) {
  const auto os_of = [](const std::string& purl) {
    const auto inventory = read_document(
        R"({"bomFormat":"CycloneDX","specVersion":"1.4","components":[{"type":"library","name":"x","version":"1","purl":")" + purl + "\"}]}", "x");
    return inventory && inventory->os ? inventory->os->id + ' ' + inventory->os->version + ' ' + inventory->os->codename : "none";
  };
  EXPECT_EQ(os_of("pkg:deb/debian/x@1?distro=debian-12"), "debian 12 ");
  EXPECT_EQ(os_of("pkg:apk/alpine/x@1?distro=3.19.1"), "alpine 3.19.1 ");
  EXPECT_EQ(os_of("pkg:deb/debian/x@1?distro=bookworm"), "debian  bookworm");
  EXPECT_EQ(os_of("pkg:rpm/opensuse/x@1?distro=opensuse-leap-15.5"), "opensuse-leap 15.5 ");
  EXPECT_EQ(os_of("pkg:deb/ubuntu/x@1?os_distro=jammy&os_name=ubuntu&os_version=22.04"), "ubuntu 22.04 jammy");
  EXPECT_EQ(os_of("pkg:rpm/redhat/x@1?distro=redhat-9.2"), "rhel 9.2 ");
  EXPECT_EQ(os_of("pkg:npm/x@1"), "none");
}

TEST(Document, reads_spdx_of_trivy_and_of_sbom_tool) {
  const auto inventory = read_document(R"({"spdxVersion":"SPDX-2.2","SPDXID":"SPDXRef-DOCUMENT","name":"img","documentDescribes":["SPDXRef-Root"],"packages":[
     {"SPDXID":"SPDXRef-Root","name":"img","versionInfo":"1","primaryPackagePurpose":"CONTAINER"},
     {"SPDXID":"SPDXRef-OperatingSystem-1","name":"alpine","versionInfo":"3.19.1"},
     {"SPDXID":"SPDXRef-1","name":"libssl3","versionInfo":"3.1.4-r2","sourceInfo":"built package from: openssl 3.1.4-r2",
      "attributionTexts":["PkgID: libssl3@3.1.4-r2","LayerDiffID: sha256:9"],
      "externalRefs":[{"referenceCategory":"PACKAGE_MANAGER","referenceType":"purl","referenceLocator":"pkg:apk/alpine/libssl3@3.1.4-r2?arch=x86_64&distro=3.19.1"}]},
     {"SPDXID":"SPDXRef-2","name":"Newtonsoft.Json","versionInfo":"13.0.1",
      "externalRefs":[{"referenceCategory":"PACKAGE_MANAGER","referenceType":"purl","referenceLocator":"pkg:nuget/Newtonsoft.Json@13.0.1"}]},
     {"SPDXID":"SPDXRef-3","name":"nobody"}]})",
                                       "tool.spdx.json");
  ASSERT_TRUE(inventory) << inventory.error().message;
  EXPECT_EQ(inventory->os->version, "3.19.1");
  ASSERT_THAT(inventory->packages, SizeIs(2));
  EXPECT_EQ(inventory->packages[0].source, "openssl");
  EXPECT_EQ(inventory->packages[0].layer, "sha256:9");
  EXPECT_EQ(inventory->packages[1].name, "Newtonsoft.Json");
  EXPECT_THAT(inventory->warnings, ElementsAre(HasSubstr("1 packages have no package URL")));
}

TEST(Document, refuses_other_documents_with_a_mend) {
  const auto message = [](std::string_view text) {
    const auto inventory = read_document(text, "x.json");
    return inventory ? std::string("read") : inventory.error().message;
  };
  EXPECT_THAT(message("<bom/>"), HasSubstr("XML"));
  EXPECT_THAT(message("SPDXVersion: SPDX-2.3\n"), HasSubstr("tag-value"));
  EXPECT_THAT(message("{}"), HasSubstr("neither"));
  EXPECT_THAT(message("[1]"), HasSubstr("neither"));
  EXPECT_THAT(message("{\"bomFormat\":"), HasSubstr("x.json: not valid JSON"));
  EXPECT_THAT(message(R"({"bomFormat":"CycloneDX","specVersion":"1.1"})"), HasSubstr("1.1 is not read"));
  EXPECT_THAT(message(R"({"spdxVersion":"SPDX-3.0"})"), HasSubstr("SPDX-3.0 is not read"));
  EXPECT_THAT(message(R"({"artifacts":[],"descriptor":{"name":"syft"}})"), HasSubstr("syft convert"));
  EXPECT_EQ(message(R"({"predicateType":"https://cyclonedx.org/bom","predicate":{"bomFormat":"CycloneDX","specVersion":"1.6"}})"), "read");
}

}  // namespace
}  // namespace sbom
