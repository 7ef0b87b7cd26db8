#include "macro/condition.hpp"

#include "test/macro/reference_phone.hpp"

#include <catch2/catch.hpp>

namespace condition_test {

using namespace provphone;
using namespace provphone::macro;
using namespace provphone::macro::test;

namespace {

constexpr std::string_view mpp_version = "sip88xx.11-3-2MPP0001-609";
constexpr Dialect mpp{VersionOrder::mpp, false, false};
constexpr Dialect legacy{VersionOrder::legacy, true, true};

struct Row {
  std::string_view condition;
  bool holds;
};

void check_all(std::initializer_list<Row> rows, const Values& values = {},
               const Dialect& dialect = mpp) {
  const auto phone = reference_phone(values);
  const std::string version = expand("$SWVER", phone);
  for (const auto& row : rows) {
    CAPTURE(row.condition);
    const auto result = evaluate_condition(expand(row.condition, phone), dialect, version);
    CHECK((result ? std::string() : format(result.error())).empty());
    if (result) CHECK(*result == row.holds);
  }
}

struct Wrong {
  std::string_view condition;
  Errc code;
  std::string_view at;
};

void check_wrong(std::initializer_list<Wrong> rows, const Dialect& dialect = mpp,
                 std::string_view version = mpp_version) {
  for (const auto& row : rows) {
    CAPTURE(row.condition);
    const auto result = evaluate_condition(row.condition, dialect, version);
    REQUIRE_FALSE(result);
    CHECK(name(result.error().code) == name(row.code));
    CAPTURE(result.error().detail);
    CHECK(result.error().detail.find(row.at) != std::string::npos);
    CHECK(result.error().detail.find("expected") != std::string::npos);
  }
}

}  // namespace

TEST_CASE("a condition holds when all of its comparisons do", "[R-COND-01]") {
  const std::string_view timers = "$UPGTMR gt 300 and $PRVTMR ge 600";
  check_all({{timers, true}}, {{"UPGTMR", "301"}, {"PRVTMR", "600"}});
  check_all({{timers, false}}, {{"UPGTMR", "300"}, {"PRVTMR", "600"}});
  check_all({{timers, false}}, {{"UPGTMR", "301"}, {"PRVTMR", "599"}});
  const std::string_view lost = "$REGTMR1 gt 300 and $PRVTMR gt 1200 and \"$EXTIP\" ne \"\"";
  check_all({{lost, false}}, {{"REGTMR1", "301"}, {"PRVTMR", "1201"}});
  check_all({{lost, true}}, {{"REGTMR1", "301"}, {"PRVTMR", "1201"}, {"EXTIP", "1.2.3.4"}});
  check_all({{"1 eq 1 and 2 eq 2 and 3 eq 3 and 4 eq 5", false}});
}

TEST_CASE("and is the only connective, in small letters or capitals", "[R-COND-02]") {
  check_all({{"1 eq 1 AND 2 eq 2", true}, {"1 eq 1 AND 2 eq 3", false}});
  check_all({{"1=1 and 2=2", true}, {"\"a\" = \"a\"  and\t\"b\" = \"b\"\r\n", true}});
  check_wrong({{"-1 eq 0 or -1 eq 1", Errc::condition_syntax, "offset 8"},
               {"1 eq 1 && 2 eq 2", Errc::condition_syntax, "offset 7"},
               {"1 eq 1 And 2 eq 2", Errc::condition_syntax, "offset 7"},
               {"\"a\" eq \"a\"and 1 eq 1", Errc::condition_syntax, "offset 10"},
               {"1 eq 1 and", Errc::condition_syntax, "offset 10"},
               {"1 eq 1 and2 eq 2", Errc::condition_syntax, "offset 7"},
               {"1 eq 1 2 eq 2", Errc::condition_syntax, "offset 7"},
               {"and 1 eq 1", Errc::condition_syntax, "offset 0"},
               {"not 1 eq 1", Errc::condition_syntax, "offset 0"},
               {"(1 eq 1)", Errc::condition_syntax, "offset 0"}});
}

TEST_CASE("a comparison behind one that does not hold must still be sound", "[R-COND-03]") {
  check_wrong({{"1 eq 2 and nonsense", Errc::condition_syntax, "offset 11"},
               {"1 eq 2 and \"a\" lt \"b\"", Errc::condition_type, "offset 15"},
               {"1 eq 2 and 3 eq", Errc::condition_syntax, "offset 15"}});
}

TEST_CASE("operators are symbols, which may touch their operands, or words, which may not",
          "[R-COND-04]") {
  check_all({{"1 = 1", true},  {"1=1", true},     {"1 != 1", false},     {"1!=2", true},
             {"1<2", true},    {"2<2", false},    {"2<=2", true},        {"3<=2", false},
             {"3>2", true},    {"2>2", false},    {"2>=2", true},        {"1>=2", false},
             {"1 eq 1", true}, {"1 ne 1", false}, {"1 lt 2", true},      {"2 lt 2", false},
             {"2 le 2", true}, {"3 le 2", false}, {"3 gt 2", true},      {"2 gt 2", false},
             {"2 ge 2", true}, {"1 ge 2", false}, {"\"a\"=\"a\"", true}, {"  1\neq\t1  ", true}});
  check_wrong({{"1 EQ 1", Errc::condition_syntax, "offset 2"},
               {"1 == 1", Errc::condition_syntax, "offset 3"},
               {"1 =< 1", Errc::condition_syntax, "offset 3"},
               {"1 <> 1", Errc::condition_syntax, "offset 3"},
               {"1 equals 1", Errc::condition_syntax, "offset 2"},
               {"\"a\"eq \"a\"", Errc::condition_syntax, "offset 3"},
               {"\"a\" eq\"a\"", Errc::condition_syntax, "offset 4"},
               {"1eq1", Errc::condition_syntax, "offset 0"},
               {"1", Errc::condition_syntax, "offset 1"},
               {"1 eq", Errc::condition_syntax, "offset 4"},
               {"1 eq ", Errc::condition_syntax, "offset 5"},
               {" gt 300", Errc::condition_syntax, "offset 1"},
               {"", Errc::condition_syntax, "offset 0"},
               {"  ", Errc::condition_syntax, "offset 2"}});
}

TEST_CASE("integers are compared as 64-bit numbers", "[R-COND-05]") {
  check_all({{"$PRVST = -1", true},
             {"$PRVST=-1", true},
             {"$PRVST lt 0", true},
             {"$PRVST eq 2", false},
             {"$REGTMR1 eq 0", true},
             {"007 eq 7", true},
             {"9 lt 10", true},
             {"-9223372036854775808 lt 9223372036854775807", true}});
  check_wrong({{"1 lt 9223372036854775808", Errc::condition_syntax, "offset 5"},
               {"-99999999999999999999 lt 1", Errc::condition_syntax, "offset 0"},
               {"+1 eq 1", Errc::condition_syntax, "offset 0"},
               {"- eq 1", Errc::condition_syntax, "offset 0"},
               {"1,5 eq 1", Errc::condition_syntax, "offset 0"}});
}

TEST_CASE("strings are compared for equality alone, to the letter", "[R-COND-06]") {
  check_all({{"\"$CCERT\" eq \"Installed\"", true},
             {"\"$CCERT\" eq \"installed\"", false},
             {"\"$CCERT\" ne \"Installed \"", true},
             {"\"\" = \"\"", true},
             {"\"1\" eq \"01\"", false},
             {"\"a and b\" eq \"a and b\"", true},
             {"\"a(b\" != \"a<b\"", true},
             {"\"$SWVER\" eq \"sip8845_65.11-3-2MPP0001-609\"", false},
             {"\"$SWVER\" eq \"sip88xx.11-3-2MPP0001-609\"", true}});
  check_wrong({{"\"ABC\" lt \"B\"", Errc::condition_type, "offset 6"},
               {"\"ABC\" le \"B\"", Errc::condition_type, "offset 6"},
               {"\"ABC\" gt \"B\"", Errc::condition_type, "offset 6"},
               {"\"ABC\" >= \"B\"", Errc::condition_type, "offset 6"},
               {"\"ABC eq 1", Errc::condition_syntax, "offset 0"},
               {"\"a\"b\" eq \"c\"", Errc::condition_syntax, "offset 3"}});
}

TEST_CASE("a version beside a string is compared as text", "[R-COND-07]") {
  check_all({{"$SWVER ne \"sip88xx.11-0-0MPP-7\"", true},
             {"$SWVER eq \"sip88xx.11-3-2MPP0001-609\"", true},
             {"\"2.0.6\" eq 2.0.06", false}});
  check_wrong({{"2.0.6 lt \"2.0.7\"", Errc::condition_type, "offset 6"}});
}

TEST_CASE("hardware versions keep their dots on every phone", "[R-COND-08]") {
  check_all({{"$HWVER ge 2.0.0", true},
             {"$HWVER ge 2.0.1", true},
             {"$HWVER ge 2.0.2", false},
             {"$HWVER lt 10.0.0", true},
             {"$HWVER = 2.0.1", true}});
  check_all({{"$HWVER ge 2.0.0", false}}, {{"HWVER", "1.88.1"}});
}

TEST_CASE("the two sides of a comparison are of one type", "[R-COND-09]") {
  check_wrong({{"1 eq \"1\"", Errc::condition_type, "offset 2"},
               {"\"1\" = 1", Errc::condition_type, "offset 4"},
               {"1 lt 2.0.6", Errc::condition_type, "offset 2"},
               {"sip88xx.11-3-2MPP0001-609 ne 11", Errc::condition_type, "offset 26"},
               {"Installed eq \"Installed\"", Errc::condition_syntax, "offset 0"},
               {"000e08012345 eq 1", Errc::condition_syntax, "offset 0"},
               {"$NOPE eq 1", Errc::condition_syntax, "offset 0"}});
}

TEST_CASE("firmware versions are compared in the order of their family", "[R-COND-13][R-COND-17]") {
  check_all({{"$SWVER ne sip88xx.11-0-0MPP-256", true},
             {"$SWVER ge sip88xx.11-3-2MPP0001-609", true},
             {"$SWVER gt sip8845_65.11-3-2MPP0001-609", false},
             {"$SWVER lt sip88xx.12.0.1MPP0001.245", true},
             {"$SWVER eq sip88xx.11-3-2MPP0001-609.loads", true},
             {"$SWVER lt 11-4-0", true}});
  check_all({{"$SWVER lt 11-1-0", false}, {"$SWVER ge 11-1-0", true}}, {{"SWVER", "11-1-0MPP-19"}});
  check_all({{"$SWVER ge 2.0.6 and \"$CCERT\" eq \"Installed\"", true},
             {"$SWVER lt 7.5.2b", true},
             {"$SWVER ge 2.0.6(b)", false},
             {"$SWVER ge 2.0.3(0412s)", true}},
            {{"SWVER", "2.0.6"}}, legacy);
}

TEST_CASE("a version of another family is a format error", "[R-COND-15]") {
  check_wrong({{"sip88xx.11-3-2MPP0001-609 ge 11.0.0", Errc::version_format, "offset 26"},
               {"11.0.0 lt sip88xx.11-3-2MPP0001-609", Errc::version_format, "offset 7"},
               {"sip88xx.11-3-2MPP0001-609 ge 11.0.0.1", Errc::version_format, "offset 29"},
               {"sip88xx.11-3-2MPP0001-609 ge 11-0", Errc::version_format, "offset 29"}});
  // Two dotted ones are hardware versions, for all that anybody can tell (R-COND-08).
  check_all({{"2.0.6 lt 2.0.7", true}, {"2.0.6(b) gt 2.0.6", true}});
  check_wrong(
      {{"2.0.6 ge sip88xx.11-3-2MPP0001-609", Errc::version_format, "offset 6"},
       {"2.0.6 ge 2.0.6.7", Errc::version_format, "offset 9"},
       {"sip88xx.11-0-0MPP-7 ne sip88xx.11-3-2MPP0001-609", Errc::version_format, "offset 20"}},
      legacy, "2.0.6");
}

TEST_CASE("legacy firmware compares with itself where the left side is missing", "[R-COND-14]") {
  const Values values{{"SWVER", "2.0.6"}};
  check_all({{"! 1.0.33", true},
             {"!1.0.33", true},
             {"! 2.0.6", false},
             {"!= 2.0.6", false},
             {"<1.0", false},
             {"<2.0.7", true},
             {">=2.0.6", true},
             {"ge 2.0.6", true},
             {"ne 2.0.6", false},
             {"$SWVER ! 1.0.2", true},
             {"1 ! 2 and ! 1.0.33 and \"a\" ! \"b\"", true}},
            values, legacy);
  check_wrong(
      {{"! 5", Errc::condition_type, "offset 0"}, {"!", Errc::condition_syntax, "offset 1"}},
      legacy, "2.0.6");
}

TEST_CASE("MPP firmware does not know the legacy leftovers", "[R-COND-14]") {
  check_wrong({{"! 1.0.33", Errc::condition_syntax, "offset 0"},
               {"<1.0", Errc::condition_syntax, "offset 0"},
               {"ne 1.0", Errc::condition_syntax, "offset 0"},
               {"1 ! 2", Errc::condition_syntax, "offset 2"}});
}

TEST_CASE("an error never repeats what it is about", "[R-RULE-24]") {
  for (const std::string_view text :
       {"\"hunter2", "hunter2 eq 1", "hunter2.1-x2.hunter2 eq 1", "1 hunter2 2", "1 eq hunter2",
        "\"hunter2\" lt \"hunter2\"", "1 eq 1 hunter2", "1.0 eq hunter2.0",
        "1.1 ne hunter2.1-1-1"}) {
    CAPTURE(text);
    const auto result = evaluate_condition(text, mpp, mpp_version);
    REQUIRE_FALSE(result);
    CHECK(result.error().detail.find("hunter2") == std::string::npos);
  }
}

TEST_CASE("a trigger or rule that is empty or commented out says nothing", "[R-RULE-03]") {
  for (const std::string_view text : {"", " ", "\r\n\t "}) {
    CHECK(is_blank(text, mpp));
    CHECK(is_blank(text, legacy));
  }
  CHECK(is_blank("# 1 eq 1", legacy));
  CHECK_FALSE(is_blank("# 1 eq 1", mpp));
  CHECK_FALSE(is_blank(" # 1 eq 1", legacy));
  CHECK_FALSE(is_blank("1 eq 1", legacy));
}

}  // namespace condition_test
