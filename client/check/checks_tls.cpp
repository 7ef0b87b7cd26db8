#include "client/check/detail/facts.hpp"
#include "macro/enum_array.hpp"
#include "resync/server_name.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

// Who the server says it is, and in which versions of TLS (behaviour rules R-TLS-*).
namespace provphone::client::check::detail {
namespace {

using identity::SubjectNames;
using resync::TlsVersion;

constexpr std::chrono::days soon{30};
constexpr int least_rsa_bits = 2048;

std::string_view name_of(TlsVersion version) {
  constexpr EnumArray<TlsVersion, std::string_view> names{{"1.0", "1.1", "1.2", "1.3"}};
  return names[version];
}

// What certificate checks have in common: nothing to say without TLS, or without a certificate.
template <class Judge>
Outcome with_certificate(const Facts& facts, Judge judge) {
  if (!facts.seen.is_https()) return not_applicable();
  if (!facts.seen.tls) return not_asked(facts, "no handshake was tried");
  if (!facts.seen.tls->certificate)
    return not_made("the server showed no certificate: " + facts.seen.tls->failure);
  return judge(*facts.seen.tls->certificate);
}

std::string list_of(const SubjectNames& names) {
  std::vector<std::string> all = names.dns;
  all.insert(all.end(), names.addresses.begin(), names.addresses.end());
  return fmt::format("CN {}; alternative names {}",
                     names.common_name.empty() ? "(none)" : names.common_name,
                     all.empty() ? "(none)" : fmt::format("{}", fmt::join(all, ", ")));
}

bool phone_accepts(const SubjectNames& names, std::string_view host) {
  return resync::certificate_names_host({names.dns, names.addresses, names.common_name}, host);
}

Outcome judge_reach(const Facts& facts) {
  if (!facts.seen.is_https()) return not_applicable();
  if (!facts.seen.tls) return not_asked(facts, "no handshake was tried");
  if (facts.seen.tls->certificate) return passed();
  return found(facts.seen.tls->failure);
}

Outcome judge_chain(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate& certificate) {
    if (!facts.seen.has_trust) return not_made("the phone's roots are not known: give --ca FILE");
    if (certificate.chain_error) return found(*certificate.chain_error);
    return passed();
  });
}

Outcome judge_name(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate& certificate) {
    const auto& host = facts.seen.url.host;
    const auto& names = certificate.names;
    // R-TLS-05
    if (resync::certificate_names_host({names.dns, names.addresses, names.common_name}, host,
                                       facts.seen.tls_terms.names))
      return passed(list_of(names));
    return found(
        fmt::format("the phone asks {}; the certificate has {}", host, list_of(certificate.names)));
  });
}

// R-TLS-05: firmware before 11.3 looks at the CN alone.
Outcome judge_common_name(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate& certificate) {
    const auto& host = facts.seen.url.host;
    const SubjectNames without_alternatives{{}, {}, certificate.names.common_name};
    if (phone_accepts(without_alternatives, host)) return passed();
    if (!phone_accepts(certificate.names, host))
      return not_made("no name of the certificate is the host's");
    const bool is_mpp12 = facts.seen.personality.generation == profile::Generation::mpp12;
    return found(is_mpp12 ? Severity::info : Severity::medium,
                 fmt::format("the phone asks {}; {}", host, list_of(certificate.names)));
  });
}

Outcome judge_jabber(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate& certificate) {
    const auto& host = facts.seen.url.host;
    if (!phone_accepts(certificate.names, host))
      return not_made("phones refuse the name themselves");
    const auto& names = certificate.names;
    // R-TLS-17
    if (resync::certificate_names_host({names.dns, names.addresses, names.common_name}, host,
                                       resync::NameCheck::jabber))
      return passed();
    return found(fmt::format("the phone asks {}; {}", host, list_of(certificate.names)));
  });
}

Outcome judge_wildcard(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate& certificate) {
    const auto has_star = [](const std::string& name) {
      return name.find('*') != std::string::npos;
    };
    auto names = certificate.names.dns;
    if (names.empty()) names.push_back(certificate.names.common_name);
    const auto star = std::find_if(names.begin(), names.end(), has_star);
    if (star == names.end()) return passed();
    // R-TLS-06: the whole left-most label, and nothing else.
    const bool understood = star->starts_with("*.") && star->find('*', 1) == std::string::npos;
    return found(
        understood ? Severity::info : Severity::medium,
        understood ? *star : fmt::format("{}, which no phone takes for a wildcard", *star));
  });
}

