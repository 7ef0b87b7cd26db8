#include "test/e2e/embedded_server.hpp"
#include "test/e2e/phone.hpp"
#include "test/e2e/ports.hpp"
#include "test/e2e/server_process.hpp"

#include <catch2/catch.hpp>

// A phone and `openssl s_server`, which speaks as old or as new a TLS as it is told to.
namespace provphone::e2e::tls_test {
namespace {

class OpensslServer {
 public:
  OpensslServer(Workspace& workspace, const Pki& pki, Flags how) : folder_(workspace.path("www")) {
    workspace.write("www/a.xml", profile("from s_server"));
    const auto certificate = (pki.folder / "server.pem").string();
    const auto key = (pki.folder / "server.key").string();
    process_ = start_server(folder_, "s_server", [&] {
      port_ = free_tcp_port();
      Flags argv{"openssl", "s_server",  "-accept", "127.0.0.1:" + std::to_string(port_),
                 "-cert",   certificate, "-key",    key,
                 "-WWW"};
      return Launch{with(argv, how), [this] { return accepts_connections(port_); }};
    });
  }

  std::string url() const { return "https://localhost:" + std::to_string(port_) + "/a.xml"; }

 private:
  std::filesystem::path folder_;
  std::uint16_t port_ = 0;
  std::unique_ptr<Process> process_;
};

struct Site {
  Workspace workspace;
  Pki pki = make_pki(workspace, {});

  PhoneRun run(const OpensslServer& server, const Flags& flags) {
    return run_phone(workspace,
                     with({"--rule", server.url(), "--ca", pki.server_root().string()}, flags));
  }
};

const Flags modern{"-tls1_2", "-cipher", "ECDHE-RSA-AES256-GCM-SHA384"};
const Flags spa942{"--personality", "spa", "--model", "SPA942", "--firmware", "6.1.5(a)"};

TEST_CASE("a server with modern suites alone does not serve an SPA942", "[R-TLS-15]") {
  Site site;
  const OpensslServer server(site.workspace, site.pki, modern);
  require_failure(site.run(server, spa942), "tls_refused_by_server");
  const auto mpp = site.run(server, {});
  require_success(mpp);
  CHECK(mpp.parameter("GPP_A") == "from s_server");
}

TEST_CASE("an SPA942 is served by a server of its own time", "[R-TLS-15]") {
  Site site;
  const OpensslServer server(site.workspace, site.pki,
                             {"-tls1", "-cipher", "AES128-SHA:@SECLEVEL=0"});
  require_success(site.run(server, spa942));
}

TEST_CASE("TLS_Cipher_List holds for provisioning", "[R-TLS-15]") {
  Site site;
  const OpensslServer server(site.workspace, site.pki, modern);
  require_failure(site.run(server, {"--set", "TLS_Cipher_List=AES128-SHA"}),
                  "tls_refused_by_server");
  const auto useless = site.run(server, {"--set", "TLS_Cipher_List=RC4-SHA"});
  require_success(useless);
  CHECK(useless.events("response").at(0).value("detail", "").find("TLS_Cipher_List") !=
        std::string::npos);
}

TEST_CASE("TLS_Client_Min_Version holds for provisioning", "[R-TLS-10]") {
  Site site;
  const OpensslServer server(site.workspace, site.pki,
                             {"-tls1_1", "-cipher", "AES128-SHA:@SECLEVEL=0"});
  require_success(site.run(server, {}));
  const auto refused = site.run(server, {"--set", "TLS_Client_Min_Version=TLS 1.2"});
  CHECK(refused.exit_code == 1);
  CHECK(refused.err.find("client certificate") == std::string::npos);
}

TEST_CASE("a phone without a root gets one by Custom_CA_Rule", "[R-TLS-19][R-TLS-21]") {
  Site site;
  const auto root = read_file(site.pki.server_root());
  site.workspace.write("www/root.pem", "# what a person wrote\n" + root);
  site.workspace.write("www/broken.pem", root + root + "-----BEGIN CERTIFICATE-----\nMIIB\n");
  const OpensslServer server(site.workspace, site.pki, {});
  const EmbeddedServer files(site.workspace, {"--http", "0"});
  const auto with_roots = [&](const std::string& file) {
    return run_phone(site.workspace, {"--rule", server.url(), "--set",
                                      "Custom_CA_Rule=" + files.origin("http") + "/" + file});
  };
  const auto good = with_roots("root.pem");
  require_success(good);
  CHECK(good.events("custom_ca").at(0).at("certificates") == 1);
  CHECK(good.events("custom_ca").at(0).at("text") == "provphone test server root");
  const auto& page = good.result.at("final").at(0).at("custom_ca");
  CHECK(page.at("status").get<std::string>().starts_with("Last provisioning succeeded on "));
  CHECK(page.at("info") == "Installed provphone test server root");
  CHECK(good.events("custom_ca").at(0).at("web_status") == page.at("status"));
  const auto broken = with_roots("broken.pem");
  require_failure(broken, "tls_untrusted");
  CHECK(broken.events("custom_ca").at(0).at("error") == "bad_certificates");
  CHECK(broken.result.at("final").at(0).at("custom_ca").at("info") == "Not Installed");
  require_failure(with_roots("nothing.pem"), "tls_untrusted");
}

TEST_CASE("the generic certificate is shown, and is none of the phone's own", "[R-CERT-05]") {
  Site site;
  const auto pki = make_pki(site.workspace, {"--generic", "--device", "000e08abcdef"});
  const auto installed = [&](const std::string& name) {
    const auto command =
        provphone(site.workspace, {"expand", "$CCERT", "--cert", (pki.folder / (name + ".pem")),
                                   "--key-file", (pki.folder / (name + ".key"))});
    return command.out;
  };
  CHECK(installed("generic") == "Not Installed\n");
  CHECK(installed("000e08abcdef") == "Installed\n");
}

TEST_CASE("a password of PKCS#12 comes from a file or the environment", "[R-TLS-09]") {
  Site site;
  const auto pki = make_pki(site.workspace, {"--device", "000e08abcdef"});
  site.workspace.run(
      {"openssl", "pkcs12", "-export", "-in", pki.certificate_of("000e08abcdef").string(), "-inkey",
       pki.key_of("000e08abcdef").string(), "-passout", "pass:a word", "-out", "phone.p12"});
  const auto word = site.workspace.write("word", "a word\n").string();
  const Flags p12{"expand", "$CCERT", "--cert", site.workspace.path("phone.p12").string()};
  CHECK(provphone(site.workspace, with(p12, {"--cert-password", word})).out == "Installed\n");
  const auto without = provphone(site.workspace, p12);
  CHECK(without.exit_code == 2);
  CHECK(without.err.find("needs a password") != std::string::npos);
}

}  // namespace
}  // namespace provphone::e2e::tls_test
