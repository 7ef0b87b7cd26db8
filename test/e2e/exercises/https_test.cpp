#include "test/e2e/exercises/apache_site.hpp"
#include "test/e2e/exercises/desk.hpp"
#include "test/e2e/exercises/wire_tap.hpp"
#include "test/e2e/ports.hpp"

#include <catch2/catch.hpp>

// The guide's exercises about HTTPS: who the server is, and who the phone is.
namespace provphone::e2e::exercises::https_test {
namespace {

namespace fs = std::filesystem;

// `provphone pki` stands in for the maker: it signs server certificates with a root that phones
// have from the factory, gives the root of the phones' certificates to providers, and each phone
// its certificate.
struct Maker {
  Workspace workspace;
  Rsyslog rsyslog{workspace};
  Pki pki = make_pki(workspace, {"--device", mac, "--model", "CP-7841-3PCC", "--builtin-roots"});

  std::string in_workspace(const std::string& file) const { return workspace.path(file).string(); }

  // Signs a request that somebody has sent in.
  void sign(const std::string& request, const std::string& certificate) {
    const auto root = (pki.folder / "cisco-small-business-ca").string();
    workspace.run({"openssl", "x509", "-req", "-in", in_workspace(request), "-CA", root + ".pem",
                   "-CAkey", root + ".key", "-CAcreateserial", "-days", "30", "-out",
                   in_workspace(certificate)});
  }
  // What a provider has to give Apache, once its request has been signed.
  ServerCertificate installed() const {
    return {workspace.path("provserver.cert"), workspace.path("privkey.pem"),
            pki.folder / "device-root.pem"};
  }
  // Key and request, as the guide has it, and the signed certificate.
  ServerCertificate obtain(const std::string& common_name) {
    workspace.run({"openssl", "req", "-new", "-batch", "-nodes", "-subj", "/CN=" + common_name,
                   "-out", "provserver.csr"});
    sign("provserver.csr", "provserver.cert");
    return installed();
  }

