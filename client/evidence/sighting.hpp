#pragma once

#include "client/evidence/seen.hpp"

#include <functional>
#include <string>
#include <string_view>

// What one line of a log says, whichever program wrote it.
namespace provphone::client::evidence {

// A request, or a phone's own message, which has a text. Views are of the line or of what its
// reader holds until it reads the next one. What the line does not say is as it is here.
struct Sighting {
  Instant at{};               // when it began
  std::int32_t took_ms = -1;  // as in SeenRequest, likewise the next ones
  std::int16_t status = 0;
  std::int64_t bytes = -1;
  std::string_view method, path, host, scheme, agent;
  std::string_view address;  // of whoever asked or sent the message
  std::string_view subject;  // of the client's certificate
  // Who it was, where the log says so in so many words: a trace, or the head of a message.
  std::optional<MacAddress> phone{};
  std::string_view text;
};

// Called for what a line says. The views last no longer than the call.
using TakeSighting = std::function<void(const Sighting&)>;

// What a reader makes of a line: it says something, it is about something else (another program's,
// a comment), or it does not fit.
enum class LineSays : std::uint8_t { sighting, nothing, misfit };

// The reader of one kind of log, line after line.
class LogLines {
 public:
  LogLines() = default;
  LogLines(const LogLines&) = delete;
  LogLines& operator=(const LogLines&) = delete;
  virtual ~LogLines() = default;

  virtual LineSays read(std::string_view line, const TakeSighting& take) = 0;
  // What was still waiting for its other half, behind the last line.
  virtual void end(const TakeSighting& take) { static_cast<void>(take); }
  // What should have stood in the place of the misfit that was read last, in words that follow
  // `expected `.
  virtual std::string expected() const = 0;
};

}  // namespace provphone::client::evidence
