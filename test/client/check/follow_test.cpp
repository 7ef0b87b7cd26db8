#include "client/check/detail/follow.hpp"

#include "client/check/audit.hpp"
#include "macro/try.hpp"
#include "profile/catalogue.hpp"
#include "test/client/check/seen.hpp"
#include "test/client/check/turning.hpp"
#include "test/client/transport/web_server.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <map>
#include <numeric>
#include <set>

// Where an audit goes behind the file that it was given.
namespace provphone::test::follow_test {
namespace {

using namespace std::chrono_literals;
using client::check::Audit;
using client::check::FileKind;
using client::check::Trail;
using client::check::detail::after_file;
using client::check::detail::leads_of;
using client::transport::test::Reply;
using client::transport::test::WebServer;

constexpr std::uint64_t own_mac = 0x000e08abcdef;

resync::Device phone() {
  resync::Device device;
  device.identity.mac = MacAddress{own_mac};
  device.settings_changed();
  return device;
}

std::string leads_behind(const std::string& elements) {
  const auto before = phone();
  const auto file = profile::decode(profile_of(elements), {});
  REQUIRE(file);
  std::string text;
  for (const auto& lead : leads_of(before, after_file(before, *file)))
    text += fmt::format("{}{} {} {}", text.empty() ? "" : "; ", lead.parameter, name(lead.kind),
                        format(lead.request.url));
  return text;
}

TEST_CASE("a file leads a phone where its rules do") {
  struct Row {
    std::string elements, leads;
  };
  const std::vector<Row> rows{
      {"", ""},
      {"<GPP_A>a</GPP_A>", ""},
      {"<Profile_Rule>http://h/$MA.xml</Profile_Rule>",
       "Profile_Rule profile http://h:80/000e08abcdef.xml"},
      // What the file sets counts, for rules that are read behind it.
      {"<GPP_A>x</GPP_A><Profile_Rule_B>http://h/$A</Profile_Rule_B>",
       "Profile_Rule_B profile http://h:80/x"},
      {"<Profile_Rule_C>($MA eq 000e08000001)? http://h/c</Profile_Rule_C>", ""},
      {"<Profile_Rule_D>[user:word]http://h/d</Profile_Rule_D>", ""},
      {"<Upgrade_Rule>http://h/sip88xx.loads</Upgrade_Rule>",
       "Upgrade_Rule load http://h:80/sip88xx.loads"},
      {"<Upgrade_Rule>http://h/sip88xx.loads</Upgrade_Rule><Upgrade_Enable>No</Upgrade_Enable>",
       ""},
      {"<Custom_CA_Rule>https://h/roots.pem</Custom_CA_Rule>",
       "Custom_CA_Rule roots https://h:443/roots.pem"},
      {"<Report_Rule>[--delta]http://h/r</Report_Rule>", "Report_Rule report http://h:80/r"},
      {"<Report_Rule>https://h/r</Report_Rule><Profile_Rule_B>tftp://h/b</Profile_Rule_B>",
       "Profile_Rule_B profile tftp://h:69/b; Report_Rule report https://h:443/r"},
  };
  for (const auto& row : rows) {
    INFO(row.elements);
    CHECK(leads_behind(row.elements) == row.leads);
  }
}

// --- against servers

using Files = std::map<std::string, std::string>;  // by path; HOST stands for the server

Reply answer(const std::string& status, const std::string& body) {
  return {fmt::format("HTTP/1.1 {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}", status,
                      body.size(), body)};
}

std::string path_in(const std::string& request) {
  const auto begin = request.find(' ') + 1;
  return request.substr(begin, request.find(' ', begin) - begin);
}

// A server that has these files, and for each path a count of who asked.
struct Served {
  Trail trail;
  std::map<std::string, int> asked;
};

Served audited(const Files& files, const std::function<void(Audit&)>& change = {}) {
  boost::asio::io_context loop;
  Served served;
  std::string host;
  const WebServer server(loop, [&](const std::string& request) {
    const auto path = path_in(request);
    ++served.asked[path];
    const auto file = files.find(path);
    if (file == files.end()) return answer("404 Not found", "");
    auto body = file->second;
    for (auto at = body.find("HOST"); at != std::string::npos; at = body.find("HOST"))
      body.replace(at, 4, host);
    return answer("200 OK", body);
  });
  host = "127.0.0.1:" + std::to_string(server.port());
  const Turning turning(loop);
  Audit audit;
  audit.device = phone();
  audit.tls = std::make_shared<client::identity::TlsIdentity>();
  audit.rule = "http://" + host + "/first.xml";
  audit.pause = 0ms;
  audit.may_create = true;
  audit.requests = 200;
  if (change) change(audit);
  auto trail = client::check::observe(audit);
  if (!trail) FAIL(format(trail.error()));
  served.trail = *std::move(trail);
  return served;
}

std::string findings_behind(const Trail& trail) {
  std::string text;
  for (const auto& file : trail.files) {
    for (const auto& judgement : findings_of(file)) {
      if (!judgement.is_finding() || file.led_by.empty()) continue;
      text +=
          fmt::format("{}{}:{}", text.empty() ? "" : " ", file.led_by.back(), judgement.check->id);
    }
  }
  return text;
}

std::string accounts(const std::string& password) {
  return profile_of("<User_ID_1_>100</User_ID_1_><Password_1_>" + password + "</Password_1_>");
}

TEST_CASE("passwords behind rule C are found, and who gets them") {
  const Files files{
      {"/first.xml", profile_of("<Profile_Rule_C>http://HOST/$MA.xml</Profile_Rule_C>")},
      {"/000e08abcdef.xml", accounts("own")},
      {"/000e08abcdf0.xml", accounts("next")},
  };
  const auto served = audited(files);
  CHECK(findings_behind(served.trail) ==
        "Profile_Rule_C:CHK-OPEN Profile_Rule_C:CHK-ENUM-NEIGHBOUR "
        "Profile_Rule_C:CHK-PLAIN-SECRETS Profile_Rule_C:CHK-PLAIN");
  // What is about the server was asked with the first file; this one once as the phone and once
  // with another phone's User-Agent.
  CHECK(served.asked.at("/000e08abcdef.xml") == 2);
}

TEST_CASE("a neighbour is followed by the rules of its own file") {
  const Files files{
      {"/000e08abcdef.xml", profile_of("<Profile_Rule_B>http://HOST/one</Profile_Rule_B>")},
      {"/000e08abcdf0.xml", profile_of("<Profile_Rule_B>http://HOST/two</Profile_Rule_B>")},
      {"/one", accounts("own")},
      {"/two", accounts("next")},
  };
  const auto served =
      audited(files, [](Audit& audit) { audit.rule.replace(audit.rule.find("first"), 5, "$MA"); });
  CHECK(served.asked.count("/two") == 1);
  CHECK(findings_behind(served.trail).find("Profile_Rule_B:CHK-ENUM-NEIGHBOUR") !=
        std::string::npos);
}

TEST_CASE("a later rule that leads to nothing is a finding") {
  const auto served = audited(
      {{"/first.xml",
        profile_of("<Profile_Rule_B>http://HOST/gone</Profile_Rule_B>"
                   "<Upgrade_Rule>http://HOST/sip78xx.12-0-7MPP0001-123.loads</Upgrade_Rule>"
                   "<Custom_CA_Rule>http://HOST/page</Custom_CA_Rule>"
                   "<Report_Rule>http://127.0.0.1:1/r</Report_Rule>")},
       {"/page", "<html></html>"}},
      [](Audit& audit) { audit.device.identity.model = "CP-8851-3PCC"; });
  CHECK(findings_behind(served.trail) ==
        "Profile_Rule_B:CHK-FETCH Custom_CA_Rule:CHK-CA-FILE Custom_CA_Rule:CHK-CA-PLAIN "
        "Upgrade_Rule:CHK-LOAD-MISSING Upgrade_Rule:CHK-LOAD-FAMILY "
        "Report_Rule:CHK-REPORT-UNREACHABLE Report_Rule:CHK-REPORT-PLAIN");
}

TEST_CASE("what is in order behind a file is no finding") {
  const auto served = audited(
      {{"/first.xml",
        profile_of("<Upgrade_Rule>http://HOST/sip88xx.12-0-7MPP0001-123.loads</Upgrade_Rule>"
                   "<Report_Rule>[--key own]http://HOST/r</Report_Rule>")},
       {"/sip88xx.12-0-7MPP0001-123.loads", "load"}},
      [](Audit& audit) { audit.device.identity.model = "CP-8851-3PCC"; });
  CHECK(served.trail.files.size() == 3);
  CHECK(findings_behind(served.trail).empty());
}

TEST_CASE("a rule that leads to no target is not followed, and that is told") {
  const auto served =
      audited({{"/first.xml", profile_of("<Profile_Rule_B>http://192.0.2.1/b</Profile_Rule_B>")}});
  REQUIRE(served.trail.files.size() == 2);
  const auto outcome = outcome_of(served.trail.files[1], "CHK-FETCH");
  CHECK(outcome.state == State::not_made);
  CHECK(outcome.evidence.find("192.0.2.1") != std::string::npos);
}

TEST_CASE("files that lead in circles, or to ever more files, come to an end") {
  const auto circle =
      audited({{"/first.xml", profile_of("<Profile_Rule>http://HOST/second.xml</Profile_Rule>")},
               {"/second.xml", profile_of("<Profile_Rule>http://HOST/first.xml</Profile_Rule>")}});
  CHECK(circle.trail.files.size() == 2);
  CHECK(circle.trail.left_out == 0);

  Files many{{"/first.xml", ""}};
  for (int i = 0; i < 100; ++i)
    many["/" + std::to_string(i)] =
        profile_of(fmt::format("<Profile_Rule_B>http://HOST/{}</Profile_Rule_B>"
                               "<Profile_Rule_C>http://HOST/{}</Profile_Rule_C>",
                               2 * i + 1, 2 * i + 2));
  many["/first.xml"] = many["/0"];
  const auto maze = audited(many);
  CHECK(maze.trail.files.size() == 13);
  // Two of each of the 13, less the 12 that were asked.
  CHECK(maze.trail.left_out == 14);
}

TEST_CASE("no request is made behind the budget, whatever files there are") {
  const auto served =
      audited({{"/first.xml", profile_of("<Profile_Rule_B>http://HOST/b</Profile_Rule_B>"
                                         "<Profile_Rule_C>http://HOST/c</Profile_Rule_C>")},
               {"/b", accounts("b")},
               {"/c", accounts("c")}},
              [](Audit& audit) { audit.requests = 4; });
  std::size_t requests = 0;
  for (const auto& [path, count] : served.asked) requests += static_cast<std::size_t>(count);
  CHECK(requests == 4);
  CHECK(served.trail.files.back().ended_by == "--requests");
}

TEST_CASE("how often one may ask is tried behind all other files, by what is left to ask") {
  const Files files{{"/first.xml", profile_of("<Profile_Rule_B>http://HOST/b</Profile_Rule_B>"
                                              "<Profile_Rule_C>http://HOST/c</Profile_Rule_C>")},
                    {"/b", accounts("b")},
                    {"/c", accounts("c")}};
  const auto once = audited(files);
  const auto needed = std::accumulate(once.asked.begin(), once.asked.end(), std::size_t{0},
                                      [](std::size_t sum, const auto& path) {
                                        return sum + static_cast<std::size_t>(path.second);
                                      });
  const auto with_rate = [&](std::size_t requests) {
    return audited(files, [&](Audit& audit) {
      audit.rate = 9;
      audit.requests = requests;
    });
  };
  const auto whole = with_rate(needed + 9);
  CHECK(whole.trail.files.front().rate->asked == 9);
  CHECK(whole.asked.at("/first.xml") == once.asked.at("/first.xml") + 9);
  CHECK(whole.asked.at("/c") == once.asked.at("/c"));
  // The first file of the server alone.
  CHECK_FALSE(whole.trail.files.back().rate);

  const auto cut = with_rate(needed + 4);
  CHECK(cut.trail.files.front().rate->asked == 4);
  CHECK(cut.asked.at("/c") == once.asked.at("/c"));
  CHECK(outcome_of(cut.trail.files.front(), "CHK-RATE-BAN").state == State::not_made);
}

TEST_CASE("a file that harms the phone's own provisioning is a finding") {
  struct Row {
    std::string elements, finding;
  };
  const std::vector<Row> rows{
      {"<Profile_Rule_B>[user:word]http://HOST/b</Profile_Rule_B>", "CHK-RULES-UNREADABLE"},
      {"<Profile_Rule></Profile_Rule>", "CHK-RULES-EMPTY"},
      {"<Profile_Rule_B>http://HOST/{mac}.xml</Profile_Rule_B>", "CHK-RULES-TEXT"},
      {"<Provision_Enable>No</Provision_Enable>", "CHK-PROVISION-OFF"},
      {"<Resync_Trigger_1>1 gt 2</Resync_Trigger_1>", "CHK-TRIGGER-NEVER"},
      {"<Resync_Periodic>5</Resync_Periodic>", "CHK-PERIOD-SHORT"},
      {"<Resync_Error_Retry_Delay>0</Resync_Error_Retry_Delay>", "CHK-RETRY-OFF"},
      {"<Profile_Rule_B>http://HOST/first.xml</Profile_Rule_B>", ""},
      {"<Resync_Periodic>3600</Resync_Periodic>", ""},
  };
  for (const auto& row : rows) {
    INFO(row.elements);
    const auto served = audited({{"/first.xml", profile_of(row.elements)}});
    std::string found;
    for (const auto& judgement : findings_of(served.trail.files.front())) {
      const auto id = judgement.check->id;
      const bool is_usual = id == "CHK-OPEN" || id == "CHK-PLAIN";
      if (judgement.is_finding() && !is_usual) found.append(found.empty() ? "" : " ").append(id);
    }
    CHECK(found == row.finding);
  }
}

TEST_CASE("an audit ends by its time, and by what has come, with what it saw until then") {
  const Files files{{"/first.xml", profile_of("<Profile_Rule_B>http://HOST/b</Profile_Rule_B>")},
                    {"/b", accounts(std::string(1000, 'b'))}};
  const auto late = audited(files, [](Audit& audit) {
    audit.time = 300ms;
    audit.pause = 400ms;
  });
  CHECK(late.trail.files.front().ended_by == "--time");
  // The second was waiting for its turn by then.
  CHECK(late.asked.at("/first.xml") == 2);
  const auto much = audited(files, [](Audit& audit) { audit.octets = 100; });
  CHECK(much.trail.files.front().ended_by == "the size of what came");
  CHECK(much.trail.left_out == 1);
}

}  // namespace
}  // namespace provphone::test::follow_test
