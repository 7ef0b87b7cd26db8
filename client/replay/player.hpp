#pragma once

#include "client/drive/conductor.hpp"
#include "client/replay/answers.hpp"
#include "client/replay/cast.hpp"

#include <deque>
#include <functional>
#include <optional>
#include <queue>
#include <string>
#include <vector>

namespace provphone::client::replay {

// Where a phone does something else than it did when it was recorded.
struct Departure {
  MacAddress phone;
  resync::Time at;
  std::string recorded;  // what it did then, or what came to it; for people
  std::string played;    // what it does now
};

// A request that nobody made when the capsule was recorded, so that nobody knows its answer.
struct Unknown {
  MacAddress phone;
  resync::Time at;
  std::string asked;
};

// Has a capsule's phones live through it once more, in virtual time: the third driver. As long as a
// phone does what it did, what comes to it comes when it came. A phone that does something else
// leaves the tape: it goes on by itself, gets what the server answered to the same questions, and
// still meets what people did to it.
class Player final : public drive::World {
 public:
  struct Told {
    trace::TraceSink trace;  // may not be empty
    // Each profile that was decoded; may be empty.
    std::function<void(std::uint32_t phone, std::string_view document, const macro::Url& from)>
        document;
    resync::Depth depth = resync::Depth::everything;
  };

  // `capsule` must outlive it.
  Player(const capsule::Capsule& capsule, Cast cast, Told told);

  // To the end of the recording; once.
  void play();

  // By time; at most one a phone.
  const std::vector<Departure>& departures() const { return departures_; }
  const std::vector<Unknown>& unknown() const { return unknown_; }
  const scenario::Scenario& scenario() const { return scenario_; }
  std::size_t phone_count() const { return seats_.size(); }
  const drive::DrivenPhone& phone(std::size_t index) const { return seats_[index].handset.phone; }

  // --- what phones want
  drive::Handset& handset(std::size_t index) override { return seats_[index].handset; }
  resync::Depth depth(std::size_t /*index*/) const override { return told_.depth; }
  resync::FileCache* file_cache() override { return nullptr; }
  void fetch(std::size_t index, resync::Fetch fetch) override;
  void cancel(std::size_t index, resync::Lane lane) override;
  void look_up(std::size_t index, const resync::LookUp& wanted) override;
  void ask_pac(std::size_t index, const resync::AskPac& wanted) override;
  void request_certificate(std::size_t index) override;
  void install_certificate(std::size_t index, const resync::InstallCertificate& wanted) override;
  void send_log(std::size_t index, const resync::Log& log, trace::TraceEvent line) override;
  bool wants(std::size_t /*index*/, trace::EventKind /*kind*/) const override { return true; }
  void emit(std::size_t index, trace::TraceEvent&& line) override;
  void stepped(std::size_t /*index*/, const resync::Effects& /*effects*/) override {}
  void document(std::size_t index, std::string_view document, const macro::Url& from) override;
  void settled(std::size_t index) override;

 private:
  // What a phone waits for that is no fetch.
  enum class Question : std::uint8_t { names, pac_of_work, pac_of_reports, request, certificate };

  struct Wanted {
    std::string asked;
    std::string host;
    std::uint64_t ticket = 0;
    bool is_resolved = false;
  };
  struct Seat {
    drive::Handset handset;
    std::vector<std::uint32_t> entries;  // of the tape, that are this phone's
    std::size_t next = 0;                // of these
    std::size_t next_woken = 0;          // likewise, the next one that is Woken
    bool has_left = false;
    EnumArray<resync::Lane, std::optional<Wanted>> wanted;
    std::uint8_t questions = 0;              // bits by Question
    std::deque<trace::TraceEvent> messages;  // whose fate is not known yet
  };
  // Something that a phone does by itself, off the tape.
  struct Own {
    resync::Time at;
    std::uint64_t order = 0;  // of equal times the first one that was planned
    std::uint32_t phone = 0;
    // The answer to that ticket of that lane; 0: its deadline.
    std::uint64_t ticket = 0;
    resync::Lane lane = resync::Lane::work;
    const capsule::Ended* answer = nullptr;  // null: nobody knows

    bool operator<(const Own& other) const {
      return at != other.at ? at > other.at : order > other.order;
    }
  };

  // --- the tape
  void take_entry(const capsule::Entry& entry);
  bool follows(Seat& seat, std::uint32_t phone, const capsule::Entry& entry);
  bool take(Seat& seat, std::uint32_t phone, const capsule::Entry& entry,
            const capsule::Ended& ended);
  bool take(Seat& seat, std::uint32_t phone, const capsule::Entry& entry,
            const drive::Stimulus& what);
  void began_running(std::uint32_t phone, resync::Time at);
  void message_later(Seat& seat, const capsule::Entry& entry, const capsule::MessageFate& fate);
  drive::Stimulus answer_of(const capsule::Ended& ended, resync::Lane lane) const;
  static bool is_asked(Seat& seat, const resync::Input& input);
  void ask(std::size_t index, Question question);
  void tell_fate(trace::TraceEvent line, const capsule::MessageFate& fate);
  static bool comes_from_outside(const drive::Stimulus& what);
  void happen(std::uint32_t phone, drive::Stimulus what, resync::Time at);

  // --- off the tape (off_tape.cpp)
  void leave(std::uint32_t phone, resync::Time at, std::string recorded, std::string played);
  void run_own_until(resync::Time end);
  void take_own(const Own& own);
  void plan(Own own);
  void plan_deadline(std::uint32_t phone);
  static MacAddress mac_of(const Seat& seat) { return seat.handset.phone.device.identity.mac; }
  static std::string waits_for(const Seat& seat);
  drive::Stimulus recorded_answer(const Seat& seat, Question question) const;
  void plan_answer(std::uint32_t phone, resync::Lane lane, resync::Time now);
  void answer_questions(std::uint32_t phone);
  void wait_on_tape(std::uint32_t phone, Seat& seat);
  void resolve(std::uint32_t phone, resync::Lane lane);

  const capsule::Capsule& capsule_;
  scenario::Scenario scenario_;
  Told told_;
  drive::Conductor conductor_;
  std::optional<Answers> answers_;  // made for the first phone that leaves
  std::vector<Seat> seats_;
  std::size_t at_entry_ = 0;  // of the tape: the one that is being taken
  std::priority_queue<Own> own_;
  std::uint64_t orders_ = 0, tickets_ = 0;
  std::vector<Departure> departures_;
  std::vector<Unknown> unknown_;
};

}  // namespace provphone::client::replay
