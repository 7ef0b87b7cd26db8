#include "profile/snapshot.hpp"

#include "profile/decode.hpp"
#include "profile/value.hpp"
#include "profile/xml.hpp"
#include "test/profile/samples.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace snapshot_test {

using namespace provphone;
using namespace provphone::profile;
using namespace provphone::profile::samples;

namespace {

ParameterId id(std::string_view name) {
  return find_parameter(name).value();
}

ParameterSet fresh(Generation generation = Generation::mpp12) {
  return ParameterSet(factory_values(generation));
}

SelfClosed self_closed_of(Generation generation) {
  return generation == Generation::spa ? SelfClosed::keeps_value
                                       : SelfClosed::clears_value_unless_rw;
}

// Reads `text` as a phone of the family does, and says what changed.
std::vector<ParameterId> read_back(ParameterSet& phone, std::string_view text,
                                   Generation generation) {
  const auto decoded = parse_xml(text, reading(self_closed_of(generation)));
  if (!decoded) FAIL(format(decoded.error()));
  CHECK(decoded->ignored.empty());
  return profile::apply(phone, decoded->changes);
}

// The line of the snapshot that mentions `name`; empty where none does.
std::string line_of(const std::string& text, const std::string& name) {
  for (const auto end : {">", " ", "/"}) {
    if (const auto at = text.find("<" + name + end); at != std::string::npos) {
      const auto start = text.rfind('\n', at) + 1;
      return text.substr(start, text.find('\n', at) - start);
    }
  }
  return {};
}

std::string shown(std::string_view name, std::string_view value) {
  auto phone = fresh();
  phone.set(id(name), value);
  return line_of(format_snapshot(phone, Generation::mpp12), std::string(name));
}

std::string random_text(std::mt19937& random) {
  static const std::vector<std::string_view> pieces{
      "\"", "\"\"", " ",  "  ",  "\t", "\n",   "\r",       "\r\n",          "&",        "&amp;",
      "<",  ">",    "]]", "]]>", "a",  "b c",  "\xc3\xa9", "\xe9",          "&#32;",    "'",
      "/>", "<!--", "--", "-->", "0",  "\xff", "%",        "<![CDATA[x]]>", "</GPP_A>", "$MA"};
  std::string text;
  for (auto count = random() % 6; count > 0; --count) text += pieces[random() % pieces.size()];
  return text;
}

}  // namespace

TEST_CASE("a snapshot escapes a value so that it reads back as it is", "[R-XML-28]") {
  struct Row {
    std::string_view value, line;
  };
  const auto row = GENERATE(values<Row>({
      {"plain", "<GPP_A>plain</GPP_A>"},
      {"", "<GPP_A/>"},
      {"a&b<c>d", "<GPP_A>a&amp;b&lt;c&gt;d</GPP_A>"},
      {"]]>", "<GPP_A>]]&gt;</GPP_A>"},
      {"\"", "<GPP_A>\"</GPP_A>"},
      {"\"\"", "<GPP_A>&quot;&quot;</GPP_A>"},
      {"\"\"\"", "<GPP_A>\"\"\"</GPP_A>"},
      {"a \"b\" 'c'", "<GPP_A>a \"b\" 'c'</GPP_A>"},
      {" ", "<GPP_A>&#32;</GPP_A>"},
      {" a b ", "<GPP_A>&#32;a b&#32;</GPP_A>"},
      {"\ta\tb\t", "<GPP_A>&#9;a\tb&#9;</GPP_A>"},
      {"a\nb\r\nc", "<GPP_A>a&#10;b&#13;&#10;c</GPP_A>"},
      {"\n", "<GPP_A>&#10;</GPP_A>"},
      {"\n\r", "<GPP_A>&#10;&#13;</GPP_A>"},
      {" \t\n \"\"", "<GPP_A>&#32;\t&#10; \"\"</GPP_A>"},
      {"&#32;", "<GPP_A>&amp;#32;</GPP_A>"},
      {"caf\xe9", "<GPP_A>caf\xe9</GPP_A>"},
      {"a\x01z", "<GPP_A>a?z</GPP_A>"},
      {{"\0a\0b", 4}, "<GPP_A>?a?b</GPP_A>"},
  }));
  CHECK(shown("GPP_A", row.value) == row.line);
}

TEST_CASE("a snapshot prints the user's right where it is known", "[R-XML-28]") {
  auto phone = fresh();
  phone.set_access(id("GPP_A"), Access::read_only);
  phone.set_access(id("GPP_B"), Access::read_write);
  phone.set(id("GPP_C"), "c");
  phone.set_access(id("GPP_C"), Access::none);
  const auto text = format_snapshot(phone, Generation::mpp12);
  CHECK(line_of(text, "GPP_A") == "<GPP_A ua=\"ro\"/>");
  CHECK(line_of(text, "GPP_B") == "<GPP_B ua=\"rw\"></GPP_B>");  // self-closed, it would say less
  CHECK(line_of(text, "GPP_C") == "<GPP_C ua=\"na\">c</GPP_C>");
  CHECK(line_of(format_snapshot(phone, Generation::spa), "GPP_D") == "<GPP_D></GPP_D>");
}

