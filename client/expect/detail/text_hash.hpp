#pragma once

#include "resync/random.hpp"

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

// Hashes of texts for tables in memory: good within one process, and no defence against anybody.
namespace provphone::client::expect::detail {

inline constexpr char folded(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
inline constexpr bool is_letter(char c) {
  return (folded(c) >= 'a' && folded(c) <= 'z') || static_cast<unsigned char>(c) >= 0x80;
}

// folded() of eight octets at once. None of the sums reaches into the next octet.
inline constexpr std::uint64_t folded_word(std::uint64_t word) {
  constexpr std::uint64_t each = 0x0101'0101'0101'0101U;
  const auto low = word & each * 0x7f;
  const auto from_a = low + each * (0x80 - 'A');
  const auto behind_z = low + each * (0x80 - 'Z' - 1);
  const auto upper = from_a & ~behind_z & ~word & each * 0x80;
  return word | upper >> 2U;
}

inline std::uint64_t word_at(const char* octets, std::size_t count) {
  std::uint64_t word = 0;
  std::memcpy(&word, octets, count);
  return word;
}

inline constexpr std::uint64_t stirred(std::uint64_t hash, std::uint64_t word) {
  hash = (hash ^ word) * 0x9e37'79b9'7f4a'7c15U;
  return hash ^ hash >> 32U;
}

// Of a text that is the same in either case, of ASCII letters alone.
inline std::uint64_t folded_hash(std::string_view text) {
  constexpr std::size_t width = sizeof(std::uint64_t);
  const char* octets = text.data();
  auto left = text.size();
  std::uint64_t hash = left;
  for (; left > width; left -= width, octets += width)
    hash = stirred(hash, folded_word(word_at(octets, width)));
  // The last ones of a longer text once more with some before them, which takes one copy of a
  // fixed size.
  const auto last = text.size() >= width ? word_at(text.data() + text.size() - width, width)
                                         : word_at(octets, left);
  return resync::mix(stirred(hash, folded_word(last)));
}

// Of a whole document, octet for octet.
inline std::uint64_t document_hash(std::string_view text) {
  constexpr std::size_t width = sizeof(std::uint64_t), lanes = 4;
  std::uint64_t lane[lanes] = {text.size(), 1, 2, 3};
  std::size_t at = 0;
  for (; at + lanes * width <= text.size(); at += lanes * width) {
    for (std::size_t i = 0; i < lanes; ++i)
      lane[i] = stirred(lane[i], word_at(text.data() + at + i * width, width));
  }
  for (; at < text.size(); at += width) {
    const auto rest = text.size() - at;
    lane[0] = stirred(lane[0], word_at(text.data() + at, rest < width ? rest : width));
  }
  return resync::mix(stirred(stirred(stirred(lane[0], lane[1]), lane[2]), lane[3]));
}

}  // namespace provphone::client::expect::detail
