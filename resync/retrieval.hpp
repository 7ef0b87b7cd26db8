#pragma once

#include "macro/enum_array.hpp"
#include "resync/answer.hpp"
#include "resync/apply.hpp"
#include "resync/challenge.hpp"
#include "resync/device.hpp"
#include "resync/machine.hpp"
#include "resync/messages.hpp"
#include "resync/retrieval_values.hpp"

#include <array>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

// The second machine of a phone. `step` (machine.hpp) says when a rule is to be evaluated; a
// retrieval says how: from there to the event that tells `step` what came of it. Which place is
// asked, what an answer means and whether another request follows, what is logged, what the macros
// of the last request become, what a file changes: all of it is decided here, and nowhere else.
//
// Inputs and outputs are values (retrieval_values.hpp). Whoever drives a phone hands every input to
// advance() and acts on the outputs in their order; the same for real time, virtual time and an
// audit. No input is handed over from inside the handling of another: they are queued
// (client/drive/conductor.hpp).
namespace provphone::resync {

// --- what is under way with a phone

// What a PAC file has said of the server that is asked now (R-HTTP-29). Its ways are to a request
// what a name's addresses are: one after the other, until one is reached.
struct Routes {
  macro::Url asked;                        // its server is meant, whatever the path
  std::vector<std::optional<Proxy>> ways;  // never empty
  std::size_t next = 0;                    // behind the way that is tried, or was
  std::string why_direct;                  // the file cannot be used; empty: it can
};

// The load of an upgrade that has to be licensed first (R-UPGRADE-13), and who asks for it.
struct Licensed {
  Request request;
  std::string_view rule;  // static storage
  int alternative = 0;
};

// One rule's, over as many places, redirects and challenges as it takes. `alternative` counts from
// 1; `hops` are the redirects followed since the present place was first asked, which the knob
// redirect_limit bounds.
struct Retrieval {
  macro::RuleKind kind = macro::RuleKind::profile;
  std::string_view rule;  // the parameter that asks for it; static storage
  int alternative = 0;
  Request request;  // as the rule has it, or where a redirect or a challenge led from there
  // As the fetch under way was sent with it; moved out as it is told.
  std::string user_agent;
  int hops = 0;
  // With the server that is asked now, and with the proxy: it stays the same over all hops.
  LoginTalk server_talk, proxy_talk;
  std::optional<Proxy> proxy;     // of the request under way
  std::optional<Routes> routes;   // nothing: no PAC file was asked, or not yet
  bool does_without_pac = false;  // R-HTTP-29: it cannot be had, or is what this one fetches
  bool follows_answer = false;    // what is asked next, from the last answer of this retrieval
  bool announced = false;         // this hop's request was told
  std::optional<int> status;      // of the last answer, where it was HTTP's
  bool logged = false;            // R-LOG-10: one message, whatever hops follow
  RuleFacts facts;                // of a profile rule, where somebody explains
  std::uint8_t slot = 0;          // of a profile rule, like the next two
  Plan plan;                      // where else to look
  std::string said;               // by the last answer, where that refused
  // What a place before this one answered that was neither the file nor that there is none, and
  // what it said.
  std::optional<Error> other_answer;
  std::string other_said;
  bool needs_restart = false;  // by what the rule has assigned
  UpgradeTarget target;        // of an upgrade, like the next
  std::string load;
  bool lists_parts = false;                   // the file under way names the parts of a load
  std::vector<std::string> parts;             // of it, still to be fetched, the next one last
  std::optional<Licensed> licensed;           // what follows the licence that is fetched
  bool is_licensed = false;                   // the load under way is one of enterprise firmware
  ReportKind report = ReportKind::full;       // of a report, like the next
  std::optional<profile::ParameterSet> told;  // by the report
  std::optional<Errand> errand;               // nothing: what a rule asks for
  bool has_seen_to_roots = false;  // Custom_CA_Rule had its turn before this one (R-TLS-19)
  bool is_activation = false;      // an activation code is judged (R-BOOT-03)
  bool awaits_roots = false;       // an errand that asks for nothing: the other lane's fetches them
};

// Why a rule failed, until the machine has said what follows from it. It is for whoever tells of
// PassFailed, and may be moved out there.
struct RuleFailure {
  std::string detail;
  std::string url;   // that was asked last; empty: nothing was
  std::string said;  // by the server that refused, see AnswerSeen
  RuleFacts rule;    // where it failed before anything was asked for and somebody explains
};

// A phone that nobody has provisioned looks for its profile (R-BOOT-04).
struct FirstBoot {
  std::uint8_t next = 0;       // the Place that comes next
  bool asks_redirect = false;  // who is asked now is the redirect service
  bool needs_restart = false;  // by what Profile_Rule has assigned
};

// What is under way with one phone: at most one retrieval a lane. No pointers into the device, so
// both may be moved while no input is being taken.
struct Retrievals {
  std::optional<Retrieval>& in(Lane lane) { return lanes[lane]; }
  bool is_busy() const { return lanes[Lane::work] || lanes[Lane::reports]; }

  EnumArray<Lane, std::optional<Retrieval>> lanes;
  EnumArray<Lane, std::unique_ptr<Retrieval>> held;  // that go on behind the errand in their lane
  std::deque<ReportPlan> reports;                    // that wait for the one that is being sent
  RuleFailure failure;                               // of the rule that failed last
  std::optional<FirstBoot> first_boot;               // of the rule in the lane of work
};

// --- the machine

// How much is told about decisions. It changes what outputs say and never what is decided.
enum class Depth : std::uint8_t {
  everything,  // what stood behind each, for whoever explains the run
  figures,     // for counting
};

// What no other run has: keys of reports are salted from it, so that equal seeds do not make equal
// keys where the key is a real one (R-REPORT-03), and what answers to Digest challenges add of
// their own is made of it (R-HTTP-09).
using SaltKey = std::array<std::uint64_t, 2>;

struct RetrievalContext {
  const Phone& machine;  // the phone's
  Time now;
  Depth depth = Depth::everything;
  FileCache* file_cache = nullptr;  // null: nobody remembers files for phones alike
  SaltKey salt{};
};

// Takes one input; what follows from it is put behind what `outputs` has. `device` and `retrievals`
// are of one phone, whose settings are known (Device::settings_changed). Failures are outputs and
// reach the machine as Done; nothing is thrown. An answer to a fetch that was cancelled must not be
// handed over; that there is something under way for an answer to is asserted.
//
// The outputs own what they hold, but for the `rule` of each, which is static: they may outlive
// this call and the device.
void advance(Device& device, Retrievals& retrievals, const Input& input,
             const RetrievalContext& context, Outputs& outputs);

// The same in an expression.
Outputs advance(Device& device, Retrievals& retrievals, const Input& input,
                const RetrievalContext& context);

// Begins with a plan that was made elsewhere, as EvaluateRule does with the one that it makes: what
// an audit asks for in a rule's place. It goes by the name of one_time_rule, and nothing may be
// under way in the work lane.
Outputs begin(Device& device, Retrievals& retrievals, Plan plan, const RetrievalContext& context);

// What the machine asks of a retrieval; nothing for an effect that only says what was decided. To
// be handed to advance() behind the step, in the order of the effects.
std::optional<Input> input_of(const Effect& effect);

// Whether `event` happens to a phone in a way that CutOff has to precede: power lost, or power come
// back to a phone that was never seen to lose it. To be asked before step() takes the event.
bool cuts_off(const Event& event, const Phone& machine);

}  // namespace provphone::resync