TEST_CASE("no report of a phone holds a secret", "[R-XML-29]") {
  for (const auto generation : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    auto phone = fresh(generation);
    std::size_t secrets = 0;
    for (std::size_t i = 0; i < parameter_count(); ++i) {
      if (!parameter(ParameterId(i)).secret) continue;
      phone.set(ParameterId(i), "hunter2");
      ++secrets;
    }
    CHECK(secrets > 20);
    const auto text = format_snapshot(phone, generation);
    CHECK_THAT(text, !Catch::Contains("hunter2"));
    CHECK_THAT(format_delta(phone, fresh(generation), generation), !Catch::Contains("hunter2"));
    CHECK(line_of(text, "Password_1_") == "<!-- <Password_1_/> -->");
    CHECK(line_of(text, "GPP_SA").empty());
    CHECK(line_of(text, "IKM_HTTP_Encrypt_Content").empty());
    CHECK(read_back(phone, text, generation).empty());
  }
}

TEST_CASE("a snapshot shows the family's parameters, and what else was set", "[R-XML-30]") {
  CHECK(belongs_to(id("GPP_A"), Generation::spa));             // empty everywhere
  CHECK(belongs_to(id("Profile_Rule"), Generation::spa));      // a value of its own everywhere
  CHECK(belongs_to(id("ACD_Login_Serv"), Generation::mpp12));  // a value on MPP only
  CHECK_FALSE(belongs_to(id("ACD_Login_Serv"), Generation::spa));

  auto phone = fresh(Generation::spa);
  CHECK(line_of(format_snapshot(phone, Generation::spa), "ACD_Login_Serv").empty());
  phone.set(id("ACD_Login_Serv"), "Yes");
  CHECK(line_of(format_snapshot(phone, Generation::spa), "ACD_Login_Serv") ==
        "<ACD_Login_Serv>Yes</ACD_Login_Serv>");
}

TEST_CASE("what other products or models with more lines have is shown once it is set",
          "[R-XML-30]") {
  for (const auto* name : {"WAN_Static_IP_NET", "MOH_Server_5_", "FAX_Passthru_Method_3_"}) {
    INFO(name);
    for (const auto generation : {Generation::spa, Generation::mpp12}) {
      CHECK_FALSE(belongs_to(id(name), generation));
      auto phone = fresh(generation);
      CHECK(line_of(format_snapshot(phone, generation), name).empty());
      phone.set(id(name), "here");
      CHECK_FALSE(line_of(format_snapshot(phone, generation), name).empty());
    }
  }
  CHECK(belongs_to(id("MOH_Server_4_"), Generation::spa));
}

TEST_CASE("a phone that reads its own snapshot changes nothing", "[R-XML-28]") {
  for (const auto generation : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    auto phone = fresh(generation);
    CHECK(read_back(phone, format_snapshot(phone, generation), generation).empty());
    CHECK(phone.differences().empty());
  }
}

TEST_CASE("a snapshot makes a fresh phone like the one that wrote it, whatever the values hold",
          "[R-XML-28]") {
  std::mt19937 random(2026);
  for (int round = 0; round < 120; ++round) {
    const auto generation = static_cast<Generation>(random() % 3);
    auto phone = fresh(generation);
    for (int i = 0; i < 60; ++i) {
      const ParameterId some{static_cast<std::uint16_t>(random() % parameter_count())};
      if (parameter(some).secret) continue;
      // Only what a profile can set: a Bool spelt `1` is stored as Yes.
      if (const auto value = accept_value(some, random_text(random))) phone.set(some, *value);
      if (random() % 3 == 0) phone.set_access(some, static_cast<Access>(random() % 3));
    }
    const auto text = format_snapshot(phone, generation);
    CHECK(read_back(phone, text, generation).empty());
    auto copy = fresh(generation);
    read_back(copy, text, generation);
    CHECK(std::vector(copy.differences().begin(), copy.differences().end()) ==
          std::vector(phone.differences().begin(), phone.differences().end()));
    CHECK(format_snapshot(copy, generation) == text);
  }
}

TEST_CASE("a delta tells what changed since the earlier state, and no more", "[R-XML-31]") {
  auto phone = fresh();
  phone.set(id("GPP_A"), "old");
  const auto before = phone;
  CHECK(format_delta(phone, before, Generation::mpp12) == "<flat-profile>\n</flat-profile>\n");
  phone.set(id("GPP_B"), "new");
  phone.set(id("GPP_C"), "passing");
  phone.set(id("GPP_C"), "");
  phone.set(id("GPP_A"), "");
  phone.set(id("Password_1_"), "hunter2");
  phone.set_access(id("GPP_D"), Access::read_only);
  CHECK(format_delta(phone, before, Generation::mpp12) ==
        "<flat-profile>\n<GPP_A/>\n<GPP_B>new</GPP_B>\n<GPP_D ua=\"ro\"/>\n"
        "<!-- <Password_1_/> -->\n</flat-profile>\n");
}

