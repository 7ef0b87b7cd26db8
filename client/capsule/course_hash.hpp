#pragma once

#include "client/trace/event.hpp"

#include <string>
#include <vector>

namespace provphone::client::capsule {

// A fingerprint of what phones decided, each by itself: as trace::TraceHash, but for the order of
// one phone's lines among the others', in which nothing lies where several threads write them.
class CourseHash {
 public:
  void add(const trace::TraceEvent& event) {
    if (event.number >= phones_.size()) phones_.resize(event.number + 1U);
    phones_[event.number].add(event);
  }
  std::string hex() const {
    trace::Fingerprint all;
    for (const auto& phone : phones_) all.add(phone.hex());
    return all.hex();
  }

 private:
  std::vector<trace::TraceHash> phones_;  // by number
};

}  // namespace provphone::client::capsule
