#pragma once

#include "client/infer/waits.hpp"
#include "resync/local_time.hpp"

#include <optional>
#include <string>
#include <vector>

// From the times of passes to the settings that explain them. Values only: estimates with what the
// data allow, and how much of the data they explain.
namespace provphone::client::infer {

// A delay list as far as the logs show it; at least one element.
struct ListEstimate {
  std::vector<DelayEstimate> elements;
  // Whether phones were seen to repeat the last element; if not, the list may go on behind it.
  enum class End : std::uint8_t { repeats, not_seen } end = End::not_seen;
};

resync::DelayList list_of(const ListEstimate& estimate);
// As a profile has it: `3600+600`, `120,300,900`.
std::string written(const resync::DelayList& list);

// Resync_At__HHmm_ and Resync_At_Random_Delay (R-RESYNC-22).
struct DailyEstimate {
  std::chrono::minutes opens{};   // after local midnight
  std::chrono::minutes length{};  // 10: Resync_At_Random_Delay is 600 or less; 0: none
  Window seen;                    // of passes, seconds after local midnight; may exceed a day
  std::size_t inside = 0;
  std::size_t observed = 0;
};

// How phones that begin together lie apart: Resync_Random_Delay (R-RESYNC-06), whose unit, a second
// or 20, logs cannot tell.
struct StartEstimate {
  Instant at{};       // of the first request
  Seconds delay = 0;  // the longest, the roundest that the data allow
  Window allowed;     // what they allow of it
  std::size_t inside = 0;
  std::size_t observed = 0;  // phones
};

// What became of waits.
struct Accounts {
  std::size_t waits = 0;
  std::size_t on_schedule = 0;
  std::size_t behind_gaps = 0;   // two periods or more: lines are missing, or a phone failed unseen
  std::size_t off_schedule = 0;  // sooner than any setting would have it
  std::size_t late = 0;          // later, and no sum of waits
  std::size_t not_known = 0;     // behind more failures than were seen often enough

  double explained() const {
    const auto known = waits - not_known;
    return known == 0 ? 0
                      : static_cast<double>(on_schedule + behind_gaps) / static_cast<double>(known);
  }
};

// What phones that are set alike go by.
struct Inferred {
  std::vector<std::uint32_t> courses;  // places in Courses::phones
  std::optional<ListEstimate> periodic;
  std::optional<DailyEstimate> resync_at;  // where it is, `periodic` is nothing (R-RESYNC-20)
  std::optional<ListEstimate> error_retry;
  std::optional<StartEstimate> start;
  Accounts accounts;
};

struct Inference {
  // The most phones first; at least one, be it of no phone.
  std::vector<Inferred> groups;
  std::vector<std::uint32_t> unfit;  // courses that follow none of these
};

// Phones that share settings are estimated together, those that do not fit once more for
// themselves. `zone` is the phones', for Resync_At.
Inference infer(const Courses& courses, resync::ZoneView zone);

// Of one phone alone.
Inferred infer_phone(const Courses& courses, std::uint32_t course, resync::ZoneView zone);

// How a wait stands to what was inferred.
enum class Standing : std::uint8_t { on_schedule, behind_gap, off_schedule, late, not_known };
struct Match {
  Standing standing = Standing::not_known;
  std::uint32_t element = 0;  // of the list that it is of, on_schedule
  std::uint32_t waits = 1;    // that it is the sum of
};
Match match(const Wait& wait, const Inferred& inferred, const Courses& courses,
            resync::ZoneView zone);

struct TimeSpan {
  Instant from{}, to{};
};

// When a phone with these settings is due again, behind a success that ended then; nothing where
// they say nothing of it. Of a list it is the last element that counts.
std::optional<TimeSpan> due_behind(const Inferred& inferred, Instant ended, resync::ZoneView zone);

// Seconds after the local midnight before.
Seconds time_of_day(Instant at, resync::ZoneView zone);

}  // namespace provphone::client::infer
