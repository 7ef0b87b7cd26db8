#pragma once

#include "client/expect/phone_table.hpp"
#include "client/figures/outcome.hpp"
#include "client/figures/shard.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::expect {

class Judge;

// Whether somebody reckoned with a failure.
enum class Excuse : std::uint8_t { none, if_held, always };

// One that happened to a phone.
struct Failure {
  figures::Work work = figures::Work::pass;
  Errc code{};
  std::string_view url;  // that was asked last; empty: nothing was
  std::string_view detail;
  std::string_view said;  // by the server that refused
  Excuse excuse = Excuse::none;
};

// Who had power, who was provisioned, who is still under way, and what kept the others off: what
// every run is asked for, whatever it expects besides. Three octets a phone. Each phone is told of
// in the order of time, and on one thread.
class RollCall {
 public:
  // Of causes that are told apart; failures beyond count without their server.
  static constexpr std::size_t most_causes = 1'000;

  // Of the phones in `range` that are in `shard`; it is told of no others. A run without a scenario
  // has one phone, number 0 (null). `scenario` must outlive it.
  RollCall(const scenario::Scenario* scenario, PhoneRange range, figures::Shard shard = {});

  void powered_on(std::uint32_t phone);
  void powered_off(std::uint32_t phone);
  void pass_started(std::uint32_t phone);
  void pass_succeeded(std::uint32_t phone, bool has_file);
  void failed(std::uint32_t phone, MacAddress mac, const Failure& failure);
  void done(figures::Work work) { ++done_[work]; }

  // Whichever of these it is, from a trace. `judge` knows what is reckoned with; null: nothing is.
  void observe(std::uint32_t phone, const trace::TraceEvent& event, const Judge* judge);

  // Of other phones of the same run.
  void merge(const RollCall& other);

  figures::Extent extent() const;
  std::map<figures::Cause, figures::Failures> failures() const;
  // The same without kept_off, for which no phone has to be looked at.
  std::map<figures::Cause, figures::Failures> failures_so_far() const;
  const EnumArray<figures::Work, std::uint64_t>& work_done() const { return done_; }
  figures::Shard shard() const { return shard_; }

  // In its first pass, and not provisioned before.
  bool is_under_way(std::uint32_t phone) const {
    return (states_[phone] & (in_pass | provisioned)) == in_pass;
  }
  bool is_provisioned(std::uint32_t phone) const { return (states_[phone] & provisioned) != 0; }
  // What the phone failed of last, as figures::text_of() has it; empty where it was ever
  // provisioned, or never failed in a way that nobody reckoned with.
  std::string cause_of(std::uint32_t phone) const;

 private:
  using State = std::uint8_t;
  static constexpr State powered = 1, provisioned = 2, in_pass = 4;

  std::uint16_t number_of(figures::Cause cause);
  std::string_view group_of(std::uint32_t phone) const;

  const scenario::Scenario* scenario_;
  PhoneRange range_;
  figures::Shard shard_;
  PhoneTable<State> states_;
  // The cause of the last failure, from 1; 0: none.
  PhoneTable<std::uint16_t> last_causes_;
  std::vector<figures::Cause> causes_;
  std::vector<figures::Failures> failures_;  // of each cause
  EnumArray<figures::Work, std::uint64_t> done_;
};

}  // namespace provphone::client::expect
