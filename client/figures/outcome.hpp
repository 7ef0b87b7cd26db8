#pragma once

#include "client/figures/evidence.hpp"
#include "macro/enum_array.hpp"
#include "macro/error.hpp"
#include "resync/time.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

// What a run came to, whoever drove it and whatever part of it this is: all that its verdict is
// made from (verdicts.hpp), and nothing else is. Mergeable, in any order.
namespace provphone::client::figures {

// How many of a run's phones it got to.
struct Extent {
  std::uint64_t phones = 0;
  std::uint64_t powered = 0;      // at least once
  std::uint64_t provisioned = 0;  // by a pass that succeeded and brought a file, at least once
  // When the run ended: in their first pass, and not provisioned before.
  std::uint64_t under_way = 0;

  friend bool operator==(const Extent&, const Extent&) = default;
};

// What ended a run. Of several parts, the one furthest down the list counts.
enum class RunEnd : std::uint8_t {
  by_itself,  // nothing was left to do, or all that it was for was done
  time,       // that it was given
  lost,       // an expectation can no longer hold, and the scenario says that this ends it
  key,        // that somebody pressed
  sigint,
  sigterm,
  sighup,
  last = sighup,
};

std::string_view name(RunEnd end);
// Of SIGINT, SIGTERM or SIGHUP.
RunEnd end_by_signal(int signal);
// By a person or by the system, before it was over by itself or by its time.
bool is_interruption(RunEnd end);

// What phones do that can fail.
enum class Work : std::uint8_t { pass, upgrade, report, last = report };
std::string_view name(Work work);

// What makes failures one: it is told once.
struct Cause {
  Work work = Work::pass;
  Errc code{};
  std::string server;  // that was asked last, `http://192.0.2.1:8080`; empty: none was
  std::string group;   // of the phones; empty where there are no groups

  friend auto operator<=>(const Cause&, const Cause&) = default;
};

struct Failures {
  std::uint64_t times = 0;        // nobody reckoned with them
  std::uint64_t unless_held = 0;  // nor with these, unless every expectation holds that excuses
  // Phones that were never provisioned and failed so last.
  std::uint64_t kept_off = 0;
  // The phone with the lowest number, what it asked for last, why that failed, and what the server
  // said. Nothing secret.
  std::uint32_t first_number = 0;
  MacAddress first{};
  std::string url, detail, said;
};

// What takes a run's word away.
struct VoidReason {
  std::string resource;  // processor, open files, local ports, memory, ..., or one of the below
  std::string evidence;  // a sentence with figures
  std::string remedy;    // what to do, with the command where there is one

  friend bool operator==(const VoidReason&, const VoidReason&) = default;
};

// What a run lacks that is not all there, in the place of a resource. All other reasons take away
// times and leave facts.
inline constexpr std::string_view missing_shards = "shards";
inline constexpr std::string_view cut_short_run = "time";

bool takes_extent(const VoidReason& reason);

struct Outcome {
  Extent extent;
  RunEnd end = RunEnd::by_itself;
  resync::Duration length{};       // of several parts the longest
  std::vector<Evidence> evidence;  // in the scenario's order, then what is implied
  std::map<Cause, Failures> failures;
  EnumArray<Work, std::uint64_t> done;  // that succeeded
  std::vector<VoidReason> void_reasons;
  bool may_stay_unprovisioned = false;  // the scenario says that no phone should be
  std::string never_began;              // why no phone was started at all; empty: it began
};

// Into `sum`, of another part of the run. Fails with bad_argument where the two have not the same
// expectations. Void reasons are left to the caller, who knows what to call the parts.
Result<void> merge(Outcome& sum, const Outcome& other);

// Into `sum`, of another run of the scenario, whose expectations are judged beside and not with
// those of the others: what must not be more than 15 must not be so in any run. Void reasons
// likewise.
void lay_beside(Outcome& sum, const Outcome& other);

// Into the failures of one cause; the first phone is the one with the lowest number.
void merge(Failures& sum, const Failures& other);

}  // namespace provphone::client::figures
