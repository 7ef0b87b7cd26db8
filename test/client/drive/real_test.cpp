#include "client/drive/real.hpp"

#include "client/serve/fault_text.hpp"
#include "client/serve/server.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <catch2/catch.hpp>
#include <stdlib.h>

#include <algorithm>
#include <filesystem>
#include <fstream>

namespace real_test {
namespace {

namespace fs = std::filesystem;
using namespace provphone;
using namespace std::chrono_literals;
using client::trace::EventKind;
using client::trace::TraceEvent;

// A directory behind the embedded server, and phones that ask it.
struct World {
  boost::asio::io_context loop;
  std::string directory = (fs::temp_directory_path() / "provphone-test-XXXXXX").string();
  std::unique_ptr<client::serve::Server> server;
  std::vector<client::serve::Served> served;
  std::vector<TraceEvent> trace;
  std::unique_ptr<client::drive::RealDriver> driver;
  std::size_t passes_over = 0;

  explicit World(const std::string& fault = {}) {
    REQUIRE(mkdtemp(directory.data()) != nullptr);
    client::serve::Options options;
    options.directory = directory;
    options.http_port = options.tftp_port = std::uint16_t{0};
    if (!fault.empty()) options.faults.push_back(client::serve::parse_fault(fault).value());
    auto started = client::serve::Server::start(loop, options,
                                                [this](const auto& one) { served.push_back(one); });
    REQUIRE(started);
    server = *std::move(started);
  }
  ~World() {
    driver.reset();
    server.reset();
    fs::remove_all(directory);
  }

  void file(const std::string& name, const std::string& text) {
    const auto path = fs::path(directory) / name;
    fs::create_directories(path.parent_path());
    std::ofstream(path) << text;
  }
  std::string http(const std::string& path) const {
    return "http://127.0.0.1:" + std::to_string(server->http_port()) + path;
  }
  std::string tftp(const std::string& path) const {
    return "tftp://127.0.0.1:" + std::to_string(server->tftp_port()) + path;
  }

  static client::drive::DrivenPhone phone(
      std::initializer_list<std::pair<const char*, std::string>> parameters) {
    client::drive::DrivenPhone setup;
    for (const auto& [name, value] : parameters)
      setup.device.parameters.set(*profile::find_parameter(name), value);
    return setup;
  }

  // Runs until `passes` passes are over, or until `limit`, which fails the test.
  void run(client::drive::DrivenPhone setup, bool boot, std::size_t passes) {
    client::drive::RealRun plan;
    plan.phones = client::drive::kept_phones({std::move(setup)});
    plan.trace = [this](const TraceEvent& event) { trace.push_back(event); };
    plan.on_pass_over = [this, passes](std::size_t) {
      passes_over = count(EventKind::pass_succeeded) + count(EventKind::pass_failed) +
                    count(EventKind::pass_gated);
      if (passes_over >= passes) loop.stop();
    };
    driver = std::make_unique<client::drive::RealDriver>(loop, std::move(plan));
    boot ? driver->power_on(0) : driver->request_resync_of_running(0);
    wait();
    REQUIRE(passes_over >= passes);
  }

  void wait() {
    boost::asio::steady_timer limit(loop, 100s);
    limit.async_wait([this](const boost::system::error_code&) { loop.stop(); });
    loop.run();
  }

