#pragma once

#include "client/drive/conductor.hpp"
#include "client/forecast/event_queue.hpp"
#include "client/forecast/forecast.hpp"
#include "client/forecast/large_pages.hpp"
#include "client/forecast/link.hpp"
#include "client/forecast/meeting.hpp"
#include "client/forecast/model_server.hpp"
#include "client/forecast/outcomes.hpp"
#include "client/forecast/plan.hpp"
#include "client/forecast/rest_states.hpp"
#include "client/forecast/virtual_phone.hpp"
#include "client/scenario/phone_events.hpp"
#include "macro/enum_array.hpp"

#include <bitset>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace provphone::client::forecast {

// Drives a range of phones from the start to the end of the run.
//
// A phone whose pass is like that of many others stays asleep: its machine is stepped, and what a
// retrieval would come to is looked up, having been worked out by the retrieval itself for the
// first phone in its state (asleep.cpp). Whatever is a phone's own wakes it: then the conductor has
// it, as in real time, until it rests (awake.cpp).
class Worker final : public drive::World {
 public:
  // Whoever shares the server with others has a seat where they meet, which outlives it.
  struct Place {
    Meeting* meeting = nullptr;  // null: it shares with nobody
    std::size_t seat = 0;
  };

  Worker(const VirtualRun& run, const std::vector<scenario::GroupSetup>& groups, PhoneRange range,
         Place place);
  ~Worker() override = default;
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  // On the calling thread, once: the worker is spent afterwards.
  VirtualResult work();

  // --- for phones that are awake
  drive::Handset& handset(std::size_t phone) override;
  resync::Depth depth(std::size_t phone) const override;
  resync::FileCache* file_cache() override { return nullptr; }
  void fetch(std::size_t phone, resync::Fetch fetch) override;
  void cancel(std::size_t phone, resync::Lane lane) override;
  void look_up(std::size_t phone, const resync::LookUp& wanted) override;
  void ask_pac(std::size_t phone, const resync::AskPac& wanted) override;
  void request_certificate(std::size_t phone) override;
  void install_certificate(std::size_t phone, const resync::InstallCertificate& wanted) override;
  void send_log(std::size_t phone, const resync::Log& log, trace::TraceEvent line) override;
  bool wants(std::size_t phone, trace::EventKind kind) const override;
  void emit(std::size_t phone, trace::TraceEvent&& line) override;
  void stepped(std::size_t phone, const resync::Effects& effects) override;
  void document(std::size_t phone, std::string_view document, const macro::Url& from) override;
  void settled(std::size_t phone) override;

 private:
  // What a queued event's token says; for an answer the rest of it is the request's number. In one
  // instant they come in this order, as they do in real time.
  enum class Queued : std::uint32_t { event, deadline, answer, link };
  static constexpr unsigned kind_bits = 2;
  // Numbers of requests are compared modulo this: no phone has so many answers on their way.
  static constexpr std::uint32_t token_limit = 1U << (32U - kind_bits);

  using PhoneEvent = scenario::PhoneEvent;

