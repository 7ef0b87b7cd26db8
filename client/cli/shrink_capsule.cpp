#include "client/cli/shrink_capsule.hpp"

#include "client/capsule/file.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/progress_line.hpp"
#include "client/input/duration.hpp"
#include "client/replay/shrink.hpp"
#include "client/report/output.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <chrono>
#include <iostream>
#include <utility>

namespace provphone::client::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds usual_time{30};

Result<Clock::duration> time_of(const ReplayFlags& flags) {
  if (flags.shrink_for.empty()) return usual_time;
  const auto time = input::parse_duration(flags.shrink_for);
  if (!time) return fail(Errc::bad_argument, "--shrink-for: " + time.error().detail);
  return *time;
}

std::string comment_of(const ReplayFlags& flags, const replay::Shrunk& shrunk) {
  return fmt::format(
      "# {} of {}, made smaller: `provphone forecast` of this file fails\n"
      "# as it did there{}. `provphone explain` of it says why.\n",
      flags.shrink, flags.file,
      shrunk.failure ? fmt::format(", of {}", name(*shrunk.failure)) : "");
}

void tell_shrunk(const replay::Shrunk& shrunk) {
  const auto counted = [](std::size_t count, std::string_view what) {
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
  };
  complain(fmt::format("{}, {}, {} and {} of profiles are left, after {} trials",
                       counted(shrunk.phones, "phone"), counted(shrunk.rules, "rule"),
                       counted(shrunk.events, "event"), counted(shrunk.elements, "element"),
                       shrunk.trials));
  if (!shrunk.is_done)
    complain("the time was over: with more of it, --shrink-for, it may become smaller still");
  for (const auto& each : shrunk.lost) complain("no scenario says: " + each);
}

}  // namespace

Exit shrink_capsule(const ReplayFlags& flags) {
  const auto time = time_of(flags);
  if (!time) return refuse_usage(time.error());
  const auto reader = capsule::CapsuleReader::open(flags.file);
  if (!reader) return refuse_usage(reader.error());
  const auto end = Clock::now() + *time;
  ProgressLine progress;
  const auto shrunk =
      replay::shrink(reader->capsule(),
                     {flags.shrink, [end] { return Clock::now() < end; },
                      [&](std::size_t trials, std::string_view of) {
                        progress.show(fmt::format("trial {}: without some of the {}", trials, of));
                      }});
  if (!shrunk) return refuse_usage(shrunk.error());
  const auto written = report::write_output(flags.out.empty() ? "-" : flags.out,
                                            comment_of(flags, *shrunk) + shrunk->yaml);
  if (!written) return refuse_usage(written.error());
  tell_shrunk(*shrunk);
  return Exit::as_expected;
}

}  // namespace provphone::client::cli
