#pragma once

#include <cstdint>

// Counter-based randomness (R-RESYNC-19): the n-th draw of a stream is a function of (seed, phone,
// purpose, n), so that one more draw for one purpose moves no other, and phones may be stepped in
// any order. No distribution of the standard library, whose results differ from one library to the
// next.
namespace provphone::resync {

// The first four count how often they were drawn; resync_at counts days.
enum class Purpose : std::uint8_t {
  boot_delay,
  periodic,
  error_retry,
  upgrade_retry,
  resync_at,
  last = resync_at
};

inline constexpr std::uint64_t mix(std::uint64_t x) {  // the finaliser of SplitMix64
  x += 0x9e3779b97f4a7c15U;
  x = (x ^ (x >> 30U)) * 0xbf58476d1ce4e5b9U;
  x = (x ^ (x >> 27U)) * 0x94d049bb133111ebU;
  return x ^ (x >> 31U);
}

struct Stream {
  std::uint64_t seed;
  std::uint32_t phone;
  Purpose purpose;
};

inline constexpr std::uint64_t draw(const Stream& stream, std::uint32_t counter) {
  const std::uint64_t key = mix(stream.seed ^ mix((std::uint64_t{stream.phone} << 8U) |
                                                  static_cast<std::uint64_t>(stream.purpose)));
  return mix(key + counter);
}

// Uniform over 0..limit, both included.
inline constexpr std::uint64_t draw_up_to(const Stream& stream, std::uint32_t counter,
                                          std::uint32_t limit) {
  const std::uint64_t upper_half = draw(stream, counter) >> 32U;
  return (upper_half * (std::uint64_t{limit} + 1)) >> 32U;
}

}  // namespace provphone::resync
