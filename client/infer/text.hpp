#pragma once

#include "client/infer/causes.hpp"
#include "client/infer/compare.hpp"
#include "client/infer/expected.hpp"

#include <span>
#include <string>

// What was made of a log, as a person reads it and as a program does. Times are UTC.
namespace provphone::client::infer {

// All that was made of one log, of a fleet or of one phone of it.
struct Findings {
  const evidence::Seen& seen;
  const Courses& courses;
  const Inference& inference;
  std::span<const Cause> causes;
  // Against settings that somebody named, of the phones that are asked about; whose order is free.
  std::span<const Contradiction> contradictions;
  resync::ZoneView zone;
};

std::string format_fleet_text(const Findings& findings);
// Every pass, and what it was. `settings` are those of the phone, named or inferred.
std::string format_phone_text(const Findings& findings, std::uint32_t course,
                              const Inferred& settings);
std::string format_comparison_text(const Comparison& comparison, const evidence::Seen& seen,
                                   const Courses& courses);

// One JSON object without a line end.
std::string format_fleet_json(const Findings& findings);
std::string format_phone_json(const Findings& findings, std::uint32_t course,
                              const Inferred& settings);
std::string format_comparison_json(const Comparison& comparison, const evidence::Seen& seen,
                                   const Courses& courses);

}  // namespace provphone::client::infer
