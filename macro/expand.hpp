#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

// Macro expansion (behaviour rules R-MACRO-*).
namespace provphone::macro {

// What `$NAME` stands for on one phone at one moment. Appends the value to `out` and returns true,
// or leaves `out` alone and returns false where the name is unknown. Names come without `$` and
// without parentheses. One expansion may ask for a name more than once, and for names that are no
// macro's.
using Lookup = std::function<bool(std::string_view name, std::string& out)>;

// `$SA`..`$SD` and `$MPWD`, whose values nobody may see.
bool is_secret_macro(std::string_view name);

// Which option arguments may hold `$SA`..`$SD` and `$MPWD` (R-MACRO-09, R-MACRO-21, R-MACRO-24);
// anywhere else those names stay as they are, and the lookup is not asked.
enum class SecretScope : std::uint8_t {
  nowhere,          // every text that is not a rule
  key,              // rules of the SPA family: --key
  key_uid_and_pwd,  // rules of MPP phones: --key, --uid, --pwd
};

// How far a name without parentheses reaches (R-MACRO-03, R-MACRO-13): `$MAUx` is one name, or
// `$MAU` and an `x` where the phone knows no `MAUx`.
enum class NameExtent : std::uint8_t { longest_run, longest_known };

// One pass from left to right, no recursion: what an expansion produced is not looked at again. An
// unknown name, a lone `$`, an unclosed `$(` and a bad substring stay byte for byte. Never fails.
std::string expand(std::string_view text, const Lookup& lookup,
                   SecretScope secrets = SecretScope::nowhere,
                   NameExtent names = NameExtent::longest_run);

}  // namespace provphone::macro
