#pragma once

#include "client/suite/members.hpp"
#include "client/suite/server.hpp"
#include "macro/error.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::suite {

// How a member came out, by its process's exit status.
enum class Ending : std::uint8_t {
  passed,
  void_run,
  failed,
  refused,  // it is no scenario, or its flags make no sense
  broken,   // an internal error, or a signal
  left_out,
  last = left_out,
};

std::string_view name(Ending ending);  // pass, void, fail, refused, broken, skipped
Ending ending_of(int exit_status);

struct Trial {
  Member member;
  Ending ending = Ending::left_out;
  int exit_status = 0;
  std::chrono::milliseconds took{};
  std::string cause;   // the headline of what did not pass, or why it was left out
  std::string said;    // on standard error and output
  std::string result;  // of --json; empty: none
  std::string junit;   // of --junit; empty: none
  Tail server{};       // of a server of its own, where it did not pass
};

// Facts before voids, as in one run: the exit status of all of them, 0 to 4. What was left out
// because of another one, which failed, says nothing of its own.
int exit_of(const std::vector<Trial>& trials);

struct Progress {
  std::size_t ended = 0, failed = 0, all = 0;
  std::vector<std::string> running;
};

struct Orders {
  std::vector<Member> members;  // in the order in which they begin
  unsigned jobs = 1;            // at most so many at once
  bool stops_at_failure = false;
  // What each is given besides its scenario; not all drivers take all flags.
  std::function<std::vector<std::string>(const Member& member)> flags;
  // A server for each that asks one, which begins before it and ends after it. Nothing: they ask
  // whom they find.
  std::optional<ServerOrders> server;
  std::string folder;  // for what they leave behind: files whose names are numbers
  // Asked again and again: a signal ends all that run, with their results.
  std::function<std::optional<int>()> signal;
  // Told as they end, and now and then; may be empty.
  std::function<void(const Trial&)> on_end;
  std::function<void(const Progress&)> on_progress;
};

// Blocks until all have ended or were left out; in the order of the members. Fails where no process
// is to be had, and before the first begins where a server that it will take does not start.
Result<std::vector<Trial>> run_all(const Orders& orders);

}  // namespace provphone::client::suite
