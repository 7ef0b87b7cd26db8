#pragma once

#include "client/expect/identities.hpp"
#include "client/expect/phone_table.hpp"
#include "client/figures/verdicts.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "profile/parameter_set.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <string_view>
#include <vector>

// Whether a run came out as its scenario expects. No clock and no socket: whoever drives phones
// says what they do.
namespace provphone::client::expect {

// What a driver can tell of.
enum class Sight : std::uint8_t {
  real,
  modelled,  // no files of other phones, no certificates, and no stages of a fetch
};

// The index that no_foreign_identity needs; null where nobody expects it.
std::shared_ptr<const Identities> identities_for(const scenario::Scenario& scenario);

// One for each thread or part of a run; together they are as if one had seen everything. Each phone
// is told of in the order of time, and costs a few octets for each expectation that remembers
// something of each phone.
class Judge {
 public:
  // `scenario` must outlive it. `range`: the phones that it is told of.
  Judge(const scenario::Scenario& scenario, Sight sight, PhoneRange range,
        std::shared_ptr<const Identities> identities);
  // All phones.
  Judge(const scenario::Scenario& scenario, Sight sight);
  ~Judge();
  Judge(Judge&& other) noexcept;
  Judge& operator=(Judge&& other) noexcept;

  // What need not be told of may be. Ask once, before the run.
  bool wants(trace::EventKind kind) const;
  bool wants_final() const;
  bool wants_documents() const;
  bool wants_headers() const;  // TraceEvent::user_agent, content_type, certificate of requests

  void observe(std::uint32_t phone, const trace::TraceEvent& event);
  // A decoded profile that the phone was sent.
  void document(std::uint32_t phone, std::string_view document);
  // What the phone ends up with; once a phone.
  void final(std::uint32_t phone, const profile::ParameterSet& parameters);

  // Of the same scenario, as seen by the same driver.
  void merge(const Judge& other);

  // One result for each expectation, in the scenario's order.
  std::vector<figures::ExpectationResult> conclude() const;

  // Failed passes by code that no expectation reckons with: neither an `error` one about that code
  // and phone that allows for one, nor a `converged` one about that phone where all of those hold.
  std::map<Errc, std::uint64_t> unexpected_failures(
      const std::vector<figures::ExpectationResult>& concluded) const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace provphone::client::expect
