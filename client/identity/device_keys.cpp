#include "client/identity/device_keys.hpp"

#include "client/identity/detail/pem.hpp"
#include "client/identity/detail/write_file.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/sha.h>
#include <unistd.h>

#include <string>
#include <sys/stat.h>

namespace provphone::client::identity {
namespace {

constexpr mode_t owner_alone = 0600;
constexpr int rsa_bits = 2048;

using Octets = std::unique_ptr<unsigned char, void (*)(unsigned char*)>;

Octets owned_octets(unsigned char* octets) {
  return {octets, [](unsigned char* each) { OPENSSL_free(each); }};
}

// d2i_PublicKey() makes the old form of a key, which certificates take over without parsing. An
// elliptic key's octets do not say on which curve they are, so that it begins with a copy.
std::shared_ptr<EVP_PKEY> public_half_of(EVP_PKEY* key) {
  unsigned char* encoded = nullptr;
  const int size = i2d_PublicKey(key, &encoded);
  const auto octets = owned_octets(encoded);
  if (size <= 0) return nullptr;
  const int type = EVP_PKEY_get_base_id(key);
  EVP_PKEY* made = type == EVP_PKEY_EC ? EVP_PKEY_dup(key) : nullptr;
  const unsigned char* at = octets.get();
  if (d2i_PublicKey(type, &made, &at, size) == nullptr) {
    EVP_PKEY_free(made);
    return nullptr;
  }
  return {made, EVP_PKEY_free};
}

std::string file_of(const std::string& folder, KeyType type, std::size_t number) {
  return fmt::format("{}/device-{}-{}.key", folder, type == KeyType::p256 ? "p256" : "rsa-2048",
                     number);
}

// A key that others can read or have given us is not taken.
bool is_own_file(const std::string& path) {
  struct stat found {};
  constexpr mode_t of_others = 0077;
  return ::lstat(path.c_str(), &found) == 0 && S_ISREG(found.st_mode) &&
         found.st_uid == ::geteuid() && (found.st_mode & of_others) == 0;
}

bool is_of_type(EVP_PKEY* key, KeyType type) {
  if (type == KeyType::p256) return EVP_PKEY_get_base_id(key) == EVP_PKEY_EC;
  return EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA && EVP_PKEY_get_bits(key) == rsa_bits;
}

// Null: there is none that can be used.
std::shared_ptr<EVP_PKEY> kept_key(const std::string& path, KeyType type) {
  if (!is_own_file(path)) return nullptr;
  const auto read = detail::read_key(path);
  return read && is_of_type(read->get(), type) ? *read : nullptr;
}

Result<void> keep(const std::string& path, EVP_PKEY* key) {
  const detail::Bio memory(BIO_new(BIO_s_mem()), &BIO_free_all);
  PEM_write_bio_PrivateKey(memory.get(), key, nullptr, nullptr, 0, nullptr, nullptr);
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return detail::write_file(path, {text, static_cast<std::size_t>(size)}, owner_alone);
}

}  // namespace

Result<DeviceKey> device_key(std::shared_ptr<EVP_PKEY> key) {
  DeviceKey made{std::move(key), nullptr, {}};
  made.public_half = public_half_of(made.key.get());
  unsigned char* encoded = nullptr;
  const int size = i2d_PUBKEY(made.key.get(), &encoded);
  const auto octets = owned_octets(encoded);
  ERR_clear_error();
  if (!made.public_half || size <= 0)
    return fail(Errc::bad_argument, "a device's key is neither RSA nor elliptic");
  SHA256(octets.get(), static_cast<std::size_t>(size), made.digest.data());
  return made;
}

KeyType key_type_under(const Authority& root) {
  return EVP_PKEY_get_base_id(root.key.get()) == EVP_PKEY_EC ? KeyType::p256 : KeyType::rsa_2048;
}

Result<std::vector<DeviceKey>> device_keys(KeyType type, std::size_t count,
                                           const Keeping& keeping) {
  std::vector<DeviceKey> keys;
  bool keeps = !keeping.folder.empty();
  if (const auto folder = keeps ? make_private_folder(keeping.folder) : Result<void>{}; !folder) {
    keeping.remark(folder.error());
    keeps = false;
  }
  for (std::size_t number = 0; number < count; ++number) {
    const auto path = file_of(keeping.folder, type, number);
    auto key = keeps ? kept_key(path, type) : nullptr;
    if (!key) {
      TRY(key, make_key(type));
      if (const auto kept = keeps ? keep(path, key.get()) : Result<void>{}; !kept) {
        keeping.remark(kept.error());
        keeps = false;
      }
    }
    TRY(auto made, device_key(std::move(key)));
    keys.push_back(std::move(made));
  }
  return keys;
}

}  // namespace provphone::client::identity
