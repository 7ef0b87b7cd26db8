#pragma once

#include "profile/parameter_set.hpp"
#include "resync/certificate_renewal.hpp"
#include "resync/identity.hpp"
#include "resync/personality.hpp"

#include <memory>
#include <string>
#include <string_view>

// On what terms a phone speaks TLS with a server: what its parameters, its family and its load say
// (R-TLS-05, R-TLS-08, R-TLS-10, R-TLS-15 to R-TLS-18).
namespace provphone::resync {

// Which names of a server's certificate count.
enum class NameCheck : std::uint8_t {
  common_name,              // up to its first slash, and nothing else
  alternative_names_first,  // the common name where there is no dNSName
  jabber,                   // likewise, as clients of that kind have it (R-TLS-17)
  nothing,                  // any certificate of a trusted root will do
};

// Certificates that a phone has been given by Custom_CA_Rule, as whoever parses certificates has
// found them. Never changed, and shared by all phones that have the same.
struct Roots {
  std::string pem;
  std::string first_name;  // the common name of the first one
  std::size_t count = 0;
};

// Small, and equal for phones with equal settings: no text is in it but what TLS_Cipher_List says.
struct TlsTerms {
  TlsVersion lowest = TlsVersion::tls1_1;
  TlsVersion highest = TlsVersion::tls1_2;
  // TLS_Cipher_List, for versions up to 1.2; empty: the family's own list. Whether there is any
  // suite in it that can be had is found out by whoever speaks TLS; where there is none, the
  // family's own list counts too (R-TLS-15).
  std::string ciphers;
  CipherSuites own_suites = CipherSuites::mpp;
  Sni sni = Sni::sent;
  NameCheck names = NameCheck::alternative_names_first;
  // Keys below 112 bits of strength (RSA 1024), and signatures with MD5 and SHA-1.
  bool accepts_weak = false;
  CertDnsCheck dns_check = CertDnsCheck::off;
  std::shared_ptr<const Roots> extra_roots;  // besides those that the phone was given; null: none
  // In place of the phone's own, over the same key (R-CERT-08); null: it has the one it was given.
  std::shared_ptr<const RenewedCertificate> renewed_certificate;
  // A parameter that says what this family cannot do, and does not count; empty: none. Static
  // storage.
  std::string_view unheeded;
};

// A function of what it is given; without `extra_roots` and `renewed_certificate`.
TlsTerms tls_terms_of(const profile::ParameterSet& parameters, const Personality& personality,
                      std::string_view firmware);

// The family's own list for TLS up to 1.2 as OpenSSL writes such lists, in the family's order, as
// far as OpenSSL 3 can do it (R-TLS-15). Static storage.
std::string_view cipher_list_of(CipherSuites suites);

// TLS 1.2, as parameters and people write it. Static storage.
std::string_view name(TlsVersion version);

}  // namespace provphone::resync
