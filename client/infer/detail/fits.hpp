#pragma once

#include "client/infer/infer.hpp"

#include <vector>

// The single estimates that infer() brings together. Nothing where the data do not show it.
namespace provphone::client::infer::detail {

// Resync_Periodic: from waits behind a success (R-RESYNC-07).
std::optional<ListEstimate> fit_periodic(const std::vector<Wait>& waits, const Courses& courses);

// Resync_Error_Retry_Delay: element after element, from chains of failures whose beginning is on
// schedule where there are enough of these, from all otherwise (R-RESYNC-13).
std::optional<ListEstimate> fit_retries(const std::vector<Wait>& waits, const Courses& courses,
                                        const Inferred& so_far, resync::ZoneView zone);

// Resync_At, where passes keep to a time of day as Resync_Periodic would not.
std::optional<DailyEstimate> fit_daily(const std::vector<Wait>& waits, const Courses& courses,
                                       resync::ZoneView zone);

// Resync_Random_Delay, of the first requests of a log where most phones begin together.
std::optional<StartEstimate> fit_start(const Courses& courses, const Inferred& so_far);

// How far apart these moments lie, of phones that got power at one of them or before.
StartEstimate estimate_start(std::vector<Instant> firsts);

}  // namespace provphone::client::infer::detail
