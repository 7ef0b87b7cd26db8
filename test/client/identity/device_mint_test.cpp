#include "client/identity/device_mint.hpp"

#include "client/identity/detail/signature_store.hpp"
#include "test/client/identity/certificates.hpp"
#include "test/client/identity/folder.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace provphone::client::identity::device_mint_test {
namespace {

namespace fs = std::filesystem;

Authority root_of(KeyType type) {
  return make_root("device root", make_key(type).value(), some_day()).value();
}

DeviceSubject phone(std::uint64_t number) {
  return {"CP-8841-3PCC", "FCH" + std::to_string(number), MacAddress{0x000e08000000 + number}};
}

// As a run has it, with the keys that the folder has.
std::shared_ptr<DeviceMint> open(const Authority& root, const Keeping& keeping,
                                 std::size_t keys = 1) {
  return DeviceMint::make(root, device_keys(key_type_under(root), keys, keeping).value(), keeping);
}

std::string octets_of(const DeviceCertificate& certificate) {
  unsigned char* octets = nullptr;
  const int size = i2d_X509(certificate.certificate.get(), &octets);
  std::string text(reinterpret_cast<const char*>(octets), static_cast<std::size_t>(size));
  OPENSSL_free(octets);
  return text;
}

// What a server thinks of it that knows the root.
int verdict(const DeviceCertificate& device, const Authority& root, WallTime at = some_day()) {
  return verdict_on(device.certificate.get(), root.certificate.get(), X509_PURPOSE_SSL_CLIENT, at);
}

bool is_for(const DeviceCertificate& device, const DeviceSubject& subject) {
  return subject_of(device.certificate.get()) == fmt::format("OU={}, L={}, ST={}", subject.product,
                                                             subject.serial,
                                                             format_lower(subject.mac)) &&
         X509_check_private_key(device.certificate.get(), device.key.get()) == 1;
}

std::vector<fs::path> files_with(const TemporaryFolder& folder, const std::string& ending) {
  std::vector<fs::path> files;
  for (const auto& each : fs::directory_iterator(folder.path()))
    if (each.path().native().ends_with(ending)) files.push_back(each.path());
  return files;
}

fs::path signatures_in(const TemporaryFolder& folder) {
  const auto files = files_with(folder, ".signatures");
  REQUIRE(files.size() == 1);
  return files.front();
}

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << text;
}

unsigned mode_of(const fs::path& path) {
  return static_cast<unsigned>(fs::status(path).permissions());
}

}  // namespace

TEST_CASE("a certificate of a mint is the one that minting makes", "[R-CERT-01][R-CERT-03]") {
  const auto root = root_of(KeyType::rsa_2048);
  const auto key = make_key(KeyType::rsa_2048).value();
  const auto mint = DeviceMint::make(root, {device_key(key).value()}, {});
  const auto made = mint->certificate_of(phone(1), some_day()).value();
  // An RSA signature is a function of what is signed.
  CHECK(octets_of(made) ==
        octets_of(mint_device_certificate(root, phone(1), key, some_day()).value()));
  CHECK(made.key == key);
}

TEST_CASE("under RSA and elliptic roots each device has its own certificate, signed once",
          "[R-CERT-01][R-CERT-02]") {
  const auto type = GENERATE(KeyType::rsa_2048, KeyType::p256);
  const auto root = root_of(type);
  const auto mint = open(root, {}, 3);
  std::set<std::string> all;
  for (int round = 0; round < 2; ++round) {
    for (std::uint64_t number = 0; number < 12; ++number) {
      const auto made = mint->certificate_of(phone(number), some_day()).value();
      CHECK(verdict(made, root) == X509_V_OK);
      CHECK(is_for(made, phone(number)));
      CHECK(EVP_PKEY_get_base_id(made.key.get()) ==
            (type == KeyType::p256 ? EVP_PKEY_EC : EVP_PKEY_RSA));
      all.insert(octets_of(made));
    }
  }
  CHECK(all.size() == 12);
  CHECK(mint->signatures_made() == 12);
}