  // --- worker.cpp
  // Until nothing is left or the run is over; what has ended it before.
  std::optional<figures::RunEnd> drive_alone();
  // Now and then, reports and asks whether somebody interrupts the run.
  std::optional<figures::RunEnd> look_up_once();
  void plan(resync::Time at, std::uint32_t phone, const PhoneEvent& event);
  void read_ahead(std::uint32_t phone) const;
  void take(const QueuedEvent& event);
  void apply_event(std::uint32_t phone, const PhoneEvent& event);
  void dispatch(std::uint32_t phone, const resync::Event& event);
  // `request` is its number modulo token_limit, here and in what follows.
  void answer_arrived(std::uint32_t phone, std::uint32_t request);
  // The phone's deadline that is in the queue; Time::max(): none.
  resync::Time queued_deadline(std::uint32_t phone) const;
  // Behind whatever happened to it: `queued` is the one that was in the queue before.
  void queue_deadline(std::uint32_t phone, resync::Time queued);
  // To the phone's request of that number.
  void queue_answer(std::uint32_t phone, std::uint32_t request, const ModelAnswer& answer);
  ModelAnswer ask(std::uint32_t phone, macro::Scheme scheme, const resync::Request* what,
                  Challenged challenged = Challenged::fails);
  // A request that is made now and had that turn.
  void count(std::uint32_t phone, Challenged challenged, const Turn& turn,
             const ModelAnswer& answer);
  void note(std::uint32_t phone, const resync::Effects& effects);
  struct Counting;  // what each effect counts as
  void note_failed(std::uint32_t phone, figures::Work work, Errc code, std::string_view url,
                   std::string_view detail);
  const profile::ParameterSet& parameters_of(std::uint32_t phone) const;
  void judge_final();
  // Of the server, up to that moment and once each; where somebody traces.
  void tell_outages(resync::Time until);

  // --- under_way.cpp: answers that go over the server's line
  void await_octets(std::uint32_t phone, const ModelAnswer& answer);
  // Whether the answer has octets that begin to go over the line now.
  bool begins_transfer(std::uint32_t phone, std::uint32_t request);
  // Nobody waits for the answer to that request any more.
  void withdraw(std::uint32_t phone, std::uint32_t request);
  void transfers_end();
  void give_up(const Transfer& transfer);
  void queue_link();

  // --- rounds.cpp: workers that share a server
  std::optional<figures::RunEnd> drive_in_rounds();
  resync::Time next_moment();
  void drive_on(resync::Time end);
  bool meets_others() const { return place_.meeting != nullptr; }
  Seat& seat() const { return place_.meeting->seats()[place_.seat]; }
  void leave_undecided(Undecided request);
  void take_turns();
  void try_out(const Undecided& request, const Turn& turn, Tried& tried);
  ModelAnswer answer_to(const Undecided& request, const Turn& turn) const;
  void restore(std::uint32_t phone, const Before& before);
  void decide();
  void let_be(const Undecided& request, const Tried& tried);

  // --- asleep.cpp
  resync::Effects step(std::uint32_t phone, const resync::Event& event);
  void tell(std::uint32_t phone, const resync::Effects& effects);
  void step_asleep(std::uint32_t phone, const resync::Event& event);
  // The event that answers the machine; nothing while a request is under way or the phone woke up.
  std::optional<resync::Event> follow(std::uint32_t phone, const resync::Effects& effects);
  Course course_of(std::uint32_t phone, std::uint8_t slot);
  // The rules that the machine need not ask for in this step.
  std::bitset<resync::rule_slots> idle_rules_of(std::uint32_t phone);
  // Whether phones in this one's state have the rules that count for it.
  bool has_rules_of_its_state(std::uint32_t phone) const;
  Course find_course(std::uint32_t phone, std::uint8_t slot, RestState& state) const;
  // What its answer comes to, where nothing can happen to the phone before that; now_ is then the
  // time of the answer. Nothing: it waits.
  std::optional<resync::Event> request(std::uint32_t phone, std::uint8_t slot);
  // The server has acted so on what a sleeping phone asks for now.
  void answer_asleep(std::uint32_t phone, const ModelAnswer& answer);
  std::optional<std::size_t> profile_for(std::uint32_t phone) const;
  // What the answer that a sleeping phone waited for comes to, remembered for the next phone in its
  // state; null where that is a phone's own. Valid as long as the worker.
  const Outcome* known_outcome_of(std::uint32_t phone);
  Outcome outcome_of(std::uint32_t phone);
  // Behind the outcome of its answer: the event that tells its machine.
  resync::Event take_outcome(std::uint32_t phone);
  Outcome work_out(std::uint32_t phone, std::optional<std::size_t> profile);
  void judge_effects(std::uint32_t phone, const resync::Effects& effects);
  void judge_machine_event(std::uint32_t phone, const resync::Event& happened);
  trace::TraceEvent line(std::uint32_t phone, trace::EventKind kind) const;
  bool look_up_macro(std::string_view name, std::string& out) const;

