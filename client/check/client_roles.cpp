#include "client/check/detail/client_roles.hpp"

#include "macro/try.hpp"

namespace provphone::client::check::detail {
namespace {

using identity::DeviceCertificate;
using identity::DeviceSubject;

// Longer than a minted certificate lasts.
constexpr std::chrono::days long_ago{4000};

DeviceSubject subject_of(const resync::Identity& phone) {
  return {phone.model, phone.serial, phone.mac};
}

DeviceSubject neighbour_of(const resync::Identity& phone) {
  return {phone.model, "00000000000", MacAddress{(phone.mac.bits + 1) & 0xffff'ffff'ffffU}};
}

void keep_certificate(Certificates& all, ClientRole role, Result<DeviceCertificate> made) {
  if (made) all[role] = *std::move(made);
}

}  // namespace

Result<Certificates> make_certificates(const Audit& audit, identity::WallTime now) {
  Certificates all;
  if (audit.tls) all[ClientRole::own] = audit.tls->certificate;
  // One for all: making a key costs more than all the signing, and no server compares keys.
  auto key = audit.strangers_key;
  if (!key) {
    TRY(key, identity::make_key(identity::KeyType::rsa_2048));
  }
  const auto own = subject_of(audit.device.identity);
  TRY(const auto foreign, identity::make_root("provphone check: unknown root", key, now));
  keep_certificate(all, ClientRole::foreign_root,
                   identity::mint_device_certificate(foreign, own, key, now));
  if (!audit.device_root) return all;
  const auto& root = *audit.device_root;
  const auto neighbour = neighbour_of(audit.device.identity);
  keep_certificate(all, ClientRole::other_device,
                   identity::mint_device_certificate(root, neighbour, key, now));
  keep_certificate(all, ClientRole::generic, identity::mint_generic_certificate(root, key, now));
  keep_certificate(all, ClientRole::expired,
                   identity::mint_device_certificate(root, own, key, now - long_ago));
  return all;
}

}  // namespace provphone::client::check::detail