  std::size_t count(EventKind kind) const {
    return static_cast<std::size_t>(std::count_if(
        trace.begin(), trace.end(), [&](const TraceEvent& event) { return event.event == kind; }));
  }
  const TraceEvent& last(EventKind kind) const {
    const auto found = std::find_if(trace.rbegin(), trace.rend(),
                                    [&](const TraceEvent& e) { return e.event == kind; });
    REQUIRE(found != trace.rend());
    return *found;
  }
  std::string value(std::string_view name) const {
    return std::string(driver->phone(0).device.parameters.get(*profile::find_parameter(name)));
  }
};

}  // namespace

TEST_CASE("a rule that the first profile sets is evaluated in the same pass", "[R-RESYNC-14]") {
  World world;
  world.file("a.xml", "<flat-profile><GPP_A>from-a</GPP_A></flat-profile>");
  world.file("from-a.xml", "<flat-profile><GPP_B>from-b</GPP_B></flat-profile>");
  world.run(World::phone({{"Profile_Rule", world.http("/a.xml")},
                          {"Profile_Rule_B", world.tftp("/$A.xml")}}),
            false, 1);
  CHECK(world.value("GPP_B") == "from-b");
  CHECK(world.count(EventKind::request) == 2);
  CHECK(world.last(EventKind::pass_succeeded).kind == resync::PassKind::explicit_request);
}

TEST_CASE("a phone that reads its rules when the pass starts goes by what they were then",
          "[R-RULE-49]") {
  World world;
  world.file("a.xml", "<flat-profile><GPP_A>a</GPP_A><Profile_Rule_B>" + world.http("/b.xml") +
                          "</Profile_Rule_B></flat-profile>");
  world.file("b.xml", "<flat-profile><GPP_B>b</GPP_B></flat-profile>");
  auto setup = World::phone({{"Profile_Rule", world.http("/a.xml")}});
  REQUIRE(resync::set_knob(setup.device.personality, "rules_read=at_pass_start"));
  REQUIRE(resync::set_knob(setup.device.personality, "chained_passes=0"));
  world.run(std::move(setup), false, 1);
  CHECK(world.value("GPP_A") == "a");
  CHECK(world.value("GPP_B").empty());
  CHECK(world.served.size() == 1);
}

TEST_CASE("a challenged phone asks again with its profile account", "[R-HTTP-25]") {
  World world("basic=desk:pass path=/a.xml");
  world.file("a.xml", "<flat-profile><GPP_A>a</GPP_A></flat-profile>");
  auto setup = World::phone({{"Profile_Rule", world.http("/a.xml")}});
  REQUIRE(resync::set_knob(setup.device.personality, "unauthorized_without_login=profile_account"));
  setup.device.profile_account = resync::Login{"desk", "pass"};
  setup.device.parameters.set(*profile::find_parameter("Syslog_Server"), "127.0.0.1:9");
  world.run(std::move(setup), false, 1);
  CHECK(world.value("GPP_A") == "a");
  CHECK(world.served.size() == 2);
  CHECK(world.count(EventKind::syslog) == 2);  // one request, one success
}

TEST_CASE("a phone goes on to the next place that DHCP leads to when one has no usable file",
          "[R-DHCP-08]") {
  World world;
  world.file("8841-3PCC.xml", "this is no profile");
  world.file("Cisco/CP-8841-3PCC/000e08012345.cfg",
             "<flat-profile><GPP_A>a</GPP_A></flat-profile>");
  auto setup = World::phone({});
  setup.device.lease = {{66, "http://127.0.0.1:1"}, {160, world.http("")}};
  world.run(std::move(setup), false, 1);
  CHECK(world.value("GPP_A") == "a");
  CHECK(world.count(EventKind::request) == 4);
  CHECK(world.count(EventKind::pass_failed) == 0);
  CHECK(world.last(EventKind::request).url.ends_with("/Cisco/CP-8841-3PCC/000e08012345.cfg"));
}

TEST_CASE("the failure at the last place that DHCP leads to is the rule's", "[R-DHCP-08]") {
  World world;
  auto setup = World::phone({});
  setup.device.lease = {{66, "http://127.0.0.1:1"}, {160, world.http("")}};
  world.run(std::move(setup), false, 1);
  CHECK(world.last(EventKind::pass_failed).error == Errc::file_not_found);
  CHECK(world.count(EventKind::response) == 4);
}

TEST_CASE("nothing is sent to a server outside Restricted_Access_Domains", "[R-RULE-46]") {
  World world;
  auto setup = World::phone(
      {{"Profile_Rule", world.http("/a.xml")}, {"Restricted_Access_Domains", "example.net"}});
  world.run(std::move(setup), false, 1);
  CHECK(world.last(EventKind::pass_failed).error == Errc::server_restricted);
  CHECK(world.served.empty());
}

TEST_CASE("the later rule wins where two profiles set one parameter", "[R-RESYNC-14]") {
  World world;
  world.file("a.xml", "<flat-profile><GPP_A>a</GPP_A></flat-profile>");
  world.file("b.xml", "<flat-profile><GPP_A>b</GPP_A></flat-profile>");
  world.run(World::phone(
                {{"Profile_Rule", world.http("/a.xml")}, {"Profile_Rule_B", world.http("/b.xml")}}),
            false, 1);
  CHECK(world.value("GPP_A") == "b");
}

TEST_CASE("what earlier rules applied stays when a later one fails", "[R-RESYNC-15]") {
  World world;
  world.file("a.xml", "<flat-profile><GPP_A>a</GPP_A></flat-profile>");
  world.run(World::phone({{"Profile_Rule", world.http("/a.xml")},
                          {"Profile_Rule_B", world.http("/missing.xml")},
                          {"Profile_Rule_C", world.http("/a.xml")}}),
            false, 1);
  CHECK(world.value("GPP_A") == "a");
  CHECK(world.last(EventKind::pass_failed).error == Errc::file_not_found);
  CHECK(world.last(EventKind::pass_failed).rule == "Profile_Rule_B");
  CHECK(world.served.size() == 2);  // C was not asked for
  CHECK(world.last(EventKind::timer_armed).timer == resync::Timer::error_retry);
}

TEST_CASE("an assignment stays when the download behind it fails", "[R-RULE-44]") {
  World world;
  world.run(World::phone({{"Profile_Rule", "(GPP_D = \"$MA\";)! " + world.http("/missing.xml")}}),
            false, 1);
  CHECK(world.value("GPP_D") == "000e08012345");
  CHECK(world.count(EventKind::pass_failed) == 1);
}

TEST_CASE("a phone that meets 503 comes back on its list and recovers", "[R-RESYNC-13]") {
  World world("/a.xml=503*2");
  world.file("a.xml", "<flat-profile><GPP_A>at last</GPP_A></flat-profile>");
  auto setup = World::phone({{"Profile_Rule", world.http("/a.xml")},
                             {"Resync_Random_Delay", "0"},
                             {"Resync_Error_Retry_Delay", "0,0,60"}});
  world.run(std::move(setup), true, 3);
  CHECK(world.count(EventKind::pass_failed) == 2);
  CHECK(world.last(EventKind::pass_succeeded).kind == resync::PassKind::error_retry);
  CHECK(world.value("GPP_A") == "at last");
}

TEST_CASE("a file that has not changed is fetched and recognised", "[R-RESYNC-07]") {
  World world;
  world.file("a.xml", "<flat-profile><Resync_Periodic>1</Resync_Periodic></flat-profile>");
  world.run(World::phone({{"Profile_Rule", world.http("/a.xml")}, {"Resync_Random_Delay", "0"}}),
            true, 3);
  CHECK(world.served.size() == 3);
  CHECK(world.last(EventKind::applied).unchanged_body);
}

TEST_CASE("a profile that names another server's rule is followed at once", "[R-RESYNC-16]") {
  World world;
  world.file("first.xml", "<flat-profile><Profile_Rule>" + world.http("/second.xml") +
                              "</Profile_Rule></flat-profile>");
  world.file("second.xml", "<flat-profile><GPP_A>second</GPP_A></flat-profile>");
  world.run(World::phone({{"Profile_Rule", world.http("/first.xml")}}), false, 2);
  CHECK(world.value("GPP_A") == "second");
  CHECK(world.last(EventKind::pass_started).reason == resync::Reason::profile_rule_changed);
}

TEST_CASE("an address that was not named gets no traffic") {
  World world;
  world.run(World::phone({{"Profile_Rule", "http://192.0.2.1/a.xml"}}), false, 1);
  CHECK(world.last(EventKind::pass_failed).error == Errc::target_refused);
}

TEST_CASE("the User-Agent that reaches the server is the phone's", "[R-HTTP-20]") {
  World world;
  world.file("a.xml", "<flat-profile/>");
  world.run(World::phone({{"Profile_Rule", world.http("/a.xml")}}), false, 1);
  REQUIRE(world.served.size() == 1);
  CHECK(world.served[0].user_agent == "Cisco-CP-8841-3PCC/11.3.2 (000e08012345)");
}

TEST_CASE("a request is logged with the address that its name stands for", "[R-LOG-15]") {
  World world;
  world.file("a.xml", "<flat-profile/>");
  const auto port = std::to_string(world.server->http_port());
  world.run(World::phone({{"Profile_Rule", "http://localhost:" + port + "/a.xml"},
                          {"Syslog_Server", "127.0.0.1:9"}}),
            false, 1);
  const auto first =
      std::find_if(world.trace.begin(), world.trace.end(),
                   [](const TraceEvent& event) { return event.event == EventKind::syslog; });
  REQUIRE(first != world.trace.end());
  CHECK(first->text ==
        "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting resync http://127.0.0.1:" + port + "/a.xml");
  CHECK(world.count(EventKind::syslog) == 2);
}

TEST_CASE("a request to a name without an address is logged by that name", "[R-LOG-15]") {
  World world;
  const std::string host =
      std::string(64, 'x') + ".example.net";  // no label may be so long: nobody is asked
  world.run(World::phone(
                {{"Profile_Rule", "http://" + host + "/a.xml"}, {"Syslog_Server", "127.0.0.1:9"}}),
            false, 1);
  CHECK(world.last(EventKind::pass_failed).error == Errc::name_not_resolved);
  CHECK(world.last(EventKind::syslog).text ==
        "CP-8841-3PCC 00:0e:08:01:23:45 -- Resync failed: Dns query failed");
  CHECK(std::any_of(world.trace.begin(), world.trace.end(), [&](const TraceEvent& event) {
    return event.event == EventKind::syslog &&
           event.text.find("http://" + host + ":80/a.xml") != std::string::npos;
  }));
}

namespace {

constexpr const char* load = "/fw/sip88xx.12-0-2MPP0001-116.loads";

client::drive::DrivenPhone upgrading(const World& world, const std::string& path = load) {
  return World::phone({{"Upgrade_Rule", world.http(path)},
                       {"Profile_Rule", ""},
                       {"Resync_After_Upgrade_Attempt", "No"},
                       {"Syslog_Server", "127.0.0.1:9"}});
}

}  // namespace

TEST_CASE("a phone fetches the load that its Upgrade_Rule names and runs it", "[R-UPGRADE-06]") {
  World world;
  world.file(std::string(load).substr(1), "\1kernel.sbn");
  world.file("fw/kernel.sbn", std::string(100'000, '\1'));
  world.run(upgrading(world), false, 1);
  CHECK(world.count(EventKind::request) == 2);
  CHECK(world.count(EventKind::upgrade_started) == 1);
  CHECK(world.last(EventKind::response).bytes == 100'000);
  CHECK_FALSE(world.last(EventKind::upgrade_done).error);
  CHECK(world.driver->phone(0).device.identity.firmware == "sip88xx.12-0-2MPP0001-116");
  CHECK(world.last(EventKind::rebooted).reason == resync::Reason::restart_for_upgrade);
}

TEST_CASE("behind an upgrade $ERR and $UPGERR are the new version", "[R-UPGRADE-07]") {
  World world;
  world.file(std::string(load).substr(1), "\1kernel.sbn");
  world.file("fw/kernel.sbn", "\1");
  world.run(upgrading(world), false, 1);
  const auto& state = world.driver->phone(0).device.state;
  CHECK(state.err == "sip88xx.12-0-2MPP0001-116");
  CHECK(state.upgerr == state.err);
  CHECK(world.last(EventKind::syslog).text.ends_with(" -- sip88xx.12-0-2MPP0001-116"));
}

TEST_CASE("a load that is not there leaves the running one alone", "[R-UPGRADE-06]") {
  World world;
  world.run(upgrading(world), false, 1);
  CHECK(world.last(EventKind::upgrade_done).error == Errc::file_not_found);
  CHECK(world.driver->phone(0).device.identity.firmware == "sip88xx.11-3-2MPP0001-609");
  CHECK(world.driver->phone(0).device.state.upgerr == "File not found");
  CHECK(world.last(EventKind::timer_armed).timer == resync::Timer::upgrade_retry);
  CHECK(world.last(EventKind::syslog).text.ends_with("Upgrade failed: File not found"));
}

TEST_CASE("an empty load is none", "[R-UPGRADE-05]") {
  World world;
  world.file(std::string(load).substr(1), "");
  world.run(upgrading(world), false, 1);
  CHECK(world.last(EventKind::upgrade_done).error == Errc::empty_body);
}

TEST_CASE("a phone that runs the load already fetches nothing", "[R-UPGRADE-02]") {
  World world;
  world.run(upgrading(world, "/sip88xx.11-3-2MPP0001-609.loads"), false, 1);
  CHECK(world.served.empty());
  CHECK(world.last(EventKind::rule_skipped).rule == "Upgrade_Rule");
  CHECK(world.last(EventKind::rule_skipped).reason == resync::Reason::already_running);
}

TEST_CASE("what an Upgrade_Rule assigns is set", "[R-UPGRADE-01]") {
  World world;
  auto setup = upgrading(world);
  setup.device.parameters.set(*profile::find_parameter("Upgrade_Rule"),
                              "(GPP_C = \"seen\";)! " + world.http(load));
  world.run(std::move(setup), false, 1);
  CHECK(world.value("GPP_C") == "seen");
}

namespace {

// A phone whose reports a server takes, and stores.
struct Reporter {
  World world;
  std::vector<client::drive::Planned> plan{{resync::Time{}, 0, resync::PoweredOn{}, {}}};

  Reporter() { fs::create_directories(fs::path(world.directory) / "uploads"); }

  // Runs until so many reports are sent, or given up.
  void run(client::drive::DrivenPhone setup, std::size_t reports) {
    client::drive::RealRun run;
    run.phones = client::drive::kept_phones({std::move(setup)});
    run.plan = plan;
    run.trace = [this](const TraceEvent& event) { world.trace.push_back(event); };
    run.on_pass_over = [this, reports](std::size_t) {
      if (world.count(EventKind::reported) >= reports) world.loop.stop();
    };
    world.driver = std::make_unique<client::drive::RealDriver>(world.loop, std::move(run));
    world.wait();
    REQUIRE(world.count(EventKind::reported) == reports);
  }
  std::string stored(const std::string& name) const {
    std::ifstream file(fs::path(world.directory) / "uploads" / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  static client::drive::DrivenPhone phone(const std::string& rule) {
    return World::phone({{"Report_Rule", rule},
                         {"HTTP_Report_Method", "PUT"},
                         {"Resync_On_Reset", "No"},
                         {"GPP_A", "here"}});
  }
};

}  // namespace

TEST_CASE("a report over TFTP is a write request, which some servers refuse", "[R-REPORT-02]") {
  Reporter reporter;
  reporter.run(Reporter::phone(reporter.world.tftp("/phone.xml")), 1);
  CHECK(reporter.world.last(EventKind::reported).error == Errc::tftp_access_violation);
  CHECK(reporter.world.last(EventKind::reported).text == "full");
}

TEST_CASE("a phone puts its configuration where a server stores it", "[R-REPORT-02]") {
  Reporter reporter;
  reporter.run(Reporter::phone(reporter.world.http("/phone.xml")), 1);
  CHECK_FALSE(reporter.world.last(EventKind::reported).error);
  CHECK(reporter.stored("phone.xml").find("<GPP_A>here</GPP_A>") != std::string::npos);
}

TEST_CASE("a delta holds what has changed since the last report", "[R-REPORT-06]") {
  Reporter reporter;
  const resync::Brought changes{{{"GPP_B", "changed"}, {"GPP_P", "2"}}, {}};
  reporter.plan.push_back({resync::Time{1ms}, 0, resync::ParametersChanged{},
                           std::make_shared<resync::Brought>(changes)});
  reporter.plan.push_back({resync::Time{1ms}, 0, resync::ReportRequested{}, {}});
  reporter.run(Reporter::phone("[--delta] " + reporter.world.http("/delta-$P.xml")), 2);
  const auto first = reporter.stored("delta-.xml"), second = reporter.stored("delta-2.xml");
  CHECK(first.find("<GPP_A>here</GPP_A>") != std::string::npos);
  CHECK(second.find("<GPP_A>") == std::string::npos);
  CHECK(second.find("<GPP_B um=\"y\">changed</GPP_B>") != std::string::npos);
}

TEST_CASE("two reports are sent one behind the other and leave the macros alone",
          "[R-REPORT-01][R-REPORT-07]") {
  Reporter reporter;
  reporter.run(Reporter::phone("[--status] " + reporter.world.http("/status.xml") + " [--key k] " +
                               reporter.world.http("/all.xml")),
               2);
  CHECK(reporter.stored("status.xml").find("000E08012345") != std::string::npos);
  CHECK(reporter.stored("all.xml").starts_with("Salted__"));
  CHECK(reporter.world.driver->phone(0).device.state.path.empty());
}

TEST_CASE("a report that nobody takes is not sent again", "[R-REPORT-08]") {
  Reporter reporter;
  reporter.run(Reporter::phone("http://127.0.0.1:1/report"), 1);
  CHECK(reporter.world.last(EventKind::reported).error == Errc::connection_refused);
  CHECK(reporter.world.count(EventKind::request) == 1);
  CHECK(reporter.world.driver->is_at_rest());
}

TEST_CASE("each decoded file is handed to who wants to read it, and an unchanged one is not") {
  World world;
  const std::string text = "<flat-profile><!-- lobby --><GPP_A>1</GPP_A></flat-profile>";
  world.file("a.xml", text);
  std::vector<std::string> documents;
  auto setup = World::phone({{"Profile_Rule", world.http("/a.xml")},
                             {"Profile_Rule_B", world.http("/a.xml")},
                             {"Resync_Random_Delay", "0"}});
  client::drive::RealRun plan;
  plan.phones = client::drive::kept_phones({std::move(setup)});
  plan.traces_headers = true;
  plan.on_document = [&](std::size_t phone, std::string_view document, const macro::Url& from) {
    CHECK(from.path == "/a.xml");
    CHECK(phone == 0);
    documents.emplace_back(document);
  };
  plan.trace = [&](const TraceEvent& event) { world.trace.push_back(event); };
  int passes = 0;
  plan.on_pass_over = [&](std::size_t) {
    if (++passes == 2) return world.loop.stop();
    world.driver->request_resync_of_running(0);
  };
  world.driver = std::make_unique<client::drive::RealDriver>(world.loop, std::move(plan));
  world.driver->request_resync_of_running(0);
  world.wait();
  CHECK(passes == 2);
  CHECK(documents == std::vector<std::string>{text, text});  // once a rule
  CHECK(world.last(EventKind::request).user_agent.find("8841-3PCC") != std::string::npos);
  CHECK(world.last(EventKind::request).certificate.empty());
}

}  // namespace real_test
