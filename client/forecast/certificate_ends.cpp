#include "client/forecast/certificate_ends.hpp"

#include "client/identity/certificate_source.hpp"
#include "client/identity/renewal.hpp"
#include "client/scenario/phones.hpp"

#include <algorithm>
#include <filesystem>
#include <utility>

namespace provphone::client::forecast {
namespace {

using identity::DeviceCertificate;

std::optional<DeviceCertificate> shared_certificate(const scenario::Scenario& scenario,
                                                    const scenario::CertificateFiles& files) {
  if (identity::names_token(files.certificate) || identity::names_token(files.key))
    return std::nullopt;
  const auto place = [&](const std::string& file) {
    return file.empty() ? file : path_of(scenario, file);
  };
  auto password = identity::certificate_password(place(files.password_file));
  if (!password) return std::nullopt;
  auto read = identity::load_certificate(
      {place(files.certificate), place(files.key), *std::move(password)});
  return read ? std::optional(*std::move(read)) : std::nullopt;
}

// Certificates of phones from files, by the group's kind of them.
struct EndsOf {
  const scenario::Scenario& scenario;
  const scenario::PhoneGroup& group;
  std::uint32_t first;  // of the group's phones
  std::vector<CertificateEnd>& ends;

  void add(const DeviceCertificate& certificate, std::uint32_t phones) const {
    ends.push_back({group.name, phones, identity::subject_of(certificate),
                    identity::end_of(certificate.certificate.get())});
  }
  void operator()(const scenario::ListedCertificate&) const {
    for (std::uint32_t phone = first; phone < first + group.count; ++phone)
      if (const auto read = shared_certificate(scenario, *listed_certificate(scenario, phone)))
        add(*read, 1);
  }
  void operator()(const scenario::CertificateFiles& files) const {
    if (const auto read = shared_certificate(scenario, files)) add(*read, group.count);
  }
  void operator()(const scenario::CertificateDirectory& directory) const {
    const std::filesystem::path folder(path_of(scenario, directory.directory));
    for (std::uint32_t phone = first; phone < first + group.count; ++phone) {
      const auto base = (folder / format_lower(mac_of(scenario, phone))).string();
      if (const auto read = identity::load_device_certificate(base + ".pem", base + ".key"))
        add(*read, 1);
    }
  }
  // Made anew for every run.
  void operator()(const auto& /*other*/) const {}
};

}  // namespace

std::vector<CertificateEnd> certificate_ends(const scenario::Scenario& scenario,
                                             resync::sys_seconds start, resync::Duration length) {
  std::vector<CertificateEnd> ends;
  std::uint32_t first = 0;
  for (const auto& group : scenario.phones) {
    std::visit(EndsOf{scenario, group, first, ends}, group.certificate);
    first += group.count;
  }
  const auto until = start + std::chrono::floor<std::chrono::seconds>(length);
  std::erase_if(ends, [&](const CertificateEnd& each) { return each.at > until; });
  std::stable_sort(ends.begin(), ends.end(),
                   [](const auto& one, const auto& other) { return one.at < other.at; });
  return ends;
}

}  // namespace provphone::client::forecast
