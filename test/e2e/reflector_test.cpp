#include "test/e2e/phone.hpp"
#include "test/e2e/web_servers.hpp"

#include <catch2/catch.hpp>

// A phone and Apache, which demands a client certificate during the handshake.
namespace provphone::e2e::reflector_test {
namespace {

const std::string mac = "000e08abcdef";

// The subject's OU, L and ST as openssl prints them, in the reflector's words.
std::string reflected_subject(Workspace& workspace, const std::filesystem::path& certificate) {
  const auto text = workspace.run({"openssl", "x509", "-in", certificate.string(), "-noout",
                                   "-subject", "-nameopt", "multiline"});
  const auto value = [&](const std::string& label) {
    for (const auto& line : lines_of(text)) {
      const auto found = line.find(label);
      if (found != std::string::npos) return line.substr(line.find(" = ", found) + 3);
    }
    return std::string("no ") + label;
  };
  return "OU=" + value("organizationalUnitName") + ",L=" + value("localityName") +
         ",S=" + value("stateOrProvinceName");
}

TEST_CASE("Apache reflects who the phone's certificate says it is") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {"--device", mac});
  Apache apache(workspace, pki.demanding_clients());
  const auto run =
      run_phone(workspace, with({"--rule", apache.url("/cgi-bin/reflect")}, pki.phone(mac)));
  require_success(run);
  const auto expected = reflected_subject(workspace, pki.certificate_of(mac));
  CHECK(run.parameter("GPP_D") == expected);
  CHECK(expected.find("OU=CP-8841-3PCC,L=") == 0);
  CHECK(expected.find(",S=" + mac) != std::string::npos);
}

TEST_CASE("Apache ends the handshake with a phone that has no certificate") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {"--device", mac});
  Apache apache(workspace, pki.demanding_clients());
  const auto run = run_phone(workspace, {"--rule", apache.url("/cgi-bin/reflect"), "--mac", mac,
                                         "--ca", pki.server_root().string()});
  require_failure(run, "tls_refused_by_server");
  CHECK(apache.error_log().find("did not return a certificate") != std::string::npos);
}

TEST_CASE("Apache ends the handshake with a phone whose authority it does not know") {
  Workspace workspace;
  const auto pki = make_pki(workspace, {});
  const auto foreign = make_pki(workspace, {"--device", mac});
  Apache apache(workspace, pki.demanding_clients());
  const auto run =
      run_phone(workspace, {"--rule", apache.url("/cgi-bin/reflect"), "--mac", mac, "--cert",
                            foreign.certificate_of(mac).string(), "--key-file",
                            foreign.key_of(mac).string(), "--ca", pki.server_root().string()});
  require_failure(run, "tls_refused_by_server");
}

}  // namespace
}  // namespace provphone::e2e::reflector_test