TEST_CASE("what one run has signed the next one has") {
  const auto type = GENERATE(KeyType::rsa_2048, KeyType::p256);
  const TemporaryFolder folder;
  const auto root = root_of(type);
  const Keeping keeping{folder.path()};
  std::vector<std::string> first;
  {
    const auto mint = open(root, keeping, 2);
    // More than are written at once.
    for (std::uint64_t number = 0; number < 70; ++number)
      first.push_back(octets_of(mint->certificate_of(phone(number), some_day()).value()));
  }
  const auto later = some_day() + std::chrono::days(400);
  const auto mint = open(root, keeping, 2);
  for (std::uint64_t number = 70; number-- > 0;) {
    const auto made = mint->certificate_of(phone(number), later).value();
    CHECK(octets_of(made) == first[number]);
    CHECK(is_for(made, phone(number)));
    CHECK(verdict(made, root, later) == X509_V_OK);
    CHECK_FALSE(mint->sign_ahead(phone(number), later));
  }
  CHECK(mint->signatures_made() == 0);
}

TEST_CASE("keys and signatures are their owner's alone") {
  const TemporaryFolder outside;
  const std::string inside = outside.path() + "/deep/cache";
  open(root_of(KeyType::p256), {inside})->certificate_of(phone(1), some_day()).value();
  CHECK(mode_of(inside) == 0700);
  std::size_t files = 0;
  for (const auto& each : fs::directory_iterator(inside)) {
    INFO(each.path());
    CHECK(mode_of(each.path()) == 0600);
    ++files;
  }
  CHECK(files == 2);
}

TEST_CASE("another root, a younger day and an old certificate are signed for anew") {
  const TemporaryFolder folder;
  const Keeping keeping{folder.path()};
  const auto root = root_of(KeyType::p256);
  open(root, keeping)->certificate_of(phone(1), some_day()).value();
  // Of the same name.
  const auto other = root_of(KeyType::p256);
  const auto mint = open(other, keeping);
  CHECK(verdict(mint->certificate_of(phone(1), some_day()).value(), other) == X509_V_OK);
  CHECK(mint->signatures_made() == 1);
  for (const auto at : {some_day() - std::chrono::hours(12), some_day() + lifetime / 2}) {
    const auto again = open(root, keeping);
    CHECK(verdict(again->certificate_of(phone(1), at).value(), root, at) == X509_V_OK);
    CHECK(again->signatures_made() == 1);
  }
}

TEST_CASE("a device that says something else of itself has another certificate") {
  const TemporaryFolder folder;
  const Keeping keeping{folder.path()};
  const auto root = root_of(KeyType::p256);
  open(root, keeping)->certificate_of(phone(1), some_day()).value();
  const auto mint = open(root, keeping);
  for (auto other : {phone(1), phone(1)}) {
    other.serial += mint->signatures_made() == 0 ? "9" : "8";
    CHECK(is_for(mint->certificate_of(other, some_day()).value(), other));
  }
  CHECK(mint->signatures_made() == 2);
}

TEST_CASE("whatever is damaged among what is kept, the certificate is right") {
  const TemporaryFolder folder;
  const Keeping keeping{folder.path()};
  const auto root = root_of(KeyType::p256);
  {
    const auto mint = open(root, keeping);
    for (std::uint64_t number = 0; number < 3; ++number)
      mint->certificate_of(phone(number), some_day()).value();
  }
  const auto file = signatures_in(folder);
  const auto whole = read(file);
  const auto keys = device_keys(KeyType::p256, 1, keeping).value();
  const auto check_all = [&] {
    const auto mint = DeviceMint::make(root, keys, keeping);
    for (std::uint64_t number = 0; number < 3; ++number) {
      const auto made = mint->certificate_of(phone(number), some_day()).value();
      CHECK(is_for(made, phone(number)));
      CHECK(verdict(made, root) == X509_V_OK);
    }
    return mint->signatures_made();
  };
  REQUIRE(check_all() == 0);
  for (std::size_t at = 0; at < whole.size(); ++at) {
    auto damaged = whole;
    damaged[at] = static_cast<char>(damaged[at] ^ 0x20);
    write(file, damaged);
    INFO("octet " << at);
    // Of the beginning of the file, all is made anew; of a record, that one.
    CHECK(check_all() >= 1);
    CHECK(check_all() == 0);
  }
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    write(file, whole.substr(0, size));
    INFO(size << " octets are left");
    CHECK(check_all() >= 1);
    CHECK(check_all() == 0);
  }
}

