#include "client/figures/tested.hpp"

#include "client/figures/fleet_result.hpp"
#include "test/client/report/sample_run.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

namespace tested_test {

using namespace provphone;
using namespace provphone::client::figures;
using test::sample_run;
using Json = nlohmann::ordered_json;

namespace {

Tested tested_from(const std::string& host, const std::string& command) {
  return {{"http://192.0.2.1:8080"},
          {"http"},
          {"CP-8841-3PCC"},
          {"phones.a.count=5"},
          {command},
          {{host, 4}},
          {"0.9.0 (abc)"}};
}

FleetResult shard_from(unsigned number, const Tested& tested) {
  auto result = sample_run(10, number * 10);
  result.shards = {{number, 2}};
  result.starts.front().number = number;
  result.tested = tested;
  return result;
}

}  // namespace

TEST_CASE("what was tested is written and read back, and left out where nobody knows") {
  auto result = sample_run(3);
  const auto unknown = format_json(result);
  CHECK_FALSE(Json::parse(unknown).contains("tested"));
  CHECK(parse_fleet_result(unknown, "old.json")->tested == Tested{});
  result.tested = tested_from("load-1", "provphone fleet a.yaml");
  const auto text = format_json(result);
  CHECK(Json::parse(text)["tested"]["generators"] ==
        Json::array({{{"host", "load-1"}, {"processors", 4}}}));
  const auto parsed = parse_fleet_result(text, "run.json");
  REQUIRE(parsed);
  CHECK(parsed->tested == result.tested);
}

TEST_CASE("what was tested is refused with the member that is wrong") {
  auto result = sample_run(3);
  result.tested = tested_from("load-1", "provphone fleet a.yaml");
  const auto good = Json::parse(format_json(result));
  for (const auto& [pointer, complaint] :
       {std::pair{"/tested/targets", "tested.targets: expected a list"},
        {"/tested/models/0", "tested.models[0]: expected a text"},
        {"/tested/generators/0/processors", "tested.generators[0].processors: expected a whole"}}) {
    auto bad = good;
    bad[Json::json_pointer(pointer)] = nullptr;
    const auto parsed = parse_fleet_result(bad.dump(), "run.json");
    INFO(pointer);
    REQUIRE_FALSE(parsed);
    CHECK_THAT(parsed.error().detail, Catch::Contains(complaint));
  }
}

TEST_CASE("merged shards say once what they have in common, and each machine") {
  const auto merged = merge({shard_from(1, tested_from("load-1", "provphone --shard 1/2")),
                             shard_from(2, tested_from("load-2", "provphone --shard 2/2"))});
  REQUIRE(merged);
  auto expected = tested_from("load-1", "provphone --shard 1/2");
  expected.commands.emplace_back("provphone --shard 2/2");
  expected.generators.push_back({"load-2", 4});
  CHECK(merged->tested == expected);
}

TEST_CASE("a word of a command line is shown without its secrets", "[R-RULE-45]") {
  struct Row {
    const char *word, *shown;
  };
  for (const auto& [word, shown] : {
           Row{"site.yaml", "site.yaml"},
           Row{"phones.shipping.count=5", "phones.shipping.count=5"},
           Row{"phones.a.set.Profile_Rule=http://192.0.2.1/$MA.xml",
               "phones.a.set.Profile_Rule=http://192.0.2.1/$MA.xml"},
           Row{"phones.a.set.Profile_Rule=http://me:s3cret@192.0.2.1/$MA.xml",
               "phones.a.set.Profile_Rule=http://me:********@192.0.2.1/$MA.xml"},
           Row{"--with=phones.a.set.Profile_Rule=https://me:s3cret@example.net/x",
               "--with=phones.a.set.Profile_Rule=https://me:********@example.net/x"},
           Row{"phones.a.set={Profile_Rule: \"http://me:s3cret@example.net/x\"}",
               "phones.a.set={Profile_Rule: \"http://me:********@example.net/x\"}"},
           Row{"phones.a.set.Profile_Rule=[--key s3c=ret] http://192.0.2.1/x",
               "phones.a.set.Profile_Rule=[--key ********] http://192.0.2.1/x"},
           Row{"phones.a.set.Profile_Rule=[--uid me --pwd s3cret] http://192.0.2.1/x",
               "phones.a.set.Profile_Rule=[--uid me --pwd ********] http://192.0.2.1/x"},
           Row{"phones.a.set.Profile_Rule=http://192.0.2.1/x?token=s3cret",
               "phones.a.set.Profile_Rule=http://192.0.2.1/x?token=********"},
           Row{"phones.a.set.Admin_Password=s3, cr et", "phones.a.set.Admin_Password=********"},
           Row{"phones.a.set={Resync_Periodic: 60, \"Admin_Password\": s3 cret}",
               "phones.a.set={Resync_Periodic: 60, \"Admin_Password\":********"},
           Row{"phones.a.activation_code=1234-5678", "phones.a.activation_code=********"},
           Row{"phones.a.login.password=s3cret", "phones.a.login.password=********"},
           Row{"http://me:s3cret@192.0.2.9:3128", "http://me:********@192.0.2.9:3128"},
       }) {
    CHECK(shown_word(word) == shown);
  }
}

TEST_CASE("a command line is one line that a shell reads, without its secrets") {
  CHECK(shown_command(std::vector<std::string>{"provphone", "fleet", "my site.yaml", "--with",
                                               "phones.a.set.User_Name=it's me", "--key", "s3cret",
                                               "--for", "10m", ""}) ==
        "provphone fleet 'my site.yaml' --with 'phones.a.set.User_Name=it'\\''s me' --key ******** "
        "--for 10m ''");
}

}  // namespace tested_test
