// SPDX-License-Identifier: Apache-2.0
// Images as pages list them: filtered, sorted and cut by the store.
#include <gmock/gmock.h>

#include "providers/registry_testing.hpp"

namespace {

using model::Severity;
using providers_testing::digest;
using testing::ElementsAre;
using testing::IsEmpty;

class ImageViews : public providers_testing::RegistryTest {
 protected:
  void SetUp() override {
    push('a', "1");
    push('b', "2");
    push('c', "latest");
    scan('a', {Severity::low});
    scan('b', {Severity::critical, Severity::high});
    scan('c');
  }

  base::Result<security::Page<providers::ImageView>> page(const security::Query& query, const std::string& repository = "") {
    base::Result<security::Page<providers::ImageView>> out;
    EXPECT_TRUE(database_->read([&](store::Session& session) -> base::Result<void> {
      out = providers::list_image_views(session, registry_, repository, query);
      return {};
    }));
    return out;
  }

  // The letters of the digests, in their order.
  std::vector<char> letters(const security::Query& query, const std::string& repository = "") {
    std::vector<char> out;
    const auto found = page(query, repository);
    EXPECT_TRUE(found) << found.error().message;
    if (found)
      for (const auto& view : found->rows) out.push_back(view.image.digest.back());
    return out;
  }

  static security::Query sorted(const std::string& sort) {
    security::Query query;
    query.sort = sort;
    return query;
  }

  static security::Query filtered(const std::string& name, const std::string& value) {
    security::Query query;
    query.filters[name] = {value};
    return query;
  }
};

TEST_F(ImageViews, come_with_the_most_severe_first) {
  EXPECT_THAT(letters({}), ElementsAre('b', 'a', 'c'));
  EXPECT_THAT(letters(sorted("severity")), ElementsAre('c', 'a', 'b'));
  EXPECT_THAT(letters(sorted("-pushed")), ElementsAre('c', 'b', 'a'));
  EXPECT_THAT(letters(sorted("-tags")), ElementsAre('c', 'b', 'a'));
  EXPECT_FALSE(page(sorted("nothing")));
}

TEST_F(ImageViews, are_filtered) {
  EXPECT_THAT(letters(filtered("severity", "High")), ElementsAre('b'));
  EXPECT_THAT(letters(filtered("unhealthy", "false")), ElementsAre('c'));
  EXPECT_THAT(letters(filtered("tag", "2")), ElementsAre('b'));
  EXPECT_THAT(letters(filtered("scanState", "queued")), IsEmpty());
  EXPECT_FALSE(page(filtered("severity", "Terrible")));
  EXPECT_FALSE(page(filtered("colour", "red")));
  security::Query words;
  words.q = "LATEST";
  EXPECT_THAT(letters(words), ElementsAre('c'));
  words.q = "app " + digest('a').substr(0, 20);
  EXPECT_THAT(letters(words), ElementsAre('a'));
  words.q = "%";
  EXPECT_THAT(letters(words), IsEmpty());
  EXPECT_THAT(letters({}, "other"), IsEmpty());
}

TEST_F(ImageViews, come_page_by_page) {
  security::Query query;
  query.top = 2;
  const auto first = page(query);
  ASSERT_TRUE(first);
  EXPECT_EQ(first->total, 3);
  EXPECT_EQ(first->rows.size(), 2u);
  query.cursor = first->next;
  const auto last = page(query);
  ASSERT_TRUE(last);
  ASSERT_EQ(last->rows.size(), 1u);
  EXPECT_EQ(last->rows[0].image.digest, digest('c'));
  EXPECT_EQ(last->next, "");
  query.cursor = "x";
  EXPECT_FALSE(page(query));
}

TEST_F(ImageViews, show_an_index_through_its_images_and_with_its_tags) {
  push_index('f', "multi", {{'d', "linux/arm64"}});
  EXPECT_THAT(letters(filtered("tag", "multi")), ElementsAre('d'));
  const auto found = page(filtered("tag", "multi"));
  ASSERT_EQ(found->rows.size(), 1u);
  EXPECT_THAT(found->rows[0].tags, ElementsAre("multi"));
  EXPECT_TRUE(found->rows[0].current);
  EXPECT_EQ(found->total, 1);
}

}  // namespace
