#include "resync/messages.hpp"

#include <catch2/catch.hpp>

namespace messages_test {
namespace {

using namespace provphone;
using profile::Generation;

struct Logger {
  resync::Identity identity;
  resync::Personality personality;
  profile::ParameterSet parameters;
  resync::MacroState state;

  explicit Logger(Generation generation)
      : personality(resync::personality_of(generation)),
        parameters(profile::factory_values(generation)) {
    state.scheme = "http";
    state.servip = "10.0.0.5";
    state.port = "80";
    state.path = "/p.cfg";
    state.err = "corrupt file";
  }
  Logger& set(std::string_view name, std::string_view value) {
    parameters.set(*profile::find_parameter(name), value);
    return *this;
  }
  resync::MacroSource source() const { return {identity, personality, parameters, state}; }
};

}  // namespace

TEST_CASE("log messages are the expanded templates of the family", "[R-LOG-10]") {
  for (const auto generation : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    const Logger log(generation);
    CHECK(log_message(resync::LogKind::request, log.source()) ==
          "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting resync http://10.0.0.5:80/p.cfg");
    CHECK(log_message(resync::LogKind::success, log.source()) ==
          "CP-8841-3PCC 00:0e:08:01:23:45 -- Successful resync http://10.0.0.5:80/p.cfg");
    CHECK(log_message(resync::LogKind::failure, log.source()) ==
          "CP-8841-3PCC 00:0e:08:01:23:45 -- Resync failed: corrupt file");
  }
}

TEST_CASE("upgrades have messages of their own", "[R-UPGRADE-08]") {
  for (const auto generation : {Generation::spa, Generation::mpp12}) {
    const Logger log(generation);
    CHECK(log_message(resync::LogKind::upgrade_request, log.source()) ==
          "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting upgrade http://10.0.0.5:80/p.cfg");
    CHECK(log_message(resync::LogKind::upgrade_success, log.source()) ==
          "CP-8841-3PCC 00:0e:08:01:23:45 -- Successful upgrade http://10.0.0.5:80/p.cfg -- "
          "corrupt file");
    CHECK(log_message(resync::LogKind::upgrade_failure, log.source()) ==
          "CP-8841-3PCC 00:0e:08:01:23:45 -- Upgrade failed: corrupt file");
  }
}

TEST_CASE("a log message may leave out the scheme's own port", "[R-LOG-16]") {
  Logger log(Generation::mpp12);
  REQUIRE(resync::set_knob(log.personality, "log_default_port=omitted"));
  CHECK(log_message(resync::LogKind::request, log.source()) ==
        "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting resync http://10.0.0.5/p.cfg");
  log.set("Log_Success_Msg", "$SERVIP:$(PORT)$PATH :$PORTS $PORT");
  CHECK(log_message(resync::LogKind::success, log.source()) == "10.0.0.5/p.cfg :$PORTS 80");
  log.state.port = "8080";
  CHECK(log_message(resync::LogKind::request, log.source()) ==
        "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting resync http://10.0.0.5:8080/p.cfg");
  log.state.port = log.state.scheme = "";
  CHECK(log_message(resync::LogKind::success, log.source()) == "10.0.0.5:/p.cfg :$PORTS ");
}

TEST_CASE("the message of a request may leave the server's address as it is written",
          "[R-LOG-20]") {
  Logger log(Generation::mpp12);
  REQUIRE(resync::set_knob(log.personality, "log_request_servip=literal"));
  CHECK(log_message(resync::LogKind::request, log.source()) ==
        "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting resync http://$SERVIP:80/p.cfg");
  CHECK(log_message(resync::LogKind::upgrade_request, log.source()) ==
        "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting upgrade http://$SERVIP:80/p.cfg");
  CHECK(log_message(resync::LogKind::success, log.source()) ==
        "CP-8841-3PCC 00:0e:08:01:23:45 -- Successful resync http://10.0.0.5:80/p.cfg");
}

TEST_CASE("an empty template silences its message", "[R-LOG-11]") {
  Logger log(Generation::mpp12);
  log.set("Log_Request_Msg", "");
  CHECK(log_message(resync::LogKind::request, log.source()).empty());
}

TEST_CASE("the syslog identifier stands for the phone", "[R-LOG-13]") {
  Logger log(Generation::mpp12);
  CHECK(syslog_identifier(log.source()).empty());
  CHECK(syslog_identifier(log.set("Syslog_Identifier", "$MAU").source()) == "000E08012345");
}

TEST_CASE("secrets never reach a log message", "[R-LOG-14]") {
  Logger log(Generation::mpp12);
  log.set("GPP_SA", "topsecret").set("Log_Request_Msg", "$SA [--key $SA] $GPP_SA");
  CHECK(log_message(resync::LogKind::request, log.source()).find("topsecret") == std::string::npos);
}

TEST_CASE("HTTP_User_Agent_Name replaces the built-in User-Agent", "[R-HTTP-20]") {
  Logger log(Generation::mpp12);
  CHECK(user_agent(log.source()) == "Cisco-CP-8841-3PCC/11.3.2 (000e08012345)");
  CHECK(user_agent(log.set("HTTP_User_Agent_Name", "desk $MAU").source()) == "desk 000E08012345");
  CHECK(user_agent(log.set("HTTP_User_Agent_Name", "").source()) ==
        "Cisco-CP-8841-3PCC/11.3.2 (000e08012345)");
}

}  // namespace messages_test
