#include "profile/xml.hpp"

#include "test/profile/samples.hpp"

#include <catch2/catch.hpp>

namespace xml_test {

using namespace provphone;
using namespace provphone::profile;
using namespace provphone::profile::samples;

namespace {

constexpr auto legacy = SelfClosed::keeps_value;
constexpr auto mpp = SelfClosed::clears_value_unless_rw;

ParameterId id(std::string_view name) {
  return find_parameter(name).value();
}

Decoded parse(std::string_view text, SelfClosed self_closed = mpp, std::string_view aliases = {}) {
  auto decoded = parse_xml(text, reading(self_closed, aliases));
  if (!decoded) FAIL(format(decoded.error()));
  return *std::move(decoded);
}

// The value that the text between <GPP_A> and </GPP_A> gives.
std::string value_from(std::string_view raw) {
  return value_of(parse(in_profile("<GPP_A>" + std::string(raw) + "</GPP_A>")), "GPP_A");
}

// A phone whose GPP_A and GPP_B are "old".
ParameterSet phone() {
  ParameterSet parameters(factory_values(Generation::mpp12));
  parameters.set(id("GPP_A"), "old");
  parameters.set(id("GPP_B"), "old");
  return parameters;
}

std::string applied(std::string_view text, std::string_view name, SelfClosed self_closed = mpp) {
  auto parameters = phone();
  profile::apply(parameters, parse(text, self_closed).changes);
  return std::string(parameters.get(id(name)));
}

std::string why_ignored(const Decoded& decoded, std::string_view name) {
  for (const auto& ignored : decoded.ignored) {
    if (ignored.name == name) return ignored.why;
  }
  return "not ignored";
}

}  // namespace

TEST_CASE("a phone applies the published examples as published",
          "[R-XML-01][R-XML-02][R-XML-03][R-XML-04][R-XML-07][R-XML-11]") {
  struct Row {
    std::string_view text, name, mpp_value, legacy_value;
  };
  const auto row = GENERATE(values<Row>({
      {"<flat-profile><GPP_A> 12345678 </GPP_A></flat-profile>", "GPP_A", "12345678", "12345678"},
      {"<?xml version='1.0'?><top-level><generator>x</generator><flat-profile device=\"L\">"
       "<GPP_A>n</GPP_A></flat-profile></top-level>",
       "GPP_A", "n", "n"},
      {"<flat-profile><gpp_a>n</gpp_a></flat-profile>", "GPP_A", "old", "old"},
      {"<flat-profile><GPP_A>1</GPP_A><GPP_A>2</GPP_A></flat-profile>", "GPP_A", "2", "2"},
      {"<flat-profile><GPP_A></GPP_A></flat-profile>", "GPP_A", "", ""},
      {"<flat-profile><GPP_A/></flat-profile>", "GPP_A", "", "old"},
      {"<flat-profile><GPP_A ua=\"rw\"/></flat-profile>", "GPP_A", "old", "old"},
      {"<flat-profile><Dial_Plan_1_>(S0 &lt;:18005551212&gt;)</Dial_Plan_1_></flat-profile>",
       "Dial_Plan_1_", "(S0 <:18005551212>)", "(S0 <:18005551212>)"},
      {"<flat-profile><GPP_A>a&#40;b&#x2e;</GPP_A></flat-profile>", "GPP_A", "a(b.", "a(b."},
      {"<flat-profile><GPP_A>one\ntwo</GPP_A></flat-profile>", "GPP_A", "one two", "one two"},
      {"<GPP_A>x</GPP_A>", "GPP_A", "old", "old"},
  }));
  INFO(row.text);
  CHECK(applied(row.text, row.name, mpp) == row.mpp_value);
  CHECK(applied(row.text, row.name, legacy) == row.legacy_value);
}

TEST_CASE("of two profiles the later one wins", "[R-XML-07]") {
  auto parameters = phone();
  profile::apply(parameters, parse(in_profile("<GPP_A>a</GPP_A><GPP_B>a</GPP_B>")).changes);
  profile::apply(parameters, parse(in_profile("<GPP_A>b</GPP_A>")).changes);
  CHECK(parameters.get(id("GPP_A")) == "b");
  CHECK(parameters.get(id("GPP_B")) == "a");
}

TEST_CASE("a malformed file changes nothing", "[R-XML-10]") {
  const auto broken =
      parse_xml("<flat-profile><GPP_A>x</GPP_A><GPP_A>x</GPP_B></flat-profile>", {});
  CHECK(error_of(broken) == "xml_malformed");
}

TEST_CASE("applying a profile names the parameters whose value became another one", "[R-XML-08]") {
  auto parameters = phone();
  const auto decoded = parse(in_profile(
      "<Resync_Periodic>60</Resync_Periodic><GPP_B>old</GPP_B><GPP_A ua=\"ro\">new</GPP_A>"));
  const auto changed = profile::apply(parameters, decoded.changes);
  CHECK(changed == std::vector<ParameterId>{id("Resync_Periodic"), id("GPP_A")});
  CHECK(parameters.access(id("GPP_A")) == Access::read_only);
  CHECK(profile::apply(parameters, decoded.changes).empty());
  CHECK(parameters.get(id("GPP_C")).empty());
}

TEST_CASE("the last mention of a parameter counts, and stands where it stood", "[R-XML-07]") {
  const auto decoded =
      parse(in_profile("<GPP_A ua=\"na\">1</GPP_A><GPP_B>b</GPP_B><GPP_A>2</GPP_A><GPP_B "
                       "ua=\"rw\"/><GPP_C>c</GPP_C>"));
  const std::vector<Change> expected{{id("GPP_A"), "2", Access::none},
                                     {id("GPP_B"), "b", Access::read_write},
                                     {id("GPP_C"), "c", std::nullopt}};
  CHECK(decoded.changes == expected);
}

TEST_CASE("a later invalid value does not undo an earlier valid one", "[R-XML-07][R-XML-18]") {
  const auto decoded = parse(in_profile(
      "<Resync_Random_Delay>5</Resync_Random_Delay><Resync_Random_Delay>x</Resync_Random_Delay>"));
  CHECK(value_of(decoded, "Resync_Random_Delay") == "5");
}

TEST_CASE("flat-profile may stand anywhere, and more than once", "[R-XML-02]") {
  CHECK(value_of(parse("<a><b><flat-profile><GPP_A>x</GPP_A></flat-profile></b></a>"), "GPP_A") ==
        "x");
  const auto two = parse("<device>" + in_profile("<GPP_A>1</GPP_A>") +
                         in_profile("<GPP_A>2</GPP_A>") + "</device>");
  CHECK(value_of(two, "GPP_A") == "2");
  const auto inner = parse(in_profile("<x>" + in_profile("<GPP_A>deep</GPP_A>") + "</x>"));
  CHECK(value_of(inner, "GPP_A") == "deep");
}

TEST_CASE("only children of flat-profile are parameters", "[R-XML-01]") {
  const auto decoded = parse(
      "<device><GPP_A>out</GPP_A><flat-profile><x><GPP_B>in</GPP_B></x></flat-profile></device>");
  CHECK(decoded.changes.empty());
  CHECK(why_ignored(decoded, "GPP_A") == "outside flat-profile");
  CHECK(why_ignored(decoded, "GPP_B") == "outside flat-profile");
  CHECK(why_ignored(decoded, "x") == "no document up to 12.0(7)SR5 and no dump read so far has it");
}

TEST_CASE("a value is trimmed before its references are translated",
          "[R-XML-11][R-XML-12][R-XML-13][R-XML-14][R-XML-26]") {
  struct Row {
    std::string_view raw, value;
  };
  const auto row = GENERATE(values<Row>({
      {"", ""},
      {" \t\r\n ", ""},
      {"\n  a  b \t", "a  b"},
      {"a\r\nb", "a b"},
      {"a\rb", "a b"},
      {"a\n\nb", "a  b"},
      {"a\r\n\r\nb", "a  b"},
      {"a\n\rb", "a  b"},
      {"a\r<!-- -->\nb", "a  b"},
      {"a\tb", "a\tb"},
      {"&#32;", " "},
      {" &#x20;a&#32; ", " a "},
      {"a&#10;b", "a\nb"},
      {"&amp;&lt;&gt;&apos;&quot;", "&<>'\""},
      {"&amp;lt;", "&lt;"},
      {"&#233;", "\xc3\xa9"},
      {"&#x20AC;", "\xe2\x82\xac"},
      {"&#x1F600;", "\xf0\x9f\x98\x80"},
      {"caf\xe9", "caf\xe9"},  // an ISO-8859-1 octet stays what it is
      {"caf\xc3\xa9", "caf\xc3\xa9"},
      {"]]", "]]"},
      {"a > b", "a > b"},
      {"\"\"", ""},
      {" \"\" ", ""},
      {"\"\"x", "\"\"x"},
      {"&quot;&quot;", "\"\""},
      {"&quot;\"", "\"\""},
      {"<![CDATA[\"\"]]>", ""},
  }));
  INFO(row.raw);
  CHECK(value_from(row.raw) == row.value);
}

TEST_CASE("CDATA is text, and comments and instructions are none",
          "[R-XML-06][R-XML-13][R-XML-15]") {
  struct Row {
    std::string_view raw, value;
  };
  const auto row = GENERATE(values<Row>({
      {"<![CDATA[a<b&amp;c]]>", "a<b&amp;c"},
      {" <![CDATA[ a ]]> ", "a"},
      {"x <![CDATA[&]]> &amp; y", "x & & y"},
      {"<![CDATA[]]>", ""},
      {"<![CDATA[a]]> <![CDATA[b]]>", "a b"},
      {"<![CDATA[a]]>\n\t<![CDATA[b]]>", "a \tb"},
      {" <![CDATA[ ]]> <![CDATA[ a ]]> <![CDATA[]]> ", "a"},
      {"<![CDATA[a\r\nb]]>", "a b"},
      {"<![CDATA[&amp;]]>&amp;", "&amp;&"},
      {"<!-- available options: A|B -->", ""},
      {"a<!-- c -->b", "ab"},
      {"a<!-- c --> <!-- d -->b", "a b"},
      {"a<?php x ?>b", "ab"},
      {"<!-- <GPP_B>x</GPP_B> -->a", "a"},
  }));
  INFO(row.raw);
  CHECK(value_from(row.raw) == row.value);
}

TEST_CASE("a self-closed element keeps or clears the value as the generation does", "[R-XML-16]") {
  struct Row {
    std::string_view element, mpp_value, legacy_value;
  };
  const auto row = GENERATE(values<Row>({
      {"<GPP_A/>", "", "(none)"},
      {"<GPP_A />", "", "(none)"},
      {"<GPP_A ua=\"na\"/>", "", "(kept)"},
      {"<GPP_A ua=\"ro\" />", "", "(kept)"},
      {"<GPP_A ua=\"rw\"/>", "(kept)", "(kept)"},
      {"<GPP_A ua=\"xx\"/>", "", "(none)"},
      {"<GPP_A></GPP_A>", "", ""},
      {"<GPP_A ua=\"rw\"></GPP_A>", "", ""},
      {"<GPP_A> </GPP_A>", "", ""},
      {"<GPP_A><!-- none --></GPP_A>", "", ""},
      {"<GPP_A>\"\"</GPP_A>", "", ""},
  }));
  INFO(row.element);
  CHECK(value_of(parse(in_profile(row.element), mpp), "GPP_A") == row.mpp_value);
  CHECK(value_of(parse(in_profile(row.element), legacy), "GPP_A") == row.legacy_value);
}

TEST_CASE("an empty value is the empty string, never the factory value", "[R-XML-25]") {
  CHECK(applied(in_profile("<Profile_Rule></Profile_Rule>"), "Profile_Rule").empty());
  CHECK(applied(in_profile("<Profile_Rule>\"\"</Profile_Rule>"), "Profile_Rule").empty());
}

TEST_CASE("the attribute ua sets the user's right, and its absence leaves it", "[R-XML-19]") {
  auto parameters = phone();
  const auto apply_text = [&](std::string_view inside) {
    profile::apply(parameters, parse(in_profile(inside)).changes);
    return parameters.access(id("GPP_A"));
  };
  CHECK(apply_text("<GPP_A ua=\"na\">1</GPP_A>") == Access::none);
  CHECK(apply_text("<GPP_A ua=\"ro\">1</GPP_A>") == Access::read_only);
  CHECK(apply_text("<GPP_A ua='rw'>1</GPP_A>") == Access::read_write);
  CHECK(apply_text("<GPP_A>2</GPP_A>") == Access::read_write);
  CHECK(apply_text("<GPP_A ua=\"RO\">2</GPP_A>") == Access::read_write);
  CHECK(apply_text("<GPP_A ua=\"r&#111;\">2</GPP_A>") == Access::read_only);
}

TEST_CASE("a phone passes over what it does not know and says so", "[R-XML-03][R-XML-20]") {
  const auto decoded = parse(
      in_profile("<Nonsense>secret</Nonsense><GPP_A ua=\"xx\" group=\"Provisioning\" um=\"y\" "
                 "colour=\"red\">1</GPP_A><GPP_B><b>bold</b></GPP_B><Provision_Enable>maybe</"
                 "Provision_Enable>"));
  const std::vector<Ignored> expected{
      {"Nonsense", "no document up to 12.0(7)SR5 and no dump read so far has it"},
      {"GPP_A@ua", "none of na, ro and rw"},
      {"GPP_A@colour", "no attribute this phone knows"},
      {"GPP_B", "it holds elements where a value is due"},
      {"Provision_Enable", "neither Yes nor No"},
  };
  CHECK(decoded.ignored == expected);
  CHECK(decoded.changes.size() == 1);
}

TEST_CASE("an element with an invalid value keeps the old value and the old right", "[R-XML-18]") {
  auto parameters = phone();
  const auto decoded =
      parse(in_profile("<Resync_Random_Delay ua=\"rw\">70000</Resync_Random_Delay>"
                       "<Resync_At__HHmm_>2500</Resync_At__HHmm_><GPP_A>new</GPP_A>"));
  profile::apply(parameters, decoded.changes);
  CHECK(parameters.get(id("Resync_Random_Delay")) == "2");
  CHECK_FALSE(parameters.access(id("Resync_Random_Delay")));
  CHECK(parameters.get(id("Resync_At__HHmm_")).empty());
  CHECK(parameters.get(id("GPP_A")) == "new");
  CHECK(why_ignored(decoded, "Resync_Random_Delay") == "not a whole number from 0 to 65535");
  CHECK(why_ignored(decoded, "Resync_At__HHmm_") == "not a time of day from 0000 to 2400");
}

TEST_CASE("other spellings of a tag set the one parameter", "[R-XML-23]") {
  const auto decoded =
      parse(in_profile("<Resync_At__HHmm_>0100</Resync_At__HHmm_><Resync_At>0200</Resync_At>"
                       "<Report_to_Server>Periodically</Report_to_Server>"));
  CHECK(decoded.changes.size() == 2);
  CHECK(value_of(decoded, "Resync_At__HHmm_") == "0200");
  CHECK(value_of(decoded, "Report_To_Server") == "Periodically");
}

TEST_CASE("the byte order mark and the encoding declaration change nothing", "[R-XML-05]") {
  const std::string body = in_profile("<GPP_A>caf\xe9</GPP_A>");
  for (const std::string_view head :
       {"", "\xef\xbb\xbf", "<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>",
        "\xef\xbb\xbf<?xml version='1.0' encoding='UTF-8'?>\r\n", "<?xml?>", "\n\n"}) {
    INFO(head);
    CHECK(value_of(parse(std::string(head) + body), "GPP_A") == "caf\xe9");
  }
}

TEST_CASE("an alias map reads a foreign file", "[R-XML-21]") {
  const auto decoded = parse(
      "<customer-account><SIP-number> 17775551234</SIP-number>"
      "<SIP-password> 512835907884</SIP-password></customer-account>",
      mpp,
      "/customer-account/SIP-number = /flat-profile/User_ID_1_ ; "
      "/customer-account/SIP-password = /flat-profile/Password_1_ ;");
  CHECK(value_of(decoded, "User_ID_1_") == "17775551234");
  CHECK(value_of(decoded, "Password_1_") == "512835907884");
  CHECK(decoded.ignored.empty());
}

TEST_CASE("the left side of an alias matches the end of a path, whole names only", "[R-XML-21]") {
  constexpr std::string_view file =
      "<CPE><SIP-Credentials><name>n</name></SIP-Credentials><x><y><auth-secret>s</auth-secret></y>"
      "</x><rename>r</rename><flat-profile><GPP_C>c</GPP_C></flat-profile></CPE>";
  const auto decoded = parse(file, mpp,
                             "/SIP-Credentials/name=/flat-profile/GPP_A;"
                             "\n/auth-secret=/flat-profile/GPP_B;/CPE/name=/flat-profile/GPP_D");
  CHECK(value_of(decoded, "GPP_A") == "n");
  CHECK(value_of(decoded, "GPP_B") == "s");
  CHECK(value_of(decoded, "GPP_C") == "c");
  CHECK(value_of(decoded, "GPP_D") == "(none)");
  CHECK(why_ignored(decoded, "rename") == "outside flat-profile");
}

TEST_CASE("an alias that a phone cannot follow is passed over", "[R-XML-21]") {
  std::string map = "nonsense;/a;=;/a=/b;a=/flat-profile/GPP_A;/a=/flat-profile/No_Such;;";
  for (int i = 0; i < 31; ++i) map += "/n" + std::to_string(i) + "=/flat-profile/GPP_A;";
  const auto decoded = parse("<x><n29>29</n29><n30>30</n30></x>", mpp, map);
  CHECK(value_of(decoded, "GPP_A") == "29");
  CHECK(decoded.ignored.size() == 8);
  CHECK(why_ignored(decoded, "alias /a") ==
        "not of the form /path/element = /flat-profile/Parameter");
  CHECK(why_ignored(decoded, "alias /n30") == "a map holds no more than 30 entries");
}

TEST_CASE("a phone reports no more than 20 000 things that it passed over", "[R-XML-22]") {
  std::string elements;
  for (int i = 0; i < 7'000; ++i) elements += R"(<GPP_A a="" b="" c=""/>)";
  const auto decoded = parse(in_profile(elements));
  CHECK(decoded.ignored.size() == max_ignored);
  CHECK(decoded.changes.size() == 1);
}

TEST_CASE("preserve-value sets the right and keeps the value", "[R-XML-34]") {
  for (const std::string_view element : {"<GPP_A ua=\"rw\" preserve-value=\"y\">new</GPP_A>",
                                         "<GPP_A preserve-value=\"y\" ua=\"rw\"/>",
                                         "<GPP_A ua=\"rw\" preserve-value=\"&#121;\"></GPP_A>"}) {
    INFO(element);
    auto parameters = phone();
    const auto decoded = parse(in_profile(element));
    CHECK(profile::apply(parameters, decoded.changes).empty());
    CHECK(decoded.ignored.empty());
    CHECK(parameters.get(id("GPP_A")) == "old");
    CHECK(parameters.access(id("GPP_A")) == Access::read_write);
  }
  // Without a right there is nothing left to do.
  CHECK(parse(in_profile("<GPP_A preserve-value=\"y\">new</GPP_A>")).changes.empty());
  CHECK(parse(in_profile("<GPP_A ua=\"preserve-value\">new</GPP_A>")).changes.empty());
  CHECK(applied(in_profile("<GPP_A preserve-value=\"n\">new</GPP_A>"), "GPP_A") == "new");
  const auto odd = parse(in_profile("<GPP_A preserve-value=\"yes\">new</GPP_A>"));
  CHECK(value_of(odd, "GPP_A") == "new");
  CHECK(why_ignored(odd, "GPP_A@preserve-value") == "neither y nor n");
}

TEST_CASE("user-pref leaves alone what the user has changed", "[R-XML-35]") {
  const auto takes = [](ParameterSet& parameters, std::string_view attribute) {
    const auto file = in_profile("<GPP_A " + std::string(attribute) + ">new</GPP_A>");
    profile::apply(parameters, parse(file).changes);
    return parameters.get(id("GPP_A")) == "new";
  };
  for (const std::string_view attribute : {"", "user-pref=\"n\"", "um=\"y\"", "user-pref=\"y\""}) {
    INFO(attribute);
    auto untouched = phone();
    CHECK(takes(untouched, attribute));
    CHECK_FALSE(untouched.is_changed_by_user(id("GPP_A")));
    auto touched = phone();
    const Assignment by_user{id("GPP_A"), "mine", std::nullopt, Setter::user};
    touched.set_all({&by_user, 1});
    const bool is_kept = attribute == "user-pref=\"y\"";
    CHECK(takes(touched, attribute) == !is_kept);
    CHECK(touched.is_changed_by_user(id("GPP_A")) == is_kept);
  }
}

TEST_CASE("a family that does not know an attribute passes it over", "[R-XML-34][R-XML-35]") {
  DecodeOptions options;
  options.preserve_value = AttributeReading::ignored;
  options.user_pref = AttributeReading::ignored;
  const auto decoded =
      parse_xml(in_profile("<GPP_A preserve-value=\"y\">1</GPP_A><GPP_B user-pref=\"y\">2</GPP_B>"
                           "<GPP_C ua=\"preserve-value\">3</GPP_C>"),
                options);
  REQUIRE(decoded);
  CHECK(value_of(*decoded, "GPP_A") == "1");
  CHECK(value_of(*decoded, "GPP_C") == "3");
  CHECK(decoded->changes[1].by == Setter::profile);
  CHECK(why_ignored(*decoded, "GPP_A@preserve-value") == "no attribute this phone knows");
  CHECK(why_ignored(*decoded, "GPP_B@user-pref") == "no attribute this phone knows");
  CHECK(why_ignored(*decoded, "GPP_C@ua") == "none of na, ro and rw");
}

TEST_CASE("an element that is only spelt otherwise is told what was meant", "[R-XML-03]") {
  const auto decoded =
      parse(in_profile("<gpp_a>1</gpp_a><GPPB>2</GPPB><User-ID-1->u</User-ID-1-><GPP_Z>3</GPP_Z>"));
  CHECK(decoded.changes.empty());
  CHECK(why_ignored(decoded, "gpp_a") == "is spelt GPP_A; the phone does not set it");
  CHECK(why_ignored(decoded, "GPPB") == "is spelt GPP_B; the phone does not set it");
  CHECK(why_ignored(decoded, "User-ID-1-") == "is spelt User_ID_1_; the phone does not set it");
  CHECK(why_ignored(decoded, "GPP_Z") ==
        "no document up to 12.0(7)SR5 and no dump read so far has it");
}

TEST_CASE("zeros in front of a character's number count for nothing", "[R-XML-14]") {
  CHECK(value_from("&#0000000065;") == "A");
  CHECK(value_from("&#x00000000000000000041;") == "A");
  CHECK(value_from("&#" + std::string(1000, '0') + "65;") == "A");
  CHECK_FALSE(parse_xml(in_profile("<GPP_A>&#0000000000000000000;</GPP_A>"), {}));
  CHECK_FALSE(parse_xml(in_profile("<GPP_A>&#000000000000000000</GPP_A>"), {}));
}

}  // namespace xml_test
