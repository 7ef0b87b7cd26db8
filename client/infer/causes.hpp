#pragma once

#include "client/infer/infer.hpp"

#include <string>
#include <vector>

// What explains requests that no setting explains. Each cause names what it was seen by; there is
// none without evidence, and what a few missing lines of a log explain is none.
namespace provphone::client::infer {

enum class CauseKind : std::uint8_t {
  server_away,       // nobody got a file for a span, though many phones were due
  server_failing,    // some requests failed, while others did not
  file_refused,      // phones came as behind a failure although they were sent a file
  started_together,  // phones came at once, spread as boots are: power, or restarts
  asked_together,    // phones came within seconds: somebody asked them all (R-RESYNC-17)
  restarted,         // single phones came before they were due: restarted, or asked
  period_changed,    // phones went from one Resync_Periodic to another (R-RESYNC-12)
  fell_silent,       // phones ceased to come
  last = fell_silent,
};

std::string_view name(CauseKind kind);

struct Cause {
  CauseKind kind = CauseKind::server_away;
  Instant from{}, to{};
  std::vector<std::uint32_t> courses;  // whom it was seen by, in ascending order
  std::size_t count = 0;               // of the passes that show it: failed, missing or too soon
  std::string sentence;                // what it is and what shows it
};

// In the order of time.
std::vector<Cause> causes_of(const Courses& courses, const Inference& inference,
                             resync::ZoneView zone);

}  // namespace provphone::client::infer
