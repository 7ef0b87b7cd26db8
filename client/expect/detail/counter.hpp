#pragma once

#include "client/expect/detail/tracker.hpp"

#include <optional>
#include <string>

namespace provphone::client::expect::detail {

// A count of all phones together, or of each. What it counts is its tracker's to say.
class Counter {
 public:
  Counter(const scenario::Bounds& bounds, PhoneRange range);

  // `tell()` makes a clause on the one event.
  template <class Tell>
  void add(std::uint32_t phone, Tell tell) {
    ++total_;
    if (bounds_.counted == scenario::Counted::each) {
      const auto count = ++each_[phone];
      is_lost_ = is_lost_ || (bounds_.most && count > *bounds_.most);
    } else if (bounds_.most) {
      witnesses_.add(phone, [&] { return Offence{{}, tell()}; });
    }
  }
  // Of the same bounds.
  void merge(const Counter& other);
  // Phones that never had power are not expected to do anything, each by itself.
  bool needs_power() const { return bounds_.counted == scenario::Counted::each; }
  // Counts never fall.
  figures::Loss loss() const {
    const bool is_of_each = bounds_.counted == scenario::Counted::each;
    return {is_lost_, total_, is_of_each ? std::nullopt : bounds_.most};
  }
  // One more occasion on which there might have been something to count.
  void add_chance() { ++chances_; }
  // `what` is told behind a number: `requests for /a.xml`. `without` says what there was no chance
  // without. Into evidence as Tracker::collect() has it.
  void collect(const Context& context, const std::string& what, std::string_view without,
               figures::Evidence& evidence) const;

 private:
  void collect_each(const Context& context, const std::string& what,
                    figures::Evidence& evidence) const;
  void collect_together(const Context& context, const std::string& what,
                        figures::Evidence& evidence) const;

  scenario::Bounds bounds_;
  std::uint64_t total_ = 0, chances_ = 0;
  bool is_lost_ = false;  // of each: one phone has too many
  PhoneTable<std::uint32_t> each_;
  FirstOffenders witnesses_;  // where there can be too many
};

}  // namespace provphone::client::expect::detail
