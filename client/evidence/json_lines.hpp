#pragma once

#include "client/evidence/sighting.hpp"
#include "client/evidence/timestamp.hpp"

#include <map>

// Logs that have one JSON object a line.
namespace provphone::client::evidence {

// Access logs: nginx with `escape=json` and the usual names of members, Caddy's, and others whose
// members are called so.
class JsonAccessLines : public LogLines {
 public:
  explicit JsonAccessLines(LogClock clock) : clock_(std::move(clock)) {}

  LineSays read(std::string_view line, const TakeSighting& take) override;
  std::string expected() const override;

 private:
  LogClock clock_;
  std::string_view missing_;
};

// What `provphone serve --record` writes. Times count from `start`.
class RecordLines : public LogLines {
 public:
  explicit RecordLines(Instant start) : start_(start) {}

  LineSays read(std::string_view line, const TakeSighting& take) override;
  std::string expected() const override;

 private:
  Instant start_;
};

// What `--trace` writes: requests with their answers, and messages. Times count from `start`.
class TraceLines : public LogLines {
 public:
  explicit TraceLines(Instant start) : start_(start) {}

  LineSays read(std::string_view line, const TakeSighting& take) override;
  void end(const TakeSighting& take) override;
  std::string expected() const override;

 private:
  struct Asked {
    Instant at;
    std::string method, url, agent;
  };
  // A phone has one request under way for each of its lanes, which its rules tell apart.
  using Lane = std::pair<MacAddress, std::string>;
  void take_request(const Lane& lane, const Asked& asked, Sighting answer,
                    const TakeSighting& take) const;

  Instant start_;
  std::map<Lane, Asked> asked_;
  std::string expected_;
};

}  // namespace provphone::client::evidence
