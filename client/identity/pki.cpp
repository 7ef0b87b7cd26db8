#include "client/identity/pki.hpp"

#include "client/identity/detail/pem.hpp"
#include "client/identity/detail/write_file.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <string_view>
#include <sys/stat.h>

namespace provphone::client::identity {
namespace {

constexpr const char* server_root_name = "provphone test server root";
constexpr mode_t certificate_mode = 0644;
constexpr mode_t key_mode = 0600;

Result<std::shared_ptr<X509>> read_certificate(const std::string& path) {
  TRY(const auto file, detail::open_for_reading(path));
  std::shared_ptr<X509> certificate(PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr),
                                    X509_free);
  if (!certificate) return detail::unreadable(path, "no certificate in PEM form");
  return certificate;
}

template <class Write>
std::string pem(Write write) {
  const detail::Bio memory(BIO_new(BIO_s_mem()), BIO_free_all);
  write(memory.get());
  char* text = nullptr;
  const auto size = BIO_get_mem_data(memory.get(), &text);
  return {text, static_cast<std::size_t>(size)};
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

bool belong_together(X509* certificate, EVP_PKEY* key) {
  const bool same = X509_check_private_key(certificate, key) == 1;
  ERR_clear_error();
  return same;
}

Result<Authority> read_authority(const std::string& directory, const std::string& name) {
  const auto path = fmt::format("{}/{}", directory, name);
  TRY(auto certificate, read_certificate(path + ".pem"));
  TRY(auto key, detail::read_key(path + ".key"));
  if (!belong_together(certificate.get(), key.get())) {
    return fail(Errc::bad_argument, fmt::format("{}.key is not the key of {}.pem", path, path));
  }
  return Authority{std::move(certificate), std::move(key)};
}

// One folder being brought into the state that was asked for.
struct Folder {
  const std::string& directory;
  WallTime now;
  std::vector<std::string> written;

  std::string path(const std::string& name) const { return fmt::format("{}/{}", directory, name); }
};

Result<void> write_into(Folder& folder, const std::string& name, std::string_view text,
                        mode_t mode) {
  auto done = detail::write_file(folder.path(name), text, mode);
  if (done) folder.written.push_back(name);
  return done;
}

Result<void> write_certificate(Folder& folder, const std::string& name, X509* certificate) {
  const auto text = pem([&](BIO* out) { PEM_write_bio_X509(out, certificate); });
  return write_into(folder, name, text, certificate_mode);
}

Result<std::shared_ptr<EVP_PKEY>> keep_or_make_key(Folder& folder, const std::string& name) {
  if (exists(folder.path(name))) return detail::read_key(folder.path(name));
  auto key = make_key(KeyType::rsa_2048);
  if (!key) return key;
  const auto text = pem([&](BIO* out) {
    PEM_write_bio_PrivateKey(out, key->get(), nullptr, nullptr, 0, nullptr, nullptr);
  });
  TRY(write_into(folder, name, text, key_mode));
  return key;
}

// A root whose key is gone is not replaced: there are certificates that it has signed. The key is
// written first: a key without a certificate is picked up by the next call, while a certificate
// without its key is an error.
Result<Authority> keep_or_make_root(Folder& folder, const std::string& name,
                                    const std::string& common_name) {
  if (exists(folder.path(name + ".pem"))) return read_authority(folder.directory, name);
  TRY(auto key, keep_or_make_key(folder, name + ".key"));
  auto root = make_root(common_name, std::move(key), folder.now);
  if (!root) return root;
  TRY(write_certificate(folder, name + ".pem", root->certificate.get()));
  return root;
}

// X509_check_issued() compares names, and the roots of all test PKIs have the same ones. The
// signature tells them apart.
bool is_issued_and_valid(X509* certificate, EVP_PKEY* key, const Authority& root, WallTime now) {
  auto time = std::chrono::system_clock::to_time_t(now);
  const bool good = belong_together(certificate, key) &&
                    X509_check_issued(root.certificate.get(), certificate) == X509_V_OK &&
                    X509_verify(certificate, root.key.get()) == 1 &&
                    X509_cmp_time(X509_get0_notAfter(certificate), &time) > 0;
  ERR_clear_error();
  return good;
}

std::string address_text(const ASN1_OCTET_STRING* octets) {
  const auto* data = ASN1_STRING_get0_data(octets);
  if (ASN1_STRING_length(octets) == 4) {
    return fmt::format("{}.{}.{}.{}", data[0], data[1], data[2], data[3]);
  }
  std::string text;
  for (int i = 0; i + 1 < ASN1_STRING_length(octets); i += 2) {
    text += fmt::format("{}{:x}", i == 0 ? "" : ":", data[i] * 256 + data[i + 1]);
  }
  return text;
}

std::vector<std::string> hosts_of(X509* certificate) {
  const std::shared_ptr<GENERAL_NAMES> names(
      static_cast<GENERAL_NAMES*>(
          X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)),
      GENERAL_NAMES_free);
  std::vector<std::string> hosts;
  for (int i = 0; i < sk_GENERAL_NAME_num(names.get()); ++i) {
    int type = 0;
    const auto* value = static_cast<const ASN1_STRING*>(
        GENERAL_NAME_get0_value(sk_GENERAL_NAME_value(names.get(), i), &type));
    if (type == GEN_IPADD) hosts.push_back(address_text(value));
    if (type == GEN_DNS) {
      hosts.emplace_back(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                         static_cast<std::size_t>(ASN1_STRING_length(value)));
    }
  }
  return hosts;
}

// One address has several spellings, which OpenSSL compares as octets.
bool names_host(X509* certificate, const std::string& host) {
  if (X509_check_ip_asc(certificate, host.c_str(), 0) == 1) return true;
  const auto hosts = hosts_of(certificate);
  return std::find(hosts.begin(), hosts.end(), host) != hosts.end();
}

// The hosts that a new server certificate is to name; none where the one that is there will do.
std::vector<std::string> hosts_to_issue(const Folder& folder, EVP_PKEY* key, const Authority& root,
                                        std::vector<std::string> wanted) {
  if (!exists(folder.path("server.pem"))) return wanted;
  const auto old = read_certificate(folder.path("server.pem"));
  if (!old) return wanted;
  const bool names_all = std::all_of(wanted.begin(), wanted.end(), [&](const std::string& host) {
    return names_host(old->get(), host);
  });
  if (names_all && is_issued_and_valid(old->get(), key, root, folder.now)) return {};
  for (const auto& host : hosts_of(old->get())) {
    if (std::find(wanted.begin(), wanted.end(), host) == wanted.end()) wanted.push_back(host);
  }
  return wanted;
}

Result<void> keep_or_issue_server(Folder& folder, const Authority& root,
                                  const std::vector<std::string>& wanted) {
  TRY(auto key, keep_or_make_key(folder, "server.key"));
  const auto hosts = hosts_to_issue(folder, key.get(), root, wanted);
  if (hosts.empty() && !wanted.empty()) return {};
  TRY(auto issued, make_server_certificate(root, hosts, std::move(key), folder.now));
  return write_certificate(folder, "server.pem", issued.certificate.get());
}

// The new certificate is thrown away where the old one has its subject and is still good.
Result<void> keep_or_write(Folder& folder, const Authority& root, const std::string& name,
                           const DeviceCertificate& minted) {
  if (exists(folder.path(name + ".pem"))) {
    const auto old = read_certificate(folder.path(name + ".pem"));
    if (old && is_issued_and_valid(old->get(), minted.key.get(), root, folder.now) &&
        X509_NAME_cmp(X509_get_subject_name(old->get()),
                      X509_get_subject_name(minted.certificate.get())) == 0) {
      return {};
    }
  }
  return write_certificate(folder, name + ".pem", minted.certificate.get());
}

Result<void> keep_or_issue_device(Folder& folder, const Authority& root,
                                  const DeviceSubject& device) {
  const auto name = format_lower(device.mac);
  TRY(auto key, keep_or_make_key(folder, name + ".key"));
  TRY(const auto minted, mint_device_certificate(root, device, std::move(key), folder.now));
  return keep_or_write(folder, root, name, minted);
}

Result<void> keep_or_issue_generic(Folder& folder, const Authority& root) {
  const std::string name = "generic";
  TRY(auto key, keep_or_make_key(folder, name + ".key"));
  TRY(const auto minted, mint_generic_certificate(root, std::move(key), folder.now));
  return keep_or_write(folder, root, name, minted);
}

// A bundle is what its roots are: written where it is not that already.
Result<void> write_bundle(Folder& folder, const std::string& name, const std::string& text) {
  const detail::Bio there(BIO_new_file(folder.path(name).c_str(), "r"), &BIO_free_all);
  ERR_clear_error();
  std::string old(text.size() + 1, '\0');
  const int size = there ? BIO_read(there.get(), old.data(), static_cast<int>(old.size())) : 0;
  old.resize(static_cast<std::size_t>(std::max(size, 0)));
  if (old == text) return {};
  return write_into(folder, name, text, certificate_mode);
}

Result<void> keep_or_make_builtin_roots(Folder& folder) {
  std::string mpp, spa;
  for (const auto& each : builtin_roots()) {
    TRY(const auto root,
        keep_or_make_root(folder, std::string(each.file), std::string(each.common_name)));
    const auto text = pem([&](BIO* out) { PEM_write_bio_X509(out, root.certificate.get()); });
    if (each.of_mpp) mpp += text;
    if (each.of_spa) spa += text;
  }
  TRY(write_bundle(folder, "builtin-mpp.pem", mpp));
  return write_bundle(folder, "builtin-spa.pem", spa);
}

Result<void> make_directory(const std::string& directory) {
  std::error_code error;
  std::filesystem::create_directories(directory, error);
  if (!error) return {};
  return fail(Errc::unreadable_file,
              fmt::format("{}: cannot be made: {}", directory, error.message()));
}

}  // namespace

