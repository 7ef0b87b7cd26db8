#include "client/cli/pki_flag.hpp"

#include "client/identity/pki.hpp"
#include "macro/try.hpp"

#include <chrono>
#include <filesystem>

namespace provphone::client::cli {

Result<std::optional<identity::Authority>> take_pki(const std::string& directory,
                                                    PhoneFlags& phone) {
  if (directory.empty()) return std::optional<identity::Authority>{};
  auto root = identity::load_device_root(directory);
  if (!root) return fail(root.error().code, "--pki: " + root.error().detail);
  const auto server_root = directory + "/server-root.pem";
  std::error_code ignored;
  if (phone.trust.empty() && std::filesystem::exists(server_root, ignored))
    phone.trust.push_back(server_root);
  return std::optional(*std::move(root));
}

Result<void> mint_certificate(const identity::Authority& device_root, resync::Identity& own,
                              std::shared_ptr<const identity::TlsIdentity>& tls) {
  if (tls->certificate) return {};
  TRY(const auto key, identity::make_key(identity::KeyType::rsa_2048));
  TRY(auto certificate,
      identity::mint_device_certificate(device_root, {own.model, own.serial, own.mac}, key,
                                        std::chrono::system_clock::now()));
  auto with_it = std::make_shared<identity::TlsIdentity>(*tls);
  with_it->certificate = std::move(certificate);
  tls = std::move(with_it);
  own.certificate_installed = true;
  return {};
}

}  // namespace provphone::client::cli
