#pragma once

#include <cstdint>
#include <deque>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace provphone::client::evidence::detail {

// Texts that are kept once and called by number from then on, from 0 in the order in which they
// came.
class Texts {
 public:
  std::uint32_t place_of(std::string_view text) {
    const auto found = places_.find(text);
    if (found != places_.end()) return found->second;
    texts_.emplace_back(text);
    const auto place = static_cast<std::uint32_t>(places_.size());
    places_.emplace(texts_.back(), place);
    return place;
  }
  const std::string& text(std::uint32_t place) const { return texts_[place]; }

  // All of them; nothing is left in here.
  std::vector<std::string> take() {
    places_.clear();
    std::vector<std::string> all(std::make_move_iterator(texts_.begin()),
                                 std::make_move_iterator(texts_.end()));
    texts_.clear();
    return all;
  }

 private:
  std::deque<std::string> texts_;  // which stay where they are
  std::unordered_map<std::string_view, std::uint32_t> places_;
};

}  // namespace provphone::client::evidence::detail
