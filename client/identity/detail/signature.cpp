#include "client/identity/detail/signature.hpp"

#include <openssl/objects.h>
#include <openssl/sha.h>

#include <algorithm>

namespace provphone::client::identity::detail {
namespace {

// OpenSSL lets nobody but its own X509_sign() write these two. The certificate is not const, nor
// are they.
X509_ALGOR* writable(const X509_ALGOR* algorithm) {
  return const_cast<X509_ALGOR*>(algorithm);
}

ASN1_BIT_STRING* writable(const ASN1_BIT_STRING* signature) {
  return const_cast<ASN1_BIT_STRING*>(signature);
}

}  // namespace

Digest digest_of(std::string_view octets) {
  std::array<unsigned char, SHA256_DIGEST_LENGTH> all{};
  SHA256(reinterpret_cast<const unsigned char*>(octets.data()), octets.size(), all.data());
  Digest digest{};
  std::copy_n(all.begin(), digest.size(), digest.begin());
  return digest;
}

bool name_algorithm(X509* draft, const EVP_PKEY* signer) {
  const int type = EVP_PKEY_get_base_id(signer);
  int signature_type = NID_undef;
  if ((type != EVP_PKEY_RSA && type != EVP_PKEY_EC) ||
      OBJ_find_sigid_by_algs(&signature_type, NID_sha256, type) != 1)
    return false;
  // RFC 4055 has parameters there that are null, RFC 5758 has none.
  const int parameters = type == EVP_PKEY_RSA ? V_ASN1_NULL : V_ASN1_UNDEF;
  const X509_ALGOR* outside = nullptr;
  X509_get0_signature(nullptr, &outside, draft);
  ASN1_OBJECT* const object = OBJ_nid2obj(signature_type);
  return X509_ALGOR_set0(writable(X509_get0_tbs_sigalg(draft)), object, parameters, nullptr) == 1 &&
         X509_ALGOR_set0(writable(outside), object, parameters, nullptr) == 1;
}

Digest digest_of_draft(X509* draft) {
  unsigned char* octets = nullptr;
  const int size = i2d_re_X509_tbs(draft, &octets);
  const auto digest = digest_of(
      {reinterpret_cast<const char*>(octets), size > 0 ? static_cast<std::size_t>(size) : 0});
  OPENSSL_free(octets);
  return digest;
}

std::string signature_of(const X509* certificate) {
  const ASN1_BIT_STRING* signature = nullptr;
  X509_get0_signature(&signature, nullptr, certificate);
  return {reinterpret_cast<const char*>(ASN1_STRING_get0_data(signature)),
          static_cast<std::size_t>(ASN1_STRING_length(signature))};
}

bool put_signature(X509* draft, std::string_view octets) {
  const ASN1_BIT_STRING* there = nullptr;
  X509_get0_signature(&there, nullptr, draft);
  auto* const signature = writable(there);
  if (ASN1_STRING_set(signature, octets.data(), static_cast<int>(octets.size())) != 1) return false;
  // Of the bits of its last octet none is left over.
  constexpr long number_left_over = 0x07;
  signature->flags &= ~(ASN1_STRING_FLAG_BITS_LEFT | number_left_over);
  signature->flags |= ASN1_STRING_FLAG_BITS_LEFT;
  return true;
}

}  // namespace provphone::client::identity::detail
