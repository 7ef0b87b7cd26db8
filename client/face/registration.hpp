#pragma once

#include "client/face/registration_terms.hpp"
#include "client/face/sip_message.hpp"
#include "macro/error.hpp"
#include "resync/challenge.hpp"
#include "resync/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

// One line's registration, from its first REGISTER on: when it asks, what it asks, and what follows
// from the answers (behaviour rules R-SIP-08 to R-SIP-12). Values and time as an argument: no
// socket, no clock, no phone.
namespace provphone::client::face {

// Where the phone takes SIP: what Via and Contact say.
struct SipPlace {
  std::string address;
  std::uint16_t port = 0;
};

struct Registration {
  enum class State : std::uint8_t {
    unasked,
    asking,      // a request is under way
    registered,  // until it is due to be renewed
    refused,     // until it is due to be tried again
    given_up,    // for good
  };

  RegistrationTerms terms;
  std::uint64_t seed = 0;  // Call-ID, tags, branches and nonces of its own are made of it
  State state = State::unasked;
  bool is_bound = false;                   // the last answer that counts said so
  bool is_lost = false;                    // and that the line is unregistered was told
  resync::Time due = resync::Time::max();  // when deadline_reached() is to be called

  // --- of the request that is under way, or was sent last
  std::uint32_t sequence = 0;
  std::chrono::seconds wanted{};  // that it asks for; 0: to be forgotten
  resync::LoginTalk server, proxy;
  std::chrono::seconds least{};  // that the registrar grants, as it has said; 0: it has not
  bool has_raised = false;       // in this try, for that
  resync::Duration interval{};   // until it is sent again
  resync::Time given_up_at{};
  std::uint32_t failures = 0;  // in a row
};

// How a try ended, which may be the renewal of what there was.
struct RegistrationSaid {
  bool is_registered = false;
  std::optional<int> status{};  // nothing: there was no answer
  std::optional<Errc> error{};  // why there was none
  std::string detail;           // the answer's reason, or more on the error
  resync::Duration lifetime{};  // where it is registered
};

struct RegistrationStep {
  bool sends = false;  // what register_request.hpp makes is to be sent, for the first time or again
  std::optional<RegistrationSaid> said{};
  enum class Turn : std::uint8_t { none, lost, restored } turn = Turn::none;
};

// The first request, or one out of turn.
RegistrationStep begin(Registration& registration, resync::Time now);
// An answer to what is under way; of any other nothing follows.
RegistrationStep take(Registration& registration, const SipResponse& response, const SipPlace& at,
                      resync::Time now);
// At or after `due`.
RegistrationStep deadline_reached(Registration& registration, resync::Time now);
// What is under way was not sent, or nobody will answer it. Where nobody may be asked, none of
// these is tried again, and whether the line is registered is left open: target_refused and what
// registration_terms() fails with.
RegistrationStep not_asked(Registration& registration, const Error& why, resync::Time now);
// The line leaves: one last request that nobody waits for. False where there is nothing to take
// back.
bool take_back(Registration& registration);

}  // namespace provphone::client::face
