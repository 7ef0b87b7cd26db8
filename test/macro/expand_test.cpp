#include "macro/expand.hpp"

#include "test/macro/reference_phone.hpp"

#include <catch2/catch.hpp>

namespace expand_test {

using namespace provphone::macro;
using namespace provphone::macro::test;

namespace {

struct Row {
  std::string_view text;
  std::string_view expanded;
};

void check_all(std::initializer_list<Row> rows, const Lookup& lookup,
               SecretScope secrets = SecretScope::nowhere) {
  for (const auto& row : rows) {
    CAPTURE(row.text);
    CHECK(expand(row.text, lookup, secrets) == row.expanded);
  }
}

void check_unchanged(std::initializer_list<std::string_view> texts, const Lookup& lookup,
                     SecretScope secrets = SecretScope::nowhere) {
  for (const auto& text : texts) {
    CAPTURE(text);
    CHECK(expand(text, lookup, secrets) == text);
  }
}

}  // namespace

TEST_CASE("a macro is spelled with or without parentheses", "[R-MACRO-01]") {
  check_all({{"$(MAU)config.cfg", "000E08012345config.cfg"},
             {"$A$B", "ABC123"},
             {"$(A)$(B)", "ABC123"},
             {"/$PSN.xml", "/8841-3PCC.xml"},
             {"/Cisco/$PN/$MA.cfg", "/Cisco/CP-8841-3PCC/000e08012345.cfg"},
             {"$MA", "000e08012345"},
             {"($MA)", "(000e08012345)"}},
            reference_phone());
  check_all({{"tftp://prov.telco.com/cisco/$B/$MA.cfg",
              "tftp://prov.telco.com/cisco/Dj6Lmp23Q/000e08012345.cfg"}},
            reference_phone({{"B", "Dj6Lmp23Q"}}));
}

TEST_CASE("a message of the phone names the request with its port", "[R-MACRO-01]") {
  check_all({{"$PN $MAC -- Requesting resync $SCHEME://$SERVIP:$PORT$PATH",
              "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting resync http://10.0.0.5:80/p.cfg"}},
            reference_phone());
}

TEST_CASE("what a macro stands for is not expanded again", "[R-MACRO-02]") {
  check_all({{"/$C.cfg", "/$MA.cfg"}, {"$C$A", "$MAABC"}}, reference_phone());
  check_all({{"$A$B", "$MA"}, {"$A(MA)", "$(MA)"}}, reference_phone({{"A", "$"}, {"B", "MA"}}));
  check_all({{"$A", "$$"}}, reference_phone({{"A", "$$"}}));
}

TEST_CASE("a bare name reaches as far as letters and digits do", "[R-MACRO-03]") {
  check_unchanged({"$MAUx", "$MA1", "$SERVER", "$_MA", "$STRANGE_MA"}, reference_phone());
  check_all({{"$MAU.cfg", "000E08012345.cfg"},
             {"$MA-$SN", "000e08012345-88012BA01234"},
             {"$MA_", "000e08012345_"},
             {"$PN_$MA", "CP-8841-3PCC_000e08012345"},
             {"$MA_phone.xml", "000e08012345_phone.xml"},
             {"$SERV/$SERVIP", "10.0.0.5/10.0.0.5"}},
            reference_phone({}));
}

TEST_CASE("a name with underscores in it is known where its beginning is none", "[R-MACRO-12]") {
  check_all({{"$GPP_A", "ABC"}, {"$(GPP_A)$A_", "ABCABC_"}, {"$GPP_A$A", "ABCABC"}},
            reference_phone({{"GPP_A", "ABC"}}));
  check_unchanged({"$GPP_A_", "$GPP_", "$GPP"}, reference_phone({{"GPP_A", "ABC"}}));
}

TEST_CASE("a phone that counts underscores as letters takes them for a part of the name",
          "[R-MACRO-13]") {
  for (const auto* text : {"$MA_", "$PN_$MAx", "$MA_phone.xml"}) {
    CAPTURE(text);
    CHECK(expand(text, reference_phone(), SecretScope::nowhere, NameExtent::longest_run) == text);
  }
}

TEST_CASE("a phone that looks for the longest known name stops where it knows one",
          "[R-MACRO-13]") {
  const auto expanded = [](std::string_view text, SecretScope secrets = SecretScope::nowhere) {
    return expand(text, reference_phone(), secrets, NameExtent::longest_known);
  };
  for (const auto& row :
       std::initializer_list<Row>{{"$MAUx", "000E08012345x"},
                                  {"$MACx$MA_", "00:0e:08:01:23:45x000e08012345_"},
                                  {"$SERVIP", "10.0.0.5"},
                                  {"$SERVER", "10.0.0.5ER"},
                                  {"$ABC", "ABCBC"},
                                  {"$STRANGE$MAU", "$STRANGE000E08012345"},
                                  {"$(MAUx)$(MAUx:1)", "$(MAUx)$(MAUx:1)"},
                                  {"$SAx", "$SAx"},
                                  {"$ $$MAUx", "$ $MAUx"}}) {
    CAPTURE(row.text);
    CHECK(expanded(row.text) == row.expanded);
  }
  CHECK(expanded("[--key $SAx]", SecretScope::key) == "[--key MyUserIDx]");
}

TEST_CASE("an unknown name stays as it is, dollar included", "[R-MACRO-04]") {
  check_all({{"$STRANGE$MAU.cfg", "$STRANGE000E08012345.cfg"},
             {"$(STRANGE)$MAU.cfg", "$(STRANGE)000E08012345.cfg"}},
            reference_phone());
  check_unchanged({"$(NOPE:1)", "$(NOPE)", "$NOPE"}, reference_phone());
}

TEST_CASE("names are in capitals", "[R-MACRO-11]") {
  check_unchanged({"$ma.cfg", "$Ma", "$(ma)"}, reference_phone());
}

TEST_CASE("a register is named by its letter alone", "[R-MACRO-12]") {
  check_unchanged({"$GPP_A", "$(GPP_A)", "$GPP_SA"}, reference_phone());
}

TEST_CASE("a part of a value is named by offset and length", "[R-MACRO-05]") {
  check_all({{"$(MAU:4)", "08012345"},
             {"$(MAU:8:2)", "23"},
             {"$(MA:20)", ""},
             {"$(MA:12)", ""},
             {"$(MA:0)", "000e08012345"},
             {"$(MA:0:0)", ""},
             {"$(MA:10:99)", "45"},
             {"x$(MA:20:1)y", "xy"},
             {"$(MA:004:002)", "08"},
             {"$(MA:99999999999999999999999999)", ""},
             {"$(MA:10:99999999999999999999999999)", "45"},
             {"$MA$(MA:4:2)$MA", "000e0801234508000e08012345"}},
            reference_phone());
  check_all({{"$(A:2)", "CDEF"}, {"$(A:2:3)", "CDE"}}, reference_phone({{"A", "ABCDEF"}}));
}

TEST_CASE("two dollars are one", "[R-MACRO-06]") {
  check_all({{"$$MAU", "$MAU"},
             {"$$$MA", "$000e08012345"},
             {"$$$$MA", "$$MA"},
             {"$$", "$"},
             {"$$(MA)", "$(MA)"}},
            reference_phone());
}

TEST_CASE("the phone does not look up a dollar", "[R-MACRO-06]") {
  const Lookup refuse = [](std::string_view, std::string&) -> bool {
    FAIL("a lookup for text without a macro");
    return false;
  };
  CHECK(expand("a $$ b $ c", refuse) == "a $ b $ c");
}

TEST_CASE("a malformed macro stays as it is", "[R-MACRO-07]") {
  check_unchanged(
      {"a$",       "$",           "$(MA",     "$(",        "$()",       "$(MA:x)", "$(MA:)",
       "$(MA:1:)", "$(MA:1:2:3)", "$(MA:-1)", "$(MA: 1)",  "$(MA::2)",  "$(:1)",   "$( MA)",
       "$(MA )",   "$-",          "$ MA",     "$(MA:$SN)", "$(MA:1:x)", "$/$.$"},
      reference_phone());
  check_all({{"$($MA", "$(000e08012345"}}, reference_phone({{"", "never"}}));
}

TEST_CASE("a text without a dollar is its own expansion", "[R-MACRO-04]") {
  check_unchanged({"", "http://h/p.cfg", "(PRVST eq 1)? MA", "\xc3\xa9 [--key SA]", "a\nb"},
                  reference_phone(), SecretScope::key_uid_and_pwd);
  const std::string with_nul("a\0b", 3);
  CHECK(expand(with_nul, reference_phone()) == with_nul);
}

TEST_CASE("an empty value leaves nothing behind", "[R-MACRO-10]") {
  check_all({{"\"$EXTIP\"", "\"\""}, {"$EXTIP", ""}, {"$(EXTIP:3)", ""}}, reference_phone());
}

TEST_CASE("secrets come out as arguments of credentials options only", "[R-MACRO-09]") {
  const auto mpp = SecretScope::key_uid_and_pwd;
  check_all({{"[--uid $SA --pwd $SB] https://h/c.xml",
              "[--uid MyUserID --pwd MySecretPassword] https://h/c.xml"},
             {"[--pwd $SB --uid $SA]https://h", "[--pwd MySecretPassword --uid MyUserID]https://h"},
             {"[ --key \"$SB\" ] tftp://h/", "[ --key \"MySecretPassword\" ] tftp://h/"},
             {"[--key \"a $SA b\"]", "[--key \"a MyUserID b\"]"},
             {"[--key pre$(SA)post]", "[--key preMyUserIDpost]"},
             {"[--key $SA$SB]", "[--key MyUserIDMySecretPassword]"},
             {"[--key $(SB:2:6)]", "[--key Secret]"},
             {"[--key \"a]b$SA\"]", "[--key \"a]bMyUserID\"]"},
             {"[--srv --key $SA]", "[--srv --key MyUserID]"},
             {"[--post a --key $SA]", "[--post a --key MyUserID]"},
             {"($PRVST eq 0)? [--key $SA] http://a/x | [--key $SB] http://b/",
              "(-1 eq 0)? [--key MyUserID] http://a/x | [--key MySecretPassword] http://b/"},
             {"(a=\"x\";)! [--key $SA] http://a/x", "(a=\"x\";)! [--key MyUserID] http://a/x"},
             {"(\"$A\" eq \"b\") ? (a=\"x\";)![--key $SA]http://a/x",
              "(\"ABC\" eq \"b\") ? (a=\"x\";)![--key MyUserID]http://a/x"},
             {"[--delta]http://s/d.xml [--key $SA]http://s/st.xml",
              "[--delta]http://s/d.xml [--key MyUserID]http://s/st.xml"}},
            reference_phone(), mpp);
}

TEST_CASE("anywhere else the name of a secret stays", "[R-MACRO-09]") {
  check_unchanged({"http://h/$SA.cfg",
                   "http://$SA/",
                   "[--key x] http://h/$SA",
                   "[--key x]$SA",
                   "[--key x $SA]",
                   "[$SA]",
                   "[--post $SA]",
                   "[--alias $SA]",
                   "[--srv $SA]",
                   "[--keys $SA]",
                   "[--key$SA]",
                   "[--key --$SA]",
                   "--key $SA",
                   "(\"[--key $SA\" eq \"x\")? http://h/",
                   "(a=\"[--key $SA]\";)! http://h/",
                   "http://[--key $SA]/",
                   "http://h/c?[--key $SA]",
                   "[--key a][--key $SA]",
                   "($SA eq 1)? http://h/",
                   "[--key \"a\" $SA]",
                   "]--key $SA[",
                   "[--KEY $SA]",
                   "\"[--key $SA]\"",
                   "$(SA)",
                   "$(SA:1)"},
                  reference_phone(), SecretScope::key_uid_and_pwd);
}

TEST_CASE("the firmware decides which options may hold secrets", "[R-MACRO-09]") {
  const std::string_view text = "[--uid $SA --pwd $SB --key $SA]";
  CHECK(expand(text, reference_phone(), SecretScope::nowhere) == text);
  CHECK(expand(text, reference_phone(), SecretScope::key) ==
        "[--uid $SA --pwd $SB --key MyUserID]");
  CHECK(expand(text, reference_phone(), SecretScope::key_uid_and_pwd) ==
        "[--uid MyUserID --pwd MySecretPassword --key MyUserID]");
}

TEST_CASE("a value that closes the brackets keeps the secrets behind it unspoken", "[R-MACRO-09]") {
  const auto phone = reference_phone({{"A", "x] http://elsewhere/"}, {"SC", "x] http://h/"}});
  check_all(
      {{"[--key $A --pwd $SB]", "[--key x] http://elsewhere/ --pwd $SB]"},
       {"[--key \"$A\" --pwd $SB]", "[--key \"x] http://elsewhere/\" --pwd MySecretPassword]"},
       {"[--key $SC$SB]http://h/", "[--key x] http://h/$SB]http://h/"}},
      phone, SecretScope::key_uid_and_pwd);
}

TEST_CASE("what stands in an expansion is found again in the text as it was typed", "[R-RULE-24]") {
  const auto phone = reference_phone();
  const auto typed = [&](std::string_view text, std::size_t offset) {
    return offset_as_typed(text, {phone}, offset);
  };
  // spa000e08012345.xml
  CHECK(typed("spa$MA.xml", 0) == 0);
  CHECK(typed("spa$MA.xml", 3) == 3);
  CHECK(typed("spa$MA.xml", 14) == 3);
  CHECK(typed("spa$MA.xml", 15) == 6);
  CHECK(typed("spa$MA.xml", 19) == 10);
  CHECK(typed("spa$MA.xml", 99) == 10);
  // An empty value leaves no character behind, and what stays as it is moves nothing.
  CHECK(typed("a$(EXTIP)b", 1) == 9);
  CHECK(typed("$NOPE$$x", 3) == 3);
  CHECK(typed("$NOPE$$x", 5) == 5);
  CHECK(typed("$NOPE$$x", 6) == 7);
  CHECK(typed("", 0) == 0);
}

}  // namespace expand_test
