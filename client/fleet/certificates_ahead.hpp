#pragma once

#include "client/drive/real.hpp"
#include "client/fleet/slice.hpp"
#include "client/identity/mint.hpp"
#include "client/run/credentials.hpp"
#include "client/scenario/scenario.hpp"

#include <cstdint>
#include <vector>

namespace provphone::client::fleet {

// The certificates of a worker's phones, signed before they are asked for: those first whose phones
// do something next. Of one thread.
class CertificatesAhead {
 public:
  // Both must outlive it; `credentials` are by group.
  CertificatesAhead(const scenario::Scenario& scenario,
                    const std::vector<run::GroupCredentials>& credentials, Slice slice);

  // What happens to the phones of the slice, each by its index there, in the order of time.
  void will_happen(const drive::Plan& plan);
  // The phone does nothing before that.
  void rests_until(std::size_t index, resync::Time due);

  // Looks at the next phone, and signs its certificate if nobody has: that takes the time of a
  // signature at most. False: there is nothing to do for now, or enough has been done.
  bool go_on(identity::WallTime now);

 private:
  struct Turn {
    resync::Time at;
    std::uint32_t index;

    friend bool operator>(const Turn& a, const Turn& b) { return a.at > b.at; }
  };

  const run::GroupCredentials& group_of(std::size_t index) const;

  const scenario::Scenario& scenario_;
  const std::vector<run::GroupCredentials>& credentials_;
  Slice slice_;
  bool is_of_use_;
  std::vector<Turn> turns_;  // a heap, the earliest first
};

}  // namespace provphone::client::fleet
