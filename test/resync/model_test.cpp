#include "resync/model.hpp"

#include "resync/identity.hpp"
#include "resync/reading.hpp"
#include "resync/upgrade.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>

namespace model_test {

using namespace provphone;
using namespace provphone::resync;
using profile::Generation;

namespace {

Identity identity_of(const PhoneKind& kind) {
  Identity identity;
  identity.model = kind.model;
  identity.firmware = kind.firmware;
  identity.serial = serial_of(kind, 1);
  return identity;
}

std::string agent_of(const PhoneKind& kind) {
  return built_in_user_agent(identity_of(kind), kind.personality);
}

}  // namespace

TEST_CASE("every row of the table is sound", "[R-MODEL-01]") {
  std::set<std::string_view> names;
  for (const auto& family : families()) {
    INFO(family.name);
    auto personality = personality_of(family.generation);
    for (std::string_view rest = family.knobs; !rest.empty();) {
      const auto end = std::min(rest.find(' '), rest.size());
      INFO(rest.substr(0, end));
      CHECK(set_knob(personality, rest.substr(0, end)));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  for (const auto& model : models()) {
    INFO(model.name);
    CHECK(names.insert(model.name).second);
    CHECK(find_model(model.name) == &model);
    CHECK(model.lines > 0);
    const auto kind = kind_of({std::string(model.name), {}, std::nullopt});
    CHECK(kind.contradictions.empty());
    CHECK(kind.personality.generation == model.family->generation);
  }
}

TEST_CASE("a model alone is a consistent phone", "[R-MODEL-01][R-MODEL-05]") {
  struct Row {
    std::string model, user_agent;
    Generation generation;
    std::string rule;
  };
  const auto row = GENERATE(values<Row>({
      {"CP-8841-3PCC", "Cisco-CP-8841-3PCC/11.3.2 (000e08012345)", Generation::mpp12, "/$PSN.xml"},
      {"CP-7841-3PCC", "Cisco-CP-7841-3PCC/11.3.2 (000e08012345)", Generation::mpp12, "/$PSN.xml"},
      {"SPA504G", "Cisco/SPA504G-7.5.5 (000E08012345)(CBT00000001)", Generation::spa,
       "/spa$PSN.cfg"},
      {"SPA525G", "Cisco/SPA525G-7.4.7 (CBT00000001)", Generation::spa, "/spa$PSN.cfg"},
      {"SPA942", "Linksys/SPA-942-6.1.5(a) (88019FA00001)", Generation::spa, "/spa$PSN.cfg"},
      {"SPA2102", "Linksys/SPA2102-5.2.13 (FM5000000001)", Generation::spa, "/spa$PSN.cfg"},
      {"PAP2T", "Linksys/PAP2T-5.2.13 (FM5000000001)", Generation::spa, "/spa$PSN.cfg"},
      {"SPA-2000", "Sipura/SPA-2000-3.1.5 (88012BA00001)", Generation::spa, "/spa$PSN.cfg"},
      {"SPA112", "Cisco/SPA112-1.4.1(SR5) (000E08012345)", Generation::spa, "/spa$PSN.cfg"},
      {"ATA192", "Cisco/ATA192-11-1-0MSR3-9 (000E08012345)", Generation::mpp12, "/ata$PSN.cfg"},
  }));
  INFO(row.model);
  const auto kind = kind_of({row.model, {}, std::nullopt});
  CHECK(agent_of(kind) == row.user_agent);
  CHECK(kind.personality.generation == row.generation);
  const profile::ParameterSet parameters{factory_values_of(kind.personality)};
  CHECK(parameters.get(*profile::find_parameter("Profile_Rule")) == row.rule);
  CHECK(kind.contradictions.empty());
}

TEST_CASE("a family's factory rule is its own", "[R-MODEL-06]") {
  auto personality = personality_of(Generation::mpp12);
  REQUIRE(set_knob(personality, "profile_rule_default=ata"));
  const profile::ParameterSet parameters{factory_values_of(personality)};
  CHECK(parameters.get(*profile::find_parameter("Profile_Rule")) == "/ata$PSN.cfg");
}

TEST_CASE("a personality alone, a firmware alone and nothing at all are phones too",
          "[R-MODEL-01][R-MODEL-03]") {
  struct Row {
    PhoneRequest request;
    std::string model, firmware;
    Generation generation;
  };
  const auto row = GENERATE(values<Row>({
      {{}, "CP-8841-3PCC", "sip88xx.11-3-2MPP0001-609", Generation::mpp12},
      {{{}, {}, Generation::mpp12}, "CP-8841-3PCC", "sip88xx.11-3-2MPP0001-609", Generation::mpp12},
      {{{}, {}, Generation::mpp11}, "CP-8841-3PCC", "sip88xx.11-2-4MPP-395", Generation::mpp11},
      {{{}, {}, Generation::spa}, "SPA504G", "7.5.5", Generation::spa},
      {{{}, "7.5.2b", std::nullopt}, "SPA504G", "7.5.2b", Generation::spa},
      {{{}, "11.0.1", std::nullopt}, "CP-8841-3PCC", "11.0.1", Generation::mpp11},
      {{{}, "sip88xx.12-0-2MPP0001-116", std::nullopt},
       "CP-8841-3PCC",
       "sip88xx.12-0-2MPP0001-116",
       Generation::mpp12},
      {{"CP-7841-3PCC", "sip78xx.11-2-3MPP0001-1", std::nullopt},
       "CP-7841-3PCC",
       "sip78xx.11-2-3MPP0001-1",
       Generation::mpp11},
      {{"CP-7841-3PCC", {}, Generation::mpp11},
       "CP-7841-3PCC",
       "sip78xx.11-2-4MPP-395",
       Generation::mpp11},
  }));
  INFO(row.model << ' ' << row.firmware);
  const auto kind = kind_of(row.request);
  CHECK(kind.model == row.model);
  CHECK(kind.firmware == row.firmware);
  CHECK(kind.personality.generation == row.generation);
  CHECK(kind.contradictions.empty());
}

TEST_CASE("a model is known by any usual spelling", "[R-MODEL-02]") {
  const auto spelling =
      GENERATE("CP-7841-3PCC", "CP-7841", "cp-7841-3pcc", "7841", "CP-7841-3PCC-K9");
  const auto* const model = find_model(spelling);
  REQUIRE(model != nullptr);
  CHECK(model->name == "CP-7841-3PCC");
  // What was written stays.
  CHECK(kind_of({spelling, {}, std::nullopt}).model == spelling);
}

TEST_CASE("spellings that differ by a dash alone are told apart where both exist", "[R-MODEL-02]") {
  CHECK(find_model("SPA-942")->family->name == "linksys-phone");
  CHECK(find_model("SPA-1001")->family->name == "sipura");
  CHECK(find_model("SPA1001")->family->name == "linksys-ata");
  CHECK(find_model("ATA191-MPP")->name == "ATA191");
  CHECK(find_model("") == nullptr);
  CHECK(find_model("CP-") == nullptr);
}

TEST_CASE("what does not go together is said, and done", "[R-MODEL-02][R-MODEL-04]") {
  struct Row {
    PhoneRequest request;
    std::string said;
  };
  const auto row = GENERATE(values<Row>({
      {{"SPA504G", {}, Generation::mpp12},
       "SPA504G is a phone of the family cisco-spa, which behaves as spa; mpp12 was asked for"},
      {{"CP-8841-3PCC", {}, Generation::spa},
       "CP-8841-3PCC is a phone of the family mpp, which behaves as mpp12; spa was asked for"},
      {{"CP-7841-3PCC", "sip88xx.12-0-2MPP0001-116", std::nullopt},
       "sip88xx.12-0-2MPP0001-116 is no load for CP-7841-3PCC, whose loads begin with sip78xx"},
      {{"SPA504G", "sip88xx.12-0-2MPP0001-116", std::nullopt},
       "sip88xx.12-0-2MPP0001-116 is no load for SPA504G"},
      {{{}, "sip88xx.12-0-2MPP0001-116", Generation::mpp11},
       "phones with sip88xx.12-0-2MPP0001-116 behave as mpp12; mpp11 was asked for"},
      {{"Teapot", {}, std::nullopt}, "no family has a model Teapot; it behaves as mpp12"},
  }));
  const auto kind = kind_of(row.request);
  CHECK(kind.contradictions == std::vector<std::string>{row.said});
  if (!row.request.model.empty()) CHECK(kind.model == row.request.model);
  if (!row.request.firmware.empty()) CHECK(kind.firmware == row.request.firmware);
  if (row.request.generation) CHECK(kind.personality.generation == *row.request.generation);
}

TEST_CASE("a load over HTTPS is refused by a family that does not take it", "[R-UPGRADE-09]") {
  const auto model = GENERATE("SPA942", "SPA504G", "CP-8841-3PCC");
  const auto kind = kind_of({model, {}, std::nullopt});
  const auto identity = identity_of(kind);
  const profile::ParameterSet parameters{factory_values_of(kind.personality)};
  const MacroState state;
  const MacroSource source{identity, kind.personality, parameters, state};
  const auto plan = plan_upgrade("https://127.0.0.1/9.9.9.bin", source, std::nullopt);
  const bool is_old = std::string(model) == "SPA942";
  CHECK(plan.has_value() != is_old);
  if (!plan) CHECK(plan.error().code == Errc::unsupported_scheme);
  CHECK(plan_upgrade("http://127.0.0.1/9.9.9.bin", source, std::nullopt));
}

}  // namespace model_test