TEST_CASE("a delta brings the earlier state to the later one", "[R-XML-31]") {
  std::mt19937 random(11);
  for (int round = 0; round < 60; ++round) {
    const auto generation = static_cast<Generation>(random() % 3);
    auto phone = fresh(generation);
    auto before = fresh(generation);
    for (int i = 0; i < 30; ++i) {
      const ParameterId some{static_cast<std::uint16_t>(random() % parameter_count())};
      if (parameter(some).secret || !belongs_to(some, generation)) continue;
      for (auto* which : {&phone, &before}) {
        if (const auto value = accept_value(some, random_text(random))) which->set(some, *value);
      }
    }
    const auto text = format_delta(phone, before, generation);
    read_back(before, text, generation);
    CHECK(std::vector(before.differences().begin(), before.differences().end()) ==
          std::vector(phone.differences().begin(), phone.differences().end()));
  }
}

TEST_CASE("a status report names its elements after the labels", "[R-XML-32][R-XML-33]") {
  const std::vector<StatusItem> items{{"Current Time", "1/2/2026 03:04:05"},
                                      {"Registration State[1]", "Registered & fine"},
                                      {"Date (mm/dd)", " 1 "},
                                      {"802.1X State", ""}};
  const auto text = format_status(items);
  CHECK(text ==
        "<status>\n<Current_Time>1/2/2026 03:04:05</Current_Time>\n"
        "<Registration_State_1_>Registered &amp; fine</Registration_State_1_>\n"
        "<Date__mm_dd_>&#32;1&#32;</Date__mm_dd_>\n"
        "<_802.1X_State></_802.1X_State>\n</status>\n");
  CHECK(check_markup(text));
}

TEST_CASE("a label of the web page leads to its parameter", "[R-XML-32]") {
  struct Row {
    std::string_view label, name;
  };
  const auto row = GENERATE(values<Row>({
      {"Resync On Reset", "Resync_On_Reset"},
      {"Dial Plan[1]", "Dial_Plan_1_"},
      {"Resync At (HHmm)", "Resync_At__HHmm_"},
      {"Set Local Date (mm/dd/yyyy)", "Set_Local_Date__mm_dd_yyyy_"},
      {"Enable 802.1X Authentication", "Enable_802.1X_Authentication"},
      {"Auth Resync-Reboot[1]", "Auth_Resync-Reboot_1_"},
      {"", "_"},
      {"1st", "_1st"},
      {"a<b&", "a_b_"},
  }));
  CHECK(element_name(row.label) == row.name);
}

TEST_CASE("what the user has changed is marked in the phone's own page", "[R-XML-35]") {
  ParameterSet phone(factory_values(Generation::mpp12));
  const Assignment by_user{*find_parameter("GPP_A"), "mine", Access::read_write, Setter::user};
  phone.set_all({&by_user, 1});
  const auto page =
      format_delta(phone, ParameterSet(factory_values(Generation::mpp12)), Generation::mpp12);
  CHECK(page.find("<GPP_A ua=\"rw\" um=\"y\">mine</GPP_A>") != std::string::npos);
}

TEST_CASE("a right alone of a parameter that the family does not have is not printed",
          "[R-XML-30]") {
  const auto other = *find_parameter("Call_UnPark_Code");
  REQUIRE_FALSE(belongs_to(other, Generation::mpp12));
  ParameterSet phone(factory_values(Generation::mpp12));
  phone.set_access(other, Access::read_only);
  CHECK(format_snapshot(phone, Generation::mpp12).find("Call_UnPark_Code") == std::string::npos);
  phone.set(other, "*39");
  CHECK(format_snapshot(phone, Generation::mpp12)
            .find("<Call_UnPark_Code ua=\"ro\">*39</Call_UnPark_Code>") != std::string::npos);
}

TEST_CASE("a phone prints what its own line of products lacks only where somebody set it",
          "[R-XML-30][R-XML-36]") {
  const auto other = *find_parameter("FXS_Port_Impedance");
  ParameterSet phone(factory_values(Generation::mpp12));
  const auto prints = [&](std::optional<ProductLine> line) {
    return format_snapshot(phone, Generation::mpp12, line).find("<FXS_Port_Impedance>") !=
           std::string::npos;
  };
  // Its factory value is ATAs', which run firmware of the same generation.
  CHECK(prints(std::nullopt));
  CHECK(prints(ProductLine::ata));
  CHECK_FALSE(prints(ProductLine::mpp12));
  CHECK_FALSE(belongs_to(other, Generation::mpp12, ProductLine::mpp12));
  phone.set(other, "900");
  CHECK(prints(ProductLine::mpp12));
}

}  // namespace snapshot_test
