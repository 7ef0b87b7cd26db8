#include "test/e2e/phone.hpp"
#include "test/e2e/scripted_server.hpp"

#include <catch2/catch.hpp>

// Servers that misbehave while they answer: a phone gives up with a code of its own, in bounded
// time and memory.
namespace provphone::e2e::bad_transfer_test {
namespace {

const std::string one_block(64 * 1024, ' ');

// What a phone makes of a server that follows `script`.
PhoneRun run_against(Workspace& workspace, const ScriptedServer::Script& script,
                     const Flags& flags = {}) {
  ScriptedServer server(script);
  return run_phone(workspace, with({"--rule", server.url("/a.xml")}, flags));
}

ScriptedServer::Script says(const std::string& answer) {
  return [answer](Peer& peer) {
    peer.read_request();
    peer.send(answer);
  };
}

TEST_CASE("a body that is announced with 100 MB is refused") {
  Workspace workspace;
  const auto run = run_against(workspace, [](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 104857600\r\n\r\n");
    for (int i = 0; i < 1600 && peer.send(one_block); ++i) {
    }
  });
  require_failure(run, "body_too_large");
}

TEST_CASE("a body that never ends is refused once it is too large") {
  Workspace workspace;
  const auto run = run_against(workspace, [](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\n\r\n<flat-profile>");
    peer.send_until_gone(one_block);
  });
  require_failure(run, "body_too_large");
}

TEST_CASE("a chunked body that never ends is refused once it is too large") {
  Workspace workspace;
  const auto run = run_against(workspace, [](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
    peer.send_until_gone("10000\r\n" + one_block + "\r\n");
  });
  require_failure(run, "body_too_large");
}

TEST_CASE("a body that stops coming fails after the idle timeout") {
  Workspace workspace;
  const auto run =
      run_against(workspace,
                  [](Peer& peer) {
                    peer.read_request();
                    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n<flat-profile>");
                    peer.wait_until_gone();
                  },
                  {"--knob", "idle_timeout=300ms"});
  require_failure(run, "transfer_stalled");
  CHECK(run.err.find("nothing arrived for 300 ms") != std::string::npos);
}

TEST_CASE("a server that accepts and says nothing fails after the idle timeout") {
  Workspace workspace;
  const auto run = run_against(workspace, [](Peer& peer) { peer.wait_until_gone(); },
                               {"--knob", "idle_timeout=300ms"});
  require_failure(run, "transfer_stalled");
}

TEST_CASE("a connection that is reset amid the body fails the pass") {
  Workspace workspace;
  const auto run = run_against(workspace, [](Peer& peer) {
    peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + profile("cut"));
    peer.reset();
  });
  require_failure(run, "transfer_interrupted");
}

TEST_CASE("a body that ends before its announced length fails the pass") {
  Workspace workspace;
  const auto run = run_against(
      workspace, says("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + profile("short")));
  require_failure(run, "transfer_interrupted");
}

TEST_CASE("a server that does not speak HTTP fails the pass") {
  Workspace workspace;
  const auto run = run_against(workspace, says("220 mail.example.net ESMTP\r\n"));
  require_failure(run, "protocol_error");
}

TEST_CASE("a server that speaks no TLS where HTTPS is expected fails the pass") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {});
  ScriptedServer server([](Peer& peer) {
    peer.send("HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
    peer.wait_until_gone();
  });
  const auto url = "https://127.0.0.1:" + std::to_string(server.port()) + "/a.xml";
  const auto run = run_phone(workspace, {"--rule", url, "--ca", pki.server_root().string()});
  require_failure(run, "tls_handshake_failed");
}

TEST_CASE("an answer without a length that ends in order is applied") {
  Workspace workspace;
  const auto run = run_against(workspace, says("HTTP/1.1 200 OK\r\n\r\n" + profile("to the end")));
  require_success(run);
  CHECK(run.parameter("GPP_A") == "to the end");
}

TEST_CASE("an answer that comes octet by octet is applied", "[R-HTTP-08]") {
  Workspace workspace;
  const auto answer =
      "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(profile("drop by drop").size()) +
      "\r\n\r\n" + profile("drop by drop");
  const auto run = run_against(workspace, [&](Peer& peer) {
    peer.read_request();
    for (const auto octet : answer) peer.send({&octet, 1});
  });
  require_success(run);
  CHECK(run.parameter("GPP_A") == "drop by drop");
}

TEST_CASE("each limit is named by the failure that it makes, and booked to its stage",
          "[R-HTTP-11]") {
  struct Case {
    ScriptedServer::Script script;
    std::string scheme, knob, code, words;
  };
  const auto silent = [](Peer& peer) { peer.wait_until_gone(); };
  const std::vector<Case> cases{
      {silent, "https", "connect_timeout=300ms", "tls_timeout", "TLS not set up within 300 ms"},
      {silent, "https", "total_timeout=300ms", "tls_timeout", "TLS not set up within 300 ms"},
      {silent, "http", "idle_timeout=300ms", "transfer_stalled", "nothing arrived for 300 ms"},
      {silent, "http", "total_timeout=300ms", "transfer_timeout", "not finished within 300 ms"},
  };
  Workspace workspace;
  const auto pki = make_pki(workspace, {});
  for (const auto& one : cases) {
    INFO(one.scheme << " " << one.knob);
    ScriptedServer server(one.script);
    const auto url = one.scheme + "://127.0.0.1:" + std::to_string(server.port()) + "/a.xml";
    const auto run = run_phone(
        workspace, {"--rule", url, "--ca", pki.server_root().string(), "--knob", one.knob});
    require_failure(run, one.code);
    CHECK(run.err.find(one.words) != std::string::npos);
  }
}

TEST_CASE("what is wrong with one retrieval does not undo what the rule before it applied",
          "[R-RESYNC-15]") {
  Workspace workspace;
  ScriptedServer good(says("HTTP/1.1 200 OK\r\n\r\n" + profile("first")));
  ScriptedServer bad(says("HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n"));
  const auto run = run_phone(
      workspace, {"--rule", good.url("/a.xml"), "--set", "Profile_Rule_B=" + bad.url("/b.xml")});
  CHECK(run.exit_code == 1);
  CHECK(run.error_count("internal_server_error") == 1);
  CHECK(run.parameter("GPP_A") == "first");
}

}  // namespace
}  // namespace provphone::e2e::bad_transfer_test