TEST_CASE("a kept key that is damaged, of another kind or open to others is replaced") {
  const TemporaryFolder folder;
  const Keeping keeping{folder.path()};
  const auto root = root_of(KeyType::p256);
  const auto first = device_keys(KeyType::p256, 1, keeping).value().front().digest;
  CHECK(device_keys(KeyType::p256, 1, keeping).value().front().digest == first);
  const auto file = files_with(folder, ".key").at(0);
  const auto was = read(file);
  const auto is_replaced = [&] {
    const auto now = device_keys(KeyType::p256, 1, keeping).value().front().digest;
    CHECK(mode_of(file) == 0600);
    return now != first;
  };
  write(file, was.substr(0, was.size() / 2));
  CHECK(is_replaced());
  write(file, was);
  fs::permissions(file, fs::perms(0644));
  CHECK(is_replaced());
  device_keys(KeyType::rsa_2048, 1, keeping).value();
  const auto keys = files_with(folder, ".key");
  REQUIRE(keys.size() == 2);
  write(file, read(keys[0] == file ? keys[1] : keys[0]));
  CHECK(is_replaced());
}

TEST_CASE("a folder that cannot be used is remarked on, and nothing fails") {
  const TemporaryFolder outside;
  write(outside.path() + "/file", "");
  fs::create_directory(outside.path() + "/open");
  fs::permissions(outside.path() + "/open", fs::perms(0777));
  const auto root = root_of(KeyType::p256);
  for (const std::string inside : {"/file", "/file/below", "/open"}) {
    std::vector<std::string> said;
    const Keeping keeping{outside.path() + inside,
                          [&said](const std::string& why) { said.push_back(why); }};
    const auto made = open(root, keeping)->certificate_of(phone(1), some_day()).value();
    CHECK(verdict(made, root) == X509_V_OK);
    INFO(inside);
    REQUIRE_FALSE(said.empty());
    CHECK(said.front().find(outside.path() + inside) == 0);
    CHECK(said.front().find("anew in every run") != std::string::npos);
  }
  CHECK(fs::is_empty(outside.path() + "/open"));
}

TEST_CASE("several processes keep what they sign in one file") {
  const TemporaryFolder folder;
  const Keeping keeping{folder.path()};
  const auto root = root_of(KeyType::p256);
  {
    const auto keys = device_keys(KeyType::p256, 1, keeping).value();
    const auto one = DeviceMint::make(root, keys, keeping);
    const auto other = DeviceMint::make(root, keys, keeping);
    for (std::uint64_t number = 0; number < 200; ++number)
      (number % 2 == 0 ? one : other)->certificate_of(phone(number), some_day()).value();
  }
  const auto mint = open(root, keeping);
  for (std::uint64_t number = 0; number < 200; ++number)
    CHECK(is_for(mint->certificate_of(phone(number), some_day()).value(), phone(number)));
  CHECK(mint->signatures_made() == 0);
}

