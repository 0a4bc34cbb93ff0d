// SPDX-License-Identifier: Apache-2.0
#include "scan/layer_claims.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <thread>

namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(LayerClaims, gives_a_layer_to_one_scan) {
  scan::LayerClaims claims;
  EXPECT_THAT(claims.claim({"a", "b"}), ElementsAre("a", "b"));
  EXPECT_THAT(claims.claim({"b", "c"}), ElementsAre("c"));
  claims.release({"a", "b"});
  EXPECT_THAT(claims.claim({"a", "c"}), ElementsAre("a"));
}

TEST(LayerClaims, names_a_layer_that_stands_twice_in_an_image_once) {
  scan::LayerClaims claims;
  EXPECT_THAT(claims.claim({"a", "a"}), ElementsAre("a"));
}

TEST(LayerClaims, waits_until_the_layers_are_released) {
  scan::LayerClaims claims;
  claims.wait({"nobody's"});
  ASSERT_THAT(claims.claim({"a"}), ElementsAre("a"));
  std::atomic<bool> released{false};
  std::thread reader([&] {
    claims.wait({"a", "b"});
    EXPECT_TRUE(released);
  });
  released = true;
  claims.release({"a"});
  reader.join();
  EXPECT_THAT(claims.claim({}), IsEmpty());
}

}  // namespace
