#pragma once

#include "resync/time.hpp"

#include <algorithm>
#include <cstdint>
#include <vector>

// When the scenario's events come, for whoever wants to know whether one comes before something
// else.
namespace provphone::client::forecast {

class Plan {
 public:
  void add(resync::Time at) {
    // Many phones have the same happen to them at once.
    if (!moments_.empty() && moments_.back().at == at)
      ++moments_.back().events;
    else
      moments_.push_back({at, 1});
  }

  // Behind the last add(), and before what follows.
  void sort() {
    std::stable_sort(moments_.begin(), moments_.end(),
                     [](const Moment& a, const Moment& b) { return a.at < b.at; });
  }

  // The earliest of those left has come.
  void taken() {
    if (--moments_[next_].events == 0) ++next_;
  }

  // When the earliest of those left comes; Time::max(): none is left.
  resync::Time next() const {
    return next_ == moments_.size() ? resync::Time::max() : moments_[next_].at;
  }

 private:
  struct Moment {
    resync::Time at;
    std::uint32_t events;
  };

  std::vector<Moment> moments_;
  std::size_t next_ = 0;
};

}  // namespace provphone::client::forecast