  // Flags of the phone, which was made with its certificate in it.
  Flags phone(const std::string& name) const {
    return {"--ca",       (pki.folder / "builtin-mpp.pem").string(),
            "--cert",     pki.certificate_of(mac).string(),
            "--key-file", pki.key_of(mac).string(),
            "--resolve",  name + "=127.0.0.1",
            "--set",      "Syslog_Server=" + rsyslog.server()};
  }
  // The log has the address that a name led to.
  bool succeeded(std::uint16_t port, const std::string& path) const {
    return logged(rsyslog,
                  who + "Successful resync https://127.0.0.1:" + std::to_string(port) + path);
  }
};

std::string https(const std::string& name, const ApacheSite& apache, const std::string& path) {
  return "https://" + name + ":" + std::to_string(apache.port()) + path;
}

// What a browser without a client certificate is told: curl's exit status, and what it got.
std::pair<int, std::string> ask_as_stranger(Workspace& workspace, const ApacheSite& apache,
                                            const std::string& name, const Flags& flags) {
  Process curl(
      workspace.make_folder("stranger"), "curl",
      with({"curl", "-s", "--resolve", name + ":" + std::to_string(apache.port()) + ":127.0.0.1",
            https(name, apache, "/basic.txt")},
           flags));
  const auto status = curl.wait(patience);
  return {status.value_or(-1), curl.out()};
}

TEST_CASE_METHOD(Maker, "exercise: basic resync over HTTPS", "[R-TLS-01][R-TLS-05][R-TLS-20]") {
  // 1 to 5: a request is made, signed and installed.
  const std::string name = "my.server.com";
  const ApacheSite apache(workspace, obtain(name));
  // 6 to 8: a browser does not know the root, and gets the file all the same if its user wants it.
  workspace.write("htdocs/basic.txt", basic_profile());
  CHECK(ask_as_stranger(workspace, apache, name, {}).first == 60);
  CHECK(ask_as_stranger(workspace, apache, name, {"-k"}).second == basic_profile());
  // 8 to 10: the phone knows it.
  Desk desk(workspace, phone(name));
  desk.submit(provisioning_tab, {{"Profile_Rule", https(name, apache, "/basic.txt")}});
  CHECK(succeeded(apache.port(), "/basic.txt"));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
  // Nobody asked for the phone's certificate.
  CHECK(apache.accesses(2).back() == "-|GET /basic.txt HTTP/1.1");
  // 11: what goes over the wire is encrypted, and is not where there is no TLS.
  const WireTap tap(apache.port());
  desk.resync_to("https://" + name + ":" + std::to_string(tap.port()) + "/basic.txt");
  REQUIRE(succeeded(tap.port(), "/basic.txt"));
  CHECK_FALSE(tap.seen().empty());
  CHECK_FALSE(contains(tap.seen(), "12345678"));
  CHECK_FALSE(contains(tap.seen(), "/basic.txt"));
  const Nginx open(workspace, workspace.path("htdocs"));
  const WireTap open_tap(open.port());
  const auto url = "http://127.0.0.1:" + std::to_string(open_tap.port()) + "/basic.txt";
  desk.resync_to(url);
  REQUIRE(logged(rsyslog, who + "Successful resync " + url));
  CHECK(contains(open_tap.seen(), "12345678"));
}

TEST_CASE_METHOD(Maker, "exercise: HTTPS with a client certificate", "[R-TLS-09][R-CERT-01]") {
  const std::string name = "my.server.com";
  ApacheSite apache(workspace, obtain(name));
  workspace.write("htdocs/basic.txt", basic_profile());
  REQUIRE(ask_as_stranger(workspace, apache, name, {"-k"}).second == basic_profile());
  // 1 and 2: SSLVerifyClient require. A browser is turned away from now on.
  apache.require_client_certificates();
  const auto stranger = ask_as_stranger(workspace, apache, name, {"-k"});
  CHECK(stranger.first != 0);
  CHECK(stranger.second.empty());
  // 3: the phone is not.
  Desk desk(workspace, phone(name));
  desk.submit(provisioning_tab, {{"Profile_Rule", https(name, apache, "/basic.txt")}});
  CHECK(succeeded(apache.port(), "/basic.txt"));
  const auto access = apache.accesses(2).back();
  CHECK(contains(access, mac));
  CHECK(contains(access, "OU=CP-7841-3PCC"));
  // Another phone of that make without a certificate is.
  const auto other = run_phone(
      workspace, {"--rule", https(name, apache, "/basic.txt"), "--mac", "000e08000001", "--ca",
                  (pki.folder / "builtin-mpp.pem").string(), "--resolve", name + "=127.0.0.1"});
  require_failure(other, "tls_refused_by_server");
}

TEST_CASE_METHOD(Maker, "exercise: who shows a certificate first, as a TLS trace has it",
                 "[R-TLS-09]") {
  // 4: OpenSSL's own server prints what ssldump would show.
  const std::string name = "my.server.com";
  const auto tls = obtain(name);
  workspace.write("traced/basic.txt", basic_profile());
  std::uint16_t port = 0;
  const auto server = start_server(workspace.path("traced"), "s_server", [&] {
    port = free_tcp_port();
    return Launch{
        {"openssl", "s_server", "-accept", "127.0.0.1:" + std::to_string(port), "-cert",
         tls.certificate.string(), "-key", tls.key.string(), "-CAfile", tls.client_roots.string(),
         "-Verify", "1", "-verify_return_error", "-WWW", "-msg", "-tls1_2"},
        [&] { return accepts_connections(port); }};
  });
  Desk desk(workspace, phone(name));
  desk.resync_to("https://" + name + ":" + std::to_string(port) + "/basic.txt");
  REQUIRE(succeeded(port, "/basic.txt"));
  const auto trace = server->out();
  const auto certificate = [&](const std::string& arrow) {
    for (auto at = trace.find(arrow + " TLS 1.2, Handshake"); at != std::string::npos;
         at = trace.find(arrow + " TLS 1.2, Handshake", at + 1)) {
      const auto line = trace.substr(at, trace.find('\n', at) - at);
      if (line.ends_with(", Certificate")) return at;
    }
    return std::string::npos;
  };
  REQUIRE(certificate(">>>") != std::string::npos);
  REQUIRE(certificate("<<<") != std::string::npos);
  CHECK(certificate(">>>") < certificate("<<<"));
}

TEST_CASE_METHOD(Maker,
                 "exercise: an HTTPS server that filters clients and makes profiles for them",
                 "[R-TLS-09][R-CERT-01][R-MACRO-20]") {
  // 1 to 4: a script in Perl that says who asks.
  const auto script = workspace.write(
      "cgi-bin/reflect.pl",
      "#!/usr/bin/perl -wT\nuse strict;\nprint \"Content-Type: text/plain\\n\\n\";\n"
      "print \"<flat-profile><GPP_D>\";\nprint \"OU=$ENV{'SSL_CLIENT_S_DN_OU'},\\n\";\n"
      "print \"L=$ENV{'SSL_CLIENT_S_DN_L'},\\n\";\nprint \"S=$ENV{'SSL_CLIENT_S_DN_ST'}\\n\";\n"
      "print \"</GPP_D></flat-profile>\";\n");
  fs::permissions(script, fs::perms{0755});
  const std::string name = "prov.server.com";
  ApacheSite apache(workspace, obtain(name));
  apache.require_client_certificates();
  // 5 to 7
  Desk desk(workspace, phone(name));
  desk.submit(provisioning_tab, {{"Profile_Rule", https(name, apache, "/cgi-bin/reflect.pl?")}});
  CHECK(succeeded(apache.port(), "/cgi-bin/reflect.pl?"));
  // 8 to 10: GPP_D on the page has product, serial number and MAC address.
  REQUIRE(eventually(patience, [&] {
    return contains(workspace.run({"curl", "-s", desk.url() + "/admin/cfg.xml"}), "OU=");
  }));
  const auto reflected = desk.field(provisioning_tab, "GPP_D");
  CHECK(contains(reflected, "OU=CP-7841-3PCC,"));
  CHECK(contains(reflected, "L=88012BA01234,"));
  CHECK(contains(reflected, "S=" + mac));
}

TEST_CASE_METHOD(Maker, "exercise: obtain a server certificate", "[R-TLS-04][R-TLS-10]") {
  // 2: a key of 1024 bits, which old phones took; MPP phones do where TLS 1.0 or 1.1 is allowed.
  workspace.run({"openssl", "genrsa", "-out", in_workspace("privkey.pem"), "1024"});
  // 3: the request has the server's name, alone or with an address for mail behind it.
  for (const auto& common_name : {std::string("provserv.domain.com"),
                                  std::string("provserv.domain.com\\/mailto:admin@domain.com")}) {
    INFO(common_name);
    workspace.run({"openssl", "req", "-new", "-batch", "-key", in_workspace("privkey.pem"), "-subj",
                   "/CN=" + common_name, "-out", in_workspace("provserver.csr")});
    CHECK(contains(workspace.run({"openssl", "req", "-in", in_workspace("provserver.csr"), "-noout",
                                  "-verify", "-subject"}),
                   "provserv.domain.com"));
    // 4: it comes back signed, and phones take it.
    sign("provserver.csr", "provserver.cert");
    auto tls = installed();
    tls.client_roots.clear();
    workspace.write("www/basic.txt", basic_profile());
    const Nginx nginx(workspace, workspace.path("www"), {tls, "ssl_ciphers DEFAULT:@SECLEVEL=0;"});
    Desk desk(workspace, phone("provserv.domain.com"));
    const auto path = ":" + std::to_string(nginx.port()) + "/basic.txt";
    desk.resync_to("https://provserv.domain.com" + path);
    CHECK(succeeded(nginx.port(), "/basic.txt"));
    CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
  }
}

TEST_CASE_METHOD(Maker, "exercise: set up a custom certificate authority",
                 "[R-TLS-19][R-TLS-21][R-FACE-06]") {
  // A server that nobody but the provider's own root vouches for.
  const auto www = workspace.path("www");
  workspace.write("www/basic.txt", basic_profile());
  fs::copy(pki.server_root(), www / "ca.pem");
  const Nginx site(workspace, www);
  const Nginx secured(workspace, www, {pki.ignoring_clients(), ""});
  const auto path = ":" + std::to_string(secured.port()) + "/basic.txt";
  Desk desk(workspace, phone("localhost"));
  // 1 and 2: the page Info, before and after.
  CHECK(desk.says("/", "<th scope=\"row\">Custom CA Info</th><td>Not Installed</td>"));
  desk.submit(provisioning_tab, {{"Profile_Rule", "https://localhost" + path},
                                 {"Custom_CA_Rule", site.url("/nothing.pem")}});
  CHECK(desk.says("/",
                  "<th scope=\"row\">Custom CA Provisioning Status</th>"
                  "<td>Last provisioning failed on "));
  CHECK(desk.says("/", "<th scope=\"row\">Custom CA Info</th><td>Not Installed</td>"));
  CHECK(desk.field(provisioning_tab, "GPP_A").empty());
  desk.submit(provisioning_tab, {{"Custom_CA_Rule", site.url("/ca.pem")}});
  CHECK(desk.says("/",
                  "<th scope=\"row\">Custom CA Provisioning Status</th>"
                  "<td>Last provisioning succeeded on "));
  CHECK(desk.says("/",
                  "<th scope=\"row\">Custom CA Info</th>"
                  "<td>Installed provphone test server root</td>"));
  CHECK(succeeded(secured.port(), "/basic.txt"));
  CHECK(desk.shows(provisioning_tab, "GPP_A", "12345678"));
}

}  // namespace
}  // namespace provphone::e2e::exercises::https_test
