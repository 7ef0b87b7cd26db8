#include "profile/name_standing.hpp"

#include "profile/decode.hpp"

#include <catch2/catch.hpp>

namespace name_standing_test {

using namespace provphone::profile;

TEST_CASE("what is said of a name depends on how it stands", "[R-XML-03][R-XML-36]") {
  using enum NameStanding;
  struct Row {
    std::string_view name;
    NameStanding standing;
    std::string_view text;
  };
  for (const auto& row :
       {Row{"Profile_Rule", known, ""}, Row{"Resync_At", known, ""},  // a second spelling
        Row{"Zip_Code", known, ""},                                   // nobody knows whose
        Row{"FXS_Port_Impedance", other_line, "is of ATAs; an MPP phone passes it over"},
        Row{"Linksys_Key_System", other_line, "is of SPA phones; an MPP phone passes it over"},
        Row{"Proxy_17_", other_number, "is known for 1 to 16 only; the phone does not set it"},
        Row{"gpp_a", same_letters, "is spelt GPP_A; the phone does not set it"},
        Row{"Text_Display", misprint,
            "is what guides print for Text_Logo; the phone does not set it"},
        Row{"Software_DMZ", container, "holds settings of an ATA's router and is no parameter"},
        // The nearest spelling is no test: real names have others near them.
        Row{"Resync_Periodc", in_no_source,
            "no document up to 12.0(7)SR5 and no dump read so far has it"},
        Row{"", in_no_source, "no document up to 12.0(7)SR5 and no dump read so far has it"}}) {
    INFO(row.name);
    const auto remark = remark_on_name(row.name, ProductLine::mpp12);
    CHECK(remark.standing == row.standing);
    CHECK(remark.text == row.text);
    CHECK(is_mistake(remark.standing) ==
          (row.standing == same_letters || row.standing == misprint));
  }
}

TEST_CASE("a name is foreign to those alone who are known to lack it", "[R-XML-36]") {
  const auto standing = [](std::string_view name, std::optional<ProductLine> reader) {
    return remark_on_name(name, reader).standing;
  };
  CHECK(standing("FXS_Port_Impedance", ProductLine::ata) == NameStanding::known);
  CHECK(standing("FXS_Port_Impedance", ProductLine::spa) == NameStanding::known);
  CHECK(standing("FXS_Port_Impedance", std::nullopt) == NameStanding::known);
  CHECK(standing("Proxy_Mode", ProductLine::mpp12) == NameStanding::known);
  CHECK(remark_on_name("Proxy_Mode", ProductLine::mpp11).text ==
        "is of 11.3(7) and later; an MPP phone before 11.3 passes it over");
  CHECK(remark_on_name("Proxy_Mode", ProductLine::spa).text ==
        "is of MPP phones and ATAs; a SPA phone passes it over");
}

TEST_CASE("a file sets what the phone has and passes over other products' parameters",
          "[R-XML-36]") {
  constexpr std::string_view file =
      "<flat-profile><FXS_Port_Impedance>600</FXS_Port_Impedance><GPP_A>x</GPP_A>"
      "<FXS_Port_Impedance ua=\"na\"/></flat-profile>";
  DecodeOptions options;
  CHECK(decode(file, options)->changes.size() == 2);
  options.reader = ProductLine::ata;
  CHECK(decode(file, options)->changes.size() == 2);
  options.reader = ProductLine::mpp12;
  const auto decoded = decode(file, options);
  REQUIRE(decoded);
  REQUIRE(decoded->changes.size() == 1);
  CHECK(decoded->changes[0].id == find_parameter("GPP_A"));
  CHECK(decoded->ignored ==
        std::vector<Ignored>{{"FXS_Port_Impedance", "is of ATAs; an MPP phone passes it over"},
                             {"FXS_Port_Impedance", "is of ATAs; an MPP phone passes it over"}});
}

}  // namespace name_standing_test
