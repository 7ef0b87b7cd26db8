#include "client/check/audit.hpp"

#include "test/client/check/seen.hpp"
#include "test/client/check/turning.hpp"
#include "test/client/transport/tftp_server.hpp"
#include "test/client/transport/web_server.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <functional>
#include <set>

// The whole audit against small servers that are at fault in one way.
namespace provphone::test::audit_test {
namespace {

using namespace std::chrono_literals;
using client::check::Audit;
using client::identity::Authority;
using client::transport::test::After;
using client::transport::test::Late;
using client::transport::test::Reply;
using client::transport::test::TftpScript;
using client::transport::test::TftpServer;
using client::transport::test::TlsOptions;
using client::transport::test::WebServer;
namespace identity = client::identity;

constexpr std::uint64_t own_mac = 0x000e08abcdef;
const std::string own_path = "/000e08abcdef.xml";

Audit audit_of(const std::string& rule) {
  Audit audit;
  audit.device.identity.mac = MacAddress{own_mac};
  audit.tls = std::make_shared<identity::TlsIdentity>();
  audit.rule = rule;
  audit.pause = 0ms;
  audit.may_create = true;
  return audit;
}

Observations observed(const Audit& audit) {
  const auto trail = client::check::observe(audit);
  if (!trail) FAIL(format(trail.error()));
  return trail->files.front();
}

std::string findings_in(const Observations& seen) {
  std::string ids;
  for (const auto& judgement : findings_of(seen)) {
    if (judgement.is_finding()) ids.append(ids.empty() ? "" : " ").append(judgement.check->id);
  }
  return ids;
}

Reply reply(const std::string& status, const std::string& headers, const std::string& body = {}) {
  return {"HTTP/1.1 " + status + "\r\n" + headers + "Connection: close\r\n\r\n" + body};
}

Reply whole(const std::string& status, const std::string& body,
            const std::string& type = "text/xml") {
  return reply(
      status,
      "Content-Type: " + type + "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n",
      body);
}

bool is_own(const std::string& request) {
  return request.find("GET " + own_path + " ") == 0;
}

Observations audit_http(WebServer::Answer answer, const std::string& before_url = {},
                        std::size_t requests = 60) {
  boost::asio::io_context loop;
  const WebServer server(loop, std::move(answer));
  const Turning turning(loop);
  auto audit =
      audit_of(before_url + "http://127.0.0.1:" + std::to_string(server.port()) + "/$MA.xml");
  audit.requests = requests;
  return observed(audit);
}

// A server that has one file and knows it in either case, and slows guessing down: what is left to
// find is what HTTP is.
WebServer::Answer own_file_as(Reply own) {
  return [own](const std::string& request) {
    if (is_own(request)) return own;
    if (request.find("/000E08ABCDEF.xml") != std::string::npos) return own;
    return whole("429 Slow down", "");
  };
}

const std::string plain = profile_of("<GPP_A>a</GPP_A>");

TEST_CASE("an audit over HTTP finds the fault of each server and no other") {
  struct Row {
    std::string fault;
    Reply own;
    std::string expected;
  };
  const std::string cut = plain.substr(0, plain.size() - 1);
  const std::vector<Row> rows{
      {"none", whole("200 OK", plain), "CHK-OPEN CHK-PLAIN"},
      {"404", whole("404 Not found", ""), "CHK-FETCH"},
      {"500", whole("500 Broken", ""), "CHK-FETCH"},
      {"303", reply("303 See other", "Location: /a\r\nContent-Length: 0\r\n"), "CHK-HTTP-STATUS"},
      {"307", reply("307 Moved", "Location: /a\r\nContent-Length: 0\r\n"), "CHK-HTTP-STATUS"},
      {"204", reply("204 Nothing", ""), "CHK-HTTP-STATUS"},
      {"empty", whole("200 OK", ""), "CHK-HTTP-STATUS"},
      {"a page", whole("200 OK", "<html></html>", "text/html"), "CHK-FILE-HTML CHK-OPEN CHK-PLAIN"},
      {"no XML", whole("200 OK", cut), "CHK-FILE-XML CHK-OPEN CHK-PLAIN"},
      {"no length", reply("200 OK", "", plain), "CHK-OPEN CHK-PLAIN CHK-HTTP-LENGTH"},
      {"cut off", reply("200 OK", "Content-Length: 9999\r\n", plain), "CHK-FETCH"},
      {"no answer", {"", After::close}, "CHK-FETCH"},
      {"chunks",
       reply("200 OK", "Transfer-Encoding: chunked\r\n", "2d\r\n" + plain + "\r\n0\r\n\r\n"),
       "CHK-OPEN CHK-PLAIN"},
      {"a loop", reply("302 Moved", "Location: " + own_path + "\r\nContent-Length: 0\r\n"),
       "CHK-REDIRECT-LOOP"},
  };
  REQUIRE(plain.size() == 0x2d);
  for (const auto& row : rows) {
    INFO(row.fault);
    CHECK(findings_in(audit_http(own_file_as(row.own))) == row.expected);
  }
}

TEST_CASE("an audit notices what a server answers for absent files") {
  const auto seen = audit_http([](const std::string& request) {
    if (is_own(request)) return whole("200 OK", plain);
    return whole("200 OK", "<html>Sorry</html>", "text/html");
  });
  CHECK(outcome_of(seen, "CHK-HTTP-NOTFOUND").state == State::found);
  CHECK(outcome_of(seen, "CHK-ENUM-NEIGHBOUR").state != State::found);
  CHECK(outcome_of(seen, "CHK-ENUM-RATE").state == State::found);
}

TEST_CASE("an audit notices neighbours' files, and a default that everybody gets") {
  const auto with_mac = audit_http([](const std::string& request) {
    return whole("200 OK", profile_of("<GPP_A>" + request.substr(5, 12) + "</GPP_A>"));
  });
  CHECK(outcome_of(with_mac, "CHK-ENUM-NEIGHBOUR").state == State::found);
  CHECK(outcome_of(with_mac, "CHK-ENUM-DEFAULT").state == State::found);
  const auto one_for_all = audit_http([](const std::string&) { return whole("200 OK", plain); });
  CHECK(outcome_of(one_for_all, "CHK-ENUM-NEIGHBOUR").state != State::found);
  CHECK(outcome_of(one_for_all, "CHK-ENUM-DEFAULT").state == State::found);
  CHECK(judgement_of(one_for_all, "CHK-OPEN").severity() == client::check::Severity::medium);
}

TEST_CASE("an audit with a login asks without it too") {
  const auto guarded = [](const std::string& request) {
    const bool logs_in =
        request.find("Authorization: Basic cGhvbmU6Z2VoZWlt\r\n") != std::string::npos;
    if (logs_in && is_own(request)) return whole("200 OK", plain);
    return reply("401 Who?", "WWW-Authenticate: Basic realm=\"a\"\r\nContent-Length: 0\r\n");
  };
  const auto seen = audit_http(guarded, "[--uid phone --pwd geheim] ");
  CHECK(outcome_of(seen, "CHK-OPEN").state == State::passed);
  CHECK(outcome_of(seen, "CHK-ENUM-TELL").state == State::passed);
  CHECK(outcome_of(seen, "CHK-ENUM-NEIGHBOUR").state == State::passed);
  const auto open = audit_http(own_file_as(whole("200 OK", plain)), "[--uid phone --pwd geheim] ");
  CHECK(judgement_of(open, "CHK-OPEN").severity() == client::check::Severity::high);
  const auto gullible = [](const std::string& request) {
    const bool logs_in = request.find("Authorization: Basic ") != std::string::npos;
    if (logs_in && is_own(request)) return whole("200 OK", plain);
    return reply("401 Who?", "WWW-Authenticate: Basic realm=\"a\"\r\nContent-Length: 0\r\n");
  };
  const auto any_password = audit_http(gullible, "[--uid phone --pwd geheim] ");
  CHECK(judgement_of(any_password, "CHK-OPEN").severity() == client::check::Severity::medium);
}

TEST_CASE("an audit asks for no MAC address that is made up unless it may") {
  boost::asio::io_context loop;
  std::set<std::string> paths;
  const WebServer server(loop, [&](const std::string& request) {
    paths.insert(request.substr(4, request.find(' ', 4) - 4));
    return is_own(request) ? whole("200 OK", plain) : whole("404 Not found", "");
  });
  Observations seen;
  {
    const Turning turning(loop);
    auto audit = audit_of("http://127.0.0.1:" + std::to_string(server.port()) + "/$MA.xml");
    audit.may_create = false;
    audit.others = {MacAddress{0x000e08000001}};
    seen = observed(audit);
  }
  for (const auto& path : paths) {
    INFO(path);
    const bool is_known = path.find("000e08abcdef") != std::string::npos ||
                          path.find("000E08ABCDEF") != std::string::npos ||
                          path.find("000e08000001") != std::string::npos;
    CHECK((is_known || path.find("/00") != 0));
  }
  for (const std::string id : {"RATE", "DEFAULT"}) {
    const auto outcome = outcome_of(seen, "CHK-ENUM-" + id);
    CHECK(outcome.state == State::not_made);
    CHECK(outcome.evidence.find("--may-create") != std::string::npos);
  }
  const auto neighbour = outcome_of(seen, "CHK-ENUM-NEIGHBOUR");
  CHECK(neighbour.state == State::not_made);
  CHECK(neighbour.evidence.find("--other") == std::string::npos);
  CHECK(outcome_of(seen, "CHK-HTTP-NOTFOUND").state == State::passed);
}

TEST_CASE("a redirect that leads each phone to its own file is no place for all") {
  const auto redirecting = [](const std::string& request) {
    const auto agent = request.find("000e08000001");
    if (request.find("GET /model.xml") == 0)
      return reply("302 Found", "Content-Length: 0\r\nLocation: /$MA.xml\r\n");
    if (is_own(request)) return whole("200 OK", plain);
    if (agent != std::string::npos) return whole("200 OK", profile_of("<GPP_A>another</GPP_A>"));
    return whole("404 Not found", "");
  };
  boost::asio::io_context loop;
  const WebServer server(loop, redirecting);
  const Turning turning(loop);
  auto audit = audit_of("http://127.0.0.1:" + std::to_string(server.port()) + "/model.xml");
  audit.others = {MacAddress{0x000e08000001}};
  const auto seen = observed(audit);
  CHECK(seen.names_mac);
  const auto outcome = outcome_of(seen, "CHK-ENUM-NEIGHBOUR");
  CHECK(outcome.state == State::found);
  CHECK(outcome.evidence == "the phone 000e08abcdef gets the files of 000e08000001");
}

TEST_CASE("an audit notices a server that gives away the files of its machine") {
  const auto seen = audit_http([](const std::string& request) {
    if (request.find("/etc/services") != std::string::npos) return whole("200 OK", "http 80/tcp\n");
    return whole("200 OK", plain);
  });
  CHECK(outcome_of(seen, "CHK-PATH-OUTSIDE").state == State::found);
}

TEST_CASE("an audit stays within its budget, redirects included, and says so") {
  const auto loop = [](const std::string&) {
    return reply("302 Moved", "Location: " + own_path + "\r\nContent-Length: 0\r\n");
  };
  const auto seen = audit_http(loop, {}, 4);
  CHECK(seen.requests == 4);
  CHECK(seen.ran_out());
  CHECK(outcome_of(seen, "CHK-ENUM-RATE").state == State::not_made);
}

TEST_CASE("an audit notices what a server believes of a request") {
  const auto by_address = audit_http([](const std::string& request) {
    if (request.find("X-Forwarded-For: 10.0.0.1\r\n") == std::string::npos)
      return whole("403 No", "");
    return whole("200 OK", plain);
  });
  const auto forwarded = outcome_of(by_address, "CHK-TRUST-FORWARDED");
  CHECK(forwarded.state == State::found);
  CHECK(forwarded.evidence == "status 403 without it, status 200 with X-Forwarded-For: 10.0.0.1");
  const auto by_agent = audit_http([](const std::string& request) {
    const auto agent = request.find("User-Agent:");
    const auto line = request.substr(agent, request.find('\r', agent) - agent);
    return whole("200 OK", profile_of("<GPP_A>" + std::to_string(std::hash<std::string>{}(line)) +
                                      "</GPP_A>"));
  });
  CHECK(outcome_of(by_agent, "CHK-TRUST-AGENT").state == State::found);
  const auto sound = audit_http(own_file_as(whole("200 OK", plain)));
  CHECK(outcome_of(sound, "CHK-TRUST-FORWARDED").state == State::passed);
  CHECK(outcome_of(sound, "CHK-TRUST-AGENT").state == State::passed);
}

TEST_CASE("an audit notices a file in capitals, a list of files, and a server that shuts out") {
  const auto capitals = audit_http([](const std::string& request) {
    if (request.find("GET /000E08ABCDEF.xml ") == 0) return whole("200 OK", plain);
    return whole("404 Not found", "");
  });
  CHECK(findings_in(capitals) == "CHK-FETCH CHK-ENUM-RATE CHK-PATH-CAPITALS");
  const auto listed = audit_http([](const std::string& request) {
    if (request.find("GET / ") == 0) return whole("200 OK", "Index of / 000e08abcdef.xml");
    return own_file_as(whole("200 OK", plain))(request);
  });
  CHECK(judgement_of(listed, "CHK-PATH-LISTING").severity() == client::check::Severity::high);

  boost::asio::io_context loop;
  int left = 12;
  const WebServer server(loop, [&](const std::string& request) {
    if (!is_own(request)) return whole("404 Not found", "");
    return --left > 0 ? whole("200 OK", plain) : whole("429 Slow down", "");
  });
  const Turning turning(loop);
  auto audit = audit_of("http://127.0.0.1:" + std::to_string(server.port()) + "/$MA.xml");
  audit.rate = 20;
  CHECK(outcome_of(observed(audit), "CHK-RATE-BAN").state == State::found);
}

struct Pki {
  Authority server_root = identity::make_root("server root", now()).value();
  Authority device_root = identity::make_root("device root", now()).value();

