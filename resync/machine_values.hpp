#pragma once

#include "macro/error.hpp"
#include "resync/notify_event.hpp"
#include "resync/reason.hpp"
#include "resync/time.hpp"

#include <array>
#include <cassert>
#include <cstdint>
#include <optional>
#include <variant>

// What goes into a phone's machine and what comes out of it (resync/machine.hpp): values, all of
// them.
namespace provphone::resync {

// Which rules a pass evaluates.
enum class Scope : std::uint8_t {
  configured_rules,  // Profile_Rule, then _B, _C and _D
  one_time_rule,     // the one that came with the request
};

// --- events: what happened to a phone

struct PoweredOn {};  // power and network are there
struct PoweredOff {};
struct DeadlineReached {};

struct ResyncRequested {
  Origin origin = Origin::operator_;
  Scope scope = Scope::configured_rules;
  NotifyEvent notified = NotifyEvent::resync;  // of a SIP NOTIFY, where that is the origin

  friend bool operator==(const ResyncRequested&, const ResyncRequested&) = default;
};
struct RestartRequested {
  std::optional<NotifyEvent> notified{};  // nothing: a person asks
};
struct RuleSkipped {};         // empty, commented out, or no guard held
struct RuleSucceeded {         // its profile is applied, or it held assignments only
  bool needs_restart = false;  // resync/restart.hpp says which changes do
  bool has_file = false;       // a profile came, be it the one that was applied before
};
struct RuleFailed {
  Errc error;
  bool needs_restart = false;  // by what was applied all the same
};
struct RuleOnboards {          // it led to an activation code that the phone has to be given
  bool needs_restart = false;  // by what the rule has assigned
};
struct CodeEntered {};  // an activation code, by a person at the phone (R-BOOT-02)
struct CallStarted {};  // one more line is in use
struct CallEnded {};
struct RegistrationLost {
  std::uint8_t line;  // 0-based
};
struct RegistrationRestored {
  std::uint8_t line;
};
struct ClockSet {};  // the phone learnt what time it is
struct ClockMoved {  // somebody put a clock that knew it forward or back
  std::chrono::minutes by;
};
// How somebody changes parameters: at the phone, with `Submit All Changes` on its web page, or with
// a profile that is sent to it (R-FACE-08).
enum class ByHand : std::uint8_t { set, submitted, pushed };

struct ParametersChanged {  // by a person, not by a pass
  ByHand how = ByHand::set;
  bool needs_restart = false;  // resync/restart.hpp says which changes do
};
struct ReportRequested {};  // by a SIP message
struct UpgradeRequested {   // by a rule that comes with it, which counts once (R-UPGRADE-10)
  Origin origin = Origin::web;
};
struct CustomCaRequested {  // by a rule that comes with it, which counts once (R-TLS-22)
  Origin origin = Origin::web;
};
struct FactoryResetRequested {};  // by a person at the phone
struct LinkLost {};               // its cable is out: nothing gets through (R-RESYNC-63)
struct LinkRestored {};
// A DHCP server granted something else than before; the phone may be down (R-DHCP-10, R-DHCP-11).
struct LeaseChanged {
  bool has_new_address = false;
  bool has_new_time = false;  // LeaseTime::offset is another one
};
struct Notified {  // a SIP message that asks the machine for nothing
  NotifyEvent event;
};
struct UpgradeSkipped {};  // nothing to load
struct UpgradeSucceeded {
  bool is_migration = false;  // to enterprise firmware, which is no phone of here (R-UPGRADE-14)
};
struct UpgradeFailed {
  Errc error;
};
struct CertificateRenewed {};  // the phone has another one from now on (R-CERT-06)

using Event =
    std::variant<PoweredOn, PoweredOff, DeadlineReached, ResyncRequested, RestartRequested,
                 RuleSkipped, RuleSucceeded, RuleFailed, RuleOnboards, CallStarted, CallEnded,
                 RegistrationLost, RegistrationRestored, ClockSet, ClockMoved, ParametersChanged,
                 ReportRequested, Notified, UpgradeRequested, FactoryResetRequested, LeaseChanged,
                 UpgradeSkipped, UpgradeSucceeded, UpgradeFailed, CustomCaRequested, LinkLost,
                 LinkRestored, CodeEntered, CertificateRenewed>;

// --- effects: what the phone wants done, and what it decided

// Asks for something: evaluate this rule against the parameters as they are now, fetch and apply
// what it names, and answer with one Rule... event. `slot` may be one_time_slot.
struct EvaluateRule {
  std::uint8_t slot;
};
// Asks for something: evaluate Upgrade_Rule, or the rule that came with a request, load what it
// names, and answer with one Upgrade... event.
struct EvaluateUpgrade {
  bool is_retry;
  bool is_one_time = false;
};
// Asks for something that needs no answer: evaluate Report_Rule and send what it names.
struct SendReports {
  Reason reason;
};
// The phone is up; a boot pass may follow.
struct Booted {
  Reason reason;
};
// The phone goes down and comes back by itself; where the reason is factory_reset, with what it had
// when it left the factory, for which it asks for something that needs no answer.
struct Restarting {
  Reason reason;
};
// `due` is Time::max() where the timer stays off; `reason` says why.
struct TimerArmed {
  Timer timer;
  Time due;
  Reason reason;
};
struct PassDue {
  PassKind kind;
  Reason reason;
};
struct PassGated {
  PassKind kind;
  Reason reason;
};
struct PassDeferred {
  PassKind kind;
  Reason reason;
  Time until;  // Time::max(): until the phone is free
};
struct PassStarted {
  PassKind kind;
  Reason reason;
};
// A rule's file was not there, and Resync_Fails_On_FNF says that this is no failure.
struct FileNotFoundForgiven {
  std::uint8_t slot;
};
// A phone is provisioned once a pass succeeded that brought a profile. Where every rule was passed
// over, held assignments only or led to a file whose absence was forgiven, nothing came.
struct PassSucceeded {
  PassKind kind;
  Reason reason;
  bool has_file = false;
};
struct PassFailed {
  PassKind kind;
  Reason reason;
  Errc error;
  std::uint8_t slot;  // the rule that failed
};
struct UpgradeHeld {
  Reason reason;
  bool is_one_time = false;
};
// One that was asked for waits until the phone is free.
struct UpgradeDeferred {
  Reason reason;
};

// Asks for something that needs no answer: fetch the roots that the rule names that came with a
// request.
struct FetchCustomCa {};
struct CustomCaHeld {
  Reason reason;
};
// Asks for something that needs no answer: whatever is under way over the network fails.
struct LinkDown {};
// The phone asks whoever stands before it for an activation code, and does nothing by itself until
// it has one (R-BOOT-01).
struct OnboardingRequested {};
// The phone runs enterprise firmware: it is none of here any more (R-UPGRADE-14).
struct Migrated {};
// Asks for something: have the phone's certificate renewed, where that was not tried yet, and
// answer with CertificateRenewed where it was. Not only where something is left to do: the
// retrieval remembers that (R-CERT-06).
struct RenewCertificate {
  bool has_come_up = false;  // what failed before is tried once more
};

using Effect =
    std::variant<EvaluateRule, EvaluateUpgrade, SendReports, Booted, Restarting, TimerArmed,
                 PassDue, PassGated, PassDeferred, PassStarted, FileNotFoundForgiven, PassSucceeded,
                 PassFailed, UpgradeHeld, UpgradeDeferred, FetchCustomCa, CustomCaHeld, LinkDown,
                 OnboardingRequested, Migrated, RenewCertificate>;

// The effects of one step, in the order they were decided. No step has more than `capacity`: add()
// asserts it.
class Effects {
 public:
  static constexpr std::size_t capacity = 12;

  void add(const Effect& effect) {
    assert(size_ < capacity);
    effects_[size_++] = effect;
  }
  void drop_timers();  // takes back what was told of those that come to nothing in this step
  const Effect* begin() const { return effects_.data(); }
  const Effect* end() const { return effects_.data() + size_; }
  std::size_t size() const { return size_; }

 private:
  std::array<Effect, capacity> effects_;  // NOLINT: the first size_ count
  std::size_t size_ = 0;
};

}  // namespace provphone::resync
