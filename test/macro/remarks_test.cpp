#include "macro/remarks.hpp"

#include "test/macro/reference_phone.hpp"

#include <catch2/catch.hpp>

namespace remarks_test {

using namespace provphone::macro;
using namespace provphone::macro::test;

namespace {

std::vector<std::string> remarks(std::string_view text) {
  const auto phone = reference_phone();
  return remarks_on(text, {phone});
}

std::string unfilled(std::string_view field) {
  return "`" + std::string(field) + "` looks like a template that was not filled in";
}

}  // namespace

TEST_CASE("a name that no macro has is remarked on once, with the one that may be meant",
          "[R-MACRO-26]") {
  struct Row {
    std::string_view text;
    std::string_view remark;
  };
  for (const auto& [text, remark] : {
           Row{"http://h/$mac.xml", "there is no macro `mac` (did you mean `$MA`?)"},
           Row{"http://h/$(mac).xml?$(mac)", "there is no macro `mac` (did you mean `$MA`?)"},
           Row{"http://h/$mac_address", "there is no macro `mac` (did you mean `$MA`?)"},
           Row{"http://h/$Psn.xml", "there is no macro `Psn` (did you mean `$PSN`?)"},
           Row{"http://h/$MAUconfig",
               "there is no macro `MAUconfig` (did you mean `$(MAU)config`?)"},
           Row{"http://h/$NOPE", "there is no macro `NOPE`: it stays as it is"},
       }) {
    CAPTURE(text);
    CHECK(remarks(text) == std::vector<std::string>{std::string(remark)});
  }
}

TEST_CASE("a template that nobody has filled in is remarked on", "[R-MACRO-26]") {
  for (const std::string_view field :
       {"{mac}", "{{mac}}", "{{ device.mac }}", "<mac>", "%MA%", "%ACCOUNT%"}) {
    const auto text = "http://h/" + std::string(field) + ".xml";
    CAPTURE(text);
    CHECK(remarks(text) == std::vector<std::string>{unfilled(field)});
  }
  CHECK(remarks("http://h/${mac}.xml") == std::vector<std::string>{unfilled("${mac}")});
  CHECK(remarks("http://{site}/{mac}{mac}") ==
        std::vector<std::string>{unfilled("{site}"), unfilled("{mac}")});
}

TEST_CASE("what a rule may hold is not remarked on", "[R-MACRO-26]") {
  for (const std::string_view text :
       {"http://h/$MA_$(MAU:6).xml", "http://h/$$mac", "[--key $SA] http://h/$PSN.xml",
        "http://h/$SA", "($PRVTMR < 600 and $UPGTMR > 5)? http://h/a", "http://h/100%/50%",
        "http://h/a%20b%2Fc", "http://h/%ABcd%20", "http://h/{}{1}", "", "http://h/$ $-"}) {
    CAPTURE(text);
    CHECK(remarks(text).empty());
  }
}

}  // namespace remarks_test
