#pragma once

#include "client/evidence/seen.hpp"
#include "client/infer/infer.hpp"

#include <string>
#include <vector>

// How times, phones and settings are written in what this room says.
namespace provphone::client::infer {

// `2026-03-02 05:00:10`, in UTC.
std::string shown(Instant at);
// `02:30`, after local midnight.
std::string clock_text(std::chrono::minutes after_midnight);
// A list of more than five elements ends in `...`.
std::string shortened(const resync::DelayList& list);
// `one phone`, `12 phones`.
std::string counted_phones(std::size_t count);
// By its MAC address, or by its network address where the log does not say that.
std::string phone_text(const evidence::SeenPhone& phone);
// The first ten of these courses, and how many more there are.
std::string listed_phones(const evidence::Seen& seen, const Courses& courses,
                          const std::vector<std::uint32_t>& of);

}  // namespace provphone::client::infer
