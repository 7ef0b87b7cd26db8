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

constexpr std::uint32_t most_keys = 4;

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

Result<DeviceCertificate> load_certificate_files(const scenario::Scenario& scenario,
                                                 const scenario::CertificateFiles& files) {
  TRY(auto password, identity::certificate_password(place_of(scenario, files.password_file)));
  return identity::load_certificate(
      {place_of(scenario, files.certificate), place_of(scenario, files.key), std::move(password)});
}

// Reads what the choice of a certificate needs.
struct Reader {
  const scenario::Scenario& scenario;
  const scenario::PhoneGroup& group;
  identity::WallTime now;
  const identity::Keeping& keeping;
  GroupCredentials& credentials;

  Result<void> operator()(const scenario::NoCertificate&) const { return {}; }
  Result<void> operator()(const scenario::CertificateDirectory&) const { return {}; }
  Result<void> operator()(const scenario::ListedCertificate&) const { return {}; }
  Result<void> operator()(const scenario::CertificateFiles& files) const {
    return share(load_certificate_files(scenario, files));
  }
  Result<void> operator()(const scenario::GenericCertificate&) const {
    TRY(const auto root, device_root(scenario, group));
    TRY(const auto keys, identity::device_keys(key_type_under(root), 1, keeping));
    return share(identity::mint_generic_certificate(root, keys.front().key, now));
  }
  Result<void> operator()(const scenario::MintedCertificate& minted) const {
    // Servers know neither the name nor the key of such a root, which is another one in each run.
    const bool is_of_run = minted.flaw == scenario::MintedCertificate::Flaw::wrong_root;
    TRY(auto root, is_of_run ? identity::make_root("A root that nobody trusts", now)
                             : device_root(scenario, group));
    TRY(auto keys,
        identity::device_keys(key_type_under(root), std::min(group.count, most_keys), keeping));
    credentials.mint = identity::DeviceMint::make(std::move(root), std::move(keys),
                                                  is_of_run ? identity::Keeping{} : keeping);
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

using Flaw = scenario::MintedCertificate::Flaw;

Flaw flaw_of(const scenario::Scenario& scenario, std::uint32_t phone) {
  const auto& described = scenario.phones[group_of(scenario, phone)];
  return std::get<scenario::MintedCertificate>(described.certificate).flaw;
}

// R-CERT-01: the certificate says what the phone is, unless it is another one's.
identity::DeviceSubject subject_of(const scenario::Scenario& scenario, std::uint32_t phone) {
  const auto identity = identity_of(scenario, phone);
  identity::DeviceSubject subject{identity.model, identity.serial, identity.mac};
  if (flaw_of(scenario, phone) == Flaw::wrong_subject) {
    subject.serial = "OTHER" + identity.serial;
    // Another device of the same vendor.
    subject.mac.bits ^= 0xffffffU;
  }
  return subject;
}

identity::WallTime signing_time(const scenario::Scenario& scenario, std::uint32_t phone,
                                identity::WallTime now) {
  return flaw_of(scenario, phone) == Flaw::expired ? now - long_ago : now;
}

Result<DeviceCertificate> load_own(const scenario::Scenario& scenario,
                                   const scenario::CertificateDirectory& directory,
                                   std::uint32_t phone) {
  const auto base = std::filesystem::path(path_of(scenario, directory.directory)) /
                    format_lower(mac_of(scenario, phone));
  return identity::load_device_certificate(base.string() + ".pem", base.string() + ".key");
}

// Whether what group_credentials() makes for one group is as good for the other.
bool share_credentials(const scenario::PhoneGroup& one, const scenario::PhoneGroup& other) {
  if (one.trust != other.trust || one.certificate.index() != other.certificate.index())
    return false;
  const auto* minted = std::get_if<scenario::MintedCertificate>(&one.certificate);
  return minted == nullptr ||
         minted->flaw == std::get<scenario::MintedCertificate>(other.certificate).flaw;
}

}  // namespace

Result<GroupCredentials> group_credentials(const scenario::Scenario& scenario, std::size_t group,
                                           identity::WallTime now,
                                           const identity::Keeping& keeping) {
  const auto& described = scenario.phones[group];
  GroupCredentials credentials;
  if (!described.trust.empty()) {
    std::vector<std::string> files;
    for (const auto& file : described.trust) files.push_back(path_of(scenario, file));
    auto trust = identity::load_trust(files);
    if (!trust) {
      return fail(trust.error().code,
                  fmt::format("group {}: trust: {}", described.name, trust.error().detail));
    }
    credentials.trust = *std::move(trust);
  }
  TRY(std::visit(Reader{scenario, described, now, keeping, credentials}, described.certificate));
  return credentials;
}

Result<std::vector<GroupCredentials>> credentials_of_groups(const scenario::Scenario& scenario,
                                                            identity::WallTime now,
                                                            const identity::Keeping& keeping) {
  std::vector<GroupCredentials> all;
  for (std::size_t group = 0; group < scenario.phones.size(); ++group) {
    // The parts of a group have one root and one set of keys, however many there are.
    const auto first = first_part(scenario, group);
    auto like = first;
    while (like < group && !share_credentials(scenario.phones[like], scenario.phones[group]))
      ++like;
    if (like < group) {
      all.push_back(all[like]);
      continue;
    }
    TRY(all.emplace_back(), group_credentials(scenario, group, now, keeping));
  }
  return all;
}

Result<std::shared_ptr<const identity::TlsIdentity>> tls_identity_of(
    const scenario::Scenario& scenario, const GroupCredentials& group, std::uint32_t phone,
    identity::WallTime now) {
  const auto& described = scenario.phones[group_of(scenario, phone)];
  auto tls = std::make_shared<identity::TlsIdentity>();
  tls->trust = group.trust;
  tls->certificate = group.shared;
  if (const auto listed = listed_certificate(scenario, phone);
      listed && std::holds_alternative<scenario::ListedCertificate>(described.certificate)) {
    TRY(tls->certificate, load_certificate_files(scenario, *listed));
    return tls;
  }
  const auto* directory = std::get_if<scenario::CertificateDirectory>(&described.certificate);
  // Neither a folder of files nor a root that signs: what is shared is all.
  if (directory == nullptr && !group.mint) return tls;
  TRY(tls->certificate, directory != nullptr
                            ? load_own(scenario, *directory, phone)
                            : group.mint->certificate_of(subject_of(scenario, phone),
                                                         signing_time(scenario, phone, now)));
  return tls;
}

bool sign_ahead(const scenario::Scenario& scenario, const GroupCredentials& group,
                std::uint32_t phone, identity::WallTime now) {
  return group.mint &&
         group.mint->sign_ahead(subject_of(scenario, phone), signing_time(scenario, phone, now));
}

}  // namespace provphone::client::run
