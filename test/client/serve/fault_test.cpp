#include "client/serve/fault.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::serve {
namespace {

using Answers = std::vector<int>;

// What `count` requests for the path get; 0 stands for an honest answer.
Answers answers(FaultTable& table, const std::string& path, int count) {
  Answers result;
  for (int i = 0; i < count; ++i) result.push_back(table.next(path).value_or(0));
  return result;
}

FaultTable table_of(const std::vector<std::string>& texts) {
  std::vector<Fault> faults;
  for (const auto& text : texts) faults.push_back(parse_fault(text).value());
  return FaultTable(faults);
}

}  // namespace

TEST_CASE("a fault is a path, a status and the requests that get it", "[serve]") {
  struct Case {
    std::string text;
    Fault fault;
  };
  const auto [text, fault] = GENERATE(values<Case>({
      {"/a.xml=503", {"/a.xml", 503, 1, UINT32_MAX}},
      {"/a.xml=503*2", {"/a.xml", 503, 1, 2}},
      {"/a.xml=404@3-5", {"/a.xml", 404, 3, 5}},
      {"/a.xml=404@3-3", {"/a.xml", 404, 3, 3}},
      {"*=500", {"*", 500, 1, UINT32_MAX}},
      {"/a=b=200*1", {"/a=b", 200, 1, 1}},
      {"/=599", {"/", 599, 1, UINT32_MAX}},
  }));
  const auto parsed = parse_fault(text);
  REQUIRE(parsed);
  CHECK(parsed->path == fault.path);
  CHECK(parsed->status == fault.status);
  CHECK(parsed->first == fault.first);
  CHECK(parsed->last == fault.last);
}

TEST_CASE("a fault that is none is an error that shows it", "[serve]") {
  const auto text =
      GENERATE(as<std::string>{}, "", "/a.xml", "a.xml=503", "=503", "/a=", "/a=x", "/a=99",
               "/a=199", "/a=600", "/a=5030", "/a=-503", "/a=503*", "/a=503*0", "/a=503*x",
               "/a=503*-1", "/a=503@", "/a=503@3", "/a=503@3-", "/a=503@5-3", "/a=503@0-3",
               "/a=503@1-99999999999", "/a=503*1@2-3", "/a=503 ");
  const auto parsed = parse_fault(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().code == Errc::bad_argument);
  CHECK(parsed.error().detail.find("'" + text + "'") != std::string::npos);
}

TEST_CASE("the requests for each path are counted apart", "[serve]") {
  auto table = table_of({"/a=503*2", "/b=404@2-3"});
  CHECK(answers(table, "/a", 4) == Answers{503, 503, 0, 0});
  CHECK(answers(table, "/b", 4) == Answers{0, 404, 404, 0});
  CHECK(answers(table, "/c", 2) == Answers{0, 0});
}

TEST_CASE("the first fault that covers a request decides", "[serve]") {
  auto table = table_of({"/a=404@2-2", "*=503*3"});
  CHECK(answers(table, "/a", 4) == Answers{503, 404, 503, 0});
  CHECK(answers(table, "/b", 4) == Answers{503, 503, 503, 0});
}

}  // namespace provphone::client::serve
