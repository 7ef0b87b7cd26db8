#include "macro/hide.hpp"

#include <catch2/catch.hpp>

namespace hide_test {
namespace {

std::string hidden(std::string_view rule) {
  return provphone::macro::hide_secrets(rule,
                                        [](std::string_view name) { return name == "GPP_SA"; });
}

}  // namespace

TEST_CASE("what is secret in a rule is hidden wherever the rule is shown", "[R-RULE-45]") {
  struct Case {
    const char* rule;
    const char* shown;
  };
  for (const auto& [rule, shown] :
       {Case{"http://h/x", "http://h/x"}, Case{"", ""},
        Case{"[--key MyOwnSecret] tftp://h/x", "[--key ********] tftp://h/x"},
        Case{"[--key \"my secret phrase\"]tftp://h/x", "[--key \"********\"]tftp://h/x"},
        Case{"[ --uid u --pwd p ] http://h/x", "[ --uid u --pwd ******** ] http://h/x"},
        Case{"[--pwd p --key k]http://h/a|[--key\tk2]http://h/b",
             "[--pwd ******** --key ********]http://h/a|[--key\t********]http://h/b"},
        Case{"[--key \"never closed", "[--key \"********\""}, Case{"[--key", "[--key"},
        Case{"[--key ]", "[--key ]"},
        Case{"(GPP_SA = \"phrase\"; GPP_B=\"b\";)! http://h/x",
             "(GPP_SA = \"********\"; GPP_B=\"b\";)! http://h/x"},
        Case{"(GPP_B=\"b\";GPP_SA=\"phrase\";)!", "(GPP_B=\"b\";GPP_SA=\"********\";)!"},
        Case{"http://u:p@h/x", "http://u:********@h/x"},
        Case{"($A eq 1)? https://u:p@w@h:80/x|u:p@h/x http://u@h/x",
             "($A eq 1)? https://u:********@h:80/x|u:********@h/x http://u@h/x"},
        Case{"http://h/a:b@c", "http://h/a:b@c"},
        Case{"http://h/x?mac=$MA&password=p w", "http://h/x?mac=$MA&password=******** w"},
        Case{"($A eq 1)?http://h/x?a=1;Api-Key=k|tftp://h/y",
             "($A eq 1)?http://h/x?a=1;Api-Key=********"},
        Case{"[--post] /x?token=$SN ] y", "[--post] /x?token=******** ] y"},
        Case{"http://h/x?token", "http://h/x?token"},
        Case{"(\"$A\" = \"x\")? http://h/x", "(\"$A\" = \"x\")? http://h/x"}}) {
    CHECK(hidden(rule) == shown);
  }
}

}  // namespace hide_test
