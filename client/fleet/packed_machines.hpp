#pragma once

#include "client/fleet/slice.hpp"
#include "resync/machine.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace provphone::client::fleet {

// The machines of a slice's phones while they rest, in as little space as may be: most are like one
// of a few but for some times. What differs from that pattern is kept, word by word. 12 octets a
// phone, and 16 for each four words. Nothing is lost.
class PackedMachines {
 public:
  // As they are before anything has happened to them.
  explicit PackedMachines(Slice slice);

  std::size_t count() const { return marks_.size(); }
  resync::Phone operator[](std::size_t index) const;
  void set(std::size_t index, const resync::Phone& machine);

 private:
  static constexpr std::size_t word_count = sizeof(resync::Phone) / sizeof(std::uint32_t);
  static_assert(sizeof(resync::Phone) % sizeof(std::uint32_t) == 0);
  using Words = std::array<std::uint32_t, word_count>;

  // Which words a phone has of its own, a bit for each, and above them the number of its pattern.
  using Marks = std::uint64_t;
  static constexpr Marks own_words = (Marks{1} << word_count) - 1;
  static constexpr std::size_t most_patterns = 16;
  static_assert(word_count + 4 <= 64);

  // Records of one size, in pieces that stay where they are.
  class Shelf {
   public:
    explicit Shelf(std::size_t width) : width_(width) {}
    std::uint32_t take();
    void give_back(std::uint32_t record);
    std::uint32_t* at(std::uint32_t record) const;

   private:
    static constexpr std::uint32_t piece = 1'024;  // records
    static constexpr std::uint32_t none = UINT32_MAX;

    std::size_t width_;  // words of a record
    std::vector<std::unique_ptr<std::uint32_t[]>> pieces_;
    std::uint32_t used_ = 0;
    std::uint32_t first_free_ = none;  // the first word of a free record names the next one
  };
  static constexpr std::size_t step =
      4;  // words that one shelf's records have more than the last's

  static std::size_t shelf_of(Marks marks);
  static Marks differing(const Words& a, const Words& b);
  Marks likeness_of(const Words& words);

  Slice slice_;
  std::vector<Marks> marks_;
  std::vector<std::uint32_t> records_;  // where its own words are; means nothing where it has none
  std::vector<Shelf> shelves_;          // by (words + 3) / 4, less one
  std::vector<Words> patterns_;
  std::size_t latest_ = 0;  // the pattern of whoever was packed last
};

}  // namespace provphone::client::fleet
