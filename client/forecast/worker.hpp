#pragma once

#include "client/drive/conductor.hpp"
#include "client/forecast/event_queue.hpp"
#include "client/forecast/forecast.hpp"
#include "client/forecast/link.hpp"
#include "client/forecast/model_server.hpp"
#include "client/forecast/rest_states.hpp"
#include "client/scenario/phone_events.hpp"
#include "macro/enum_array.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

namespace provphone::client::forecast {

// A phone in virtual time. What it has in common with others is in its rest state.
struct VirtualPhone {
  resync::Phone machine;
  std::uint32_t rest_state = 0;
  // Of the running pass: rules may have to be those that it began with (R-RULE-49).
  std::uint32_t rest_state_at_start = 0;
  // Made so far; an answer to an earlier one comes too late.
  std::uint32_t requests = 0;
  std::uint16_t group = 0;
  bool is_waiting = false;  // for the answer to its last request, while it is asleep
  ServerAct act;            // that answer
};

// A phone that the conductor has, whole.
struct AwakePhone {
  struct Pending {
    std::uint32_t request;  // its number
    resync::Fetch fetch;
    ServerAct act;
    std::optional<std::int64_t>
        us;  // from the request to the answer, where that is still to be told
  };

  drive::Handset handset;
  EnumArray<resync::Lane, std::optional<Pending>> pending;
};

struct PhoneRange {
  std::uint32_t first, end;
};

// Drives a range of phones from the start to the end of the run.
//
// A phone whose pass is like that of many others stays asleep: its machine is stepped, and what a
// retrieval would come to is looked up, having been worked out by the retrieval itself for the
// first phone in its state (asleep.cpp). Whatever is a phone's own wakes it: then the conductor has
// it, as in real time, until it rests (awake.cpp).
class Worker final : public drive::World {
 public:
  Worker(const VirtualRun& run, const std::vector<scenario::GroupSetup>& groups, PhoneRange range);
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

  // What answers of a modelled server come to for phones in a state.
  struct Answered {
    std::uint32_t rest_state;
    std::uint32_t slot;
    ServerAct act;
    // Its number and one; 0: none.
    std::size_t profile;

    friend bool operator==(const Answered&, const Answered&) = default;
  };
  struct AnsweredHash {
    std::size_t operator()(const Answered& answered) const;
  };
  struct Outcome {
    std::uint32_t rest_state;
    resync::Event event;
    std::shared_ptr<const resync::RuleFailure> failure;  // null: it is none
  };

  // --- worker.cpp
  void plan(resync::Time at, std::uint32_t phone, const PhoneEvent& event);
  void prefetch(std::uint32_t phone) const;
  void take(const QueuedEvent& event);
  void apply_event(std::uint32_t phone, const PhoneEvent& event);
  void dispatch(std::uint32_t phone, const resync::Event& event);
  // `request` is its number modulo token_limit, here and in what follows.
  void answer_arrived(std::uint32_t phone, std::uint32_t request);
  // The phone's deadline that is in the queue; Time::max(): none.
  resync::Time queued_deadline(std::uint32_t phone) const;
  // Behind whatever happened to it: `queued` is the one that was in the queue before.
  void queue_deadline(std::uint32_t phone, resync::Time queued);
  void queue_answer(std::uint32_t phone, const ModelAnswer& answer);
  // What a phone does to a server that wants to know who it is.
  enum class Challenged : std::uint8_t { fails, answers };
  ModelAnswer ask(std::uint32_t phone, macro::Scheme scheme, const resync::Request* what,
                  Challenged challenged = Challenged::fails);
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

  // --- asleep.cpp
  void step_asleep(std::uint32_t phone, const resync::Event& event);
  // The event that answers the machine; nothing while a request is under way or the phone woke up.
  std::optional<resync::Event> follow(std::uint32_t phone, const resync::Effects& effects);
  Course course_of(std::uint32_t phone, std::uint8_t slot);
  Course find_course(std::uint32_t phone, std::uint8_t slot, RestState& state) const;
  void request(std::uint32_t phone, std::uint8_t slot);
  // What the answer that a sleeping phone waited for comes to, remembered for the next phone in its
  // state.
  Outcome outcome_of(std::uint32_t phone);
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

  VirtualPhone& phone(std::uint32_t number) { return phones_[number - range_.first]; }
  const VirtualPhone& phone(std::uint32_t number) const { return phones_[number - range_.first]; }
  const resync::Personality& personality_of(std::uint32_t number) const {
    return scenario_.phones[phone(number).group].personality;
  }

  // The run, the scenario and the groups outlive the worker.
  const VirtualRun& run_;
  const scenario::Scenario& scenario_;
  PhoneRange range_;
  std::vector<VirtualPhone> phones_;
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
  figures::ForecastFigures figures_;
  resync::Time now_{};
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
  // Why the pass that has just failed did; null: nobody said.
  std::shared_ptr<const resync::RuleFailure> failure_;
  // The phone that facts_ answers for: one closure serves all.
  std::uint32_t current_ = 0;
  macro::Lookup facts_;
};

}  // namespace provphone::client::forecast