std::string date_text(std::chrono::sys_seconds time) {
  // fmt of Debian 12 prints no calendar types.
  const std::chrono::year_month_day date(std::chrono::floor<std::chrono::days>(time));
  return fmt::format("{:04}-{:02}-{:02}", int(date.year()), unsigned(date.month()),
                     unsigned(date.day()));
}

Outcome judge_dates(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate& certificate) {
    if (facts.seen.now < certificate.not_before)
      return found("not valid before " + date_text(certificate.not_before));
    if (facts.seen.now > certificate.not_after)
      return found("expired on " + date_text(certificate.not_after));
    return passed("valid until " + date_text(certificate.not_after));
  });
}

Outcome judge_soon(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate& certificate) {
    if (facts.seen.now > certificate.not_after) return not_made("it has expired already");
    // The narrowest of all certificates shown: an intermediate that ends ends the chain (R-TLS-03).
    if (facts.seen.now + soon <= certificate.not_after) return passed();
    return found("valid until " + date_text(certificate.not_after));
  });
}

Outcome judge_strength(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate& certificate) {
    std::vector<std::string> weak;
    const auto& signature = certificate.signature;
    for (const std::string_view digest : {"md5", "sha1", "MD5", "SHA1"}) {
      if (signature.find(digest) != std::string::npos) weak.push_back("signed with " + signature);
    }
    if (certificate.key_type == "RSA" && certificate.key_bits < least_rsa_bits)
      weak.push_back(fmt::format("an RSA key of {} bits", certificate.key_bits));
    if (weak.empty()) return passed();
    return found(fmt::format("{}", fmt::join(weak, "; ")));
  });
}

// The phone resolves the certificate's name and wants to see the server's address among the
// answers.
Outcome judge_dns(const Facts& facts) {
  return with_certificate(facts, [&](const ServerCertificate&) {
    if (facts.seen.look_ups.empty())
      return not_made("the certificate has no name that can be looked up");
    if (facts.seen.server_address.empty()) return not_made("the server's address is not known");
    std::vector<std::string> wrong;
    for (const auto& [name, addresses] : facts.seen.look_ups) {
      const auto& wanted = facts.seen.server_address;
      if (std::find(addresses.begin(), addresses.end(), wanted) != addresses.end())
        return passed(fmt::format("{} is {}", name, wanted));
      wrong.push_back(addresses.empty()
                          ? fmt::format("{} has no address", name)
                          : fmt::format("{} is {}", name, fmt::join(addresses, ", ")));
    }
    return found(
        facts.seen.personality.generation == profile::Generation::spa ? Severity::medium
                                                                      : Severity::low,
        fmt::format("the server is {}; {}", facts.seen.server_address, fmt::join(wrong, "; ")));
  });
}

std::vector<TlsVersion> taken_versions(const TlsSeen& tls) {
  std::vector<TlsVersion> taken;
  for (const auto& [version, yes] : tls.versions) {
    if (yes) taken.push_back(version);
  }
  return taken;
}

std::string versions_text(const std::vector<TlsVersion>& versions) {
  std::vector<std::string_view> names;
  names.reserve(versions.size());
  for (const auto version : versions) names.push_back(name_of(version));
  return fmt::format("TLS {}", fmt::join(names, ", "));
}

// From one of them to the other.
struct Offered {
  TlsVersion lowest, highest;
};

bool shares_version(const Offered& phone, const std::vector<TlsVersion>& versions) {
  return std::any_of(versions.begin(), versions.end(), [&](TlsVersion version) {
    return version >= phone.lowest && version <= phone.highest;
  });
}

template <class Judge>
Outcome with_versions(const Facts& facts, Judge judge) {
  return with_certificate(
      facts, [&](const ServerCertificate&) { return judge(taken_versions(*facts.seen.tls)); });
}

Outcome judge_version(const Facts& facts) {
  return with_versions(facts, [&](const std::vector<TlsVersion>& taken) {
    const Offered phone{facts.seen.tls_terms.lowest, facts.seen.tls_terms.highest};
    if (shares_version(phone, taken)) return passed("the server takes " + versions_text(taken));
    return found(fmt::format("the server takes {}; the phone offers {} to {}", versions_text(taken),
                             name_of(phone.lowest), name_of(phone.highest)));
  });
}

Outcome judge_families(const Facts& facts) {
  return with_versions(facts, [&](const std::vector<TlsVersion>& taken) {
    std::vector<std::string_view> left_out;
    for (const auto generation :
         {profile::Generation::spa, profile::Generation::mpp11, profile::Generation::mpp12}) {
      const auto family = resync::personality_of(generation);
      if (!shares_version({family.tls_lowest, family.tls_highest}, taken))
        left_out.push_back(profile::name(generation));
    }
    if (taken.back() < TlsVersion::tls1_2) left_out.push_back("clients of the Jabber kind");
    if (left_out.empty()) return passed();
    return found(fmt::format("the server takes {}; left out: {}", versions_text(taken),
                             fmt::join(left_out, ", ")));
  });
}

