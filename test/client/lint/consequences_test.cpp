#include "test/client/lint/phone.hpp"

#include <catch2/catch.hpp>

// What a phone does next that applies a file.
namespace provphone::consequences_test {
namespace {

using profile::Generation;
using test::brief;
using test::in_profile;
using test::lint;

struct Row {
  std::string_view elements;
  std::string_view findings;  // as brief() has them
  Generation generation = Generation::mpp11;
};

TEST_CASE("a file is told what the phone does with its rules", "[R-RESYNC-14]") {
  const auto row = GENERATE(values<Row>({
      {"<Profile_Rule></Profile_Rule>", "2:1 LINT-RULE-EMPTY high Profile_Rule\n"},
      {"<Profile_Rule># http://127.0.0.1/a</Profile_Rule>",
       "2:1 LINT-RULE-EMPTY high Profile_Rule\n", Generation::spa},
      // The other one is left.
      {"<Profile_Rule></Profile_Rule>\n<Profile_Rule_B>http://127.0.0.1/b</Profile_Rule_B>",
       "3:1 LINT-NEXT info Profile_Rule_B\n"},
      {"<Profile_Rule_B></Profile_Rule_B>", ""},
      {"<Profile_Rule>http://127.0.0.1/$MA.cfg</Profile_Rule>",
       "2:1 LINT-NEXT info Profile_Rule\n"},
      {"<Profile_Rule>/$MA.cfg</Profile_Rule>", "2:1 LINT-NEXT info Profile_Rule\n"},
      {"<Profile_Rule>[user:password]http://127.0.0.1/a</Profile_Rule>",
       "2:1 LINT-RULE-UNREADABLE high Profile_Rule\n"},
      {"<Profile_Rule>(1 eq 2)? http://127.0.0.1/a</Profile_Rule>",
       "2:1 LINT-NEXT info Profile_Rule\n"},
      {"<Profile_Rule>http://127.0.0.1/$MACADDRESS.cfg</Profile_Rule>",
       "2:1 LINT-NEXT info Profile_Rule\n2:1 LINT-RULE-TEXT medium Profile_Rule\n"},
      {"<Upgrade_Rule>ftp://127.0.0.1/a.loads</Upgrade_Rule>",
       "2:1 LINT-RULE-UNREADABLE high Upgrade_Rule\n"},
      // An upgrade has no server from DHCP.
      {"<Upgrade_Rule>/a.loads</Upgrade_Rule>", "2:1 LINT-RULE-UNREADABLE high Upgrade_Rule\n"},
      {"<Upgrade_Enable>No</Upgrade_Enable>\n<Upgrade_Rule>http://127.0.0.1/a</Upgrade_Rule>",
       "3:1 LINT-CONTRADICTORY low Upgrade_Rule\n"},
      {"<Report_Rule>[--delta http://127.0.0.1/a</Report_Rule>",
       "2:1 LINT-RULE-UNREADABLE high Report_Rule\n"},
      {"<Custom_CA_Rule>[x]http://127.0.0.1/ca.pem</Custom_CA_Rule>",
       "2:1 LINT-RULE-UNREADABLE high Custom_CA_Rule\n"},
  }));
  INFO(row.elements);
  CHECK(brief(lint(in_profile(row.elements), row.generation)) == row.findings);
}

TEST_CASE("a file is told when the phone asks again", "[R-RESYNC-03][R-RESYNC-09][R-RESYNC-20]") {
  const auto row = GENERATE(values<Row>({
      {"<Provision_Enable>No</Provision_Enable>", "2:1 LINT-OFF high Provision_Enable\n"},
      {"<Provision_Enable>Yes</Provision_Enable>", ""},
      {"<Resync_Periodic>3600</Resync_Periodic>", ""},
      {"<Resync_Periodic>60</Resync_Periodic>", ""},
      {"<Resync_Periodic>59</Resync_Periodic>", "2:1 LINT-PERIOD-SHORT medium Resync_Periodic\n"},
      {"<Resync_Periodic>5,3600</Resync_Periodic>", ""},
      {"<Resync_Periodic>3600,5</Resync_Periodic>",
       "2:1 LINT-PERIOD-SHORT medium Resync_Periodic\n"},
      {"<Resync_Periodic>0</Resync_Periodic>", "2:1 LINT-PERIOD-OFF low Resync_Periodic\n"},
      {"<Resync_Periodic>an hour</Resync_Periodic>", "2:1 LINT-READ-AS medium Resync_Periodic\n"},
      {"<Resync_At__HHmm_>0300</Resync_At__HHmm_>\n<Resync_Periodic>60</Resync_Periodic>",
       "3:1 LINT-CONTRADICTORY low Resync_Periodic\n"},
      {"<Resync_At__HHmm_>0300</Resync_At__HHmm_>\n<Resync_Periodic>0</Resync_Periodic>", ""},
      {"<Resync_Error_Retry_Delay>0</Resync_Error_Retry_Delay>",
       "2:1 LINT-RETRY-OFF medium Resync_Error_Retry_Delay\n"},
      {"<Resync_Error_Retry_Delay>1</Resync_Error_Retry_Delay>",
       "2:1 LINT-RETRY-SHORT medium Resync_Error_Retry_Delay\n"},
      {"<Resync_Error_Retry_Delay>0,3600</Resync_Error_Retry_Delay>",
       "2:1 LINT-RETRY-SHORT low Resync_Error_Retry_Delay\n"},
      {"<Resync_Error_Retry_Delay>60,3600</Resync_Error_Retry_Delay>", ""},
  }));
  INFO(row.elements);
  CHECK(brief(lint(in_profile(row.elements), row.generation)) == row.findings);
}

TEST_CASE("a trigger that no time makes true is told", "[R-RESYNC-31]") {
  const auto row = GENERATE(values<Row>({
      {"<Resync_Trigger_1>$PRVTMR gt 86400</Resync_Trigger_1>", ""},
      {"<Resync_Trigger_1>$UPGST eq 2</Resync_Trigger_1>", ""},
      {"<Resync_Trigger_1>$REGTMR1 gt 300</Resync_Trigger_1>", ""},
      {"<Resync_Trigger_1>1 eq 2</Resync_Trigger_1>", "2:1 LINT-TRIGGER medium Resync_Trigger_1\n"},
      {"<Resync_Trigger_2>$PRVTMR gt 10 &amp;&amp; $PRVTMR lt 5</Resync_Trigger_2>",
       "2:1 LINT-TRIGGER medium Resync_Trigger_2\n"},
      {"<Resync_Trigger_2>$PRVTMR gt</Resync_Trigger_2>",
       "2:1 LINT-TRIGGER medium Resync_Trigger_2\n"},
      {"<Resync_Trigger_1># 1 eq 2</Resync_Trigger_1>", "", Generation::spa},
  }));
  INFO(row.elements);
  CHECK(brief(lint(in_profile(row.elements), row.generation)) == row.findings);
}

}  // namespace
}  // namespace provphone::consequences_test
