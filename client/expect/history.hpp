#pragma once

#include "client/expect/phone_table.hpp"
#include "client/figures/verdicts.hpp"
#include "client/trace/event.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::expect {

// A run of so many phones, or fewer, remembers what each of them decided last; a larger one only
// why each phone's last pass failed or was held.
inline constexpr std::uint32_t max_remembered_phones = 1'000;

// What phones did last, for whoever asks why one of them is not as expected. Bounded for each
// phone, however long the run.
class History {
 public:
  // `phones`: of the whole run, of which `range` is seen here.
  History(std::uint32_t phones, PhoneRange range);

  bool wants(trace::EventKind kind) const;
  // Only what it wants.
  void observe(std::uint32_t phone, const trace::TraceEvent& event);
  // Of another range, or of later events of the same.
  void merge(const History& other);

  // At most figures::max_reasons lines: decisions in order, and what would have to change. Never
  // empty for a phone of a large run. The phone has to be in the range.
  std::vector<std::string> tell(std::uint32_t phone) const;

 private:
  // A timer that stays off says why nothing came afterwards; what did come says more.
  enum class Weight : std::uint8_t { telling, filling };
  struct Decision {
    resync::Time at;
    std::string text;
    Weight weight = Weight::telling;
  };
  // Why the last pass came to nothing.
  struct Obstacle {
    std::optional<Errc> error;
    std::optional<resync::Reason> reason;
  };
  struct LastDecisions {
    std::vector<Decision> decisions;  // at most figures::max_reasons
  };

  // Leaves `count` of them: the last ones, and those that fill only where there is room.
  static void shorten(std::vector<Decision>& decisions, std::size_t count);
  static std::string remedy_of(const Obstacle& obstacle);

  bool remembers_all_;
  PhoneTable<LastDecisions> decisions_;
  PhoneTable<Obstacle> obstacles_;
};

}  // namespace provphone::client::expect