Outcome judge_old(const Facts& facts) {
  return with_versions(facts, [&](std::vector<TlsVersion> taken) {
    std::erase_if(taken, [](TlsVersion version) { return version >= TlsVersion::tls1_2; });
    return taken.empty() ? passed() : found("the server takes " + versions_text(taken));
  });
}

constexpr std::string_view nothing_new = "Nothing by this alone.";

constexpr Check tls_catalogue[] = {
    {"CHK-TLS-REACH", Severity::high, "no TLS connection comes about",
     "It gets no file, logs a connection error and comes back after Resync_Error_Retry_Delay.",
     nothing_new, "Start the server, or mend its address, port or certificate.", judge_reach,
     Scope::server},
    {"CHK-TLS-CHAIN", Severity::high, "the certificate leads to no root that the phone trusts",
     "It ends the handshake and gets no file.",
     "Nothing here; but people who switch verification off to mend this open the door to "
     "everybody.",
     "Have the certificate signed by a root that the phones know, send every intermediate "
     "certificate along, or install your root with Custom_CA_Rule.",
     judge_chain, Scope::server},
    {"CHK-TLS-NAME", Severity::high, "the certificate is for another host",
     "It ends the handshake and gets no file.", nothing_new,
     "Issue the certificate for the name in the rule, as alternative name and as CN, or change the "
     "rule; an address needs an IP alternative name.",
     judge_name, Scope::server},
    {"CHK-TLS-CN", Severity::low, "the common name alone does not name the host",
     "Firmware before 11.3 and the SPA family look at the CN, up to its first slash, and refuse.",
     nothing_new, "Make the host the CN, besides the alternative names.", judge_common_name,
     Scope::server},
    {"CHK-TLS-JABBER", Severity::low, "clients of the Jabber kind do not take the name",
     "It connects: a phone cuts the CN at its first slash and takes a CN that is an address.",
     "Users who see a warning learn to click it away.",
     "Put the host among the alternative names of the certificate.", judge_jabber, Scope::server},
    {"CHK-TLS-WILDCARD", Severity::info, "the certificate holds a wildcard",
     "It takes a wildcard that is the whole left-most label, for exactly one label.",
     "Whoever steals the key of any host below the domain is the provisioning server.",
     "Give the provisioning server a certificate of its own.", judge_wildcard, Scope::server},
    {"CHK-TLS-DATES", Severity::high, "the certificate is out of date",
     "Once its clock is set it ends the handshake and gets no file; before, it connects.",
     nothing_new, "Renew the certificate, intermediates included, and check the server's clock.",
     judge_dates, Scope::server},
    {"CHK-TLS-SOON", Severity::medium, "the certificate ends within 30 days",
     "From that day on it gets no file.", nothing_new, "Renew the certificate now.", judge_soon,
     Scope::server},
    {"CHK-TLS-STRENGTH", Severity::medium, "the certificate is weakly signed or has a short key",
     "It connects; newer firmware may not.",
     "With effort, forge a certificate and answer in the server's place.",
     "Issue it with SHA-256 and an RSA key of 2048 bits or more.", judge_strength, Scope::server},
    {"CHK-TLS-DNS", Severity::low, "the certificate's name does not lead to the server",
     "Firmware that looks the certificate's name up and wants the server's address refuses.",
     nothing_new, "Make the names of the certificate resolve to the server's address.", judge_dns,
     Scope::server},
    {"CHK-TLS-VERSION", Severity::high, "server and phone have no TLS version in common",
     "It ends the handshake and gets no file.", nothing_new,
     "Let the server take TLS 1.2; the knobs tls_lowest and tls_highest hold what the phone "
     "offers.",
     judge_version, Scope::server},
    {"CHK-TLS-FAMILIES", Severity::info, "some families of phones find no TLS version",
     "A phone of a family that is left out gets no file.", nothing_new,
     "Let the server take TLS 1.2, if such phones are to be served.", judge_families,
     Scope::server},
    {"CHK-TLS-OLD", Severity::low, "the server takes TLS 1.0 or 1.1",
     "It uses the highest version that both have.",
     "Press a connection of an old phone down to a version with known weaknesses.",
     "Switch them off, unless there are phones that know nothing newer.", judge_old, Scope::server},
};

}  // namespace

std::span<const Check> tls_checks() {
  return tls_catalogue;
}

}  // namespace provphone::client::check::detail
