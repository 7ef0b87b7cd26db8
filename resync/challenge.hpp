#pragma once

#include "profile/hash.hpp"
#include "resync/personality.hpp"
#include "resync/plan.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

// Logins over HTTP as a phone answers them (R-HTTP-09, R-HTTP-26): Basic (RFC 7617) and Digest (RFC
// 7616, and RFC 2069 where a server names no qop). What is read here comes from a server that may
// be anybody's: it is bounded, and what does not follow the grammar is no challenge.
namespace provphone::resync {

// One challenge of WWW-Authenticate or Proxy-Authenticate that phones know how to answer.
struct Challenge {
  enum class Scheme : std::uint8_t { basic, digest };
  Scheme scheme = Scheme::basic;
  std::string realm;
  // --- of Digest
  std::string nonce;
  std::string opaque;     // empty: there was none
  std::string algorithm;  // as the server spells it; empty: MD5
  profile::Hash hash = profile::Hash::md5;
  bool is_session = false;  // an algorithm whose name ends in -sess
  bool has_qop = false;     // `auth`; else RFC 2069
  bool is_stale = false;    // the login was right, its nonce too old

  friend bool operator==(const Challenge&, const Challenge&) = default;
};

// Those in a status line's headers of that name, one text a header, in their order. Schemes,
// algorithms and qops that no phone answers are left out.
std::vector<Challenge> read_challenges(std::span<const std::string> headers);

// The one that the phone answers: the first Digest whose algorithm it knows (knob
// digest_algorithms), else Basic; null where there is neither.
const Challenge* choose_challenge(std::span<const Challenge> challenges,
                                  const Personality& personality);

// What is asked for with a login.
struct Guarded {
  std::string_view method;
  std::string_view target;  // as in the request line
};

// Of one answer to a Digest challenge.
struct Once {
  std::uint32_t count = 1;  // how often this nonce was used, this time included
  std::string cnonce;
};

// The value of Authorization or Proxy-Authorization that answers it. It holds the login, so it is a
// secret.
std::string authorization(const Challenge& challenge, const Login& login, const Guarded& guarded,
                          const Once& once);

// What one who asks for a login, a server or a proxy, was answered in one retrieval.
struct LoginTalk {
  std::optional<Challenge> challenge;  // that the next request answers; nothing: none came yet
  int answered = 0;                    // challenges
  std::uint32_t uses = 0;              // of that challenge's nonce
};

// Whether the phone answers what it was asked, which `talk` then holds: it has a login, there is a
// challenge that it knows, and it has not answered as many as the knob challenge_retries allows.
bool takes_challenge(LoginTalk& talk, std::span<const std::string> headers,
                     const std::optional<Login>& login, const Personality& personality);

// The login of a rule that gives none, as Profile_Authentication_Type has it (R-HTTP-25); nothing
// where there is none. `account` was entered at the phone by a person.
std::optional<Login> phone_login(const MacroSource& source, const std::optional<Login>& account);

// What the server's challenges to that request are answered with: the login that its rule gives,
// or the phone's, which goes to no host that a redirect named (R-HTTP-24).
std::optional<Login> login_for(const Request& request, const MacroSource& source,
                               const std::optional<Login>& account);

}  // namespace provphone::resync
