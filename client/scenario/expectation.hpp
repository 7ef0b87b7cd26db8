#pragma once

#include "client/scenario/phone_group.hpp"
#include "macro/enum_array.hpp"
#include "macro/error.hpp"
#include "profile/catalogue.hpp"
#include "resync/time.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// What a run is expected to come to: one struct for each kind of expectation. Its keys are a row in
// detail/expect_block.cpp, and client/expect judges it.
namespace provphone::client::scenario {

using resync::Duration;

// Enough phones were provisioned in time.
struct Converged {
  Share share;      // of the phones that the scenario gives power, at least
  Duration within;  // from a phone's last power-on to its next pass that succeeds with a file
};

// No phone is given a file in a pass that succeeds. Without it a run in which none is has failed.
struct NothingProvisioned {};

// Nobody asks for anything that early.
struct NoRequestBefore {
  Duration wait;  // from the phone's last power-on
};

// What a parameter holds in the end. A secret's value is never shown. Of a name that the catalogue
// lacks: what the last file says that has an element of that name, since no phone here stores it
// (R-XML-03). Its value is never shown either: nobody knows whether it is a secret.
struct ParameterValue {
  struct Equals {
    Template text;
  };
  struct Matches {
    std::string pattern;  // as pattern.hpp has it, somewhere in the value
  };
  struct OneOf {
    std::vector<Template> texts;
  };
  struct Absent {};  // empty

  std::optional<profile::ParameterId> parameter;
  std::string element;  // the name, where the catalogue lacks it; else empty
  std::variant<Equals, Matches, OneOf, Absent> is;
};

// No phone is sent what belongs to another one: see client/expect/identities.hpp.
struct NoForeignIdentity {};

// What a limit is about; `fetch` is all from the look-up to the body's last octet.
enum class LatencyStage : std::uint8_t {
  fetch,
  resolve,
  connect,
  tls,
  first_byte,
  body,
  decode,
  last = decode,
};
inline constexpr EnumArray<LatencyStage, std::string_view> stage_names{
    {"fetch", "resolve", "connect", "tls", "first_byte", "body", "decode"}};

// Upper limits of quantiles over the retrievals of all phones together that came to that stage,
// failed ones included; nothing: no limit. At least one is there.
struct LatencyLimit {
  LatencyStage stage;
  std::optional<Duration> p50, p90, p99;
};

// Whether a count is of all phones together or of each by itself.
enum class Counted : std::uint8_t { together, each };

// How often something may happen, both ends included. `most` is nothing where there is no end.
struct Bounds {
  std::uint64_t least = 0;
  std::optional<std::uint64_t> most;
  Counted counted = Counted::together;
};

// Requests for a path. Patterns are as pattern.hpp has them; an empty one is found in everything.
struct RequestsMade {
  Template path;       // `*` stands for anything
  std::string method;  // GET, POST or PUT; empty: any
  std::string user_agent, content_type;
  std::string certificate;     // of the subject that the phone can show; none has an empty one
  std::vector<Template> then;  // what each phone asks for later, in this order; bounds mean nothing
  Bounds bounds;
};

struct ErrorsSeen {
  Errc code;  // of failed passes, upgrades and reports
  Bounds bounds;
};

// How upgrades came out. One that its rule holds back, or that has nothing to load, is none.
struct UpgradesMade {
  enum class Came : std::uint8_t { done, failed } out = Came::done;
  std::optional<Errc> code;  // of a failed one; nothing: any
  std::string version;       // that the phone runs by then, a pattern; empty: any
  Bounds bounds;
};

// How reports came out.
struct ReportsMade {
  enum class Came : std::uint8_t { sent, failed } out = Came::sent;
  std::optional<Errc> code;             // of a failed one; nothing: any
  std::optional<std::uint64_t> status;  // of HTTP; nothing: any
  Bounds bounds;
};

struct LogLines {
  std::string pattern;  // somewhere in the message
  Bounds bounds;
};

struct Expectation {
  std::string title;  // as the scenario has it, on one line and without secrets
  std::variant<NoForeignIdentity, Converged, NoRequestBefore, ParameterValue, LatencyLimit,
               RequestsMade, ErrorsSeen, LogLines, UpgradesMade, ReportsMade, NothingProvisioned>
      what;
  Selector phones;
  int line = 0;  // of the scenario's file; 0: an override
};

template <class What>
bool expects(const std::vector<Expectation>& expectations) {
  return std::any_of(expectations.begin(), expectations.end(),
                     [](const Expectation& one) { return std::holds_alternative<What>(one.what); });
}

}  // namespace provphone::client::scenario
