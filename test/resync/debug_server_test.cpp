#include "resync/detail/debug_lines.hpp"
#include "resync/messages.hpp"
#include "resync/retrieval.hpp"

#include <catch2/catch.hpp>

namespace debug_server_test {
namespace {

using namespace provphone;
using namespace provphone::resync;
using detail::Severity;

using Texts = std::vector<std::string>;

// A phone whose pass is fed by hand, and what it says to whom.
struct Bench {
  Device device;
  Retrievals retrievals;
  Phone machine;
  Outputs outputs;  // of all inputs

  Bench() { set("Profile_Rule", "http://h.example.net/a.xml").set("Debug_Server", "10.0.0.8"); }
  Bench& set(std::string_view name, std::string_view value) {
    device.parameters.set(*profile::find_parameter(name), value);
    device.settings_changed();
    return *this;
  }
  Bench& take(const Input& input) {
    advance(device, retrievals, input, {machine, Time{}, Depth::figures, nullptr, {1, 2}}, outputs);
    return *this;
  }
  Bench& pass(int status, std::string body) {
    Answered answer;
    answer.status = status;
    answer.body_bytes = body.size();
    answer.body = std::move(body);
    return take(PassStarted{PassKind::periodic, Reason::periodic_interval})
        .take(EvaluateRule{0})
        .take(Resolved{Lane::work, "10.0.0.5"})
        .take(answer);
  }
  Texts said_to(std::string_view server) const {
    Texts texts;
    for (const auto& output : outputs) {
      const auto* log = std::get_if<Log>(&output);
      if (log != nullptr && log->server == server) texts.push_back(log->text);
    }
    return texts;
  }
};

const std::string who = "CP-8841-3PCC 00:0e:08:01:23:45 -- ";
const std::string file = "<flat-profile><Resync_Periodic>60</Resync_Periodic></flat-profile>";

}  // namespace

TEST_CASE("the debug server gets what the syslog server gets", "[R-LOG-17]") {
  Bench phone;
  phone.set("Syslog_Server", "10.0.0.9").set("Debug_Level", "EMERGENCY").pass(200, file);
  const Texts both{who + "Requesting resync http://10.0.0.5:80/a.xml",
                   who + "Successful resync http://10.0.0.5:80/a.xml"};
  CHECK(phone.said_to("10.0.0.9") == both);
  CHECK(phone.said_to("10.0.0.8") == both);
  Bench alone;
  CHECK(alone.set("Debug_Level", "0").pass(200, file).said_to("10.0.0.8").empty());
  Bench nobody;
  nobody.set("Debug_Server", "").set("Syslog_Server", "10.0.0.9").set("Debug_Level", "DEBUG");
  CHECK(nobody.pass(200, file).said_to("10.0.0.9") == both);
}

TEST_CASE("a debug level lets the lines through that are as grave", "[R-LOG-18]") {
  struct Case {
    const char* level;
    bool notice, info, debug;
  };
  for (const auto& [level, notice, info, debug] : {Case{"EMERGENCY", false, false, false},
                                                   {"WARNING", false, false, false},
                                                   {"NOTICE", true, false, false},
                                                   {"INFO", true, true, false},
                                                   {"DEBUG", true, true, true},
                                                   {"0", false, false, false},
                                                   {"1", true, false, false},
                                                   {"2", true, true, false},
                                                   {"3", true, true, true},
                                                   {"", false, false, false}}) {
    INFO(level);
    CHECK(detail::lets_through(level, Severity::notice) == notice);
    CHECK(detail::lets_through(level, Severity::info) == info);
    CHECK(detail::lets_through(level, Severity::debug) == debug);
  }
}

TEST_CASE("with a debug level the steps of a pass are told", "[R-LOG-18]") {
  Bench phone;
  phone.set("Debug_Level", "INFO").pass(200, file);
  CHECK(phone.said_to("10.0.0.8") ==
        Texts{who + "resync 1 begins: periodic_interval",
              who + "Profile_Rule: asking for http://h.example.net:80/a.xml",
              who + "Profile_Rule: status 200", who + "Profile_Rule: changed Resync_Periodic"});
  Bench failing;
  failing.set("Debug_Level", "1").pass(404, "");
  CHECK(failing.said_to("10.0.0.8") ==
        Texts{who + "resync 1 begins: periodic_interval", who + "rule failed: file_not_found"});
  CHECK(std::holds_alternative<Done>(failing.outputs.back()));
}

TEST_CASE("no value of a parameter is in a debug line", "[R-LOG-14][R-LOG-18]") {
  Bench phone;
  phone.set("GPP_SA", "hush-sa").set("Debug_Level", "DEBUG");
  phone.set("Profile_Rule", "[--key $SA] http://h.example.net/a.xml");
  phone.pass(200, "<flat-profile><Admin_Password>hush-pw</Admin_Password></flat-profile>");
  REQUIRE(phone.said_to("10.0.0.8").size() >= 3);
  for (const auto& text : phone.said_to("10.0.0.8")) CHECK(text.find("hush") == std::string::npos);
}

TEST_CASE("a syslog message may have a host and a tag", "[R-LOG-19]") {
  Bench phone;
  REQUIRE(set_knob(phone.device.personality, "syslog_form=rfc3164_host"));
  const auto identifier = [&] { return syslog_identifier(phone.device.macros()); };
  CHECK(identifier() == "000e08012345 CP-8841-3PCC:");
  phone.set("Syslog_Identifier", "$MAU");
  CHECK(identifier() == "000e08012345 CP-8841-3PCC: 000E08012345");
}

TEST_CASE("a syslog message may have the header of RFC 5424", "[R-LOG-19]") {
  Bench phone;
  const auto identifier = [&] { return syslog_identifier(phone.device.macros()); };
  REQUIRE(set_knob(phone.device.personality, "syslog_form=rfc5424"));
  CHECK(identifier() == "000e08012345 CP-8841-3PCC - - -");
  phone.set("Syslog_Identifier", "$MAU");
  CHECK(identifier() == "000e08012345 CP-8841-3PCC - - - 000E08012345");
  // Blanks part the fields, and the application's name has 48 octets at most.
  phone.device.identity.model = "CP 8841\n" + std::string(60, 'x');
  phone.set("Syslog_Identifier", "None");
  CHECK(identifier() == "000e08012345 CP_8841_" + std::string(40, 'x') + " - - -");
  phone.set("Debug_Level", "NOTICE").pass(404, "");
  const auto* log = [&]() -> const Log* {
    for (const auto& output : phone.outputs) {
      if (const auto* found = std::get_if<Log>(&output)) return found;
    }
    return nullptr;
  }();
  REQUIRE(log);
  CHECK(log->form == SyslogForm::rfc5424);
}

}  // namespace debug_server_test