TEST_CASE("several threads ask one mint, and each device has its own certificate") {
  const TemporaryFolder folder;
  const auto root = root_of(KeyType::p256);
  const auto mint = open(root, {folder.path()}, 2);
  std::array<int, 4> wrong{};  // no assertions of the framework off its own thread
  {
    std::vector<std::jthread> threads;
    for (int& count : wrong) {
      threads.emplace_back([&] {
        for (std::uint64_t number = 0; number < 150; ++number) {
          if (number % 3 == 0) mint->sign_ahead(phone(number), some_day());
          const auto made = mint->certificate_of(phone(number), some_day());
          if (!made || !is_for(*made, phone(number)) || verdict(*made, root) != X509_V_OK) ++count;
        }
      });
    }
  }
  for (const int count : wrong) CHECK(count == 0);
  CHECK(mint->ahead() == 0);
}

TEST_CASE("what is signed ahead counts until somebody asks for it") {
  const auto mint = open(root_of(KeyType::p256), {});
  CHECK(mint->sign_ahead(phone(1), some_day()));
  CHECK_FALSE(mint->sign_ahead(phone(1), some_day()));
  CHECK(mint->sign_ahead(phone(2), some_day()));
  CHECK(mint->ahead() == 2);
  for (int i = 0; i < 2; ++i)
    CHECK(is_for(mint->certificate_of(phone(1), some_day()).value(), phone(1)));
  CHECK(mint->ahead() == 1);
  CHECK(mint->signatures_made() == 2);
}

TEST_CASE("without a file the oldest signatures are forgotten") {
  detail::SignatureStore store(nullptr);
  const auto name = [](int number) { return detail::digest_of(std::to_string(number)); };
  using Wanted = detail::SignatureStore::Wanted;
  constexpr int most = 16'384;
  for (int i = 0; i < most + 10; ++i)
    store.keep({name(i), 1, name(i), "signature"}, i < 20 ? Wanted::later : Wanted::now);
  CHECK_FALSE(store.knows(name(0)));
  CHECK_FALSE(store.find(name(9)));
  CHECK(store.knows(name(10)));
  CHECK(store.find(name(most + 9)));
  CHECK(store.ahead() == 10);
}

TEST_CASE("of many files the ones that were used longest ago go") {
  const TemporaryFolder folder;
  const auto now = fs::file_time_type::clock::now();
  for (int i = 0; i < 6; ++i) {
    const auto file = fs::path(folder.path()) / (std::string(1, char('a' + i)) + ".signatures");
    write(file, std::string(100, 'x'));
    fs::last_write_time(file, now - std::chrono::hours(i));
  }
  write(folder.path() + "/z.key", std::string(1'000, 'x'));
  const auto left = [&] {
    std::string names;
    for (const auto& each : files_with(folder, "")) names += each.filename().native()[0];
    std::sort(names.begin(), names.end());
    return names;
  };
  take_oldest_away(folder.path(), ".signatures", {6, 600});
  CHECK(left() == "abcdefz");
  take_oldest_away(folder.path(), ".signatures", {5, 600});
  CHECK(left() == "abcdez");
  take_oldest_away(folder.path(), ".signatures", {5, 299});
  CHECK(left() == "abz");
  take_oldest_away(folder.path() + "/none", ".signatures", {0, 0});
}

TEST_CASE("the folder is where the environment says") {
  struct Row {
    const char *own, *caches, *home, *folder;
  };
  const auto row =
      GENERATE(Row{"", "/caches", "/home/a", "/caches/provphone"},
               Row{"", "", "/home/a", "/home/a/.cache/provphone"},
               Row{"", "relative", "/home/a", "/home/a/.cache/provphone"}, Row{"", "", "", ""},
               Row{"/own", "/caches", "/home/a", "/own"}, Row{"off", "/caches", "/home/a", ""});
  const std::string home = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "";
  ::setenv("PROVPHONE_CACHE", row.own, 1);
  ::setenv("XDG_CACHE_HOME", row.caches, 1);
  ::setenv("HOME", row.home, 1);
  CHECK(usual_cache_folder() == row.folder);
  ::unsetenv("PROVPHONE_CACHE");
  ::unsetenv("XDG_CACHE_HOME");
  ::setenv("HOME", home.c_str(), 1);
}

}  // namespace provphone::client::identity::device_mint_test
