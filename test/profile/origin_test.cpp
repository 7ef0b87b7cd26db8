#include "profile/origin.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>

namespace origin_test {

using namespace provphone::profile;

namespace {

ParameterId id_of(std::string_view name) {
  const auto id = find_parameter(name);
  INFO(name);
  REQUIRE(id);
  return *id;
}

// Without its numbers, which the row has as #.
std::string without_numbers(std::string_view name) {
  std::string text;
  for (const char c : name) {
    if (c != '#' && (c < '0' || c > '9')) text.push_back(c);
  }
  return text;
}

}  // namespace

TEST_CASE("every parameter has its own row of sources.tsv", "[R-XML-23]") {
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    INFO(parameter(ParameterId(i)).name);
    const auto row = origin(ParameterId(i)).row;
    CHECK(without_numbers(row) == without_numbers(parameter(ParameterId(i)).name));
  }
}

TEST_CASE("every source of a parameter is one that sources.tsv explains", "[R-XML-23]") {
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    const auto& from = origin(ParameterId(i));
    INFO(from.row);
    for (auto codes = from.sources; !codes.empty();) {
      const auto end = std::min(codes.find(' '), codes.size());
      CHECK_FALSE(source_of(codes.substr(0, end)).empty());
      codes.remove_prefix(std::min(end + 1, codes.size()));
    }
  }
  CHECK(source_of("R") == "XML Reference Guide for MPP phones (2025)");
  CHECK(source_of("none").empty());
  CHECK(source_of("").empty());
}

TEST_CASE("a line of products has, lacks, or is not known to have a parameter",
          "[R-XML-30][R-XML-36]") {
  struct Row {
    std::string_view name;
    Presence spa, mpp11, mpp12, ata, phoneos;
  };
  constexpr auto has = Presence::has, lacks = Presence::lacks, unknown = Presence::unknown;
  for (const auto& row : {Row{"Profile_Rule", has, has, has, has, unknown},
                          Row{"FXS_Port_Impedance", unknown, lacks, lacks, has, lacks},
                          Row{"Linksys_Key_System", has, lacks, lacks, unknown, lacks},
                          Row{"Proxy_Mode", lacks, lacks, has, has, unknown},
                          Row{"Work_Days", lacks, lacks, has, unknown, has},
                          Row{"IKM_HTTP_Encrypt_Content", unknown, has, has, unknown, unknown},
                          // Known of nobody: a row without a source.
                          Row{"Zip_Code", unknown, unknown, unknown, unknown, unknown}}) {
    INFO(row.name);
    const auto& in = origin(id_of(row.name)).in;
    CHECK(in[ProductLine::spa] == row.spa);
    CHECK(in[ProductLine::mpp11] == row.mpp11);
    CHECK(in[ProductLine::mpp12] == row.mpp12);
    CHECK(in[ProductLine::ata] == row.ata);
    CHECK(in[ProductLine::phoneos] == row.phoneos);
  }
}

TEST_CASE("nobody lacks a parameter that phones were seen to leave the factory with",
          "[R-XML-24][R-XML-36]") {
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    INFO(parameter(ParameterId(i)).name);
    const bool has_spa_value = !default_value(ParameterId(i), Generation::spa).empty();
    CHECK_FALSE((has_spa_value && presence(ParameterId(i), ProductLine::spa) == Presence::lacks));
    // Somebody has it, where anybody lacks it.
    if (!those_without(ParameterId(i)).empty()) CHECK_FALSE(owners(ParameterId(i)).empty());
  }
}

TEST_CASE("whose a parameter is can be said in words", "[R-XML-36]") {
  CHECK(owners(id_of("Profile_Rule")) == "SPA phones, MPP phones and ATAs");
  CHECK(owners(id_of("Work_Days")) == "MPP phones and PhoneOS phones");
  CHECK(owners(id_of("FXS_Port_Impedance")) == "ATAs");
  CHECK(those_without(id_of("FXS_Port_Impedance")) == "MPP phones and PhoneOS phones");
  CHECK(those_without(id_of("Proxy_Mode")) == "SPA phones and MPP phones before 11.3");
  CHECK(owners(id_of("Zip_Code")).empty());
}

TEST_CASE("the firmware that has a parameter, and its older name, are known", "[R-XML-23]") {
  const auto& newer = origin(id_of("TLS_Client_Min_Version"));
  CHECK(newer.since == "12.0(7)SR2");
  CHECK(newer.until.empty());
  CHECK(newer.was == "TLS_Min_Version");
  CHECK(renamed_to(id_of("TLS_Min_Version")) == find_parameter("TLS_Client_Min_Version"));
  CHECK_FALSE(renamed_to(id_of("TLS_Client_Min_Version")));
  CHECK(renamed_to(id_of("SSRC_Reset_on_RE-INVITE")) ==
        find_parameter("SSRC_Reset_on_Rx_RE-INVITE"));
  CHECK(origin(id_of("Cfwd_Setting")).until == "11.3(1)");
  CHECK(origin(id_of("Cfwd_Setting")).since.empty());
  CHECK(origin(id_of("Proxy_Host")).since == "11.3(7)");
  CHECK(origin(id_of("Profile_Rule")).since.empty());
  for (std::size_t i = 0; i < parameter_count(); ++i) {
    const auto& was = origin(ParameterId(i)).was;
    INFO(was);
    CHECK((was.empty() || find_parameter(was)));
  }
}

}  // namespace origin_test
