#include "client/identity/certificate_source.hpp"

#include "client/identity/mint.hpp"

#include <catch2/catch.hpp>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>

namespace provphone::client::identity::certificate_source_test {
namespace {

namespace fs = std::filesystem;

struct Device {
  WallTime now = std::chrono::system_clock::now();
  Authority root = make_root("root", now).value();
  DeviceCertificate made = mint_device_certificate(root, {"CP-8841-3PCC", "FCH1", MacAddress{1}},
                                                   make_key(KeyType::rsa_2048).value(), now)
                               .value();
  fs::path folder;

  Device() {
    std::string name = (fs::temp_directory_path() / "provphone-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    folder = name;
  }
  ~Device() { fs::remove_all(folder); }
  Device(const Device&) = delete;
  Device& operator=(const Device&) = delete;

  template <class Write>
  std::string write(const char* file, Write write_into) const {
    const auto path = (folder / file).string();
    const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new_file(path.c_str(), "w"), BIO_free);
    write_into(bio.get());
    return path;
  }
  std::string pkcs12(const char* password, bool with_key = true) const {
    const std::unique_ptr<PKCS12, decltype(&PKCS12_free)> container(
        PKCS12_create(password, "phone", with_key ? made.key.get() : nullptr,
                      made.certificate.get(), nullptr, 0, 0, 0, 0, 0),
        PKCS12_free);
    return write("phone.p12", [&](BIO* bio) { i2d_PKCS12_bio(bio, container.get()); });
  }
  std::string pem() const {
    return write("phone.pem", [&](BIO* bio) {
      PEM_write_bio_X509(bio, made.certificate.get());
      PEM_write_bio_PrivateKey(bio, made.key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    });
  }
};

bool has(const Error& error, std::string_view text) {
  return error.detail.find(text) != std::string::npos;
}

TEST_CASE("a certificate is read from PEM and from PKCS#12", "[R-TLS-09]") {
  const Device device;
  for (const auto& source : {CertificateSource{device.pem(), {}, {}},
                             CertificateSource{device.pkcs12("word"), {}, "word"}}) {
    const auto loaded = load_certificate(source);
    REQUIRE(loaded);
    CHECK(subject_of(*loaded) == subject_of(device.made));
    CHECK(X509_check_private_key(loaded->certificate.get(), loaded->key.get()) == 1);
  }
}

TEST_CASE("PKCS#12 that cannot be opened is said to be it, without its password", "[R-TLS-09]") {
  const Device device;
  const auto other = load_certificate({device.pkcs12("word"), {}, "wrong-word"});
  REQUIRE_FALSE(other);
  CHECK(other.error().code == Errc::unreadable_file);
  CHECK(has(other.error(), "PKCS#12 of another password"));
  CHECK_FALSE(has(other.error(), "wrong-word"));
  CHECK(has(load_certificate({device.pkcs12("word"), {}, {}}).error(), "needs a password"));
  CHECK(has(load_certificate({device.pkcs12("word", false), {}, "word"}).error(),
            "without a certificate and its key"));
  CHECK(has(load_certificate({device.pkcs12("word"), device.pem(), "word"}).error(),
            "has its own key"));
  std::ofstream(device.folder / "nothing.p12") << "no container";
  CHECK_FALSE(load_certificate({(device.folder / "nothing.p12").string(), {}, {}}));
}

// A token in software; nothing where this machine has none.
class Token {
 public:
  explicit Token(const Device& device) {
    std::ofstream(device.folder / "softhsm2.conf")
        << "directories.tokendir = " << device.folder.string() << "\n";
    setenv("SOFTHSM2_CONF", (device.folder / "softhsm2.conf").c_str(), 1);
    const auto key = device.write("key.pem", [&](BIO* bio) {
      PEM_write_bio_PKCS8PrivateKey(bio, device.made.key.get(), nullptr, nullptr, 0, nullptr,
                                    nullptr);
    });
    const auto certificate = device.write(
        "cert.der", [&](BIO* bio) { i2d_X509_bio(bio, device.made.certificate.get()); });
    is_there_ =
        run("softhsm2-util --init-token --free --label phone --pin 4711 --so-pin 0815") &&
        run("softhsm2-util --import " + key + " --token phone --label mine --id 01 --pin 4711") &&
        run(std::string("pkcs11-tool --module ") + module + " --token-label phone --pin 4711" +
            " --write-object " + certificate + " --type cert --label mine --id 01");
    setenv("PKCS11_MODULE_PATH", module, 1);
  }
  ~Token() {
    unsetenv("SOFTHSM2_CONF");
    unsetenv("PKCS11_MODULE_PATH");
  }
  Token(const Token&) = delete;
  Token& operator=(const Token&) = delete;

  bool is_there() const { return is_there_; }

 private:
  static constexpr const char* module = "/usr/lib/softhsm/libsofthsm2.so";

  static bool run(const std::string& command) {
    return std::system((command + " >/dev/null 2>&1").c_str()) == 0;
  }

  bool is_there_ = false;
};

TEST_CASE("a certificate may be in a token, and its key stays there", "[R-TLS-09]") {
  const Device device;
  const Token token(device);
  if (!token.is_there()) {
    WARN("there is no SoftHSM here (Debian: softhsm2, opensc)");
    return;
  }
  const std::string uri = "pkcs11:token=phone;object=mine";
  const auto absent = load_certificate({"pkcs11:token=phone;object=other", {}, "4711"});
  REQUIRE_FALSE(absent);
  if (has(absent.error(), "there is no PKCS#11 engine")) {
    WARN("there is no PKCS#11 engine here (Debian: libengine-pkcs11-openssl)");
    return;
  }
  CHECK(absent.error().code == Errc::bad_argument);
  CHECK(has(load_certificate({device.pem(), uri, "4711"}).error(), "in the token too, as pkcs11:"));
  const auto loaded = load_certificate({uri, {}, "4711"});
  INFO((loaded ? std::string() : loaded.error().detail));
  REQUIRE(loaded);
  CHECK(subject_of(*loaded) == subject_of(device.made));
}

}  // namespace
}  // namespace provphone::client::identity::certificate_source_test