  // --- awake.cpp
  void note_work(std::uint32_t phone, const trace::TraceEvent& line);
  Challenged when_challenged(std::uint32_t phone, resync::Lane lane);
  bool is_awake(std::uint32_t phone) const { return awake_.contains(phone); }
  bool is_watched(std::uint32_t phone) const;
  bool is_traced(std::uint32_t phone) const;
  bool is_judged(trace::EventKind kind) const { return judge_ && judge_->wants(kind); }
  void wake(std::uint32_t phone);
  void resume(std::uint32_t phone);
  drive::DrivenPhone whole(std::uint32_t phone) const;
  void deliver(std::uint32_t phone, std::uint32_t request);
  // The server has acted so on that request, which a phone makes now that is awake.
  void answer_awake(std::uint32_t phone, std::uint32_t request, const ModelAnswer& answer);

  VirtualPhone& phone(std::uint32_t number) { return phones_[number - range_.first]; }
  const VirtualPhone& phone(std::uint32_t number) const { return phones_[number - range_.first]; }
  const resync::Personality& personality_of(std::uint32_t number) const {
    return scenario_.phones[phone(number).group].personality;
  }

  // The run, the scenario and the groups outlive the worker.
  const VirtualRun& run_;
  const scenario::Scenario& scenario_;
  PhoneRange range_;
  Place place_;
  std::vector<VirtualPhone, LargePages<VirtualPhone>> phones_;
  RestStates states_;
  ModelServer server_;
  std::optional<Link> link_;  // nothing: an answer's size takes no time
  // Answers whose first octet is still to leave, by whom they are for.
  std::map<TransferId, Transfer> unsent_;
  // Of the earliest event about the line that is in the queue; Time::max(): none.
  resync::Time link_queued_ = resync::Time::max();
  ModelFiles files_;
  // The server's answers depend on what is asked for, so that every rule is a phone's own.
  bool place_matters_;
  EventQueue queue_;
  std::vector<trace::TraceEvent> outages_;  // begins and ends that are still to be told, last first
  std::vector<PhoneEvent> phone_events_;
  Plan planned_;
  figures::ForecastFigures figures_;
  resync::Time now_{};
  std::uint64_t taken_events_ = 0;
  std::unordered_map<Answered, Outcome, AnsweredHash> outcomes_;
  // By number, and few: they are whole, and sleeping phones are 200 octets or so.
  std::unordered_map<std::uint32_t, std::unique_ptr<AwakePhone>> awake_;
  // How long the answer took that is being taken; nothing: it was told before the phone woke up.
  std::optional<std::int64_t> answer_us_;
  drive::Conductor conductor_;
  expect::RollCall roll_;
  std::optional<expect::Judge> judge_;  // where something is expected
  // By more than a phone that is asleep tells, so that all of them have to be awake.
  bool judges_closely_ = false;
  bool aborts_ = false;  // when an expectation is lost
  // Why the pass that has just failed did; null: nobody said.
  std::shared_ptr<const resync::RuleFailure> failure_;
  // --- of a round
  std::optional<figures::RunEnd> interruption_;
  std::size_t most_open_ = 16;                    // requests of its own, in the next round
  resync::Time driven_to_ = resync::Time::max();  // the first event that is left
  std::vector<std::size_t> taken_;                // so many of each seat's requests
  std::vector<TurnTaken> turns_;                  // in their order
  std::vector<Tried> tried_;                      // of its own among them
  // What waits for a phone's requests to be decided, in its order.
  std::unordered_map<std::uint32_t, std::vector<QueuedEvent>> held_;
  // The phone that facts_ answers for: one closure serves all.
  std::uint32_t current_ = 0;
  macro::Lookup facts_;
};

}  // namespace provphone::client::forecast
