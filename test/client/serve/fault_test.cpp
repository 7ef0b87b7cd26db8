#include "client/serve/fault.hpp"

#include "client/serve/fault_text.hpp"
#include "test/client/serve/world.hpp"

#include <catch2/catch.hpp>

namespace provphone::client::serve::fault_test {
namespace {

using Labels = std::vector<std::string>;

// What `count` requests for the path meet; "-" stands for an honest answer.
Labels labels(FaultTable& table, const std::string& path, int count,
              Protocol protocol = Protocol::http) {
  Labels result;
  for (int i = 0; i < count; ++i) {
    const auto met = table.next(protocol, path);
    result.push_back(met ? met->fault->label : "-");
  }
  return result;
}

FaultTable table_of(const std::vector<std::string>& texts, std::uint64_t seed = 0) {
  return FaultTable(faults_of(texts), seed);
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the short form is a path, a status and the requests that get it", "[serve]") {
  struct Case {
    std::string text, path;
    int status;
    std::uint32_t first, last;
  };
  const auto [text, path, status, first, last] = GENERATE(values<Case>({
      {"/a.xml=503", "/a.xml", 503, 1, UINT32_MAX},
      {"/a.xml=503*2", "/a.xml", 503, 1, 2},
      {"/a.xml=404@3-5", "/a.xml", 404, 3, 5},
      {"/a.xml=404@3-3", "/a.xml", 404, 3, 3},
      {"*=500", "*", 500, 1, UINT32_MAX},
      {"/a=b=200*1", "/a=b", 200, 1, 1},
      {"/=599", "/", 599, 1, UINT32_MAX},
      {"/a*=404", "/a\\*", 404, 1, UINT32_MAX},
  }));
  INFO(text);
  const auto parsed = parse_fault(text);
  REQUIRE(parsed);
  CHECK(parsed->path == path);
  CHECK(std::get<StatusFault>(parsed->failing).status == status);
  CHECK(parsed->first == first);
  CHECK(parsed->last == last);
  CHECK(parsed->label == "status=" + std::to_string(status));
}

TEST_CASE("a fault says what goes wrong in keys and values, in any order", "[serve]") {
  const auto [text, label] = GENERATE(table<std::string, std::string>({
      {"status=503", "status=503"},
      {"requests=1-3 path=/x/* status=302 location=/y", "status=302 location=/y"},
      {"  delay=2s   path=*  ", "delay=2s"},
      {"delay=500ms status=204", "delay=500ms status=204"},
      {"stall", "stall=body"},
      {"stall=head protocol=tftp", "stall=head"},
      {"reset", "reset=body"},
      {"truncated", "truncated=body"},
      {"truncated=file", "truncated=file"},
      {"length=shorter", "length=shorter"},
      {"gzip", "gzip=corrupt"},
      {"key=wrong", "key=wrong"},
      {"page=html", "page=html"},
      {"file=/other.xml share=10%", "file=/other.xml"},
      {"redirect", "redirect=loop"},
      {"redirect=http", "redirect=http"},
      {"basic=user:secret", "basic"},
      {"stale digest=user:se:cret", "digest stale=once"},
      {"error=3", "error=3"},
      {"certificate=expired", "certificate=expired"},
      {"loss=2% duplicate=0.25% reorder=100% stale_tid=0%",
       "loss=2% duplicate=0.25% reorder=100% stale_tid=0%"},
  }));
  INFO(text);
  const auto parsed = parse_fault(text);
  REQUIRE(parsed);
  CHECK(parsed->label == label);
}

TEST_CASE("a fault that is none is an error that shows it", "[serve]") {
  const auto text = GENERATE(
      as<std::string>{}, "", "/a.xml", "a.xml=503", "=503", "/a=", "/a=x", "/a=99", "/a=199",
      "/a=600", "/a=5030", "/a=-503", "/a=503*", "/a=503*0", "/a=503*x", "/a=503*-1", "/a=503@",
      "/a=503@3", "/a=503@3-", "/a=503@5-3", "/a=503@0-3", "/a=503@1-99999999999", "/a=503*1@2-3",
      "/a=503 ", "status", "status=", "status=199", "status=5O3", "path=/a", "requests=1",
      "status=503 path=a", "status=503 requests=0", "status=503 requests=3-1",
      "status=503 requests=-3", "status=503 requests=1-2-3", "status=503 protocol=ftp",
      "status=503 share=2", "status=503 share=101%", "status=503 share=-1%",
      "status=503 share=nan%", "delay=2", "location=/a", "stall location=/a", "stall=tail",
      "length=other", "gzip=fine", "file=other.xml", "redirect=/a", "basic=user", "digest=:secret",
      "basic=u:p stale", "stale", "error=9", "error=-1", "certificate", "certificate=old",
      "certificate=expired path=/a", "certificate=expired delay=1s", "loss=2",
      "status=503 status=404", "status=503 stall", "reset truncated");
  const auto parsed = parse_fault(text);
  INFO(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().code == Errc::bad_argument);
  CHECK(has(parsed.error().detail, "'" + text + "'"));
}

TEST_CASE("an error of a fault says what to write instead", "[serve]") {
  const auto [text, hint] = GENERATE(table<std::string, std::string>({
      {"statsu=503", "there is no key 'statsu'; did you mean 'status'?"},
      {"status=50", "status: expected a status from 200 to 599"},
      {"status=503 requests=x", "requests: expected 1, 1-3 or 4-"},
      {"status=503 stall", "status and stall exclude each other"},
      {"path=/a", "nothing goes wrong"},
      {"certificate=expired path=/a", "certificate stands alone, without path"},
      {"stale=once", "beside digest"},
  }));
  const auto parsed = parse_fault(text);
  REQUIRE_FALSE(parsed);
  INFO(parsed.error().detail);
  CHECK(has(parsed.error().detail, hint));
}

TEST_CASE("no error and no label of a fault holds its password", "[serve]") {
  CHECK(parse_fault("basic=user:hunter2")->label.find("hunter2") == std::string::npos);
  CHECK(parse_fault("digest=user:hunter2 stale")->label.find("user") == std::string::npos);
}

TEST_CASE("the requests for each path are counted apart", "[serve]") {
  auto table = table_of({"/a=503*2", "/b=404@2-3"});
  CHECK(labels(table, "/a", 4) == Labels{"status=503", "status=503", "-", "-"});
  CHECK(labels(table, "/b", 4) == Labels{"-", "status=404", "status=404", "-"});
  CHECK(labels(table, "/c", 2) == Labels{"-", "-"});
}

TEST_CASE("the first fault that covers a request decides", "[serve]") {
  auto table = table_of({"status=404 path=/a requests=2", "*=503*3"});
  CHECK(labels(table, "/a", 4) == Labels{"status=503", "status=404", "status=503", "-"});
  CHECK(labels(table, "/b", 4) == Labels{"status=503", "status=503", "status=503", "-"});
}

TEST_CASE("a path may be a pattern, and requests may be open at their end", "[serve]") {
  auto table = table_of({"status=503 path=/x/*.xml requests=2-", "stall path=/y?"});
  CHECK(labels(table, "/x/deep/a.xml", 3) == Labels{"-", "status=503", "status=503"});
  CHECK(labels(table, "/x/a.cfg", 2) == Labels{"-", "-"});
  CHECK(labels(table, "/y1", 1) == Labels{"stall=body"});
  CHECK(labels(table, "/y12", 1) == Labels{"-"});
}

TEST_CASE("a fault concerns only the protocols on which it can show", "[serve]") {
  struct Case {
    std::string text;
    bool http, https, tftp;
  };
  const auto [text, http, https, tftp] = GENERATE(values<Case>({
      {"status=503", true, true, true},
      {"status=503 protocol=https", false, true, false},
      {"delay=1s", true, true, true},
      {"stall", true, true, true},
      {"gzip", true, true, true},
      {"truncated=file", true, true, true},
      {"truncated=body", true, true, false},
      {"reset", true, true, false},
      {"length=longer", true, true, false},
      {"redirect=loop", true, true, false},
      {"redirect=http", false, true, false},
      {"digest=u:p", true, true, false},
      {"error=2", false, false, true},
      {"loss=1%", false, false, true},
      {"loss=1% delay=1s", true, true, true},
      {"certificate=expired", false, false, false},
  }));
  INFO(text);
  auto table = table_of({text});
  CHECK(table.next(Protocol::http, "/a").has_value() == http);
  CHECK(table.next(Protocol::https, "/a").has_value() == https);
  CHECK(table.next(Protocol::tftp, "/a").has_value() == tftp);
}

TEST_CASE("which requests are picked at random depends on the seed and not on their order",
          "[serve]") {
  const std::vector<std::string> texts{"status=503 share=30%"};
  auto table = table_of(texts, 7);
  const auto a = labels(table, "/a", 200);
  const auto b = labels(table, "/b", 200);
  auto again = table_of(texts, 7);
  CHECK(labels(again, "/b", 200) == b);
  CHECK(labels(again, "/a", 200) == a);
  auto other = table_of(texts, 8);
  CHECK(labels(other, "/a", 200) != a);
  CHECK(a != b);
  const auto hits = std::count(a.begin(), a.end(), "status=503");
  CHECK(hits > 30);
  CHECK(hits < 90);
  auto never = table_of({"status=503 share=0%"});
  CHECK(labels(never, "/a", 50) == Labels(50, "-"));
}

TEST_CASE("a file of faults has the same keys, and a seed", "[serve]") {
  const auto file = read_faults(R"(
seed: 7
faults:
  - {status: 503, path: /a.xml, requests: 1-3}
  - stall:
    path: "/x/*"
  - loss: 2%
    reorder: 5%
  - digest: "user:secret"
    stale: always
)",
                                "faults.yaml");
  REQUIRE(file);
  CHECK(file->seed == 7U);
  REQUIRE(file->faults.size() == 4);
  CHECK(file->faults[0].path == "/a.xml");
  CHECK(file->faults[0].last == 3);
  CHECK(file->faults[1].label == "stall=body");
  CHECK(file->faults[2].noise == Noise{20'000, 0, 50'000, 0});
  CHECK(std::get<LoginFault>(file->faults[3].failing).stale == Stale::always);
  CHECK(read_faults("faults: []", "f")->faults.empty());
}

TEST_CASE("what is wrong in a file of faults is named with its place", "[serve]") {
  const auto [yaml, message] = GENERATE(table<std::string, std::string>({
      {"faults:\n  - statsu: 503", "f.yaml:2:5: there is no key 'statsu'; did you mean 'status'?"},
      {"faults:\n  - status: 503\n    requests: x", "f.yaml:3:5: requests: expected 1, 1-3 or 4-"},
      {"faults:\n  - status: [503]", "f.yaml:2:13: expected a text"},
      {"faults:\n  - 503", "f.yaml:2:5: expected a fault such as"},
      {"faults: 503", "f.yaml:1:9: expected a list of faults"},
      {"fault: []", "f.yaml:1:1: there is no key 'fault'; did you mean 'faults'?"},
      {"seed: -1", "f.yaml:1:7: expected a whole number from 0"},
      {"- status: 503", "f.yaml:1:1: expected `faults:`"},
      {"faults: [", "f.yaml:"},
  }));
  const auto file = read_faults(yaml, "f.yaml");
  INFO(yaml);
  REQUIRE_FALSE(file);
  CHECK(file.error().code == Errc::scenario_invalid);
  INFO(file.error().detail);
  CHECK(file.error().detail.substr(0, message.size()) == message);
}

}  // namespace provphone::client::serve::fault_test
