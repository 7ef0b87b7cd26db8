#include "client/run/credentials.hpp"

#include "client/identity/certificate_source.hpp"
#include "client/identity/pki.hpp"
#include "client/scenario/phones.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace provphone::client::run {
namespace {

using identity::DeviceCertificate;

constexpr std::uint32_t most_keys = 4;  // making one costs as much as signing a hundred times

Result<identity::Authority> device_root(const scenario::Scenario& scenario,
                                        const scenario::PhoneGroup& group) {
  if (scenario.pki.empty()) {
    return fail(Errc::bad_argument,
                fmt::format("group {}: certificates are signed by the PKI's device root, and the "
                            "scenario names no pki",
                            group.name));
  }
  return identity::load_device_root(path_of(scenario, scenario.pki));
}

// Files are from the scenario's folder on, what a token has is not.
std::string place_of(const scenario::Scenario& scenario, const std::string& name) {
  return name.empty() || identity::names_token(name) ? name : path_of(scenario, name);
}

// Reads what the choice of a certificate needs.
struct Reader {
  const scenario::Scenario& scenario;
  const scenario::PhoneGroup& group;
  identity::WallTime now;
  GroupCredentials& credentials;

  Result<void> operator()(const scenario::NoCertificate&) const { return {}; }
  Result<void> operator()(const scenario::CertificateDirectory&) const { return {}; }
  Result<void> operator()(const scenario::CertificateFiles& files) const {
    TRY(auto password, identity::certificate_password(place_of(scenario, files.password_file)));
    return share(identity::load_certificate({place_of(scenario, files.certificate),
                                             place_of(scenario, files.key), std::move(password)}));
  }
  Result<void> operator()(const scenario::GenericCertificate&) const {
    TRY(const auto root, device_root(scenario, group));
    TRY(auto key, identity::make_key(identity::KeyType::rsa_2048));
    return share(identity::mint_generic_certificate(root, std::move(key), now));
  }
  Result<void> operator()(const scenario::MintedCertificate& minted) const {
    // Servers know neither the name nor the key of such a root.
    TRY(credentials.root, minted.flaw == scenario::MintedCertificate::Flaw::wrong_root
                              ? identity::make_root("A root that nobody trusts", now)
                              : device_root(scenario, group));
    for (std::uint32_t i = 0; i < std::min(group.count, most_keys); ++i) {
      TRY(auto key, identity::make_key(identity::KeyType::rsa_2048));
      credentials.keys.push_back(std::move(key));
    }
    return {};
  }

  Result<void> share(Result<DeviceCertificate> certificate) const {
    if (!certificate) return tl::unexpected(certificate.error());
    credentials.shared = *std::move(certificate);
    return {};
  }
};

// Certificates are valid for ten years.
constexpr std::chrono::hours long_ago{24 * 366 * 11};

// R-CERT-01: the certificate says what the phone is, unless it is another one's.
Result<DeviceCertificate> mint(const scenario::Scenario& scenario, const GroupCredentials& group,
                               std::uint32_t phone, identity::WallTime now) {
  using Flaw = scenario::MintedCertificate::Flaw;
  const auto& described = scenario.phones[group_of(scenario, phone)];
  const auto flaw = std::get<scenario::MintedCertificate>(described.certificate).flaw;
  const auto identity = identity_of(scenario, phone);
  identity::DeviceSubject subject{identity.model, identity.serial, identity.mac};
  if (flaw == Flaw::wrong_subject) {
    subject.serial = "OTHER" + identity.serial;
    // Another device of the same vendor.
    subject.mac.bits ^= 0xffffffU;
  }
  return identity::mint_device_certificate(*group.root, subject,
                                           group.keys[phone % group.keys.size()],
                                           flaw == Flaw::expired ? now - long_ago : now);
}

Result<DeviceCertificate> load_own(const scenario::Scenario& scenario,
                                   const scenario::CertificateDirectory& directory,
                                   std::uint32_t phone) {
  const auto base = std::filesystem::path(path_of(scenario, directory.directory)) /
                    format_lower(mac_of(scenario, phone));
  return identity::load_device_certificate(base.string() + ".pem", base.string() + ".key");
}

}  // namespace

Result<GroupCredentials> group_credentials(const scenario::Scenario& scenario, std::size_t group,
                                           identity::WallTime now) {
  const auto& described = scenario.phones[group];
  GroupCredentials credentials;
  if (!described.trust.empty()) {
    std::vector<std::string> files;
    for (const auto& file : described.trust) files.push_back(path_of(scenario, file));
    TRY(credentials.trust, identity::load_trust(files));
  }
  TRY(std::visit(Reader{scenario, described, now, credentials}, described.certificate));
  return credentials;
}

Result<std::shared_ptr<const identity::TlsIdentity>> tls_identity_of(
    const scenario::Scenario& scenario, const GroupCredentials& group, std::uint32_t phone,
    identity::WallTime now) {
  const auto& described = scenario.phones[group_of(scenario, phone)];
  auto tls = std::make_shared<identity::TlsIdentity>();
  tls->trust = group.trust;
  tls->certificate = group.shared;
  const auto* directory = std::get_if<scenario::CertificateDirectory>(&described.certificate);
  // Neither a folder of files nor a root that signs: what is shared is all.
  if (directory == nullptr && !group.root) return tls;
  TRY(tls->certificate, directory != nullptr ? load_own(scenario, *directory, phone)
                                             : mint(scenario, group, phone, now));
  return tls;
}

}  // namespace provphone::client::run
