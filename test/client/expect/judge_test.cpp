#include "macro/remedy.hpp"
#include "test/client/expect/world.hpp"

namespace judge_test {

using namespace provphone;
using namespace provphone::test;
using client::figures::Judgement;
using client::trace::EventKind;

TEST_CASE("a phone converges when a pass succeeds in time since its last power-on") {
  const auto two = phones_that(3, "  - {converged: 100%, within: 10s}\n");
  CHECK(Told(two).powered(0, 5).succeeds(0, 15).statuses() == "passed");
  CHECK(Told(two).powered(0, 5).succeeds(0, 15.001).statuses() == "failed");
  // A power cut starts it anew, later passes change nothing.
  CHECK(Told(two).powered(0, 0).succeeds(0, 1).powered(0, 20).statuses() == "failed");
  CHECK(Told(two).powered(0, 0).powered(0, 20).succeeds(0, 30).statuses() == "passed");
  CHECK(Told(two).powered(0, 0).succeeds(0, 1).succeeds(0, 50).statuses() == "passed");
  CHECK(Told(two).statuses() == "not_judged");
}

TEST_CASE("a pass that brings no file provisions nobody") {
  Told told(phones_that(1, "  - {converged: 100%, within: 10s}\n"));
  auto pass = told.powered(0, 0).event(0, 1, EventKind::pass_succeeded);
  pass.kind = resync::PassKind::boot;
  CHECK(told.tell(0, pass).statuses() == "failed");
  CHECK(told.outcome().extent.provisioned == 0);
  CHECK(told.succeeds(0, 2).statuses() == "passed");
  CHECK(told.outcome().extent.provisioned == 1);
}

TEST_CASE("a phone that waits for its server is told apart from one that gave up") {
  Told told(phones_that(2, "  - {converged: 100%, within: 5s}\n"));
  told.powered(0, 0).powered(1, 0).tell(1, told.event(1, 1, EventKind::pass_started));
  const auto result = told.result();
  REQUIRE(result.failures.size() == 2);
  CHECK(result.failures[0].got == "it never was");
  CHECK(result.failures[1].got == "never: it still waits for an answer in its first pass");
}

TEST_CASE("convergence is open while phones still have time, or are still to be switched on") {
  const std::string all = "phones: [{count: 4}]\nexpect: [{converged: 75%, within: 10s}]\n";
  Told told(all);
  told.powered(0, 0).powered(1, 1).powered(2, 2).succeeds(0, 1).succeeds(1, 2);
  CHECK(told.ends_at(5).statuses() == "undecided");
  CHECK(told.result().why == "the run ended while 2 of 4 phones still had time");
  CHECK(told.verdicts().verdict == client::figures::Verdict::void_run);
  // The third one is late now, and the fourth alone would be enough.
  CHECK(told.ends_at(13).statuses() == "undecided");
  CHECK(told.powered(3, 3).ends_at(14).statuses() == "failed");
  CHECK(told.succeeds(2, 11).statuses() == "passed");
}

TEST_CASE("of a run that was cut short what holds is open, and what failed for good has failed") {
  struct Row {
    std::string expectation, status;
  };
  for (const auto& [expectation, status] :
       std::vector<Row>{{"requests: /a, max: 1", "undecided"},
                        {"requests: /a, max: 0", "failed"},
                        {"requests: /b, min: 1", "undecided"},
                        {"requests: /a, each: true, count: 1", "undecided"},
                        {"requests: /a, each: true, max: 0", "failed"},
                        {"requests: /a, then: [/b]", "undecided"},
                        {"error: forbidden, none: true", "failed"},
                        {"error: forbidden, min: 2", "undecided"},
                        {"log: x, none: true", "undecided"},
                        {"parameter: GPP_A, equals: a", "undecided"},
                        {"nothing_provisioned: true", "undecided"},
                        {"no_request_before: 2s", "failed"}}) {
    INFO(expectation);
    Told told(phones_that(2, "  - {" + expectation + "}\n"));
    told.powered(0, 0).powered(1, 0).asks(0, 1, "/a").fails(0, 1, Errc::forbidden);
    told.ends_with(0, "GPP_A", "").ends_with(1, "GPP_A", "");
    CHECK(told.is_interrupted_at(5).statuses() == status);
  }
}

TEST_CASE("what could not have failed is not judged, and says why") {
  struct Row {
    std::string expectation, why;
  };
  for (const auto& [expectation, why] : std::vector<Row>{
           {"log: x, none: true", "these phones wrote no log line at all; is Syslog_Server set?"},
           {"requests: /a, max: 3", "these phones asked for nothing at all"},
           {"no_request_before: 2s", "these phones asked for nothing at all"},
           {"error: forbidden, none: true",
            "no pass, upgrade or report of these phones came to its end"},
           {"upgrade: failed, none: true",
            "none of these phones tried an upgrade; is Upgrade_Rule set?"},
           {"report: failed, none: true",
            "none of these phones made a report; is Report_Rule set?"},
           {"log: x, none: true, each: true, phones: 000e08001001",
            "none of these phones ever had power"}}) {
    INFO(expectation);
    Told told(phones_that(2, "  - {" + expectation + "}\n"));
    CHECK(told.powered(0, 0).statuses() == "not_judged");
    CHECK(told.result().why == why);
  }
}

TEST_CASE("upgrades and reports are counted by how they came out") {
  struct Row {
    std::string expectation, status;
    std::size_t failures;  // that nobody reckons with
  };
  const auto check = [](const Row& row) {
    INFO(row.expectation);
    Told run(phones_that(2, "  - {" + row.expectation + "}\n"));
    run.powered(0, 0).powered(1, 0);
    auto done = run.event(0, 1, EventKind::upgrade_done);
    done.text = "sip88xx.12-0-2MPP0001-116";
    auto failed = run.event(1, 1, EventKind::upgrade_done);
    failed.error = Errc::file_not_found;
    failed.url = "http://127.0.0.1:80/x.loads";
    auto sent = run.event(0, 2, EventKind::reported);
    sent.status = 201;
    auto refused = run.event(1, 2, EventKind::reported);
    refused.error = Errc::forbidden;
    run.tell(0, done).tell(1, failed).tell(0, sent).tell(1, refused);
    CHECK(run.statuses() == row.status);
    CHECK(run.verdicts().failures.size() == row.failures);
  };
  for (const auto& row :
       std::vector<Row>{{"upgrade: done, count: 1", "passed", 2},
                        {"upgrade: done, version: \"12-0\"", "passed", 2},
                        {"upgrade: done, version: \"13-0\"", "failed", 2},
                        {"upgrade: failed, none: true", "failed", 2},
                        {"upgrade: failed, code: file_not_found", "passed", 1},
                        {"upgrade: failed, code: forbidden, none: true", "passed", 2},
                        {"upgrade: done, each: true", "failed", 2},
                        {"report: sent, status: 201", "passed", 2},
                        {"report: sent, status: 200", "failed", 2},
                        {"report: failed, code: forbidden", "passed", 1},
                        {"error: file_not_found, none: true", "failed", 2},
                        {"error: file_not_found", "passed", 1}}) {
    check(row);
  }
}

TEST_CASE("a failure that follows from another says which") {
  Told told(phones_that(2, "  - {parameter: GPP_A, equals: a}\n"));
  told.powered(0, 0).powered(1, 0).fails(0, 1, Errc::forbidden).succeeds(1, 1);
  told.ends_with(0, "GPP_A", "").ends_with(1, "GPP_A", "");
  const auto result = told.result();
  REQUIRE(result.failures.size() == 2);
  CHECK(result.failures[0].cause == "forbidden");
  CHECK(result.failures[1].cause.empty());
  CHECK_FALSE(is_consequence(result));
}

TEST_CASE("a restart that a pass causes is no power-on for convergence") {
  Told told(phones_that(1, "  - {converged: 100%, within: 10s}\n"));
  told.powered(0, 0).succeeds(0, 1);
  auto again = told.event(0, 3, EventKind::powered_on);
  again.reason = resync::Reason::restart_for_parameters;
  CHECK(told.tell(0, again).statuses() == "passed");
}

TEST_CASE("a share of phones may be late, and those that never had power do not count") {
  const auto half = phones_that(10, "  - {converged: 50%, within: 10s}\n");
  Told told(half);
  for (std::uint32_t phone = 0; phone < 4; ++phone) told.powered(phone, 0);
  told.succeeds(0, 1);
  CHECK(told.statuses() == "failed");
  told.succeeds(1, 1);
  CHECK(told.statuses() == "passed");
  CHECK(told.result().phones == 4);
  CHECK(told.result().failed == 2);
}

TEST_CASE("what a phone ends up with is compared with what its group should have") {
  struct Row {
    std::string expectation, value, status;
  };
  const std::vector<Row> rows{
      {"equals: \"sip-{site}\"", "sip-x", "passed"},
      {"equals: \"sip-{site}\"", "sip-y", "failed"},
      {"equals: \"{mac}\"", "000e08001000", "passed"},
      {"equals: \"\"", "", "passed"},
      {"matches: \"^sip-[a-z]$\"", "sip-q", "passed"},
      {"matches: \"^sip-[a-z]$\"", "sip-qq", "failed"},
      {"matches: ip-", "sip-qq", "passed"},
      {"one_of: [a, \"{site}\"]", "x", "passed"},
      {"one_of: [a, b]", "x", "failed"},
      {"absent: true", "", "passed"},
      {"absent: true", "x", "failed"},
  };
  for (const auto& row : rows) {
    INFO(row.expectation << " of " << row.value);
    const auto yaml = phones_that(1, "  - {parameter: GPP_A, " + row.expectation + "}\n");
    CHECK(Told(yaml).ends_with(0, "GPP_A", row.value).statuses() == row.status);
  }
  CHECK(Told(phones_that(1, "  - {parameter: GPP_A, absent: true}\n")).statuses() == "not_judged");
}

TEST_CASE("of a name that the catalogue lacks, what the last file says that has it is judged",
          "[R-XML-03]") {
  struct Row {
    std::string expectation;
    std::vector<std::string> files;
    std::string status;
  };
  const std::string has_a = "<flat-profile><New_Name ua=\"na\"> a&amp;b </New_Name></flat-profile>";
  const std::string has_c = "<flat-profile><New_Name><![CDATA[c]]></New_Name></flat-profile>";
  const std::string is_empty = "<flat-profile><New_Name/></flat-profile>";
  const std::string lacks_it = "<flat-profile><New_Name_2>a&amp;b</New_Name_2></flat-profile>";
  for (const auto& row :
       {Row{"equals: \"a&b\"", {has_a}, "passed"}, Row{"equals: \"a&b\"", {has_c, has_a}, "passed"},
        Row{"equals: \"a&b\"", {has_a, lacks_it}, "passed"},
        Row{"equals: \"a&b\"", {has_a, has_c}, "failed"},
        Row{"equals: \"a&b\"", {has_a, is_empty}, "failed"},
        Row{"equals: \"a&b\"", {lacks_it}, "failed"}, Row{"one_of: [b, c]", {has_c}, "passed"},
        Row{"matches: \"^a\"", {has_a}, "passed"}, Row{"matches: \"^a\"", {has_c}, "failed"},
        Row{"absent: true", {is_empty}, "passed"}, Row{"absent: true", {lacks_it}, "passed"},
        Row{"absent: true", {has_c}, "failed"}, Row{"equals: c", {}, "not_judged"}}) {
    INFO(row.expectation << " of " << row.files.size() << " files");
    Told told(phones_that(1, "  - {parameter: New_Name, " + row.expectation + "}\n"));
    for (const auto& file : row.files) told.is_sent(0, file);
    CHECK(told.statuses() == row.status);
  }
}

TEST_CASE("the value of a name that the catalogue lacks is not shown, and a model has none",
          "[R-XML-03]") {
  const auto yaml = phones_that(2, "  - {parameter: New_Password, equals: geheim}\n");
  const auto result =
      Told(yaml)
          .is_sent(0, "<flat-profile><New_Password>streng</New_Password></flat-profile>")
          .result();
  REQUIRE(result.status == Judgement::failed);
  REQUIRE(result.failures.size() == 2);
  for (const auto& failure : result.failures) {
    for (const auto& line : lines_of(result, failure)) {
      INFO(line);
      CHECK(line.find("geheim") == std::string::npos);
      CHECK(line.find("streng") == std::string::npos);
    }
  }
  CHECK(result.failures[0].got == "another value in its last file");
  CHECK(result.failures[1].got == "no file that has the element");
  CHECK(Told(yaml, expect::Capabilities::modelled).statuses() == "not_judged");
}

TEST_CASE("a very long value is matched to its end, and costs no stack") {
  const std::string value = "begin" + std::string(4 << 20, 'x') + "end";
  const auto told = [&](const char* pattern) {
    return Told(phones_that(1,
                            std::string("  - {parameter: GPP_A, matches: \"") + pattern + "\"}\n"))
        .ends_with(0, "GPP_A", value)
        .statuses();
  };
  CHECK(told("^begin(x|y)*") == "passed");
  CHECK(told("xend$") == "passed");
  CHECK(told("^begin(x|y)*xyend$") == "failed");
}

TEST_CASE("a failed expectation names the phone, what was expected, what it got and why") {
  Told told(phones_that(3, "  - {parameter: GPP_A, equals: \"{mac}\"}\n"));
  for (std::uint32_t phone = 0; phone < 3; ++phone) told.powered(phone, 0);
  told.asks(1, 1, "/b.xml").fails(1, 1.5, Errc::file_not_found);
  auto timer = told.event(1, 1.5, EventKind::timer_armed);
  timer.timer = resync::Timer::error_retry;
  timer.due = resync::Time::max();
  timer.reason = resync::Reason::error_retry_disabled;
  told.tell(1, timer);  // what the phone asked for is worth more than what it will not do
  told.ends_with(0, "GPP_A", "000e08001000").ends_with(1, "GPP_A", "").ends_with(2, "GPP_A", "z");
  const auto result = told.result();
  CHECK(result.phones == 3);
  CHECK(result.failed == 2);
  CHECK(result.line == 4);
  REQUIRE(result.failures.size() == 2);
  CHECK(lines_of(result, result.failures[0]) ==
        std::vector<std::string>{
            "failed: parameter: GPP_A, equals: {mac} (2 of 3 phones, line 4)",
            "  000e08001001  expected 000e08001001",
            "                got      an empty value",
            "                1.000 s : GET http://127.0.0.1:80/b.xml",
            "                1.500 s ✘ boot pass failed at Profile_Rule: file_not_found",
            "                to mend it: " + std::string(remedy(Errc::file_not_found)),
        });
  CHECK(result.failures[1].got == "z");
}

TEST_CASE("a failed expectation shows no secret") {
  Told told(phones_that(2,
                        "  - {parameter: Password_1_, equals: geheim}\n"
                        "  - {parameter: Profile_Rule, equals: \"[--key geheim] http://h/a\"}\n"));
  told.ends_with(0, "Password_1_", "streng")
      .ends_with(1, "Profile_Rule", "[--key streng] http://h/b");
  for (std::size_t i = 0; i < 2; ++i) {
    const auto result = told.result(i);
    REQUIRE(result.status == Judgement::failed);
    for (const auto& failure : result.failures) {
      for (const auto& line : lines_of(result, failure)) {
        INFO(line);
        CHECK(line.find("geheim") == std::string::npos);
        CHECK(line.find("streng") == std::string::npos);
      }
    }
  }
}

TEST_CASE("requests are counted by path, method and header, of all phones or of each") {
  struct Row {
    std::string expectation, status;
  };
  const std::vector<Row> rows{
      {"requests: /a/*.xml, count: 2", "passed"},
      {"requests: /a/*.xml, count: 3", "failed"},
      {"requests: \"/a/1.xml?x=1\", count: 1", "passed"},
      {"requests: \"/a/1.xml?x=2\"", "failed"},
      {"requests: /a/1.xml, count: 1", "passed"},
      {"requests: \"*\", min: 3, max: 4", "passed"},
      {"requests: \"*\", max: 2", "failed"},
      {"requests: /c, none: true", "passed"},
      {"requests: /report, none: true", "failed"},
      {"requests: /report, method: PUT, count: 1", "passed"},
      {"requests: /report, method: GET", "failed"},
      {"requests: \"*\", user_agent: \"^Cisco/\", count: 1", "passed"},
      {"requests: \"*\", certificate: \"^$\", count: 2", "passed"},
      {"requests: \"*\", certificate: \"ST=000e08\", count: 1", "passed"},
      {"requests: \"*\", content_type: xml, none: true", "failed"},
      {"requests: \"/a/{index}.xml*\", each: true, count: 1", "passed"},
      {"requests: \"/a/{index}.xml*\", each: true, min: 2", "failed"},
      {"requests: \"*\", each: true, max: 1", "failed"},
  };
  for (const auto& row : rows) {
    INFO(row.expectation);
    Told told(phones_that(3, "  - {" + row.expectation + "}\n"));
    told.powered(0, 0).powered(1, 0).asks(0, 1, "/a/0.xml").asks(1, 1, "/a/1.xml?x=1");
    auto report = told.event(1, 2, EventKind::request);
    report.method = "PUT";
    report.url = "https://127.0.0.1:443/report";
    report.user_agent = "Cisco/CP-8841";
    report.content_type = "text/xml";
    report.certificate = "ST=000e08001001";
    told.tell(1, report);
    CHECK(told.statuses() == row.status);
  }
}

TEST_CASE("too many requests name who made them, too few who might have") {
  Told many(phones_that(20, "  - {requests: /a, max: 1}\n"));
  for (std::uint32_t phone = 19; phone > 4; --phone) many.powered(phone, 0).asks(phone, 1, "/a");
  const auto over = many.result();
  CHECK(over.failed == 0);
  REQUIRE(over.failures.size() == client::figures::max_failures);
  CHECK(format_lower(*over.failures[0].phone) == "000e08001005");
  CHECK(over.failures[0].expected == "at most 1 requests for /a");
  CHECK(over.failures[0].got == "15 altogether, among them GET http://127.0.0.1:80/a");

  Told none(phones_that(20, "  - {requests: /a, phones: 000e08001007}\n"));
  const auto under = none.powered(7, 0).fails(7, 1, Errc::server_missing).result();
  REQUIRE(under.failures.size() == 1);
  CHECK(format_lower(*under.failures[0].phone) == "000e08001007");
  CHECK(under.failures[0].got == "0");
  CHECK(under.failures[0].reasons.back().starts_with("to mend it: "));
}

TEST_CASE("where a request has another header than expected, the failure says which") {
  Told told(phones_that(2, "  - {requests: /a, user_agent: \"^Cisco-\"}\n"));
  auto request = told.powered(1, 0).event(1, 1, EventKind::request);
  request.method = "GET";
  request.url = "http://h:80/a";
  request.user_agent = "curl/8";
  const auto result = told.tell(1, request).result();
  REQUIRE(result.failures.size() == 1);
  CHECK(result.failures[0].got == "0, but one with user agent curl/8");
}

TEST_CASE("each phone asks for one path after the other, whatever it asks for in between") {
  const auto yaml = phones_that(2, "  - {requests: /a, then: [\"/{mac}.xml\", /b]}\n");
  struct Request {
    double at;
    std::string path;
  };
  const auto told = [&](const std::vector<Request>& requests) {
    Told run(yaml);
    run.powered(0, 0);
    for (const auto& [at, path] : requests) run.asks(0, at, path);
    return run.result();
  };
  CHECK(told({{1, "/a"}, {2, "/z"}, {3, "/000e08001000.xml"}, {4, "/b"}}).status ==
        Judgement::passed);
  CHECK(told({{1, "/a"}, {2, "/000e08001001.xml"}, {3, "/b"}}).status == Judgement::failed);
  const auto result = told({{1, "/b"}, {2, "/a"}, {3, "/000e08001000.xml"}});
  REQUIRE(result.failures.size() == 1);
  CHECK(result.phones == 1);
  CHECK(result.failures[0].expected == "a request for /b after /000e08001000.xml");
}

TEST_CASE("no phone asks for anything before its time, counted from its power-on") {
  const auto yaml = phones_that(2, "  - {no_request_before: 2s}\n");
  CHECK(Told(yaml).powered(0, 10).asks(0, 12, "/a").statuses() == "passed");
  const auto result =
      Told(yaml).powered(0, 10).asks(0, 11.999, "/a").asks(0, 11.9995, "/b").result();
  CHECK(result.status == Judgement::failed);
  CHECK(result.failed == 1);
  CHECK(result.phones == 1);
  CHECK(result.failures[0].got == "GET http://127.0.0.1:80/a after 2 s");
  CHECK(Told(yaml).statuses() == "not_judged");
}

TEST_CASE("an expected error is counted, of all phones or of each") {
  const auto told = [](const std::string& expectation) {
    Told run(phones_that(3, "  - {error: file_not_found, " + expectation + "}\n"));
    run.powered(0, 0).powered(1, 0);
    run.fails(0, 1, Errc::file_not_found).fails(1, 1, Errc::file_not_found);
    return run.fails(1, 2, Errc::transfer_timeout).statuses();
  };
  CHECK(told("count: 2") == "passed");
  CHECK(told("count: 3") == "failed");
  CHECK(told("each: true, count: 1") == "passed");
  CHECK(told("none: true") == "failed");
  CHECK(told("phones: 000e08001001, count: 1") == "passed");
}

TEST_CASE("log lines are looked through for a pattern") {
  const auto told = [](const std::string& expectation) {
    Told run(phones_that(1, "  - {log: " + expectation + "}\n"));
    return run.logs(0, 1, "resync: success a").logs(0, 2, "resync: failure b").statuses();
  };
  CHECK(told("resync, count: 2") == "passed");
  CHECK(told("\"(success|failure) a$\", count: 1") == "passed");
  CHECK(told("nothing") == "failed");
  CHECK(told("failure, none: true") == "failed");
}

TEST_CASE("latencies are held to their limits stage by stage, and fetch is all of them together") {
  const auto told = [](const std::string& expectation) {
    Told run(phones_that(1, "  - {latency: " + expectation + "}\n"));
    for (int i = 0; i < 100; ++i) {
      auto response = run.event(0, i, EventKind::response);
      response.times = {1'000, 2'000, 3'000, i < 98 ? 4'000 : 400'000, 5'000, {}, {}, {}};
      run.tell(0, response);
      auto applied = run.event(0, i, EventKind::applied);
      applied.times.decode = 70'000;
      run.tell(0, applied);
    }
    return run;
  };
  CHECK(told("resolve, p50: 2ms").statuses() == "passed");
  CHECK(told("connect, p50: 1ms").statuses() == "failed");
  CHECK(told("tls, p99: 4ms").statuses() == "passed");
  CHECK(told("first_byte, p90: 5ms").statuses() == "passed");
  CHECK(told("first_byte, p99: 5ms").statuses() == "failed");
  CHECK(told("decode, p50: 60ms").statuses() == "failed");
  CHECK(told("fetch, p50: 16ms, p90: 16ms").statuses() == "passed");
  CHECK(told("fetch, p50: 14ms").statuses() == "failed");
  const auto result = told("fetch, p50: 16ms, p99: 100ms").result();
  REQUIRE(result.failures.size() == 1);
  CHECK_FALSE(result.failures[0].phone);
  CHECK(result.failures[0].expected == "p50 at most 16 ms, p99 at most 100 ms");
  CHECK(result.failures[0].got == "p99 411.0 ms of 100 retrievals");
  CHECK(Told(phones_that(1, "  - {latency: tls, p50: 1s}\n")).statuses() == "not_judged");
}

TEST_CASE("what is found of a latency names its stage, and of nothing else") {
  const std::array<std::string, 7> stages{"fetch",      "resolve", "connect", "tls",
                                          "first_byte", "body",    "decode"};
  std::string expectations = "  - {converged: 100%, within: 1m}\n";
  for (const auto& stage : stages) expectations += "  - {latency: " + stage + ", p50: 1s}\n";
  const auto evidence = Told(phones_that(1, expectations)).outcome().evidence;
  REQUIRE(evidence.size() == 1 + stages.size());
  CHECK(evidence[0].stage.empty());
  for (std::size_t i = 0; i < stages.size(); ++i) CHECK(evidence[1 + i].stage == stages[i]);
}

TEST_CASE("a model judges what it can tell, and says of the rest that it cannot") {
  const auto yaml = phones_that(1,
                                "  - {log: a}\n"
                                "  - {no_foreign_identity: true}\n"
                                "  - {latency: tls, p50: 1s}\n"
                                "  - {requests: \"*\", certificate: MAC}\n"
                                "  - {requests: \"*\", method: PUT, none: true}\n"
                                "  - {requests: /a}\n");
  Told told(yaml, client::expect::Capabilities::modelled);
  CHECK(told.powered(0, 0).asks(0, 1, "/a").statuses() ==
        "failed not_judged not_judged not_judged passed passed");
  CHECK(told.result(1).why == "a modelled server sends each phone its own file");
  CHECK(told.result(3).why == "certificates are not modelled");
  CHECK(told.judge_of().wants(EventKind::syslog));
  CHECK(told.judge_of().wants(EventKind::request));
  CHECK_FALSE(told.judge_of().wants(EventKind::response));
  CHECK_FALSE(told.judge_of().wants_final());
}

TEST_CASE("failed passes are unexpected unless an expectation reckons with them") {
  const auto told = [](const std::string& expectations, bool converges = false) {
    Told run(phones_that(2, expectations));
    run.powered(0, 0).fails(0, 1, Errc::file_not_found).fails(0, 2, Errc::transfer_timeout);
    if (converges) run.succeeds(0, 3);
    return run.unexpected();
  };
  CHECK(told("  - {requests: /a, none: true}\n") == "file_not_found:1 transfer_timeout:1");
  CHECK(told("  - {error: file_not_found, max: 1}\n") == "transfer_timeout:1");
  CHECK(told("  - {error: file_not_found, none: true}\n") == "file_not_found:1 transfer_timeout:1");
  CHECK(told("  - {error: file_not_found, phones: 000e08001001}\n") ==
        "file_not_found:1 transfer_timeout:1");
  CHECK(told("  - {converged: 100%, within: 5s}\n") == "file_not_found:1 transfer_timeout:1");
  CHECK(told("  - {converged: 100%, within: 5s}\n", true).empty());
  CHECK(told("  - {converged: 100%, within: 5s, phones: 000e08001001}\n", true) ==
        "file_not_found:1 transfer_timeout:1");
}

// --- parts of a run

namespace {

using client::expect::Capabilities;
using client::expect::Judge;
using client::expect::PhoneRange;

// What happens to one of twenty phones.
void happens(Told& told, Judge& judge, std::uint32_t phone) {
  const auto tell = [&](const client::trace::TraceEvent& event) { judge.observe(phone, event); };
  tell(told.event(phone, 0, EventKind::powered_on));
  auto request = told.event(phone, phone % 3, EventKind::request);
  request.method = "GET";
  request.url = "http://h/" + std::to_string(phone % 4);
  tell(request);
  auto response = told.event(phone, 1, EventKind::response);
  response.times.body = 1'000 * phone;
  tell(response);
  auto over = told.event(phone, phone, EventKind::pass_succeeded);
  over.kind = resync::PassKind::boot;
  over.has_file = true;
  tell(over);
  profile::ParameterSet parameters{profile::factory_values(profile::Generation::mpp12)};
  parameters.set(*profile::find_parameter("GPP_A"), std::to_string(phone % 5));
  judge.final(phone, parameters);
}

std::string told_by(const Told& told, const Judge& judge) {
  std::string all;
  const client::expect::RollCall roll(&told.scenario(), {0, 20});
  for (const auto& evidence : judge.evidence(roll, {{}, false, true})) {
    const auto result = judged(evidence, {});
    all += result.title + " " + std::string(name(result.status)) + " " + extent_of(result) + "\n";
    for (const auto& failure : result.failures) {
      for (const auto& line : lines_of(result, failure)) all += line + "\n";
    }
  }
  return all;
}

}  // namespace

TEST_CASE("judges of parts of the phones come to the verdicts of one that sees all") {
  Told told(phones_that(20,
                        "  - {converged: 60%, within: 9s}\n"
                        "  - {no_request_before: 1s, phones: 50%}\n"
                        "  - {parameter: GPP_A, equals: \"3\"}\n"
                        "  - {requests: /2, each: true, phones: 7}\n"
                        "  - {requests: /2, max: 3}\n"
                        "  - {requests: /2, max: 5}\n"
                        "  - {requests: /2, then: [/3]}\n"
                        "  - {latency: body, p90: 10ms}\n"));
  const auto part = [&](std::uint32_t first, std::uint32_t end) {
    Judge judge(told.scenario(), Capabilities::real, {first, end}, nullptr);
    for (auto phone = first; phone < end; ++phone) happens(told, judge, phone);
    return judge;
  };
  const auto whole = told_by(told, part(0, 20));
  CHECK(whole.find("passed") != std::string::npos);
  CHECK(whole.find("failed") != std::string::npos);

  auto left = part(0, 5);
  left.merge(part(5, 11));
  left.merge(part(11, 20));
  CHECK(told_by(told, left) == whole);

  auto right = part(5, 11);
  right.merge(part(11, 20));
  auto first = part(0, 5);
  first.merge(right);
  CHECK(told_by(told, first) == whole);

  auto backwards = part(11, 20);
  backwards.merge(part(0, 5));
  backwards.merge(part(5, 11));
  CHECK(told_by(told, backwards) == whole);
}

TEST_CASE("of a large run only the last failure of each phone is remembered") {
  Told told(phones_that(1'001, "  - {converged: 100%, within: 5s}\n"));
  CHECK_FALSE(told.judge_of().wants(EventKind::timer_armed));
  CHECK_FALSE(told.judge_of().wants(EventKind::request));
  told.powered(1'000, 0).fails(1'000, 1, Errc::file_not_found);
  const auto result = told.result();
  REQUIRE(result.failures.size() == 1);
  REQUIRE(result.failures[0].reasons.size() == 2);
  CHECK(result.failures[0].reasons[0] == "its last pass failed: file_not_found");
}

}  // namespace judge_test
