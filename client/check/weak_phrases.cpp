#include "client/check/detail/weak_phrases.hpp"

#include "macro/ascii.hpp"

#include <algorithm>

namespace provphone::client::check::detail {
namespace {

constexpr std::size_t least_characters = 8;

// In small letters, without digits and signs at the end. Words of everyday, of
// keyboards and of this trade.
constexpr std::string_view common[] = {
    "abcd",         "abcdefgh",     "admin",     "administrator", "asdfghjk",   "changeme",
    "cisco",        "ciscocisco",   "default",   "encrypt",       "encryption", "key",
    "letmein",      "linksys",      "master",    "mykey",         "mypassword", "mysecret",
    "pass",         "passphrase",   "password",  "passwort",      "phone",      "profile",
    "provision",    "provisioning", "qwerty",    "qwertyui",      "secret",     "secretkey",
    "secretphrase", "sipura",       "telephone", "test",          "testtest",   "voip",
    "welcome",
};

bool is_letter(char c) {
  return c >= 'a' && c <= 'z';
}

}  // namespace

std::string_view weakness_of(std::string_view phrase, const resync::Identity& phone,
                             std::string_view mac) {
  const auto text = ascii::lowered(phrase);
  const auto is = [&](std::string_view other) {
    return !other.empty() && text == ascii::lowered(other);
  };
  auto plain = text;
  std::erase_if(plain, [](char c) { return c == ':' || c == '-'; });
  if (plain == mac) return "is the phone's MAC address";
  if (is(phone.serial)) return "is the phone's serial number";
  if (is(phone.model)) return "is the phone's model";
  if (phrase.size() < least_characters) return "has fewer than 8 characters";
  const auto last = std::find_if(text.rbegin(), text.rend(), is_letter).base();
  const std::string_view word(text.data(), static_cast<std::size_t>(last - text.begin()));
  if (std::all_of(text.begin(), text.end(), ascii::is_digit)) return "has digits alone";
  if (std::find(std::begin(common), std::end(common), word) != std::end(common))
    return "is a common word, digits behind it aside";
  return {};
}

}  // namespace provphone::client::check::detail
