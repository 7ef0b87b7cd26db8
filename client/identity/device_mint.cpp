#include "client/identity/device_mint.hpp"

#include "client/identity/detail/signature_store.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <openssl/err.h>

#include <atomic>
#include <string>
#include <utility>

namespace provphone::client::identity {
namespace {

using detail::Digest;
using detail::SignatureRecord;
using Wanted = detail::SignatureStore::Wanted;

std::string encoded(X509* certificate) {
  unsigned char* octets = nullptr;
  const int size = i2d_X509(certificate, &octets);
  std::string text(reinterpret_cast<const char*>(octets),
                   size > 0 ? static_cast<std::size_t>(size) : 0);
  OPENSSL_free(octets);
  return text;
}

// What tells the device's certificate from all others of the root, but for its dates.
Digest name_of(const DeviceSubject& subject, const DeviceKey& key) {
  auto text =
      fmt::format("{}\n{}\n{}\n", subject.product, subject.serial, format_lower(subject.mac));
  text.append(reinterpret_cast<const char*>(key.digest.data()), key.digest.size());
  return detail::digest_of(text);
}

std::int64_t seconds(WallTime time) {
  return std::chrono::system_clock::to_time_t(time);
}

WallTime time_of(const SignatureRecord& record) {
  return std::chrono::system_clock::from_time_t(static_cast<std::time_t>(record.signed_at));
}

bool will_last(const SignatureRecord& record, WallTime now) {
  const auto then = time_of(record);
  return then <= now && now - then < lifetime / 2;
}

// With a file where signatures are to be kept and can be.
std::unique_ptr<detail::SignatureStore> store_for(const Authority& root, const Keeping& keeping) {
  if (keeping.folder.empty()) return std::make_unique<detail::SignatureStore>(nullptr);
  auto file = detail::SignatureFile::open(
      keeping.folder, detail::digest_of(encoded(root.certificate.get())),
      static_cast<std::size_t>(EVP_PKEY_get_size(root.key.get())));
  if (!file) keeping.remark(file.error());
  return std::make_unique<detail::SignatureStore>(file ? *std::move(file) : nullptr);
}

}  // namespace

struct DeviceMint::Impl {
  Authority root;
  std::vector<DeviceKey> keys;
  std::unique_ptr<detail::SignatureStore> store;  // null: each signature is made anew
  std::atomic<std::size_t> signatures_made{0};

  const DeviceKey& key_of(const DeviceSubject& subject) const {
    return keys[subject.mac.bits % keys.size()];
  }

  Result<std::shared_ptr<X509>> draft(const DeviceSubject& subject, WallTime now) const {
    TRY(auto made, draft_device_certificate(root, subject, key_of(subject).public_half, now));
    detail::name_algorithm(made.get(), root.key.get());
    return made;
  }

  // Null: what was signed then is not what would be signed now.
  std::shared_ptr<X509> certificate_with(const SignatureRecord& record,
                                         const DeviceSubject& subject) const {
    const auto made = draft(subject, time_of(record));
    const bool is_same = made && detail::digest_of_draft(made->get()) == record.draft &&
                         detail::put_signature(made->get(), record.signature);
    ERR_clear_error();
    return is_same ? *made : nullptr;
  }

  Result<std::shared_ptr<X509>> sign(const DeviceSubject& subject, WallTime now, Wanted wanted) {
    TRY(auto made, draft(subject, now));
    TRY(sign_certificate(made.get(), root));
    ++signatures_made;
    if (store)
      store->keep({name_of(subject, key_of(subject)), seconds(now),
                   detail::digest_of_draft(made.get()), detail::signature_of(made.get())},
                  wanted);
    return made;
  }
};

DeviceMint::DeviceMint(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
DeviceMint::~DeviceMint() = default;

std::shared_ptr<DeviceMint> DeviceMint::make(Authority root, std::vector<DeviceKey> keys,
                                             const Keeping& keeping) {
  auto impl = std::make_unique<Impl>();
  // On a draft that is thrown away: whether signatures of that key can be put into one.
  const std::shared_ptr<X509> trial(X509_new(), X509_free);
  if (detail::name_algorithm(trial.get(), root.key.get())) impl->store = store_for(root, keeping);
  impl->root = std::move(root);
  impl->keys = std::move(keys);
  return std::shared_ptr<DeviceMint>(new DeviceMint(std::move(impl)));
}

Result<DeviceCertificate> DeviceMint::certificate_of(const DeviceSubject& subject, WallTime now) {
  const auto& key = impl_->key_of(subject);
  if (impl_->store) {
    const auto record = impl_->store->find(name_of(subject, key));
    const bool is_good = record && will_last(*record, now);
    if (auto made = is_good ? impl_->certificate_with(*record, subject) : nullptr)
      return DeviceCertificate{std::move(made), key.key, {}};
  }
  TRY(auto made, impl_->sign(subject, now, Wanted::now));
  return DeviceCertificate{std::move(made), key.key, {}};
}

bool DeviceMint::sign_ahead(const DeviceSubject& subject, WallTime now) {
  if (!impl_->store || impl_->store->knows(name_of(subject, impl_->key_of(subject)))) return false;
  return impl_->sign(subject, now, Wanted::later).has_value();
}

std::size_t DeviceMint::ahead() const {
  return impl_->store ? impl_->store->ahead() : 0;
}

std::size_t DeviceMint::signatures_made() const {
  return impl_->signatures_made;
}

}  // namespace provphone::client::identity
