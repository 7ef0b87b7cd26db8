#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace provphone::client::expect::detail {

// Whose a text is: texts by their hashes, and a few bits to each. 18 octets a text, so that those
// of a million phones have room; hence it does not grow.
class TextOwners {
 public:
  static constexpr std::uint32_t nobody = UINT32_MAX;  // owns what several phones have

  struct Owner {
    std::uint32_t phone;
    std::uint16_t marks;  // below max_marks
  };
  static constexpr std::uint16_t max_marks = 1U << 15U;

  // Room for so many texts.
  explicit TextOwners(std::size_t most);

  // A text of two phones stays in the table as nobody's: a third one must not become its owner. The
  // marks that it came with first count.
  void add(std::uint64_t hash, Owner owner);
  // Nothing for a text that is not known, or nobody's.
  std::optional<Owner> find(std::uint64_t hash) const;

 private:
  // The lower 48 bits of the hash, of which its place tells the upper ones, a bit that says that
  // the place is taken, and the marks.
  static std::uint64_t key_of(std::uint64_t hash) { return hash << 16U | 1U << 15U; }
  static constexpr std::uint64_t marks_in_key = max_marks - 1U;

  std::size_t place_of(std::uint64_t hash) const;  // where it is, or would be

  std::vector<std::uint64_t> keys_;  // 0: an empty place
  std::vector<std::uint32_t> phones_;
};

}  // namespace provphone::client::expect::detail
