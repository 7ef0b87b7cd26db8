#include "resync/tls_terms.hpp"

#include "macro/ascii.hpp"
#include "macro/enum_array.hpp"
#include "macro/version.hpp"
#include "profile/parameter_id.hpp"

#include <optional>

namespace provphone::resync {
namespace {

using profile::parameter_id;
using profile::ParameterId;
using profile::ParameterSet;

constexpr EnumArray<TlsVersion, std::string_view> version_names{
    {"TLS 1.0", "TLS 1.1", "TLS 1.2", "TLS 1.3"}};

// The newer spelling comes first: it is the one that counts where both are set.
constexpr std::array<std::string_view, 2> lowest_names{"TLS_Client_Min_Version", "TLS_Min_Version"};
constexpr std::array<ParameterId, 2> lowest_ids{parameter_id(lowest_names[0]),
                                                parameter_id(lowest_names[1])};

std::optional<TlsVersion> version_named(std::string_view text) {
  for (const auto version :
       {TlsVersion::tls1_0, TlsVersion::tls1_1, TlsVersion::tls1_2, TlsVersion::tls1_3}) {
    if (ascii::equal_ignoring_case(version_names[version], text)) return version;
  }
  return std::nullopt;
}

// The factory value stands for what the family does, which is the knob tls_lowest's to say.
bool is_set(const ParameterSet& parameters, const Personality& personality, ParameterId id) {
  const auto text = parameters.get(id);
  return !text.empty() && text != profile::default_value(id, personality.generation);
}

// R-TLS-10: a version above the family's highest would leave none at all.
void take_lowest(TlsTerms& terms, const ParameterSet& parameters, const Personality& personality) {
  for (std::size_t i = 0; i < lowest_ids.size(); ++i) {
    if (!is_set(parameters, personality, lowest_ids[i])) continue;
    const auto version = version_named(ascii::trimmed(parameters.get(lowest_ids[i])));
    if (version && *version <= terms.highest) {
      terms.lowest = *version;
    } else {
      terms.unheeded = lowest_names[i];
    }
    return;
  }
}

// Alternative names are looked at from 11.3(2) on. A load whose name is no version says nothing of
// it, so the family decides.
bool load_knows_alternative_names(std::string_view firmware, const Personality& personality) {
  const auto order = macro::compare_versions(firmware, "sip.11-3-2-0", macro::VersionOrder::mpp);
  if (order) return *order >= 0;
  return personality.generation == profile::Generation::mpp12;
}

NameCheck names_of(const Personality& personality, std::string_view firmware) {
  switch (personality.certificate_names) {
    case CertificateNamesRead::common_name:
      return NameCheck::common_name;
    case CertificateNamesRead::alternative_first:
      return NameCheck::alternative_names_first;
    case CertificateNamesRead::jabber:
      return NameCheck::jabber;
    case CertificateNamesRead::by_load:
      break;
  }
  return load_knows_alternative_names(firmware, personality) ? NameCheck::alternative_names_first
                                                             : NameCheck::common_name;
}

// R-TLS-16
NameCheck without_validation(const Personality& personality) {
  return personality.https_name_validate_no == HttpsNameValidateNo::any_name
             ? NameCheck::nothing
             : NameCheck::common_name;
}

bool accepts_weak(const TlsTerms& terms, const Personality& personality) {
  switch (personality.weak_certificates) {
    case WeakCertificates::accepted:
      return true;
    case WeakCertificates::refused:
      return false;
    case WeakCertificates::with_old_tls:
      break;
  }
  return terms.lowest < TlsVersion::tls1_2;
}

}  // namespace

TlsTerms tls_terms_of(const ParameterSet& parameters, const Personality& personality,
                      std::string_view firmware) {
  TlsTerms terms;
  terms.highest = personality.tls_highest;
  terms.lowest = personality.tls_lowest;
  take_lowest(terms, parameters, personality);
  terms.ciphers = ascii::trimmed(parameters.get(parameter_id("TLS_Cipher_List")));
  terms.own_suites = personality.cipher_suites;
  terms.sni = personality.sni;
  terms.names = names_of(personality, firmware);
  const bool is_phone = terms.names != NameCheck::jabber;
  if (is_phone && parameters.get(parameter_id("HTTPS_Name_Validate")) == "No")
    terms.names = without_validation(personality);
  terms.accepts_weak = accepts_weak(terms, personality);
  terms.dns_check = is_phone ? personality.cert_dns_check : CertDnsCheck::off;
  return terms;
}

// SPA phones have RC4-SHA, RC4-MD5 and three suites of the export kind besides; OpenSSL 3 has none
// of these any more.
std::string_view cipher_list_of(CipherSuites suites) {
  switch (suites) {
    case CipherSuites::spa:
      return "DHE-RSA-AES256-SHA:AES256-SHA:DHE-RSA-AES128-SHA:AES128-SHA";
    case CipherSuites::mpp:
      return "ECDHE-ECDSA-AES256-GCM-SHA384:ECDHE-RSA-AES256-GCM-SHA384:"
             "DHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:"
             "ECDHE-RSA-CHACHA20-POLY1305:DHE-RSA-CHACHA20-POLY1305:"
             "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:"
             "DHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA384:ECDHE-RSA-AES256-SHA384:"
             "DHE-RSA-AES256-SHA256:ECDHE-ECDSA-AES128-SHA256:ECDHE-RSA-AES128-SHA256:"
             "DHE-RSA-AES128-SHA256:ECDHE-ECDSA-AES256-SHA:ECDHE-RSA-AES256-SHA:"
             "DHE-RSA-AES256-SHA:ECDHE-ECDSA-AES128-SHA:ECDHE-RSA-AES128-SHA:"
             "DHE-RSA-AES128-SHA:AES256-GCM-SHA384:AES128-GCM-SHA256:AES256-SHA256:"
             "AES128-SHA256:AES256-SHA:AES128-SHA";
    case CipherSuites::openssl:
      break;
  }
  return "DEFAULT";
}

std::string_view name(TlsVersion version) {
  return version_names[version];
}

}  // namespace provphone::resync
