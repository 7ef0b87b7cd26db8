#pragma once

#include "client/capsule/secrets.hpp"

#include <string>

namespace provphone::client::capsule {

// What a body may be encrypted with; empty: nothing.
struct Keys {
  std::string phrase;  // the argument of --key
  std::string ikm;     // IKM_HTTP_Encrypt_Content, of an answer with aes128gcm
};

// The body with stand-ins for the secrets in it, behind the same layers: what was encrypted is
// encrypted with the stand-in of its key. A body that these keys do not open stays as it is, which
// nobody reads without them.
std::string without_secrets(const std::string& body, const Keys& keys, const Secrets& secrets);

}  // namespace provphone::client::capsule
