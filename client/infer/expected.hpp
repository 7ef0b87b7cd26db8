#pragma once

#include "client/infer/infer.hpp"
#include "resync/settings.hpp"

#include <string>
#include <vector>

// Known settings beside what phones did.
namespace provphone::client::infer {

// What phones with these settings do, in the form of what is inferred of others: of no phone.
Inferred expected_of(const resync::Settings& settings);

// A pass that came when these settings do not have it.
struct Contradiction {
  std::uint32_t course = 0;
  Instant at{};
  std::string sentence;  // what came when, and what would explain it
};

// Of one phone, in the order of time. What missing lines explain is none.
std::vector<Contradiction> contradictions_of(const Courses& courses, std::uint32_t course,
                                             const Inferred& expected, resync::ZoneView zone);

}  // namespace provphone::client::infer
