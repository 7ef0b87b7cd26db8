#pragma once

#include "macro/error.hpp"
#include "resync/device.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

// What a line registers with, read off a phone's parameters (behaviour rules R-SIP-08 to R-SIP-11).
namespace provphone::client::face {

enum class SipTransport : std::uint8_t { udp, tcp };

// Equal terms are one registration that goes on.
struct RegistrationTerms {
  std::string registrar;  // Proxy_n_, as it stands there: host or host:port
  std::string next_hop;   // where requests go: Outbound_Proxy_n_ where that is used, else the same
  SipTransport transport = SipTransport::udp;
  std::string user;          // User_ID_n_, without what is behind an `@`
  std::string display_name;  // may be empty
  std::string user_agent;    // likewise
  std::string account;       // whom it logs in as; empty: it cannot
  std::string password;      // secret
  resync::DigestAlgorithms algorithms{};

  std::chrono::seconds expires{3600};  // that are asked for
  std::chrono::seconds shortest{1};    // Reg_Min_Expires: what is granted counts as no less
  std::chrono::seconds longest{};      // Reg_Max_Expires: no registrar is asked for more on 423
  std::chrono::milliseconds t1{500}, t2{4000};  // SIP_T1, SIP_T2
  std::chrono::milliseconds patience{16'000};   // SIP_Timer_F
  std::chrono::seconds retry{30}, retry_cap{};  // Reg_Retry_Intvl; a cap of 0: it never doubles
  std::chrono::seconds long_retry{1200};        // Reg_Retry_Long_Intvl; 0: never again
  std::chrono::seconds retry_spread{}, long_retry_spread{};  // what is added at random, at most
  std::string retried_statuses;                              // Retry_Reg_RSC: `5??, 408`

  friend bool operator==(const RegistrationTerms&, const RegistrationTerms&) = default;
};

// Nothing where the line does not register: it is not enabled, Register_n_ is No, or there is no
// Proxy_n_ or User_ID_n_. Fails where it would and cannot here: with url_syntax for a proxy that is
// no host, with unsupported_scheme for TLS.
Result<std::optional<RegistrationTerms>> registration_terms(int line, const resync::Device& device);

// Whether Retry_Reg_RSC names the status: `?` stands for any digit.
bool names_status(std::string_view statuses, int status);

}  // namespace provphone::client::face
