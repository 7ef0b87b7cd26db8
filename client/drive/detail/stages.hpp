#pragma once

#include "client/trace/event.hpp"
#include "client/transport/fetcher.hpp"
#include "macro/error.hpp"

#include <optional>

namespace provphone::client::drive::detail {

// What each stage of an exchange took, in microseconds; nothing for a stage that was not begun. An
// exchange that failed ended in a stage, and that one has its last stretch of time: what a connect
// timeout waited for is no body.
trace::StageTimes stage_times(const transport::Stamps& stamps, std::optional<Errc> failure);

}  // namespace provphone::client::drive::detail
