#pragma once

#include "client/serve/fault.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

// Basic and Digest as a server asks for them. R-HTTP-09 is what phones make of it.
namespace provphone::client::serve {

inline constexpr std::string_view realm = "provphone";

// What a client says with its request.
struct Credentials {
  std::string_view authorization;  // the header; empty without one
  std::string_view method;
  std::string_view target;  // as in the request line
};

// Asks for user and password and verifies what comes back, as Basic (RFC 7617) or Digest with MD5
// (RFC 7616, and without qop as RFC 2069 has it). Remembers the nonces that it gave, for all
// clients together; on one thread.
class Authenticator {
 public:
  // Nothing where the client may pass; else the header WWW-Authenticate of an answer 401.
  std::optional<std::string> challenge(const LoginFault& login, const Credentials& credentials);

 private:
  struct Issued {
    std::uint32_t uses = 0;  // the highest count that a client has sent with it
    // Even the right answer to it comes too late.
    bool spent = false;
  };

  std::string new_challenge(Stale stale, bool is_stale);
  std::optional<std::string> challenge_digest(const LoginFault& login,
                                              const Credentials& credentials);

  std::map<std::string, Issued, std::less<>> nonces_;
};

}  // namespace provphone::client::serve
