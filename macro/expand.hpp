#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

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

// How far a name without parentheses reaches (R-MACRO-03, R-MACRO-13).
enum class NameExtent : std::uint8_t {
  letters_and_digits,  // `$MA_x` is `$MA` and `_x`, `$MAUx` a name of its own
  longest_run,         // underscores too: `$MA_x` is a name of its own
  longest_known,       // `$MAUx` is `$MAU` and an `x` where the phone knows no `MAUx`
};

// What an expansion goes by. Refers to its lookup, which must outlive it.
struct Expansion {
  const Lookup& lookup;
  SecretScope secrets = SecretScope::nowhere;
  NameExtent names = NameExtent::letters_and_digits;
};

// One pass from left to right, no recursion: what an expansion produced is not looked at again. An
// unknown name, a lone `$`, an unclosed `$(` and a bad substring stay byte for byte. Never fails.
std::string expand(std::string_view text, const Lookup& lookup,
                   SecretScope secrets = SecretScope::nowhere,
                   NameExtent names = NameExtent::letters_and_digits);

// Where in `text` stands what is at `offset` of its expansion: that character, or the dollar of the
// macro that it is of. At most the length of `text`.
std::size_t offset_as_typed(std::string_view text, const Expansion& how, std::size_t offset);

// The names in `text` that the lookup does not know, each once, as views of `text`: what will stay
// as it is although it looks like a macro. Secrets are none of them.
std::vector<std::string_view> unknown_macros(std::string_view text, const Expansion& how);

}  // namespace provphone::macro
