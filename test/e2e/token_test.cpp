#include "test/e2e/phone.hpp"
#include "test/not_run.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>

// A server that wants a certificate, and phones whose certificate is in PKCS#12 or whose key never
// leaves a token.
namespace provphone::e2e::token_test {
namespace {

const std::string mac = "000e08abcdef";
const std::string uri = "pkcs11:token=phone;object=mine";

// SoftHSM's, with the certificate and the key of a device of `pki`. The PIN is 4711.
class Token {
 public:
  Token(Workspace& workspace, const Pki& pki) {
    require_installed("softhsm2-util");
    require_installed("pkcs11-tool");
    const auto folder = workspace.make_folder("token");
    const auto settings = folder / "softhsm2.conf";
    workspace.write(settings.string(), "directories.tokendir = " + folder.string() + "\n");
    setenv("SOFTHSM2_CONF", settings.c_str(), 1);
    setenv("PKCS11_MODULE_PATH", module, 1);
    workspace.run({"softhsm2-util", "--init-token", "--free", "--label", "phone", "--pin", "4711",
                   "--so-pin", "0815"});
    workspace.run({"softhsm2-util", "--import", pki.key_of(mac).string(), "--token", "phone",
                   "--label", "mine", "--id", "01", "--pin", "4711"});
    const auto der = (folder / "phone.der").string();
    workspace.run({"openssl", "x509", "-in", pki.certificate_of(mac).string(), "-outform", "DER",
                   "-out", der});
    workspace.run({"pkcs11-tool", "--module", module, "--token-label", "phone", "--pin", "4711",
                   "--write-object", der, "--type", "cert", "--label", "mine", "--id", "01"});
  }
  ~Token() {
    unsetenv("SOFTHSM2_CONF");
    unsetenv("PKCS11_MODULE_PATH");
  }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;

 private:
  static constexpr const char* module = "/usr/lib/softhsm/libsofthsm2.so";
};

struct Site {
  Workspace workspace;
  Pki pki = make_pki(workspace, {"--device", mac});
  Token token{workspace, pki};
  Nginx nginx{workspace,
              [this] {
                workspace.write("www/a.xml", profile("for those who are known"));
                return workspace.path("www");
              }(),
              {pki.demanding_clients(), {}}};
  std::filesystem::path pin = workspace.write("pin.txt", "4711\n");

  // Of three phones: a group of two, and one that has no certificate.
  std::string scenario(const std::string& certificate) {
    const auto trust = "trust: ['" + pki.server_root().string() + "']";
    const auto set =
        "set: {Resync_Random_Delay: 0, Resync_Periodic: 0, Resync_Error_Retry_Delay: 0, "
        "Profile_Rule: '" +
        nginx.url("/a.xml") + "'}";
    return workspace
        .write("lab.yaml", "phones:\n  - {group: known, count: 2, " + trust + ", " + set +
                               ", certificate: " + certificate + "}\n  - {group: unknown, " +
                               trust + ", " + set +
                               "}\nevents: [{at: 0s, power_on: all}]\n"
                               "limits: {duration: 60s}\n")
        .string();
  }

  // How many requests came with the device's certificate and were answered.
  std::ptrdiff_t served(std::size_t requests) const {
    const auto accesses = nginx.accesses(requests);
    return std::count_if(accesses.begin(), accesses.end(), [](const Access& each) {
      return each.subject.find("ST=" + mac) != std::string::npos && each.status == 200;
    });
  }
};

void require_engine(const CommandResult& result) {
  if (result.err.find("there is no PKCS#11 engine") != std::string::npos)
    test::not_run("there is no PKCS#11 engine here (Debian: libengine-pkcs11-openssl)");
}

TEST_CASE_METHOD(Site, "a phone whose key lives in a token shows that it has it", "[R-TLS-09]") {
  const auto command =
      provphone(workspace, {"run", "--rule", nginx.url("/a.xml"), "--ca",
                            pki.server_root().string(), "--cert", uri, "--cert-password", pin});
  require_engine(command);
  INFO(command.out << command.err);
  CHECK(command.exit_code == 0);
  CHECK(served(1) == 1);
}

TEST_CASE_METHOD(Site, "a scenario's phones have a certificate in PKCS#12 or in a token",
                 "[R-TLS-09]") {
  workspace.run({"openssl", "pkcs12", "-export", "-in", pki.certificate_of(mac).string(), "-inkey",
                 pki.key_of(mac).string(), "-passout", "pass:4711", "-out", "phone.p12"});
  const std::string certificate = GENERATE(std::string("cert: phone.p12"), "cert: '" + uri + "'");
  INFO(certificate);
  const auto command = GENERATE("run", "fleet");
  const auto file = scenario("{" + certificate + ", password_file: pin.txt}");
  const auto result = provphone(workspace, {command, file});
  require_engine(result);
  INFO(result.out << result.err);
  CHECK(result.exit_code != 2);
  // The third one's handshake ends before it has asked for anything, or it is told off.
  CHECK(served(2) == 2);
}

// The engine leaves memory behind in a process where a PIN was wrong, which is not ours to free.
class LeaksOfTheEngine {
 public:
  LeaksOfTheEngine() { setenv("LSAN_OPTIONS", "detect_leaks=0", 1); }
  ~LeaksOfTheEngine() { unsetenv("LSAN_OPTIONS"); }
  LeaksOfTheEngine(const LeaksOfTheEngine&) = delete;
  LeaksOfTheEngine& operator=(const LeaksOfTheEngine&) = delete;
};

TEST_CASE_METHOD(Site, "a PIN that is not the token's is in no message", "[R-TLS-09]") {
  const LeaksOfTheEngine may_be;
  workspace.write("pin.txt", "1234567\n");
  const auto result =
      provphone(workspace, {"run", scenario("{cert: '" + uri + "', password_file: pin.txt}")});
  require_engine(result);
  require_usage_error(result);
  CHECK(result.err.find(uri) != std::string::npos);
  CHECK(result.err.find("1234567") == std::string::npos);
}

}  // namespace
}  // namespace provphone::e2e::token_test
