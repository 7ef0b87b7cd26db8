#pragma once

#include "profile/parameter_set.hpp"
#include "resync/certificate_renewal.hpp"
#include "resync/custom_ca.hpp"
#include "resync/dhcp.hpp"
#include "resync/first_boot.hpp"
#include "resync/machine.hpp"
#include "resync/macros.hpp"
#include "resync/naming.hpp"
#include "resync/plan.hpp"
#include "resync/proxy.hpp"
#include "resync/upgrade.hpp"

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// All of a phone but its schedule: what it is, how it is set, and what it remembers of what it has
// fetched. machine.hpp has the schedule; retrieval.hpp is where the two meet.
namespace provphone::resync {

// The file that a rule last applied, and ParameterSet::revision() as it was right after it. While
// both are the same again, the file would change no value. The fingerprint also covers key, alias
// map and Content-Encoding; it is good within one process.
struct AppliedFile {
  std::size_t fingerprint;
  std::uint32_t revision;
};

// The files that rules applied last, by slot; the last place is one_time_slot's.
using AppliedFiles = std::array<std::optional<AppliedFile>, rule_slots + 1>;

// The class of a phone (phone_classes.hpp) as long as its parameters have that revision. The number
// means something to whoever keeps the classes, and to nobody else.
struct ClassAt {
  std::uint32_t number;
  std::uint32_t revision;
};

struct Device {
  // --- as a scenario or flags describe it
  Identity identity;
  Personality personality = personality_of(profile::Generation::mpp12);
  profile::ParameterSet parameters{profile::factory_values(profile::Generation::mpp12)};
  std::vector<DhcpOption> lease;
  // What was granted since, which is in `lease` and `identity` too; null: nothing was (R-DHCP-10).
  std::shared_ptr<const Lease> granted;
  MacroState state;  // where the machine says otherwise, the machine wins
  // That a person entered at the phone. Without user and password: it has lost it (R-RESYNC-59);
  // nothing: nobody has entered any. Secret.
  std::optional<Login> profile_account;
  std::shared_ptr<const Services> services;  // null: none can be reached (R-BOOT-03, R-BOOT-05)
  // That a person enters, or will where the phone asks for one. Empty: it has been entered;
  // nothing: nobody has one. Secret.
  std::optional<std::string> activation_code;

  // --- what follows from it, and what the phone remembers
  // Of `parameters`, from the first settings_changed() on; null before. Whoever changes parameters
  // calls settings_changed().
  std::shared_ptr<const Settings> settings;
  AppliedFiles applied;
  std::optional<ClassAt> phone_class;  // where somebody keeps phones in classes
  // The texts that the running pass goes by; nothing where each is read at its turn.
  std::optional<std::array<std::string, rule_slots>> rules_at_start;
  // That came with the last request for a pass of its own, until that pass evaluates it. Whoever
  // makes the request sets it, where the machine has taken the request up (takes_rule).
  std::string one_time_rule;
  // The same for an upgrade of its own (R-UPGRADE-10).
  std::string one_time_upgrade;
  // ... and what a request for roots came with (R-TLS-22), until its turn has come.
  std::string one_time_custom_ca;
  // What R-UPGRADE-03 does not try again; nothing: no load was asked for since power-on.
  std::optional<UpgradeTarget> tried_upgrade;
  // R-HTTP-29: the PAC file that was fetched last; nothing: none since power-on.
  std::optional<PacFile> pac;
  // The parameters as the last report told them that a server took, and that was no status report;
  // nothing: a delta counts from the factory (R-REPORT-06).
  std::optional<profile::ParameterSet> reported;
  CustomCa custom_ca;
  // What the redirect service has said, or that the phone needs none; `open` where it knows of
  // none. customization_of() says it.
  Customization customization = Customization::open;
  CertificateRenewal renewal;

  MacroSource macros() const { return {identity, personality, parameters, state}; }

  // The text of a rule whose turn has come (R-RULE-49), of any slot up to one_time_slot. A view of
  // what the device holds: it ends when the parameters or the remembered texts change.
  std::string_view rule(std::size_t slot) const;

  // Reads `settings` anew, into an object of its own, so that whoever still holds the old ones
  // keeps them. A driver may give phones with equal parameters one object instead.
  void settings_changed();
};

// Whether all rules are read as a pass begins, and not each when its turn comes (R-RULE-49).
bool reads_rules_at_start(const Personality& personality);

// A pass begins: rules that are read now are remembered, and what the pass before remembered goes.
// Called for PassStarted, before any rule of the pass is evaluated.
void remember_rules(Device& device);

// How the phone's names become addresses, as it is set now.
Naming naming_of(const Device& device);

// What the phone's web page says of its custom roots now (R-TLS-21); empty: nothing was tried.
std::string custom_ca_status(const Device& device, const Phone& machine, const WallClock& wall);

// ... and of the renewal of its certificate (R-CERT-09); empty: it has tried none.
std::string certificate_renewal_status(const Device& device, const Phone& machine,
                                       const WallClock& wall);

// Power is gone: the macros of the last request, `$UPGERR`, the upgrade that was tried, the PAC
// file, the texts of the running pass, a rule that waits for its pass that roots were fetched
// and that a renewal was tried are forgotten. Parameters, firmware, the files applied last, the
// roots themselves, a renewed certificate and what was last reported are not.
void forget_memory(Device& device);

// The phone is reset to what it left the factory with (R-RESYNC-59): besides what power loss
// forgets, parameters, an entered account, the files applied last, fetched roots and what was last
// reported. Who it is, its certificate, also a renewed one (R-CERT-08), its
// firmware and its lease stay.
void forget_settings(Device& device);

// Has the phone hold what a server grants it now, be it up or down. Returns what the machine is to
// be told.
LeaseChanged take_lease(Device& device, const Lease& lease);

// Leaves what came along with a request with the device, until its turn comes: a rule, or a code.
// `request` is a ResyncRequested, an UpgradeRequested, a CustomCaRequested or a CodeEntered that
// the machine has taken up (takes_rule).
void hand_over(Device& device, const Event& request, std::string rule);

}  // namespace provphone::resync
