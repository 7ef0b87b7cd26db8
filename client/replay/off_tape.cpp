#include "client/explain/sentences.hpp"
#include "client/replay/player.hpp"
#include "client/replay/words.hpp"

#include <fmt/format.h>

#include <utility>

// Phones that do something else than they did when the capsule was recorded.
namespace provphone::client::replay {

using drive::Stimulus;
using resync::Duration;
using resync::Input;
using resync::Lane;
using resync::Time;

namespace {

// A driver in real time comes to a deadline so much too late, and takes first what else has come.
constexpr Duration latest_wake{250};
// What was due so shortly before the end of a recording may not have come to pass any more.
constexpr Duration last_moment{1'000};

Stimulus failed(Lane lane, const char* why) {
  return Input{resync::Failed{lane, {Errc::connection_refused, why}}};
}

}  // namespace

std::string Player::waits_for(const Seat& seat) {
  for (const auto lane : every<Lane>)
    if (const auto& wanted = seat.wanted[lane])
      return "it waits for the answer to " + wanted->asked;
  const auto due = seat.handset.phone.machine.due;
  if (due == Time::max()) return "it waits for nothing";
  return fmt::format("it waits for {}", explain::time_text(due));
}

// Whether what the phone waits for by itself is what it waited for: its next deadline stands on the
// tape, or something else does before it.
void Player::wait_on_tape(std::uint32_t phone, Seat& seat) {
  const auto due = seat.handset.phone.machine.due;
  if (due == Time::max()) return;
  const auto& entries = capsule_.tape.entries;
  const auto woken_at = [&](std::size_t next) {
    return std::get_if<capsule::Woken>(&entries[seat.entries[next]].what);
  };
  seat.next_woken = std::max(seat.next_woken, seat.next);
  while (seat.next_woken < seat.entries.size() && woken_at(seat.next_woken) == nullptr)
    ++seat.next_woken;
  if (seat.next_woken < seat.entries.size() && woken_at(seat.next_woken)->due == due) return;
  const bool something_comes = seat.next < seat.entries.size();
  if (something_comes && entries[seat.entries[seat.next]].at <= due + latest_wake) return;
  if (!something_comes && due + last_moment > capsule_.manifest.end) return;
  plan_deadline(phone);
}

void Player::leave(std::uint32_t phone, Time at, std::string recorded, std::string played) {
  auto& seat = seats_[phone];
  seat.has_left = true;
  departures_.push_back({mac_of(seat), at, std::move(recorded), std::move(played)});
  if (!answers_) answers_.emplace(capsule_.tape);
  for (auto& line : seat.messages) told_.trace(line);
  seat.messages.clear();
  for (const auto lane : every<Lane>)
    if (seat.wanted[lane]) plan_answer(phone, lane, at);
  if (seat.questions != 0) answer_questions(phone);
  conductor_.drain(at);
  plan_deadline(phone);
}

void Player::plan(Own own) {
  own.order = ++orders_;
  own_.push(own);
}

void Player::plan_deadline(std::uint32_t phone) {
  const auto due = seats_[phone].handset.phone.machine.due;
  if (due != Time::max()) plan({due, 0, phone});
}

// The name of the server becomes an address at once, and the answer comes as late as it came.
void Player::plan_answer(std::uint32_t phone, Lane lane, Time now) {
  const auto& wanted = *seats_[phone].wanted[lane];
  const auto* ended = answers_->find(wanted.asked, phone, now);
  if (ended == nullptr) unknown_.push_back({mac_of(seats_[phone]), now, wanted.asked});
  resolve(phone, lane);
  plan(
      {now + (ended == nullptr ? Duration{} : ended->after), 0, phone, wanted.ticket, lane, ended});
}

void Player::resolve(std::uint32_t phone, Lane lane) {
  auto& wanted = *seats_[phone].wanted[lane];
  if (std::exchange(wanted.is_resolved, true)) return;
  if (auto address = answers_->address_of(wanted.host); !address.empty())
    conductor_.post(phone, Input{resync::Resolved{lane, std::move(address)}});
}

Stimulus Player::recorded_answer(const Seat& seat, Question question) const {
  const auto fits = [&](const Input& input) {
    switch (question) {
      case Question::names:
        return std::holds_alternative<resync::NamesFound>(input);
      case Question::pac_of_work:
      case Question::pac_of_reports:
        return std::holds_alternative<resync::PacSaid>(input);
      case Question::request:
        return std::holds_alternative<resync::CertificateRequestMade>(input);
      case Question::certificate:
        return std::holds_alternative<resync::CertificateRead>(input);
    }
    return false;
  };
  for (const auto place : seat.entries) {
    const auto* what =
        std::get_if<std::shared_ptr<const Stimulus>>(&capsule_.tape.entries[place].what);
    const auto* input = what == nullptr ? nullptr : std::get_if<Input>(what->get());
    if (input == nullptr || !fits(*input)) continue;
    auto answer = *input;
    if (auto* said = std::get_if<resync::PacSaid>(&answer))
      said->lane = question == Question::pac_of_work ? Lane::work : Lane::reports;
    return answer;
  }
  const auto unknown = [](Errc code) {
    return tl::unexpected(Error{code, "the capsule does not say"});
  };
  switch (question) {
    case Question::names:
      return Input{resync::NamesFound{unknown(Errc::name_not_resolved)}};
    case Question::pac_of_work:
      return Input{resync::PacSaid{Lane::work, unknown(Errc::pac_unusable)}};
    case Question::pac_of_reports:
      return Input{resync::PacSaid{Lane::reports, unknown(Errc::pac_unusable)}};
    case Question::request:
      return Input{resync::CertificateRequestMade{unknown(Errc::certificate_unavailable)}};
    case Question::certificate:
      break;
  }
  return Input{resync::CertificateRead{unknown(Errc::certificate_unusable)}};
}

void Player::answer_questions(std::uint32_t phone) {
  auto& seat = seats_[phone];
  const unsigned questions = seat.questions;
  for (unsigned i = 0; questions >> i != 0; ++i) {
    if ((questions >> i & 1U) != 0)
      conductor_.post(phone, recorded_answer(seat, static_cast<Question>(i)));
  }
  seat.questions = 0;
}

// --- time of their own

void Player::run_own_until(Time end) {
  while (!own_.empty() && own_.top().at <= end) {
    const auto own = own_.top();
    own_.pop();
    take_own(own);
  }
}

void Player::take_own(const Own& own) {
  auto& seat = seats_[own.phone];
  if (own.ticket == 0) {
    // Planned for a deadline that is no more.
    if (seat.handset.phone.machine.due != own.at) return;
    if (!seat.has_left) {
      const auto* next = seat.next < seat.entries.size()
                             ? &capsule_.tape.entries[seat.entries[seat.next]]
                             : nullptr;
      auto recorded = next == nullptr
                          ? std::string("nothing more came to it")
                          : fmt::format("nothing until {}, when {}", explain::time_text(next->at),
                                        words_of(*next, capsule_.tape));
      leave(own.phone, own.at, std::move(recorded), "something is due");
      return;
    }
    return happen(own.phone, resync::Event{resync::DeadlineReached{}}, own.at);
  }
  auto& wanted = seat.wanted[own.lane];
  if (!wanted || wanted->ticket != own.ticket) return;
  wanted.reset();
  if (own.answer == nullptr)
    return happen(own.phone, failed(own.lane, "the capsule has no answer to this"), own.at);
  happen(own.phone, answer_of(*own.answer, own.lane), own.at);
}

}  // namespace provphone::client::replay
