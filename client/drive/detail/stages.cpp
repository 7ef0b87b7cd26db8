#include "client/drive/detail/stages.hpp"

namespace provphone::client::drive::detail {
namespace {

using Took = std::optional<std::int64_t>;

// The stage that was under way when it failed: the one that the error names, unless that one had
// been left behind, as by a timeout of connecting that has the handshake within it.
Took trace::StageTimes::*stage_of_end(const trace::StageTimes& times, Errc failure) {
  const auto stage = stage_of(failure);
  if (stage == Stage::resolve && !times.resolve) return &trace::StageTimes::resolve;
  if (stage == Stage::connect && !times.connect) return &trace::StageTimes::connect;
  if ((stage == Stage::connect || stage == Stage::tls) && !times.tls)
    return &trace::StageTimes::tls;
  return times.first_byte ? &trace::StageTimes::body : &trace::StageTimes::first_byte;
}

}  // namespace

trace::StageTimes stage_times(const transport::Stamps& stamps, std::optional<Errc> failure) {
  trace::StageTimes times;
  std::int64_t before = 0;
  // Stamps count from the start of the exchange, stages from the one before. A stage that does not
  // exist, such as TLS over http, leaves its time to the next.
  const auto lasted = [&before](std::int64_t reached) -> Took {
    if (reached == 0) return std::nullopt;
    const auto took = reached - before;
    before = reached;
    return took;
  };
  times.resolve = lasted(stamps.resolved_us);
  times.connect = lasted(stamps.connected_us);
  times.tls = lasted(stamps.secured_us);
  times.first_byte = lasted(stamps.first_byte_us);
  const auto end = failure ? stage_of_end(times, *failure) : &trace::StageTimes::body;
  times.*end = lasted(stamps.done_us);
  return times;
}

}  // namespace provphone::client::drive::detail
