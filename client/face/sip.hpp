#pragma once

#include "client/face/following.hpp"
#include "client/face/sip_message.hpp"
#include "resync/plan.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

// What a phone answers to SIP requests, and what follows (behaviour rules R-SIP-*). No calls, no
// media: a NOTIFY is all that it obeys. Who listens, and how a login is asked for, is not for this
// room.
namespace provphone::client::face {

// By what users requests may name the phone's lines that are enabled: by User_ID_n_ and, where
// Use_Auth_ID_n_ is Yes, Auth_ID_n_, each with and without what follows an @ (R-SIP-02). In the
// order of the lines; none is empty, and none is there twice.
std::vector<std::string> users_of(const resync::Device& device);

// The first line, from 1 on, that has the user among those.
std::optional<int> line_of(std::string_view user, const resync::Device& device);

// Whether the phone takes no notice of that sender, an address, unless it is a registrar of its
// lines (R-SIP-13, R-SIP-14).
bool is_barred(std::string_view sender, const resync::Device& device);

// With what the asker has to show that it knows the line; nothing: anybody may ask (R-SIP-03).
std::optional<resync::Login> sip_login_wanted(const SipRequest& request, int line,
                                              const resync::Device& device);

struct SipAnswer {
  int status = 200;
  std::string_view reason = "OK";  // static storage
  std::vector<SipHeader> headers;
  std::optional<Following> following;  // what the phone does once the answer is on its way
};

// The answer to somebody who may ask, of a phone that is up. `asker` is an address.
SipAnswer answer(const SipRequest& request, const resync::Device& device, std::string_view asker);

// Those that no phone decides on: 401 with what Authenticator says, and 404.
SipAnswer sip_challenge(std::string challenge);
SipAnswer sip_nobody();

}  // namespace provphone::client::face
