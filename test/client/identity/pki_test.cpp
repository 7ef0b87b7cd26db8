#include "client/identity/pki.hpp"

#include "test/client/identity/certificates.hpp"

#include <catch2/catch.hpp>
#include <openssl/pem.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace provphone::client::identity::pki_test {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() {
    std::string name = (fs::temp_directory_path() / "provphone-pki-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary directory");
    path_ = name;
  }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string pki() const { return (path_ / "deep" / "pki").string(); }
  fs::path file(const std::string& name) const { return path_ / "deep" / "pki" / name; }

  std::string read(const std::string& name) const {
    std::ifstream in(file(name), std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(file(name), std::ios::binary) << text;
  }
  std::shared_ptr<X509> certificate(const std::string& name) const {
    const auto text = read(name);
    const std::shared_ptr<BIO> in(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())),
                                  BIO_free_all);
    return {PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr), X509_free};
  }

 private:
  fs::path path_;
};

using Names = std::vector<std::string>;

Names make(const Folder& folder, const Names& hosts = {"localhost", "127.0.0.1"},
           const std::vector<DeviceSubject>& devices = {}, WallTime now = some_day()) {
  return make_pki({folder.pki(), hosts, devices}, now).value();
}

Error refused(const PkiRequest& request) {
  const auto made = make_pki(request, some_day());
  REQUIRE_FALSE(made);
  return made.error();
}

}  // namespace

TEST_CASE("a new PKI holds two roots, a server and the devices that were asked for") {
  const Folder folder;
  CHECK(make(folder, {"localhost", "127.0.0.1"}, {some_phone()}) ==
        Names{"server-root.key", "server-root.pem", "server.key", "server.pem", "device-root.key",
              "device-root.pem", "000e08abcdef.key", "000e08abcdef.pem"});
  CHECK(verdict_on(folder.certificate("server.pem").get(),
                   folder.certificate("server-root.pem").get(), X509_PURPOSE_SSL_SERVER,
                   some_day()) == X509_V_OK);
  CHECK(verdict_on(folder.certificate("000e08abcdef.pem").get(),
                   folder.certificate("device-root.pem").get(), X509_PURPOSE_SSL_CLIENT,
                   some_day()) == X509_V_OK);
  CHECK(subject_of(folder.certificate("000e08abcdef.pem").get()) ==
        "OU=CP-8841-3PCC, L=88012BA01234, ST=000e08abcdef");
  CHECK(extension_of(folder.certificate("server.pem").get(), NID_subject_alt_name) ==
        "DNS:localhost, IP Address:127.0.0.1");
}

TEST_CASE("only the owner can read the keys of a PKI, and nothing else lies about") {
  const Folder folder;
  make(folder, {"localhost"}, {some_phone()});
  int keys = 0;
  for (const auto& entry : fs::directory_iterator(folder.pki())) {
    const auto mode = static_cast<unsigned>(entry.status().permissions());
    INFO(entry.path());
    if (entry.path().extension() == ".key") {
      ++keys;
      CHECK(mode == 0600U);
    } else {
      CHECK(entry.path().extension() == ".pem");
      CHECK(mode == 0644U);
    }
  }
  CHECK(keys == 4);
}

TEST_CASE("making a PKI again writes nothing") {
  const Folder folder;
  make(folder, {"localhost", "127.0.0.1", "::1"}, {some_phone()});
  const auto server = folder.read("server.pem");
  CHECK(make(folder, {"localhost", "::1"}, {some_phone()}, some_day() + std::chrono::days{100})
            .empty());
  CHECK(folder.read("server.pem") == server);
}

TEST_CASE("a new host gets a new server certificate, which keeps key and old hosts") {
  const Folder folder;
  make(folder, {"localhost", "127.0.0.1"});
  const auto key = folder.read("server.key");
  const auto old_number = serial_number_of(folder.certificate("server.pem").get());
  CHECK(make(folder, {"prov.example.net", "127.0.0.2"}) == Names{"server.pem"});
  const auto renewed = folder.certificate("server.pem");
  CHECK(extension_of(renewed.get(), NID_subject_alt_name) ==
        "DNS:prov.example.net, IP Address:127.0.0.2, DNS:localhost, IP Address:127.0.0.1");
  CHECK(folder.read("server.key") == key);
  CHECK(serial_number_of(renewed.get()) != old_number);
  CHECK(make(folder, {"localhost"}).empty());
}

TEST_CASE("an expired server certificate is made anew") {
  const Folder folder;
  make(folder);
  const auto ten_years_on = some_day() + std::chrono::days{3653};
  CHECK(make(folder, {"localhost"}, {}, ten_years_on) == Names{"server.pem"});
}

TEST_CASE("a device whose product or serial number has changed gets a new certificate") {
  const Folder folder;
  make(folder, {"localhost"}, {some_phone()});
  auto renamed = some_phone();
  renamed.serial = "88012BA09999";
  CHECK(make(folder, {"localhost"}, {renamed}) == Names{"000e08abcdef.pem"});
  CHECK(subject_of(folder.certificate("000e08abcdef.pem").get()) ==
        "OU=CP-8841-3PCC, L=88012BA09999, ST=000e08abcdef");
}

