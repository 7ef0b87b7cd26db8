#pragma once

#include "client/evidence/seen.hpp"

#include <cstdint>
#include <optional>
#include <vector>

// What phones did, made of what servers saw: requests close together are one pass.
namespace provphone::client::infer {

using evidence::Instant;

enum class PassOutcome : std::uint8_t {
  succeeded,  // as far as the server knows: a phone may refuse a file that it was sent with 200
  failed,
  unknown,  // the log has no status, or the last that it saw is a redirect to elsewhere
};

// One pass of a phone, or what the log has of it.
struct Pass {
  Instant began{};
  // When its last answer was through, as far as the log says how long that took. The next wait
  // counts from there (R-RESYNC-07, R-RESYNC-13).
  Instant ended{};
  PassOutcome outcome = PassOutcome::unknown;
  std::int16_t status = 0;   // of its last request
  std::uint32_t first = 0;   // place in SeenPhone::requests
  std::uint32_t behind = 0;  // of the first request that is no part of it
};

// One phone, by its place in Seen::phones, and its passes in the order of time.
struct Course {
  std::uint32_t phone = 0;
  std::vector<Pass> passes;
};

// What all the phones of some logs did.
struct Courses {
  std::vector<Course> phones;  // those with at least one pass, in the order of Seen::phones
  Instant from{}, to{};        // of the first and the last request, whoever's
  resync::Duration resolution{1};
  // Whether the log says how long transfers took: if not, waits seem longer by that.
  enum class Transfers : std::uint8_t { known, not_known } transfers = Transfers::not_known;
};

enum class Purpose : std::uint8_t { profile, report, firmware, certificates, proxy };

// What a phone asks for something for, judged by its method and the ending of its path.
Purpose purpose_of(const evidence::Requested& requested);

// The rules of one pass, requests repeated with a login, redirects and a TFTP request that is sent
// again for want of an answer are one pass (R-RESYNC-14, R-TFTP-06). Reports, firmware, roots and
// PAC files are no part of any.
std::vector<Pass> passes_of(const evidence::Seen& seen, const evidence::SeenPhone& phone);

Courses courses_of(const evidence::Seen& seen);

}  // namespace provphone::client::infer
