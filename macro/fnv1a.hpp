#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

// A fingerprint that may be written down and compared with another machine's, which std::hash does
// not promise.
namespace provphone::macro {

// FNV-1a of 32 or 64 bits: the same number for the same octets on every machine and in every run,
// and no defence against anybody. Texts that are taken one behind the other run together: a mark in
// between keeps them apart.
template <class Word>
class Fnv1a {
  static constexpr bool is_wide = std::is_same_v<Word, std::uint64_t>;
  static_assert(is_wide || std::is_same_v<Word, std::uint32_t>);

 public:
  // An octet, or a number above all octets as a mark that no text holds.
  constexpr void take(Word unit) { value_ = (value_ ^ unit) * prime; }
  constexpr void take(std::string_view text) {
    for (const char c : text) take(Word{static_cast<unsigned char>(c)});
  }
  constexpr Word value() const { return value_; }

 private:
  static constexpr Word prime = is_wide ? Word(0x100000001b3U) : Word(0x01000193U);

  Word value_ = is_wide ? Word(0xcbf29ce484222325U) : Word(0x811c9dc5U);
};

}  // namespace provphone::macro
