// SPDX-License-Identifier: Apache-2.0
#include "base/base64.hpp"

#include <gtest/gtest.h>

namespace {

// RFC 4648 section 10.
TEST(Base64, agrees_with_the_vectors_of_its_specification) {
  const std::pair<const char*, const char*> vectors[] = {{"", ""},
                                                         {"f", "Zg=="},
                                                         {"fo", "Zm8="},
                                                         {"foo", "Zm9v"},
                                                         {"foob", "Zm9vYg=="},
                                                         {"fooba", "Zm9vYmE="},
                                                         {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base::base64_encode(plain), encoded);
    EXPECT_EQ(base::base64_decode(encoded), plain);
  }
}

TEST(Base64, reads_both_alphabets_line_breaks_and_no_padding) {
  EXPECT_EQ(base::base64_decode("-_+/"), base::base64_decode("+/-_"));
  EXPECT_EQ(base::base64_decode("Zm9v\r\nYg\n"), "foob");
}

TEST(Base64, refuses_what_it_is_not) {
  for (const char* text : {"Z", "Zm9vY", "Zm9*", "Zm=v", "\xff\xff"})
    EXPECT_FALSE(base::base64_decode(text)) << text;
}

}  // namespace
