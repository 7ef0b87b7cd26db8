#include "client/identity/mint.hpp"
#include "client/identity/tls_identity.hpp"

#include <catch2/catch.hpp>
#include <openssl/pem.h>

#include <filesystem>
#include <fstream>

namespace provphone::client::identity::identity_files_test {
namespace {

WallTime now() {
  return std::chrono::system_clock::now();
}

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> bio(BIO_new(BIO_s_mem()), BIO_free);
  write(bio.get());
  char* data = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(const std::shared_ptr<X509>& certificate) {
  return pem([&](BIO* bio) { PEM_write_bio_X509(bio, certificate.get()); });
}

std::string pem_of(const std::shared_ptr<EVP_PKEY>& key) {
  return pem([&](BIO* bio) {
    PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
}

std::string encrypted_pem_of(const std::shared_ptr<EVP_PKEY>& key) {
  return pem([&](BIO* bio) {
    PEM_write_bio_PrivateKey(bio, key.get(), EVP_aes_128_cbc(), nullptr, 0, nullptr,
                             const_cast<char*>("secret"));
  });
}

// A folder of its own for each test, gone with it.
class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "provphone-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path_ = name;
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::string write(const std::string& name, const std::string& text) const {
    std::ofstream(path_ / name) << text;
    return path_ / name;
  }
  std::string path(const std::string& name) const { return path_ / name; }

 private:
  std::filesystem::path path_;
};

struct Files {
  Folder folder;
  Authority root = make_root("root", now()).value();
  std::shared_ptr<EVP_PKEY> key = make_key(KeyType::p256).value();
  DeviceCertificate device =
      mint_device_certificate(root, {"CP-8841-3PCC", "FCH1", MacAddress{1}}, key, now()).value();
};

template <class T>
Error error_of(const Result<T>& result) {
  REQUIRE_FALSE(result);
  return result.error();
}

bool names(const Error& error, const std::string& file) {
  return error.detail.find(file) != std::string::npos;
}

TEST_CASE("a device certificate is read with its issuers and its key", "[R-TLS-09]") {
  Files files;
  const auto certificate =
      files.folder.write("phone.pem", pem_of(files.device.certificate) + "a remark\n" +
                                          pem_of(files.root.certificate));
  const auto key = files.folder.write("phone.key", pem_of(files.key));
  const auto device = load_device_certificate(certificate, key);
  REQUIRE(device);
  CHECK(X509_cmp(device->certificate.get(), files.device.certificate.get()) == 0);
  REQUIRE(device->chain.size() == 1);
  CHECK(X509_cmp(device->chain[0].get(), files.root.certificate.get()) == 0);
}

TEST_CASE("certificate and key may stand in one file", "[R-TLS-09]") {
  Files files;
  const auto both =
      files.folder.write("phone.pem", pem_of(files.key) + pem_of(files.device.certificate));
  CHECK(load_device_certificate(both, both));
}

TEST_CASE("a key that belongs to another certificate is refused", "[R-TLS-09]") {
  Files files;
  const auto certificate = files.folder.write("phone.pem", pem_of(files.device.certificate));
  const auto key = files.folder.write("other.key", pem_of(files.root.key));
  const Error error = error_of(load_device_certificate(certificate, key));
  CHECK(error.code == Errc::bad_argument);
  CHECK(names(error, key));
  CHECK(names(error, certificate));
}

TEST_CASE("a file that cannot be used is named", "[R-TLS-01][R-TLS-09]") {
  Files files;
  const auto good = files.folder.write("good.pem", pem_of(files.device.certificate));
  const auto whole = pem_of(files.root.certificate);
  const std::vector<std::string> bad = {
      files.folder.path("missing.pem"),
      files.folder.write("empty.pem", ""),
      files.folder.write("text.pem", "no certificate\n"),
      files.folder.write("cut.pem", whole + whole.substr(0, whole.size() / 2)),
      files.folder.write("locked.key", encrypted_pem_of(files.key)),
  };
  for (const auto& file : bad) {
    INFO(file);
    const Error trust = error_of(load_trust({good, file}));
    CHECK(trust.code == Errc::unreadable_file);
    CHECK(names(trust, file));
    const Error key = error_of(load_device_certificate(good, file));
    CHECK(key.code == Errc::unreadable_file);
    CHECK(names(key, file));
  }
}

TEST_CASE("trust is made of the roots of several files", "[R-TLS-01]") {
  Files files;
  const auto other = make_root("other", now()).value();
  const auto one = files.folder.write("one.pem", pem_of(files.root.certificate));
  const auto two =
      files.folder.write("two.pem", pem_of(other.certificate) + pem_of(files.root.certificate));
  const auto trust = load_trust({one, two});
  REQUIRE(trust);
  CHECK(sk_X509_OBJECT_num(X509_STORE_get0_objects(trust->get())) == 2);
}

}  // namespace
}  // namespace provphone::client::identity::identity_files_test
