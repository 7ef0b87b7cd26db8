#pragma once

#include "client/evidence/access_format.hpp"
#include "client/evidence/sighting.hpp"
#include "client/evidence/timestamp.hpp"

// Access logs of web servers.
namespace provphone::client::evidence {

// `GET /x HTTP/1.1`, or with a whole URL in its middle. What is no request (a TLS handshake on the
// wrong port) is a path without a method.
void read_request_line(std::string_view request, Sighting& sighting);

// The instant at which a request began that a server logs when it ends.
Instant begun(Instant ended, std::int32_t took_ms);

class AccessLines : public LogLines {
 public:
  AccessLines(AccessFormat format, LogClock clock)
      : format_(std::move(format)), clock_(std::move(clock)) {}

  LineSays read(std::string_view line, const TakeSighting& take) override;
  std::string expected() const override;

 private:
  std::optional<Instant> time_of(const AccessFields& fields);
  std::string_view plain(std::string_view field, std::string& room);

  AccessFormat format_;
  LogClock clock_;
  std::size_t misfit_ = 0;
  std::string bad_field_;  // that stands in its place and is no such thing; else empty
  std::string last_time_;  // as the line before had it: most are the same
  Instant last_instant_{};
  std::string request_room_, agent_room_, subject_room_, path_room_;
};

}  // namespace provphone::client::evidence
