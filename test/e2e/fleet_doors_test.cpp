#include "test/e2e/kamailio.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/sip_callers.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <memory>
#include <set>

// Phones of a fleet that answer those who come to them.
namespace provphone::e2e::fleet_doors_test {
namespace {

// A provisioning server, and a fleet whose phones each ask it for a file of their own.
struct Site {
  Workspace workspace;
  Nginx nginx = serve(workspace);
  std::unique_ptr<Process> process;

  static Nginx serve(Workspace& workspace) {
    workspace.write("www/first.xml", "<flat-profile/>");
    workspace.write("www/basic.xml", profile("12345678"));
    return Nginx(workspace, workspace.path("www"), {});
  }
  std::string scenario(int count, const std::string& more, const std::string& set = {}) const {
    return fmt::format(
        "phones:\n  - {{count: {}, mac: 000e08000000, {}set: {{Profile_Rule: \"{}\", User_ID_1_: "
        "\"{{index+1000}}\", Password_1_: {}, Resync_Random_Delay: \"0\"{}}}}}\n"
        "events: [{{at: 0s, power_on: all, over: 2s}}]\n",
        count, more, nginx.url("/first.xml?$MA"), sip_secret, set);
  }
  Flags flags(const std::string& yaml, const Flags& more) {
    const auto file = workspace.write("fleet.yaml", yaml).string();
    // A busy machine makes no run void.
    return with(
        {"fleet", file, "--for", "1h", "--lag-limit", "1h", "--json",
         workspace.path("result.json").string(), "--trace", workspace.path("trace.jsonl").string()},
        more);
  }
  void start(const std::string& yaml, const Flags& more) {
    process = std::make_unique<Process>(workspace.make_folder("fleet"), "fleet",
                                        with({PROVPHONE_BINARY}, flags(yaml, more)));
  }
  // What stands behind `mark` in the line that it is in.
  std::string told(const std::string& mark) const {
    REQUIRE(eventually(patience, [&] {
      const auto text = process->err();
      const auto begin = text.find(mark);
      return begin != std::string::npos && text.find('\n', begin) != std::string::npos;
    }));
    const auto text = process->err();
    const auto begin = text.find(mark) + mark.size();
    return text.substr(begin, text.find('\n', begin) - begin);
  }
  std::string port(const std::string& mark) const {
    const auto url = told(mark);
    const auto begin = url.rfind(':') + 1;
    return url.substr(begin, url.find('/', begin) - begin);
  }
  bool asked_for(const std::string& request, std::size_t times = 1) const {
    return eventually(patience, [&] {
      std::size_t found = 0;
      for (const auto& access : nginx.accesses(0))
        found += access.request == "GET " + request + " HTTP/1.1" ? 1U : 0U;
      return found == times;
    });
  }
  std::string ask(const std::string& url) {
    return workspace.run({"curl", "-s", "-g", "-w", "\n%{http_code}", url});
  }
  // Ends it, and has the MAC of each event of that name.
  std::multiset<std::string> end(const std::string& event, const std::string& origin = {}) {
    process->signal(SIGINT);
    REQUIRE(process->wait(patience));
    CHECK_FALSE(contains(process->err() + process->out(), sip_secret));
    std::multiset<std::string> phones;
    const auto trace = read_file(workspace.path("trace.jsonl"));
    CHECK_FALSE(contains(trace, sip_secret));
    for (std::size_t begin = 0; begin < trace.size();) {
      const auto end = trace.find('\n', begin);
      const auto line = Json::parse(trace.substr(begin, end - begin));
      if (line.value("event", "") == event &&
          (origin.empty() || line.value("origin", "") == origin))
        phones.insert(line.at("phone").get<std::string>());
      begin = end + 1;
    }
    return phones;
  }
};

std::size_t different(const std::multiset<std::string>& phones) {
  return std::set<std::string>(phones.begin(), phones.end()).size();
}

TEST_CASE("phones of a fleet that share an address are told apart by the path", "[R-FACE-02]") {
  Site site;
  site.start(site.scenario(5, ""), {"--web", "0"});
  REQUIRE(site.nginx.accesses(5).size() == 5);
  const auto url = site.told("the phone answers at ");
  CHECK(url.ends_with("/000e08000000/"));
  CHECK(contains(site.told("... and "), "2 more do"));
  const auto root = url.substr(0, url.size() - 13);
  CHECK(contains(site.ask(root + "000e08000003/admin/cfg.xml"), "<GPP_A/>"));
  const auto asked =
      site.ask(root + "000e08000003/admin/resync?" + site.nginx.url("/basic.xml?$MA"));
  CHECK(contains(asked, "\n200"));
  REQUIRE(site.asked_for("/basic.xml?000e08000003"));
  CHECK(eventually(patience, [&] {
    return contains(site.ask(root + "000e08000003/admin/cfg.xml"), ">12345678<");
  }));
  CHECK(contains(site.ask(root + "000e08000003/"), "/basic.xml"));
  CHECK(contains(site.ask(root + "000e08000004/admin/cfg.xml"), "<GPP_A/>"));
  CHECK(contains(site.ask(root + "000e08000099/"), "\n404"));
  CHECK(site.end("resync_requested", "web") == std::multiset<std::string>{"000e08000003"});
}

TEST_CASE("phones of several workers answer at addresses of their own, at one port",
          "[R-FACE-01][R-FACE-02]") {
  Site site;
  site.start(site.scenario(6, "source: 127.33.0.0/24, "), {"--web", "0", "--workers", "3"});
  REQUIRE(site.nginx.accesses(6).size() == 6);
  const auto port = site.port("the phone answers at ");
  for (int i = 0; i < 6; ++i) {
    const auto mac = fmt::format("000e0800000{}", i);
    const auto root = fmt::format("http://127.33.0.{}:{}", i + 1, port);
    INFO(root);
    CHECK(contains(site.ask(root + "/admin/resync?" + site.nginx.url("/basic.xml?$MA")), "\n200"));
    CHECK(site.asked_for("/basic.xml?" + mac));
    CHECK(contains(site.ask(root + "/"), mac.substr(8)));
  }
  CHECK(different(site.end("resync_requested", "web")) == 6);
}

TEST_CASE("an address that phones of several workers share is refused, and one worker has it",
          "[R-FACE-02]") {
  Site site;
  const auto refused =
      provphone(site.workspace,
                site.flags(site.scenario(4, ""), {"--web", "0", "--workers", "2", "--quiet"}));
  require_usage_error(refused);
  CHECK(contains(refused.err, "--workers 1"));
  site.start(site.scenario(4, ""), {"--sip", "0"});
  REQUIRE(site.nginx.accesses(4).size() == 4);
  site.end("powered_on");
  CHECK(Json::parse(read_file(site.workspace.path("result.json"))).at("workers") == 1);
}

TEST_CASE("phones that may not open as many sockets as they answer at are told how",
          "[R-FACE-02]") {
  Site site;
  auto argv = site.flags(site.scenario(300, "source: 127.36.0.0/16, "), {"--web", "0"});
  argv.insert(argv.begin(), {"bash", "-c", "ulimit -n 128; exec \"$@\"", "bash", PROVPHONE_BINARY});
  Process process(site.workspace.make_folder("fleet"), "fleet", argv);
  CHECK(process.wait(patience) == 2);
  CHECK(contains(process.err(), "take 300 sockets, and this process may open 128 files"));
  CHECK(contains(process.err(), "ulimit -n 812"));
}

TEST_CASE("phones that are given one address are both to be reached, in a run too", "[R-FACE-02]") {
  Site site;
  const auto group = [&](const std::string& mac) {
    return "  - {mac: " + mac + ", source: 127.37.0.0/24, set: {Profile_Rule: \"" +
           site.nginx.url("/first.xml?$MA") + "\", Resync_Random_Delay: \"0\"}}\n";
  };
  const auto file =
      site.workspace.write("two.yaml", "phones:\n" + group("000e08000000") + group("000e08000010") +
                                           "events: [{at: 0s, power_on: all}]\n");
  RunningPhone phones(site.workspace, {file.string(), "--web", "0"});
  REQUIRE(site.nginx.accesses(2).size() == 2);
  for (const std::string mac : {"000e08000000", "000e08000010"}) {
    const auto said = phones.err();
    const auto end = said.find(mac) + mac.size();
    const auto begin = said.rfind("http://", end);
    CHECK(contains(site.ask(said.substr(begin, end - begin) + "/admin/resync"), "\n200"));
    CHECK(site.asked_for("/first.xml?" + mac, 2));
  }
  phones.interrupt();
  phones.finish();
}

TEST_CASE("a place that somebody else has is refused before anything begins", "[R-FACE-01]") {
  Site site;
  const auto taken = std::to_string(site.nginx.port());
  for (const auto* flag : {"--web", "--sip"}) {
    const auto refused =
        provphone(site.workspace, site.flags(site.scenario(2, ""), {flag, taken, "--quiet"}));
    require_usage_error(refused);
    CHECK(contains(refused.err, taken));
  }
  CHECK(site.nginx.accesses(0).empty());
}

TEST_CASE("a thousand phones of a fleet at addresses of their own each resync once by a NOTIFY",
          "[R-SIP-02][R-SIP-05]") {
  constexpr std::size_t count = 1000;
  Site site;
  site.start(site.scenario(count, "source: 127.34.0.0/16, "), {"--sip", "0", "--workers", "2"});
  REQUIRE(site.nginx.accesses(count).size() >= count);
  std::vector<Callee> callees;
  for (std::size_t i = 0; i < count; ++i) {
    const auto at = i + 1;
    callees.push_back({std::to_string(1000 + i), fmt::format("127.34.{}.{}", at / 256, at % 256)});
  }
  CHECK(asks(site.workspace, site.port("the phone takes SIP at "), callees,
             {"NOTIFY", "Event: resync\n", 200, true}));
  CHECK(site.nginx.accesses(2 * count).size() >= 2 * count);
  const auto asked = site.end("resync_requested", "sip_notify");
  CHECK(asked.size() == count);
  CHECK(different(asked) == count);
}

TEST_CASE("a thousand phones of a fleet at one address are told apart by their users",
          "[R-SIP-02][R-SIP-05]") {
  constexpr std::size_t count = 1000;
  Site site;
  site.start(site.scenario(count, ""), {"--sip", "0"});
  REQUIRE(site.nginx.accesses(count).size() >= count);
  std::vector<Callee> callees;
  for (std::size_t i = 0; i < count; ++i)
    callees.push_back({std::to_string(1000 + i), "127.0.0.1"});
  const auto port = site.port("the phone takes SIP at ");
  CHECK(asks(site.workspace, port, callees, {"NOTIFY", "Event: resync\n", 200, true}));
  CHECK(asks(site.workspace, port, {{"999", "127.0.0.1"}}, {"NOTIFY", "Event: resync\n", 404}));
  CHECK(site.nginx.accesses(2 * count).size() >= 2 * count);
  const auto asked = site.end("resync_requested", "sip_notify");
  CHECK(asked.size() == count);
  CHECK(different(asked) == count);
}

TEST_CASE("a user that a profile gives to a phone among others is found from then on",
          "[R-SIP-02]") {
  Site site;
  site.workspace.write("www/first.xml",
                       "<flat-profile><User_ID_1_>desk-$MA</User_ID_1_>"
                       "</flat-profile>");
  site.workspace.write("www/one.xml",
                       "<flat-profile><User_ID_1_>reception</User_ID_1_></flat-profile>");
  site.start(site.scenario(3, ""), {"--sip", "0", "--web", "0"});
  REQUIRE(site.nginx.accesses(3).size() == 3);
  const auto port = site.port("the phone takes SIP at ");
  const auto root = site.told("the phone answers at ");
  CHECK(
      asks(site.workspace, port, {{"reception", "127.0.0.1"}}, {"NOTIFY", "Event: resync\n", 404}));
  site.ask(root + "admin/resync?" + site.nginx.url("/one.xml"));
  REQUIRE(site.asked_for("/one.xml"));
  CHECK(eventually(patience, [&] {
    return asks(site.workspace, port, {{"reception", "127.0.0.1"}},
                {"NOTIFY", "Event: message-summary\n", 489});
  }));
  site.end("notified");
}

TEST_CASE("phones of a fleet register, and a NOTIFY through the registrar reaches each",
          "[R-SIP-08][R-SIP-09]") {
  Site site;
  const Kamailio kamailio(site.workspace, 600);
  const auto set =
      fmt::format(", Proxy_1_: \"{}\", \"Auth_Resync-Reboot_1_\": \"No\"", kamailio.address());
  site.start(site.scenario(4, "source: 127.35.0.0/24, ", set), {"--sip", "0", "--workers", "2"});
  REQUIRE(site.nginx.accesses(4).size() == 4);
  const Caller caller;
  int number = 0;
  for (int i = 0; i < 4; ++i) {
    const auto is_reached = [&] {
      caller.send(std::to_string(1000 + i), kamailio.port(), ++number, "");
      auto said = caller.answer(patience);
      while (said && said->starts_with("SIP/2.0 1")) said = caller.answer(patience);
      return said && said->starts_with("SIP/2.0 200");
    };
    CHECK(eventually(patience, is_reached));
    CHECK(site.asked_for(fmt::format("/first.xml?000e0800000{}", i), 2));
  }
  const auto phones = site.end("registered");
  CHECK(phones.size() == 4);
  CHECK(different(phones) == 4);
}

}  // namespace
}  // namespace provphone::e2e::fleet_doors_test
