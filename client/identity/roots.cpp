#include "client/identity/roots.hpp"

#include "client/identity/certificate_names.hpp"
#include "client/identity/detail/pem.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/pem.h>

#include <vector>

namespace provphone::client::identity {
namespace {

using Certificates = std::vector<std::shared_ptr<X509>>;

// A run that has more of them has a text for nearly every phone, and remembers none for long.
constexpr std::size_t most_known = 256;

Result<Certificates> certificates_in(const std::string& pem) {
  const detail::Bio text(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())), &BIO_free_all);
  auto certificates = detail::read_all(text.get());
  if (!certificates) {
    return fail(Errc::bad_certificates,
                fmt::format("certificate {} is damaged", certificates.error().before + 1));
  }
  if (certificates->empty()) return fail(Errc::bad_certificates, "no certificate in PEM form");
  return *std::move(certificates);
}

std::shared_ptr<X509_STORE> store_of(const X509_STORE* given, const resync::Roots& roots) {
  std::shared_ptr<X509_STORE> store(X509_STORE_new(), X509_STORE_free);
  const auto* objects = given != nullptr ? X509_STORE_get0_objects(given) : nullptr;
  for (int i = 0; i < sk_X509_OBJECT_num(objects); ++i) {
    if (X509* root = X509_OBJECT_get0_X509(sk_X509_OBJECT_value(objects, i)))
      X509_STORE_add_cert(store.get(), root);
  }
  if (const auto certificates = certificates_in(roots.pem)) {
    for (const auto& root : *certificates) X509_STORE_add_cert(store.get(), root.get());
  }
  // One that is there twice may be refused the second time, which does no harm.
  ERR_clear_error();
  return store;
}

}  // namespace

Result<resync::Roots> read_roots(std::string pem) {
  TRY(const auto certificates, certificates_in(pem));
  resync::Roots roots;
  roots.first_name = subject_names(certificates.front().get()).common_name;
  roots.count = certificates.size();
  roots.pem = std::move(pem);
  return roots;
}

Result<std::shared_ptr<const resync::Roots>> RootReader::read(const std::string& pem) {
  if (const auto known = known_.find(pem); known != known_.end()) return known->second;
  TRY(auto roots, read_roots(pem));
  if (known_.size() == most_known) known_.clear();
  auto shared = std::make_shared<const resync::Roots>(std::move(roots));
  known_.emplace(pem, shared);
  return shared;
}

std::shared_ptr<const TlsIdentity> TrustWithRoots::with(
    const std::shared_ptr<const TlsIdentity>& identity,
    const std::shared_ptr<const resync::Roots>& roots) {
  const std::pair<const X509_STORE*, const resync::Roots*> key{identity->trust.get(), roots.get()};
  auto known = known_.find(key);
  if (known == known_.end()) {
    if (known_.size() == most_known) known_.clear();
    known =
        known_.emplace(key, Known{identity->trust, roots, store_of(identity->trust.get(), *roots)})
            .first;
  }
  auto made = std::make_shared<TlsIdentity>(*identity);
  made->trust = known->second.both;
  return made;
}

}  // namespace provphone::client::identity