TEST_CASE("certificates of a root that is gone are made anew") {
  const Folder folder;
  make(folder, {"localhost"}, {some_phone()});
  fs::remove(folder.file("device-root.pem"));
  fs::remove(folder.file("device-root.key"));
  CHECK(make(folder, {"localhost"}, {some_phone()}) ==
        Names{"device-root.key", "device-root.pem", "000e08abcdef.pem"});
}

TEST_CASE("a root whose key is gone is not replaced") {
  const Folder folder;
  make(folder);
  const auto root = folder.read("server-root.pem");
  fs::remove(folder.file("server-root.key"));
  const auto error = refused({folder.pki(), {"localhost"}, {}});
  CHECK(error.code == Errc::unreadable_file);
  CHECK(error.detail.find("server-root.key") != std::string::npos);
  CHECK(folder.read("server-root.pem") == root);
}

TEST_CASE("a PKI that cannot be made says which file is wrong") {
  const Folder folder;
  make(folder);
  SECTION("a key that is none") {
    folder.write("server.key", "nothing\n");
    const auto error = refused({folder.pki(), {"localhost"}, {}});
    CHECK(error.code == Errc::unreadable_file);
    CHECK(error.detail.find("server.key") != std::string::npos);
  }
  SECTION("somebody else's key") {
    folder.write("device-root.key", folder.read("server.key"));
    const auto error = refused({folder.pki(), {"localhost"}, {}});
    CHECK(error.code == Errc::bad_argument);
    CHECK(error.detail.find("device-root.key") != std::string::npos);
  }
  SECTION("a directory that is a file") {
    const auto error = refused({folder.file("server.pem").string() + "/pki", {"localhost"}, {}});
    CHECK(error.code == Errc::unreadable_file);
    CHECK(error.detail.find("server.pem/pki") != std::string::npos);
  }
  SECTION("no host") {
    fs::remove(folder.file("server.pem"));
    CHECK(refused({folder.pki(), {}, {}}).code == Errc::bad_argument);
  }
}

TEST_CASE("a PKI has the generic certificate where it is asked for", "[R-CERT-04]") {
  const Folder folder;
  const PkiRequest request{folder.pki(), {"localhost"}, {}, true, false};
  const auto written = make_pki(request, some_day()).value();
  CHECK(std::count(written.begin(), written.end(), "generic.pem") == 1);
  const auto certificate = folder.certificate("generic.pem");
  CHECK(subject_of(certificate.get()) == "OU=cisco.com, L=ciscogeneric, ST=ciscogeneric");
  CHECK(is_generic({certificate, nullptr, {}}));
  CHECK(make_pki(request, some_day()).value().empty());
}

TEST_CASE("a certificate of a phone's own is not the generic one", "[R-CERT-05]") {
  const auto root = make_root("root", some_day()).value();
  const auto key = make_key(KeyType::p256).value();
  CHECK(is_generic(mint_generic_certificate(root, key, some_day()).value()));
  CHECK_FALSE(is_generic(mint_device_certificate(root, some_phone(), key, some_day()).value()));
}

TEST_CASE("stand-ins for the roots of firmware have its names, by family", "[R-TLS-20]") {
  const Folder folder;
  const PkiRequest request{folder.pki(), {"localhost"}, {}, false, true};
  make_pki(request, some_day()).value();
  for (const auto& each : builtin_roots()) {
    INFO(each.file);
    const auto certificate = folder.certificate(std::string(each.file) + ".pem");
    REQUIRE(certificate);
    CHECK(subject_of(certificate.get()) == "CN=" + std::string(each.common_name));
    const auto text = folder.read(std::string(each.file) + ".pem");
    CHECK((folder.read("builtin-mpp.pem").find(text) != std::string::npos) == each.of_mpp);
    CHECK((folder.read("builtin-spa.pem").find(text) != std::string::npos) == each.of_spa);
  }
  CHECK(make_pki(request, some_day()).value().empty());
}

TEST_CASE("the device root of a PKI mints certificates that its servers accept") {
  const Folder folder;
  make(folder);
  const auto root = load_device_root(folder.pki());
  REQUIRE(root);
  const auto minted =
      mint_device_certificate(*root, some_phone(), make_key(KeyType::p256).value(), some_day());
  REQUIRE(minted);
  CHECK(verdict_on(minted->certificate.get(), folder.certificate("device-root.pem").get(),
                   X509_PURPOSE_SSL_CLIENT, some_day()) == X509_V_OK);
}

TEST_CASE("a PKI that is not there has no device root") {
  const auto root = load_device_root("/nonexistent/pki");
  REQUIRE_FALSE(root);
  CHECK(root.error().code == Errc::unreadable_file);
  CHECK(root.error().detail.find("/nonexistent/pki/device-root.pem") != std::string::npos);
}

}  // namespace provphone::client::identity::pki_test
