#include "client/input/pattern.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace pattern_test {

using namespace provphone;
using namespace provphone::client::input;

TEST_CASE("a pattern is found anywhere in a text, octet by octet") {
  struct Row {
    std::string pattern, text;
    bool found;
  };
  const auto [pattern, text, found] = GENERATE(values<Row>({
      {"ip-", "sip-qq", true},
      {"IP-", "sip-qq", false},
      {"^ip-", "sip-qq", false},
      {"^$", "", true},
      {"^$", "a", false},
      {"(success|failure) a$", "resync: failure a", true},
      {"a$", "a\n", false},
      {"^b", "a\nb", false},
      {"a.b", "a\nb", false},
      {"^[[:xdigit:]]{12}$", "000e08012345", true},
      {"\\bST=\\w+", "L=a,ST=000e08", true},
      {"^caf.$", "caf\xe9", true},  // no UTF-8
      {"^caf..$", "caf\xc3\xa9", true},
      {"caf\xc3\xa9", "un caf\xc3\xa9", true},
      {"a.b", std::string("a\0b", 3), true},
  }));
  INFO(pattern << " in " << text);
  const auto parsed = parse_pattern(pattern);
  REQUIRE(parsed);
  CHECK(parsed->is_found_in(text) == found);
}

TEST_CASE("what RE2 lacks is named, and what no dialect takes is just refused") {
  struct Row {
    std::string pattern, why;
  };
  const auto [pattern, why] = GENERATE(values<Row>({
      {"a(?=b)", "RE2 has no '(?='"},
      {"a(?!b)", "RE2 has no '(?!'"},
      {"(a)\\1", "RE2 has no '\\1'"},
      {"\\u0041", "RE2 has no '\\u'"},
      {"a{1001}", "RE2 has no '{1001}'"},
      {"a**", "RE2 has no '**'"},
      {"(a", ""},
      {"[a", ""},
      {"a)", ""},
      {"[b-a]", ""},
      {"*a", ""},
      {"a\\", ""},
  }));
  INFO(pattern);
  const auto parsed = parse_pattern(pattern);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error() == Error{Errc::bad_argument, why});
}

TEST_CASE("a pattern takes time in proportion to the text, whatever it looks like") {
  const auto pattern = parse_pattern("^(a|aa|a*)*b$");
  REQUIRE(pattern);
  CHECK_FALSE(pattern->is_found_in(std::string(4 << 20, 'a')));
}

}  // namespace pattern_test
