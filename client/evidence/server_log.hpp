#pragma once

#include "client/evidence/seen.hpp"
#include "client/trace/event.hpp"
#include "resync/local_time.hpp"

#include <map>
#include <string>

namespace provphone::client::evidence {

// The access log that a server would have written of a run, in nginx's combined format and UTC, to
// be laid beside a real one. What got no answer is in no log, and nothing over TFTP is in this one.
class ServerLog {
 public:
  // `start` is the wall clock at Time{}.
  explicit ServerLog(resync::sys_seconds start) : start_(start) {}

  // Takes event after event of a run, in the order of time. The line, without its end, of a request
  // that `event` is the answer to; empty of anything else. `address` is that of the event's phone.
  std::string line_of(const trace::TraceEvent& event, std::string_view address);

 private:
  struct Asked {
    std::string request, user_agent;
  };
  using Lane = std::pair<std::uint32_t, std::string_view>;  // of a phone, by its rule

  resync::sys_seconds start_;
  std::map<Lane, Asked> asked_;
};

// For phones that have none of their own, by number: 10.0.0.1 and on.
std::string made_up_address(std::uint32_t phone);

}  // namespace provphone::client::evidence
