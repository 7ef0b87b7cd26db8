#pragma once

#include "client/infer/infer.hpp"

#include <string>
#include <vector>

// One phone's course, pass by pass, in words.
namespace provphone::client::infer {

struct ToldPass {
  Instant at{};
  std::string outcome;  // `succeeded 200`
  std::string path;     // of its first request, without the query, in which secrets may stand
  std::string what;  // which pass it was: `retry 2, 300 s: element 2 of Resync_Error_Retry_Delay`
};

std::vector<ToldPass> tell_passes(const evidence::Seen& seen, const Courses& courses,
                                  std::uint32_t course, const Inferred& settings,
                                  resync::ZoneView zone);

}  // namespace provphone::client::infer
