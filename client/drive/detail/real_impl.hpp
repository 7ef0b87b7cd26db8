#pragma once

#include "client/drive/conductor.hpp"
#include "client/drive/real.hpp"
#include "client/drive/run_clock.hpp"
#include "client/drive/timer_wheel.hpp"
#include "macro/enum_array.hpp"

#include <deque>

// The inside of RealDriver, for its sources alone.
namespace provphone::client::drive {
namespace detail {

using resync::Lane;
// Of the run's clock, unless it says otherwise.
using Instant = Clock::Instant;

// A fetch from when it is wanted until its answer has come.
struct UnderWay {
  resync::Fetch fetch;  // until it has started, like the next
  std::shared_ptr<transport::Connection> connection;
  Instant due{};  // when it should have started
  Instant started{};
  Instant really_started{};  // by the clock that no pause stops
  // Which fetch of the lane it is, while it waits for its turn to start; 0 from then on.
  std::uint64_t ticket = 0;
  // 0: not started.
  transport::Exchange::Id exchange = 0;
};

// A phone that something is under way with.
struct ActivePhone {
  std::optional<UnderWay>& in(Lane lane) { return fetches[lane]; }

  Handset handset;
  Instant due{};  // when what it does now should have been done
  EnumArray<Lane, std::optional<UnderWay>> fetches;
  // The number of the look-up of SRV records that it waits for; 0: none.
  std::uint64_t look_up = 0;
  EnumArray<Lane, std::uint64_t> pac_questions{};  // likewise, of what it asks its PAC file
};

// A fetch that waits for its turn to start.
struct Waiting {
  std::uint32_t index;
  Lane lane;
  std::uint64_t ticket;  // the lane's fetch may be another one by the time its turn comes
  Instant not_before;    // by the pace
};

// What is known of the answer that is being taken: for its lines in the trace, and for the fetch
// that follows it.
struct AnswerTaken {
  trace::StageTimes stages;
  Instant taken_from{};  // decoding begins, by the clock that no pause stops
  std::shared_ptr<transport::Connection> connection;
};

}  // namespace detail

// real.cpp has time and phones at rest, detail/exchanges.cpp what is on its way,
// detail/certificate.cpp what phones show.
class RealDriver::Impl final : public World {
 public:
  Impl(std::unique_ptr<Clock> clock, std::unique_ptr<transport::Exchange> exchange, RealRun run);
  ~Impl() override = default;
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void happens(std::size_t index, const resync::Event& event,
               std::shared_ptr<const resync::Brought> brought);
  resync::Time now() const;
  void power_on(std::size_t index);
  void request_resync_of_running(std::size_t index);
  bool is_at_rest() const;
  DrivenPhone phone(std::size_t index) const;
  std::uint32_t number(std::size_t index) const { return run_.phones->number(index); }
  std::size_t phone_count() const { return awake_.size(); }
  std::size_t in_flight() const { return in_flight_; }
  std::size_t messages_waiting() const { return messages_waiting_; }
  void set_pace(const Pace& pace);
  void pause(detail::Instant at) { clock_.pause(at); }
  void go_on(detail::Instant at);

  Handset& handset(std::size_t index) override { return awake(index).handset; }
  resync::Depth depth(std::size_t /*index*/) const override { return run_.depth; }
  resync::FileCache* file_cache() override { return run_.phones->file_cache(); }
  void fetch(std::size_t index, resync::Fetch fetch) override;
  void cancel(std::size_t index, resync::Lane lane) override;
  void look_up(std::size_t index, const resync::LookUp& wanted) override;
  void ask_pac(std::size_t index, const resync::AskPac& wanted) override;
  void request_certificate(std::size_t index) override;
  void install_certificate(std::size_t index, const resync::InstallCertificate& wanted) override;
  void send_log(std::size_t index, const resync::Log& log, trace::TraceEvent line) override;
  void taking(std::size_t index, const Stimulus& what) override;
  bool wants(std::size_t /*index*/, trace::EventKind /*kind*/) const override { return true; }
  void emit(std::size_t index, trace::TraceEvent&& line) override;
  void stepped(std::size_t /*index*/, const resync::Effects& /*effects*/) override {}
  void document(std::size_t index, std::string_view document, const macro::Url& from) override;
  void settled(std::size_t index) override;

 private:
  using Instant = detail::Instant;

  Instant instant(resync::Time time) const { return started_ + time.time_since_epoch(); }
  void drain() { conductor_.drain(now()); }

  // --- who is awake (real.cpp)
  detail::ActivePhone& awake(std::size_t index);  // wakes the phone where it rests
  void let_rest(std::size_t index);

  // --- when (real.cpp)
  void arm_timer();
  void take_what_is_due();
  void forget_plan();
  void apply_event(const Planned& planned, resync::Time now);

  // --- the phone's certificate (certificate.cpp)
  // Made where it has not been yet; null: it has none.
  Result<std::shared_ptr<const identity::TlsIdentity>> tls_of(std::size_t index);
  Result<identity::DeviceCertificate> own_certificate(std::size_t index);

  // --- what is on its way (exchanges.cpp)
  void start_waiting();
  void take_turn(detail::Waiting& waiting, Instant now);
  bool still_waits(const detail::Waiting& waiting) const;
  void start_transfer(std::size_t index, resync::Lane lane);
  void transfer_ended();
  void message_sent(std::size_t index, trace::TraceEvent line, const Result<void>& sent);
  void exchange_done(std::size_t index, resync::Lane lane, Result<resync::Answered> answer,
                     const transport::Exchange::Ended& ended);
  void add_times(std::size_t index, trace::TraceEvent& line);

  RealRun run_;
  RunClock clock_;
  std::unique_ptr<transport::Exchange> exchange_;
  Conductor conductor_;
  std::uint64_t look_ups_ = 0;
  std::uint64_t pac_questions_ = 0;
  std::size_t planned_ = 0;  // so much of the plan has come to pass
  Instant started_;

  static constexpr std::uint32_t nobody = UINT32_MAX;
  // So many are kept for phones to come, and as many again as are awake.
  static constexpr std::size_t kept_places = 64;
  std::vector<std::uint32_t> awake_;  // by phone: its place in active_phones_
  // Pooled: each stays where it is while its phone is awake, and is another's afterwards.
  std::vector<std::unique_ptr<detail::ActivePhone>> active_phones_;
  std::vector<std::uint32_t> free_places_;
  TimerWheel deadlines_;
  // What the clock was asked to ring for: the next deadline, plan entry or start.
  Instant armed_for_ = Instant::max();

  // In the order of wanting. Cancelled fetches stay in it and are passed over (still_waits).
  std::deque<detail::Waiting> waiting_;
  std::uint64_t tickets_ = 0;
  std::size_t in_flight_ = 0;
  Instant next_start_{};  // by the pace
  std::optional<detail::AnswerTaken> answer_;
  std::size_t messages_waiting_ = 0;
  // The first member to go: a message's fate that comes while the others go is nobody's.
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace provphone::client::drive