  static identity::WallTime now() { return std::chrono::system_clock::now(); }

  std::shared_ptr<X509_STORE> trust() const { return store_of(server_root); }
  static std::shared_ptr<X509_STORE> store_of(const Authority& root) {
    std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
    X509_STORE_add_cert(store.get(), root.certificate.get());
    return store;
  }
};

const Pki& pki() {
  static const Pki made;
  return made;
}

struct SecureServer {
  std::vector<std::string> hosts{"localhost"};
  std::chrono::days made{0};  // when, from now
  int verify_mode = SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT;
  int highest_version = TLS1_3_VERSION;
  WebServer::Answer answer = own_file_as(whole("200 OK", plain));
};

Observations audit_https(const SecureServer& is, const Authority& trusted) {
  const auto certificate =
      identity::make_server_certificate(pki().server_root, is.hosts, Pki::now() + is.made).value();
  boost::asio::io_context loop;
  const TlsOptions tls{certificate, Pki::store_of(pki().device_root), is.verify_mode,
                       is.highest_version};
  const WebServer server(loop, is.answer, tls);
  const Turning turning(loop);
  auto audit = audit_of("https://localhost:" + std::to_string(server.port()) + "/$MA.xml");
  audit.trust = Pki::store_of(trusted);
  audit.device_root = pki().device_root;
  const auto key = identity::make_key(identity::KeyType::p256).value();
  auto own = std::make_shared<identity::TlsIdentity>();
  own->certificate =
      identity::mint_device_certificate(pki().device_root,
                                        {"CP-8841-3PCC", "1", MacAddress{own_mac}}, key, Pki::now())
          .value();
  audit.tls = own;
  return observed(audit);
}

TEST_CASE("an audit finds the fault of a server's certificate and goes on behind it") {
  struct Row {
    std::string fault;
    SecureServer server;
    std::string expected;
  };
  // The small server takes every version of TLS, and any phone's certificate for any file.
  const std::string unbound = " CHK-TLS-OLD CHK-CERT-GENERIC CHK-CERT-BOUND";
  const std::vector<Row> rows{
      {"none", {}, unbound.substr(1)},
      {"another host", {{"prov.example.invalid"}}, "CHK-TLS-NAME CHK-TLS-DNS" + unbound},
      {"expired", {{"localhost"}, std::chrono::days(-4000)}, "CHK-TLS-DATES" + unbound},
      {"not yet valid", {{"localhost"}, std::chrono::days(30)}, "CHK-TLS-DATES" + unbound},
      {"ends soon", {{"localhost"}, std::chrono::days(-3652 + 29)}, "CHK-TLS-SOON" + unbound},
  };
  for (const auto& row : rows) {
    INFO(row.fault);
    CHECK(findings_in(audit_https(row.server, pki().server_root)) == row.expected);
  }
  const auto untrusted = audit_https({}, pki().device_root);
  CHECK(findings_in(untrusted) == "CHK-TLS-CHAIN" + unbound);
}

TEST_CASE("an audit sees how a server takes certificates") {
  SecureServer lax;
  lax.verify_mode = SSL_VERIFY_PEER;
  CHECK(findings_in(audit_https(lax, pki().server_root)) ==
        "CHK-TLS-OLD CHK-CERT-REQUIRED CHK-CERT-GENERIC CHK-CERT-BOUND");
  SecureServer blind;
  blind.verify_mode = SSL_VERIFY_NONE;
  const auto seen = audit_https(blind, pki().server_root);
  CHECK(outcome_of(seen, "CHK-CERT-ASKED").state == State::found);
}

TEST_CASE("an audit follows a redirect from HTTPS to HTTP, as phones do, and says so") {
  boost::asio::io_context loop;
  const WebServer plain_server(loop, own_file_as(whole("200 OK", plain)));
  const Turning turning(loop);
  SecureServer server;
  server.answer = [&](const std::string&) {
    return reply("301 Moved", "Content-Length: 0\r\nLocation: http://localhost:" +
                                  std::to_string(plain_server.port()) + own_path + "\r\n");
  };
  const auto seen = audit_https(server, pki().server_root);
  CHECK(outcome_of(seen, "CHK-REDIRECT-DOWNGRADE").state == State::found);
  CHECK(outcome_of(seen, "CHK-FETCH").state == State::passed);
}

TEST_CASE("an audit of a port where nothing listens finds that and no more") {
  std::uint16_t port = 0;
  {
    boost::asio::io_context loop;
    port = WebServer(loop, own_file_as({})).port();
  }
  const auto address = "://localhost:" + std::to_string(port) + "/$MA.xml";
  CHECK(findings_in(observed(audit_of("https" + address))) == "CHK-TLS-REACH");
  CHECK(findings_in(observed(audit_of("http" + address))) == "CHK-FETCH");
}

TEST_CASE("an audit finds what a TFTP server gets wrong") {
  struct Row {
    std::string fault;
    TftpScript script;
    std::string id;
    State expected;
  };
  const std::string two_blocks =
      profile_of("<GPP_A>" + std::string(1024 - 45 + 1, 'a') + "</GPP_A>");
  REQUIRE(two_blocks.size() == 1024);
  TftpScript good;
  good.content = two_blocks;
  auto gullible = good;
  gullible.obeys_strangers = true;
  auto short_file = good;
  short_file.content = plain;
  auto cut_packets = good;
  cut_packets.requests_in_time = 12;  // all but the last two probes
  auto stands_still = cut_packets;
  stands_still.requests_in_time = 13;
  stands_still.late = Late::first_block;
  const std::vector<Row> rows{
      {"none", good, "CHK-TFTP-TID", State::passed},
      {"none", good, "CHK-TFTP-LAST", State::passed},
      {"none", good, "CHK-TFTP-OPTIONS", State::passed},
      {"strangers are obeyed", gullible, "CHK-TFTP-TID", State::found},
      {"too short to tell", short_file, "CHK-TFTP-TID", State::not_made},
      {"too short to tell", short_file, "CHK-TFTP-LAST", State::not_made},
      {"packets end inside their header", cut_packets, "CHK-TFTP-TID", State::not_made},
      {"the first block comes again and again", stands_still, "CHK-TFTP-LAST", State::not_made},
  };
  for (const auto& row : rows) {
    INFO(row.fault << ": " << row.id);
    boost::asio::io_context loop;
    const TftpServer server(loop, row.script);
    const Turning turning(loop);
    const auto seen =
        observed(audit_of("tftp://127.0.0.1:" + std::to_string(server.port()) + "/$MA.xml"));
    CHECK(outcome_of(seen, row.id).state == row.expected);
  }
}

TEST_CASE("an audit asks from no address but this machine's") {
  for (const std::string source : {"house", "192.0.2.7", "0.0.0.0", "224.0.0.1"}) {
    INFO(source);
    auto audit = audit_of("http://127.0.0.1:1/$MA.xml");
    audit.other_source = source;
    const auto refused = client::check::observe(audit);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::bad_argument);
    CHECK(refused.error().detail.starts_with("--source: "));
    CHECK(refused.error().detail.find(source) != std::string::npos);
  }
}

TEST_CASE("an audit tells an address list from an open door, and who talks his way past it") {
  struct Row {
    std::string talk, expected;
  };
  const std::vector<Row> rows{
      {"", "CHK-OPEN CHK-PLAIN"},
      {"X-Forwarded-For: 127.0.0.1\r\n", "CHK-OPEN CHK-PLAIN CHK-TRUST-FORWARDED"}};
  for (const auto& row : rows) {
    boost::asio::io_context loop;
    const WebServer* self = nullptr;
    const WebServer server(loop, [&](const std::string& request) {
      const bool is_house = self->seen().back().client_address == "127.0.0.1";
      const bool is_believed = !row.talk.empty() && request.find(row.talk) != std::string::npos;
      return is_house || is_believed ? own_file_as(whole("200 OK", plain))(request)
                                     : whole("403 No", "");
    });
    self = &server;
    const Turning turning(loop);
    auto audit = audit_of("http://127.0.0.1:" + std::to_string(server.port()) + "/$MA.xml");
    audit.other_source = "127.0.0.2";
    const auto seen = observed(audit);
    INFO(row.talk);
    CHECK(findings_in(seen) == row.expected);
    CHECK(judgement_of(seen, "CHK-OPEN").severity() == client::check::Severity::medium);
    const auto grounds = grounds_of(judgement_of(seen, "CHK-OPEN"), seen);
    REQUIRE(grounds->counter);
    CHECK(grounds->counter->who == "the phone from another address");
    CHECK(grounds->counter->status == 403);
  }
}

TEST_CASE("an audit goes to allowed targets only, and does not follow redirects elsewhere") {
  const auto refused = client::check::observe(audit_of("http://192.0.2.1/$MA.xml"));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::target_refused);

  boost::asio::io_context loop;
  const WebServer server(loop, [](const std::string&) {
    return reply("302 Found", "Location: http://192.0.2.1/a\r\nContent-Length: 0\r\n");
  });
  const Turning turning(loop);
  const auto led = client::check::observe(
      audit_of("http://127.0.0.1:" + std::to_string(server.port()) + "/$MA.xml"));
  REQUIRE_FALSE(led);
  CHECK(led.error().code == Errc::target_refused);
  CHECK(led.error().detail.find("--target") != std::string::npos);
}

}  // namespace
}  // namespace provphone::test::audit_test
