#pragma once

#include "resync/retrieval.hpp"

// The parts of one input of a retrieval, by subject: what all of them have in common
// (retrieval.cpp), and what the three kinds of rules make of it.
namespace provphone::resync::detail {

// One input being taken: the phone, what it may look at, and the outputs so far.
struct Stride {
  Device& device;
  Retrievals& retrievals;
  const RetrievalContext& context;
  Outputs& outputs;

  std::optional<Retrieval>& in(Lane lane) const { return retrievals.in(lane); }
  Retrieval& work() const { return *retrievals.in(Lane::work); }
  bool explains() const { return context.depth == Depth::everything; }
  template <class Value>
  void put(Value value) const {
    outputs.emplace_back(std::move(value));
  }
};

// --- any retrieval (retrieval.cpp)

// Asks for what the lane's retrieval names now, perhaps behind an errand or a word of the PAC
// file's. For the work lane the macros of the last request
// become this one's, and `$ERR` empty.
void send(const Stride& s, Lane lane);
// The last part of send(): the request goes out, by the way that is known now.
void fetch(const Stride& s, Lane lane);
// Of send() this alone: the macros show the request. R-MACRO-20, R-LOG-15: `$SERVIP` is the name
// until an address is known, so a name that never gets one is shown as it is.
void show_request(const Stride& s, Lane lane);
// Why nothing is asked while the phone's link is down (R-RESYNC-63).
Error no_link();
// The request of the lane has failed: the next place's turn, or the rule's end.
void attempt_failed(const Stride& s, Lane lane, const Error& error);
// Nothing where Syslog_Server or the template is empty. Macros are expanded now: the state has to
// be as the message shall show it.
void log(const Stride& s, LogKind kind);
// Sets what a rule assigns, before it fetches or sends anything. Returns what changed. Tells of it
// also where nothing changed, but not where nothing is assigned.
std::vector<profile::ParameterId> assign(const Stride& s, std::string_view rule, int alternative,
                                         const std::vector<macro::Assignment>& assignments);
// Where the retrieval's last request went; empty: nowhere.
std::string url_asked(const std::optional<Retrieval>& retrieval);
// The work lane is free, and the machine hears what came of it. References into its retrieval end
// here.
void conclude(const Stride& s, const Event& event);

// While a rule is evaluated it sees the timers of the machine. How long a line has been
// unregistered is not for keeping: once it is registered again, the macro is what it was before
// (R-MACRO-20). The other timers stay in the state as they were shown, for log messages.
class TimersShown {
 public:
  explicit TimersShown(const Stride& s);
  ~TimersShown();
  TimersShown(const TimersShown&) = delete;
  TimersShown& operator=(const TimersShown&) = delete;

