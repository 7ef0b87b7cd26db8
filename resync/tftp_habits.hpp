#pragma once

#include "resync/time.hpp"

#include <chrono>
#include <cstdint>

// How a phone behaves over TFTP where documents say nothing (R-TFTP-*; the knobs of these names
// with `tftp_` in front).
namespace provphone::resync {

// Of RFC 2347: none are asked for, or a block size that fits a frame and the size of the file.
enum class TftpOptions : std::uint8_t { none, blksize_tsize };
// What word from the server's machine that nobody listens there does to a transfer.
enum class TftpPortUnreachable : std::uint8_t { fails, ignored };
// Where a phone asks from: any free port, or the first free one of 53240 to 53245.
enum class TftpClientPort : std::uint8_t { any, range };

struct TftpHabits {
  TftpOptions options = TftpOptions::none;
  Duration timeout = std::chrono::seconds(5);  // for the answer to each packet
  std::uint32_t tries = 5;                     // of each packet
  TftpPortUnreachable port_unreachable = TftpPortUnreachable::fails;
  TftpClientPort client_port = TftpClientPort::any;
};

// As the knobs have them.
struct Personality;
TftpHabits tftp_habits_of(const Personality& personality);

// A knob of 0 counts as the least there is: a millisecond, one try.
constexpr Duration timeout_of(const TftpHabits& habits) {
  return habits.timeout > Duration{1} ? habits.timeout : Duration{1};
}
constexpr std::uint32_t tries_of(const TftpHabits& habits) {
  return habits.tries > 0 ? habits.tries : 1;
}

// For how long a server may say nothing new: all tries of one packet.
constexpr Duration patience_of(const TftpHabits& habits) {
  return timeout_of(habits) * tries_of(habits);
}

}  // namespace provphone::resync
