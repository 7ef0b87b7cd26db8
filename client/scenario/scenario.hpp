#pragma once

#include "client/scenario/expectation.hpp"
#include "client/scenario/phone_group.hpp"
#include "client/scenario/shape.hpp"
#include "resync/machine_values.hpp"
#include "resync/time.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

// What a run consists of, as docs/reference/scenario.md describes it: one struct a block. Times are
// offsets from the start of the run; phones are numbers from 0, group after group.
namespace provphone::client::scenario {

using resync::Duration;

// --- events ---

struct PowerOn {};
struct PowerOff {};
struct PowerCycle {
  Duration off = std::chrono::seconds(5);
};
struct Notify {
  resync::NotifyEvent event = resync::NotifyEvent::resync;
};
struct Call {
  Duration length;
};
struct Registration {
  enum class State : std::uint8_t { lost, restored } state;
  std::uint32_t line = 1;
};
struct SetClock {};  // the phone gets to know the time
struct MoveClock {   // somebody puts a clock that knew it forward, or back
  std::chrono::minutes by;
};
struct RequestResync {
  resync::Origin by = resync::Origin::operator_;
  std::optional<Template> rule{};  // nothing: the phone's own rules
};
struct RequestUpgrade {  // by a URL of its web page
  Template rule;
};
struct RequestCustomCa {  // by a URL of its web page
  Template rule;
};
struct EnterCode {  // an activation code, where the phone asks for one
  Template code;
};
struct FactoryReset {};
struct Link {
  enum class State : std::uint8_t { down, up } state;
};
struct GrantLease {  // by the DHCP server
  // All that the lease holds from then on; nothing: as it was.
  std::optional<std::vector<LeaseOption>> options;
  std::optional<Template> ip;  // nothing: the address stays
};
struct SetParameters {  // by hand: at the phone, or submitted on its web page
  std::vector<Setting> set;
  resync::ByHand how = resync::ByHand::set;
};
using Action = std::variant<PowerOn, PowerOff, PowerCycle, Notify, Call, Registration, SetClock,
                            MoveClock, RequestResync, RequestUpgrade, FactoryReset, GrantLease,
                            SetParameters, RequestCustomCa, Link, EnterCode>;

struct Repeat {
  Duration every;
  // How often altogether, the first one included; nothing: until the run ends.
  std::optional<std::uint32_t> times;
};

// It happens to those of `among` that `who` picks.
struct ScheduledEvent {
  Duration at{};
  Action action;
  Selector who, among;
  // The phones follow one another within this time, at equal distances unless `shape` says
  // otherwise; 0: all at once. With stages: what these take together.
  Duration over{};
  std::optional<Repeat> repeat;
  Shape shape{};
};

// --- the modelled server ---

// From a request to its answer, behind what waiting in the queue costs.
struct LatencyModel {
  Duration p50{}, p99{};  // equal: always the same
};

struct Failure {
  enum class Kind : std::uint8_t { refused, timeout, corrupt, status } kind = Kind::refused;
  int status = 0;  // 400..599, of Kind::status
};

// One queue for all phones, served in order.
struct Capacity {
  std::uint32_t requests_per_second;
  std::uint32_t queue = 0;  // that wait; one more meets `overload`
};

// Every request within it fails so, whatever `answers` says.
struct Outage {
  Duration from, to;  // `to` excluded
  Failure as;
};

// How the modelled server answers some requests, where it does not just serve its file. The first
// in the list that fits counts.
struct PlannedAnswer {
  // Patterns in which `*` stands for anything; empty: any. `path` is compared with all behind the
  // port, query included. One of them is not empty.
  std::string host, path;
  Duration from{};             // it holds from then on
  std::optional<Duration> to;  // ... until then, excluded; nothing: for ever
  std::optional<Failure> as;   // it fails so; of what follows `takes` alone counts then
  int status = 200;            // else this, 200..599
  // The Location header, of 300..399 alone, where it has to be; empty: none.
  std::string redirect;
  std::optional<std::uint64_t> bytes;  // size of the answer; nothing: as the file has it
  Duration takes{};                    // to deliver it, besides the latency
  bool needs_login = false;            // 401 for a request without credentials
  std::uint32_t parts = 1;             // that a .loads names, 1 to resync::most_parts
};

struct SrvTarget {
  std::uint16_t priority = 0, weight = 0;
  std::uint16_t port = 0;  // never 0 behind the reader
  std::string target;      // a host's name or address
};

// The SRV records of a name, in the model's DNS.
struct SrvRecords {
  std::string name;                // as the scenario spells it
  std::vector<SrvTarget> records;  // at least one, in the file's order
};

// What the served file sets from a time on. Of those that fit a request the latest counts.
struct ServedProfile {
  Duration from{};
  std::optional<std::size_t> group;  // nothing: all phones
  std::vector<Setting> set;
  std::string host, path;  // patterns, as in PlannedAnswer; empty: any
};

// Octets a second that the server's line carries. The answers under way share it equally.
struct Bandwidth {
  std::uint64_t total = 1;            // of all together, at least 1
  std::optional<std::uint64_t> each;  // no answer is faster, at least 1; nothing: as its share is
};

struct ServerModel {
  LatencyModel latency;                // default: 0
  std::optional<Capacity> capacity;    // nothing: unlimited
  std::optional<Bandwidth> bandwidth;  // nothing: no answer's size takes time
  Failure overload{Failure::Kind::timeout, 0};
  std::vector<Outage> outages;
  std::vector<ServedProfile> profiles;  // none: an empty profile, always found
  std::uint64_t bytes = 4'000;          // size of a profile
  std::vector<PlannedAnswer> answers;
  std::vector<SrvRecords> srv;  // no name twice
};

// What the network does to the model, drawn for each datagram or answer.
struct Trouble {
  Share tftp_loss;            // of datagrams
  Share disconnect_mid_body;  // of answers
};

// --- the rest ---

// What ends a run before its time.
enum class AbortWhen : std::uint8_t {
  never,
  lost,  // an expectation can no longer hold
};

struct Limits {
  std::vector<std::string> targets;                // besides loopback
  std::optional<std::uint32_t> starts_per_second;  // nothing: unlimited
  std::optional<Duration> duration;                // nothing: until nothing is left to do
  // Before the first phone starts, of servers that do not answer yet; nothing: nobody waits.
  std::optional<Duration> wait_for_server;
  AbortWhen abort_when = AbortWhen::never;
};

// A name that is never asked for. Every text is an address.
struct HostEntry {
  std::string name;
  std::vector<std::string> addresses;  // at least one, in the order in which they are tried
};

struct Scenario {
  std::uint64_t seed = 0;
  std::optional<std::chrono::local_seconds> clock;  // local to time_zone; nothing: not given
  std::string time_zone = "UTC";
  std::vector<PhoneGroup> phones;  // at least one
  std::vector<ScheduledEvent> events;
  ServerModel server;
  Trouble trouble;
  std::vector<Expectation> expect;
  std::string pki;               // directory; empty: none
  std::vector<std::string> dns;  // ADDRESS[:PORT] of name servers, in order; empty: the system's
  std::vector<HostEntry> hosts;  // of two of a name the last counts
  Limits limits;
  std::string folder;  // of the scenario file: what its file names start from
  // What was read besides it, as it is named there: included scenarios, inventories.
  std::vector<std::string> files;
  std::vector<std::pair<std::string, std::string>> environment;  // what was taken from there
  std::string fingerprint;  // of everything the file says, as 16 hexadecimal digits
};

}  // namespace provphone::client::scenario
