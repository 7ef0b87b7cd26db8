#pragma once

#include "client/evidence/seen.hpp"
#include "client/scenario/scenario.hpp"

#include <cstdint>
#include <string>
#include <string_view>

// What a server would have in its log, had a scenario happened: made in virtual time, in whole
// seconds, with lines missing.
namespace provphone::test {

struct Keeping {
  std::uint32_t lost_per_mille = 30;  // of all lines
  std::uint64_t seed = 1;             // of which ones
  enum class Took : std::uint8_t { logged, not_logged } took = Took::logged;
};

// At the start of the run.
inline constexpr client::evidence::Instant log_start{
    std::chrono::sys_days{std::chrono::year{2026} / 3 / 2}};

// Of chance, that a test goes through: 3, or what PROVPHONE_INFER_SEEDS says.
unsigned seeds();

// Fails the test where the text is no scenario. A request without an answer is in no log.
client::evidence::Seen log_of(std::string_view yaml, const Keeping& keeping = {});

// One phone's requests of one file: at so many seconds, with that status.
struct Line {
  double at;
  std::int16_t status;
  std::string path = "/000e08000001.xml";
  std::int32_t took_ms = 0;
};
client::evidence::Seen log_of_lines(const std::vector<Line>& lines);

}  // namespace provphone::test