 private:
  MacroState& state_;
  std::int64_t regtmr1_, regtmr2_;
};

// --- errands (errands.cpp)

// Where something has to be fetched before what the lane wants, that is asked for now, and the
// retrieval waits for it (Retrievals::held). No errand has one of its own.
bool begin_errand(const Stride& s, Lane lane);
void errand_arrived(const Stride& s, const Answered& answer);
void errand_failed(const Stride& s, Lane lane, const Error& error);
void roots_read(const Stride& s, const RootsRead& read);
// R-TLS-22: whether a request has named roots that are fetched now, in the lane of reports, which
// is free.
bool begins_custom_ca_by_url(const Stride& s);
// The retrieval that waited for the errand has its lane again.
void take_back(const Stride& s, Lane lane);

// --- the renewal of the phone's certificate (certificate_renewal.cpp, R-CERT-06)

// Begins it, or has it wait for the lane of reports; nothing where it was tried already.
void renew_certificate(const Stride& s, const RenewCertificate& wanted);
// Whether one that waits is begun now, in the lane of reports, which is free.
bool begins_certificate_renewal(const Stride& s);
void certificate_request_made(const Stride& s, const CertificateRequestMade& made);
void certificate_arrived(const Stride& s, const Answered& answer);
void certificate_failed(const Stride& s, const Error& error);
void certificate_read(const Stride& s, const CertificateRead& read);

// --- the PAC file of Proxy_Mode Auto (pac.cpp, R-HTTP-29)

// Whether the lane's request waits for what the phone's PAC file says of its server, which is asked
// for then.
bool asks_pac(const Stride& s, Lane lane);
void pac_said(const Stride& s, const PacSaid& said);
// Nobody was reached by the way that was tried: whether the PAC file has another one, which is
// tried then.
bool tries_next_route(const Stride& s, Lane lane, const Error& error);
// That fetches the file; nothing where the lane's request needs none, or the phone has it.
std::optional<Retrieval> pac_errand(const Stride& s, Lane lane);
Verdict verdict_on_pac(const Answered& answer);
void pac_arrived(const Stride& s, const Answered& answer);
// The file cannot be had: the request is made without it, or fails (knob bad_pac).
void pac_failed(const Stride& s, Lane lane, const Error& error);

// By which way the answer came that is being taken, in words for people; empty where no proxy is
// wanted (way.cpp, R-HTTP-30).
std::string way_of(const Stride& s, Lane lane);

// What was set and fetched is gone, and so is what is under way (R-RESYNC-59).
void reset_to_factory(const Stride& s);

// --- profile rules (profile_rule.cpp)

// `slot` may be one_time_slot. One RuleSkipped, RuleSucceeded or RuleFailed follows, now or later,
// unless power is lost first.
void evaluate_profile_rule(const Stride& s, std::uint8_t slot);
// `text` is what the plan was made of, and is not looked at once anything has been assigned.
void follow_plan(const Stride& s, std::uint8_t slot, std::string_view text, Plan plan);
// Has the retrieval of the work lane, which is there and new, ask the plan's places one after the
// other. The plan has a request.
void ask_places(const Stride& s, std::string_view rule, std::uint8_t slot, Plan plan,
                bool needs_restart);
void servers_found(const Stride& s, const Result<std::vector<SrvRecord>>& records);
void profile_arrived(const Stride& s, const Answered& answer);
// The place that was asked has no usable file.
void profile_failed(const Stride& s, const Error& error);

// --- a phone that nobody has provisioned (first_boot.cpp)

// The rule of the slot is about to be evaluated: whether more places follow is remembered.
void begin_first_boot(const Stride& s, std::uint8_t slot);
// Whether the rule, which has failed, goes on at another place, which is asked then. If it does
// not, `failure` is of the last place that there should have been.
bool goes_on_elsewhere(const Stride& s, Error& failure, bool needs_restart);
// A profile was applied: what becomes of the customization state (R-BOOT-07).
void note_provisioned(const Stride& s);
// R-BOOT-01: the rule leads to an activation code. One that a person has entered is judged now.
void onboard(const Stride& s, bool needs_restart);
// The code is not taken, and the phone asks for another one (R-BOOT-03).
void code_refused(const Stride& s, const Error& error);

// --- Upgrade_Rule (upgrade_rule.cpp)

void evaluate_upgrade_rule(const Stride& s, const EvaluateUpgrade& wanted);
// The file that Upgrade_Rule leads to, or one of its parts.
void load_arrived(const Stride& s, const Answered& answer);
void upgrade_failed(const Stride& s, const Error& error);
// The licence of enterprise firmware, or none (R-UPGRADE-13).
void licence_arrived(const Stride& s, const Answered& answer);
void licence_failed(const Stride& s, const Error& error);

// --- Report_Rule (report_rule.cpp)

// Reports that wait are sent one behind the other; none is begun while one is under way.
void evaluate_report_rule(const Stride& s);
void report_ended(const Stride& s, const std::optional<Error>& error);
// The lane of reports is free: the next thing that waits for it.
void send_next_report(const Stride& s);

}  // namespace provphone::resync::detail
