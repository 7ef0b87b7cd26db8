#include "test/e2e/ports.hpp"
#include "test/e2e/scripted_server.hpp"
#include "test/e2e/udp_servers.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>
#include <signal.h>

// The servers of the end-to-end tests, asked by curl instead of a phone.
namespace provphone::e2e::harness_test {
namespace {

// A self-signed certificate for `subject` that is its own root.
ServerCertificate self_signed(Workspace& workspace, const std::string& name,
                              const std::string& subject) {
  const auto certificate = workspace.path(name + ".pem");
  const auto key = workspace.path(name + ".key");
  workspace.run({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                 subject, "-addext", "subjectAltName=DNS:localhost", "-keyout", key.string(),
                 "-out", certificate.string()});
  return {certificate, key, {}};
}

std::string curl(Workspace& workspace, std::vector<std::string> arguments) {
  std::vector<std::string> argv{"curl", "--silent", "--show-error", "--fail", "--max-time", "10"};
  argv.insert(argv.end(), arguments.begin(), arguments.end());
  return workspace.run(argv);
}

TEST_CASE("the harness runs a command, and sees its outputs and its exit status", "[harness]") {
  Workspace workspace;
  Process process(workspace.path(), "sh", {"sh", "-c", "echo out; echo err >&2; exit 7"});
  CHECK(process.wait(patience) == 7);
  CHECK(process.out() == "out\n");
  CHECK(process.err() == "err\n");
}

TEST_CASE("the harness reports a command that does not exist as exit status 127", "[harness]") {
  Workspace workspace;
  Process process(workspace.path(), "nothing", {"no-such-command-anywhere"});
  CHECK(process.wait(patience) == 127);
}

TEST_CASE("the harness ends a process together with its children", "[harness]") {
  Workspace workspace;
  pid_t child = 0;
  {
    Process process(workspace.path(), "sh",
                    {"sh", "-c", "trap '' TERM; sleep 1000 & echo $!; wait; wait"});
    REQUIRE(eventually(patience, [&] { return !process.out().empty(); }));
    child = std::stoi(process.out());
    REQUIRE(::kill(child, 0) == 0);
  }
  // Whoever inherits the orphan reaps it in its own time.
  const auto gone = [&] {
    const auto state = read_file("/proc/" + std::to_string(child) + "/stat");
    return state.empty() || state.find(") Z ") != std::string::npos;
  };
  CHECK(eventually(patience, gone));
}

TEST_CASE("the harness' nginx serves a file over HTTP and logs who asked", "[harness]") {
  Workspace workspace;
  workspace.write("www/a.xml", "<flat-profile/>");
  Nginx nginx(workspace, workspace.path("www"));
  CHECK(curl(workspace, {"--user-agent", "a phone", nginx.url("/a.xml")}) == "<flat-profile/>");
  const auto accesses = nginx.accesses(1);
  REQUIRE(accesses.size() == 1);
  CHECK(accesses[0].subject == "-");
  CHECK(accesses[0].user_agent == "a phone");
  CHECK(accesses[0].request == "GET /a.xml HTTP/1.1");
  CHECK(accesses[0].status == 200);
}

TEST_CASE("the harness' nginx demands client certificates and logs their subjects", "[harness]") {
  Workspace workspace;
  workspace.write("www/a.xml", "<flat-profile/>");
  auto server = self_signed(workspace, "server", "/CN=localhost");
  const auto client =
      self_signed(workspace, "client", "/OU=CP-8841-3PCC/L=88012BA01234/ST=000e08abcdef");
  server.client_roots = client.certificate;
  Nginx nginx(workspace, workspace.path("www"), {server, {}});
  CHECK(curl(workspace,
             {"--cacert", server.certificate.string(), "--cert", client.certificate.string(),
              "--key", client.key.string(), nginx.url("/a.xml")}) == "<flat-profile/>");
  const auto accesses = nginx.accesses(1);
  REQUIRE(accesses.size() == 1);
  CHECK(accesses[0].subject == "ST=000e08abcdef,L=88012BA01234,OU=CP-8841-3PCC");
}

TEST_CASE("the harness' nginx stops on demand and its port refuses connections", "[harness]") {
  Workspace workspace;
  workspace.write("www/a.xml", "<flat-profile/>");
  Nginx nginx(workspace, workspace.path("www"));
  REQUIRE(accepts_connections(nginx.port()));
  nginx.stop();
  CHECK_FALSE(accepts_connections(nginx.port()));
}

TEST_CASE("the harness' Apache reflects the client's subject as a profile", "[harness]") {
  Workspace workspace;
  auto server = self_signed(workspace, "server", "/CN=localhost");
  const auto client =
      self_signed(workspace, "client", "/OU=CP-8841-3PCC/L=88012BA01234/ST=000e08abcdef");
  server.client_roots = client.certificate;
  Apache apache(workspace, server);
  CHECK(curl(workspace,
             {"--cacert", server.certificate.string(), "--cert", client.certificate.string(),
              "--key", client.key.string(), apache.url("/cgi-bin/reflect")}) ==
        "<flat-profile><GPP_D>OU=CP-8841-3PCC,L=88012BA01234,S=000e08abcdef</GPP_D>"
        "</flat-profile>\n");
}

TEST_CASE("the harness' atftpd serves a file, its leading slash being that of the root",
          "[harness]") {
  Workspace workspace;
  workspace.write("tftp/basic.cfg", "hello");
  Atftpd atftpd(workspace, workspace.path("tftp"));
  CHECK(curl(workspace, {atftpd.url("//basic.cfg")}) == "hello");
  CHECK(atftpd.log().find("Serving /basic.cfg") != std::string::npos);
}

TEST_CASE("the harness' dnsmasq serves a file over TFTP on a loopback address of its own",
          "[harness]") {
  Workspace workspace;
  workspace.write("tftp/basic.cfg", "hello");
  DnsmasqTftp dnsmasq(workspace, workspace.path("tftp"));
  CHECK(curl(workspace, {dnsmasq.url("//basic.cfg")}) == "hello");
}

TEST_CASE("the harness' rsyslogd writes down what it is sent", "[harness]") {
  Workspace workspace;
  Rsyslog rsyslog(workspace);
  const auto server = rsyslog.server();
  const auto port = static_cast<std::uint16_t>(std::stoi(server.substr(server.find(':') + 1)));
  send_datagram(port, "<134>Mar  1 06:00:00 one phone says hello");
  const auto messages = rsyslog.messages(1);
  REQUIRE(messages.size() == 1);
  CHECK(messages[0] == "local0.info <134>Mar  1 06:00:00 one phone says hello");
}

TEST_CASE("the harness' scripted server says what its script says", "[harness]") {
  Workspace workspace;
  ScriptedServer server([](Peer& peer) {
    const auto request = peer.read_request();
    peer.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
    if (request.find("/stall") != std::string::npos) peer.wait_until_gone();
  });
  CHECK(curl(workspace, {server.url("/a")}) == "hello");
  CHECK(curl(workspace, {server.url("/stall")}) == "hello");
  CHECK(accepts_connections(server.port()));
}

}  // namespace
}  // namespace provphone::e2e::harness_test
