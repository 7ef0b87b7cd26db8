#pragma once

#include "client/face/registration.hpp"

#include <string>

// The REGISTER of a registration, as octets.
namespace provphone::client::face {

// By these an answer is known.
std::string call_id_of(const Registration& registration);
std::string branch_of(const Registration& registration);

// The request that is under way; the same octets for as long as it is. It may hold an answer to a
// challenge, so it is a secret.
std::string register_octets(const Registration& registration, const SipPlace& at);

}  // namespace provphone::client::face
