#pragma once

#include "client/expect/history.hpp"
#include "client/expect/identities.hpp"
#include "client/expect/known_documents.hpp"
#include "client/expect/phone_table.hpp"
#include "client/expect/power.hpp"
#include "client/expect/roll_call.hpp"
#include "client/figures/evidence.hpp"
#include "client/figures/loss.hpp"
#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "profile/parameter_set.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

// Whether a run came out as its scenario expects. No clock and no socket: whoever drives phones
// says what they do. Begin with a judge, tell it what it wants, merge, ask for its evidence.
namespace provphone::client::expect {

// What a driver can tell of. An expectation that needs more is not judged, and says why.
enum class Capabilities : std::uint8_t {
  real,
  modelled,  // no files of other phones, no certificates, and no stages of a fetch
};

// When and how a run ended, for what might still have come.
struct Hour {
  resync::Time now;
  bool is_cut_short = false;
  bool is_over = false;  // nothing would have come any more
};

// The index that no_foreign_identity needs, for all judges of a run; null where nobody expects it.
std::shared_ptr<const Identities> identities_for(const scenario::Scenario& scenario);

// One for each thread or part of a run; together they are as if one had seen everything. Each phone
// is told of in the order of time, and costs a few octets for each expectation that remembers
// something of each phone. Not safe to use from several threads at once.
class Judge {
 public:
  // `scenario` must outlive it. `range`: the phones that it is told of, and no others. `identities`
  // as identities_for() made it for that scenario; without it no document is looked at.
  Judge(const scenario::Scenario& scenario, Capabilities capabilities, PhoneRange range,
        std::shared_ptr<const Identities> identities);
  // All phones.
  Judge(const scenario::Scenario& scenario, Capabilities capabilities);
  ~Judge();
  Judge(Judge&& other) noexcept;
  Judge& operator=(Judge&& other) noexcept;

  // What it does not want need not be told, and may be. Ask once, before the run.
  bool wants(trace::EventKind kind) const;
  // Whether somebody looks at what final() and document() are told.
  bool wants_final() const { return !finals_.empty(); }
  bool wants_documents() const { return !documents_.empty() || !profiles_.empty(); }
  // TraceEvent::user_agent, content_type, certificate of requests.
  bool wants_headers() const { return wants_headers_; }

  void observe(std::uint32_t phone, const trace::TraceEvent& event);
  // A decoded profile that the phone was sent. Looked through at once, not kept.
  void document(std::uint32_t phone, std::string_view document);
  // The same where somebody has found out already what it says of other phones.
  void document(std::uint32_t phone, std::string_view document,
                const std::vector<Incident>& incidents);
  // What the phone ends up with; once a phone.
  void final(std::uint32_t phone, const profile::ParameterSet& parameters);

  // An expectation has failed for good by now, whatever else may come. Known of those that count
  // at most so many, or none at all, of what this judge was told; docs/reference/verdicts.md.
  bool knows_of_a_loss() const;
  // Of all, in the scenario's order, to be added up with those of other parts of the run.
  std::vector<figures::Loss> losses() const;

  // Of the same scenario, as seen by the same driver. Ranges have to meet or overlap.
  void merge(const Judge& other);

  // Whether the scenario says that no phone should be provisioned, or none of some.
  bool expects_nothing() const;
  // Whether an expectation reckons with that failure of the phone's: an `error`, `upgrade` or
  // `report` one that allows for some, or a `converged` one about it where all of those hold.
  Excuse excuse_of(std::uint32_t phone, figures::Work work, Errc code) const;

  // For each expectation, in the scenario's order. Changes nothing, so that it may be asked while a
  // run goes on. `roll` is of the same phones.
  std::vector<figures::Evidence> evidence(const RollCall& roll, const Hour& hour) const;

 private:
  struct Case;      // an expectation
  struct Allowing;  // a case that reckons with failed passes
  using Cases = std::vector<std::uint32_t>;

  figures::Loss loss_of(std::size_t expectation) const;
  void add_case(std::size_t number, Capabilities capabilities, PhoneRange range);
  figures::Evidence evidence(std::size_t number, const RollCall& roll, const Hour& hour) const;

  const scenario::Scenario* scenario_;
  std::optional<KnownDocuments> known_;  // nothing where nobody looks at documents
  std::vector<Case> cases_;              // by expectation
  // Which cases are to be told of what.
  EnumArray<trace::EventKind, Cases> by_kind_;
  Cases finals_, documents_, profiles_;
  std::vector<Allowing> allowing_;
  bool wants_headers_ = false, needs_power_ = false;
  PhoneTable<Power> power_;  // empty where nobody needs it
  History history_;
};

}  // namespace provphone::client::expect