Result<std::vector<std::string>> make_pki(const PkiRequest& request, WallTime now) {
  TRY(make_directory(request.directory));
  Folder folder{request.directory, now, {}};
  TRY(const auto server_root, keep_or_make_root(folder, "server-root", server_root_name));
  TRY(keep_or_issue_server(folder, server_root, request.hosts));
  TRY(const auto device_root,
      keep_or_make_root(folder, "device-root", "provphone test device root"));
  for (const auto& device : request.devices) {
    TRY(keep_or_issue_device(folder, device_root, device));
  }
  if (request.generic) {
    TRY(keep_or_issue_generic(folder, device_root));
  }
  if (request.builtin_roots) {
    TRY(keep_or_make_builtin_roots(folder));
  }
  return folder.written;
}

// R-TLS-20
std::span<const BuiltinRoot> builtin_roots() {
  static constexpr std::array roots{
      BuiltinRoot{"cisco-small-business-ca", "Cisco Small Business CA", true, true},
      BuiltinRoot{"cybertrust-ca", "CyberTrust CA", true, false},
      BuiltinRoot{"verisign-ca", "VeriSign CA", true, false},
      BuiltinRoot{"sipura-ca", "Sipura CA", true, true},
      BuiltinRoot{"linksys-ca", "Linksys CA", true, true},
      BuiltinRoot{"cisco-2k-small-business-ca", "Cisco 2k Small Business CA", false, true},
  };
  return roots;
}

Result<Authority> load_device_root(const std::string& directory) {
  return read_authority(directory, "device-root");
}

Result<DeviceCertificate> make_flawed_server_certificate(const std::string& directory, Flaw flaw,
                                                         WallTime now) {
  constexpr std::chrono::days behind_its_end{365};
  TRY(const auto server, read_certificate(fmt::format("{}/server.pem", directory)));
  TRY(const auto root, flaw == Flaw::untrusted ? make_root(server_root_name, now)
                                               : read_authority(directory, "server-root"));
  auto hosts = hosts_of(server.get());
  if (flaw == Flaw::wrong_name || hosts.empty()) hosts = {"elsewhere.example.net"};
  // What was issued then ended so long before `now`.
  const auto then = flaw == Flaw::expired ? now - lifetime - behind_its_end : now;
  return make_server_certificate(root, hosts, then);
}

}  // namespace provphone::client::identity
