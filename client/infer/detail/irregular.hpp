#pragma once

#include "client/infer/causes.hpp"
#include "client/infer/words.hpp"

#include <span>

// What causes are found in: all waits, each beside what was inferred for its phone.
namespace provphone::client::infer::detail {

struct JudgedWait {
  Wait wait;
  Match match;
};

// Of one phone, from one period to another.
struct PeriodChange {
  Instant at{};  // the first pass that the second period was armed by
  Window before, behind;
};

struct Irregular {
  const Courses& courses;
  resync::ZoneView zone;
  std::vector<const Inferred*> settings;             // by course; null: it follows none
  std::vector<std::optional<PeriodChange>> changes;  // by course
  // When phones refused files, by course: behind what seems a success then they retried.
  std::vector<std::optional<TimeSpan>> refusing;
  std::vector<JudgedWait> waits;  // of phones that follow some; phone after phone

  const Pass& pass_before(const Wait& wait) const {
    return courses.phones[wait.course].passes[wait.pass];
  }
  const Pass& pass_behind(const Wait& wait) const {
    return courses.phones[wait.course].passes[wait.pass + 1];
  }
};

// When the phone is due again, behind a success that ended then; nothing where it follows nothing.
std::optional<TimeSpan> due_behind(const Irregular& irregular, std::uint32_t course, Instant ended);

// Each takes what it explains as it finds it, and may rely on those that were called before.

// Waits of the new period count as on schedule afterwards.
std::vector<Cause> find_period_changes(Irregular& irregular);
// By retries behind what looks like a success (R-RESYNC-15); they count as on schedule afterwards.
// `usual` is the list of most phones, for those that follow nothing; the factory's is tried too.
std::vector<Cause> find_refused_files(Irregular& irregular,
                                      const std::optional<ListEstimate>& usual);
std::vector<Cause> find_restarts(const Irregular& irregular);
// Phones that have all come back at once, and were silent before, are added to those of `restarts`.
std::vector<Cause> find_server_causes(const Irregular& irregular, std::vector<Cause>& restarts);
std::vector<Cause> find_silent_phones(const Irregular& irregular, std::span<const Cause> of_server);

// In ascending order, each once.
void keep_unique(std::vector<std::uint32_t>& courses);

}  // namespace provphone::client::infer::detail
