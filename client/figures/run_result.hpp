#pragma once

#include "client/figures/histogram.hpp"
#include "client/trace/event.hpp"
#include "profile/parameter_set.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

// The result of a run of a few phones, as `run --json` prints it; a fleet has its own.
namespace provphone::client::figures {

// The figures of a run, gathered from its trace. Microseconds, of retrievals whichever way they
// ended.
struct Tally {
  std::uint64_t passes_started = 0, passes_succeeded = 0, passes_failed = 0, passes_gated = 0,
                passes_deferred = 0;
  // `responses` have whatever status; those that phones took for a failure are refused besides.
  std::uint64_t requests = 0, responses = 0, requests_failed = 0, requests_refused = 0,
                profiles_applied = 0;
  std::map<Errc, std::uint64_t> errors;  // of failed passes
  Histogram resolve, connect, tls, first_byte, body, decode, lag;
  trace::TraceHash hash;

  // Events in decision order, since the hash depends on it.
  void add(const trace::TraceEvent& event);
};

struct Outcome;
struct Verdicts;

// What a phone ended up with. Has to last until the result is written.
struct FinalPhone {
  MacAddress mac;
  const profile::ParameterSet* parameters;  // not owned
  // What its web page says of the roots that it fetched for itself (R-TLS-21); empty: it tried
  // none.
  std::string custom_ca_status{}, custom_ca_info{};
  // ... and of the renewal of its certificate (R-CERT-09), and the renewed one's serial number.
  std::string renewal_status{}, renewed_serial_number{};
  std::string customization{};  // of a phone that knows one of the two services; else empty
};

// A result lists what phones ended up with where the run had at most so many, and else none.
inline constexpr std::size_t max_final_phones = 100;

struct RunResult {
  const Verdicts* verdicts = nullptr;  // not owned, like the next
  const Outcome* outcome = nullptr;
  std::size_t phones = 0;
  Tally tally;
  std::uint64_t seed = 0;
  std::string scenario_hash;
  std::vector<FinalPhone> final_phones;
};

// The result object of a run, indented. Secret parameters, and secrets within rules, are hidden.
std::string format_json(const RunResult& result);

}  // namespace provphone::client::figures
