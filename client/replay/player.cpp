#include "client/replay/player.hpp"

#include "client/replay/words.hpp"
#include "resync/machine.hpp"

#include <utility>

namespace provphone::client::replay {

using capsule::Entry;
using drive::Stimulus;
using resync::Lane;
using resync::Time;

Stimulus Player::answer_of(const capsule::Ended& ended, Lane lane) const {
  using resync::Input;
  if (const auto* none = std::get_if<capsule::Unanswered>(&ended.with)) {
    if (none->why == capsule::NoAnswer::failed) return Input{resync::Failed{lane, none->error}};
    return Input{resync::NotAsked{lane, none->error}};
  }
  const auto& answer = std::get<capsule::Answer>(ended.with);
  auto answered = answer.answered;
  answered.lane = lane;
  answered.body = capsule_.tape.bodies[answer.body];
  return Input{std::move(answered)};
}

Player::Player(const capsule::Capsule& capsule, Cast cast, Told told)
    : capsule_(capsule),
      scenario_(std::move(cast.scenario)),
      told_(std::move(told)),
      conductor_(*this, {scenario_.seed, capsule.wall, {scenario_.seed, 0}}),
      seats_(cast.phones.size()) {
  for (std::size_t i = 0; i < seats_.size(); ++i)
    seats_[i].handset.phone = std::move(cast.phones[i]);
  const auto& entries = capsule.tape.entries;
  for (std::size_t i = 0; i < entries.size(); ++i)
    seats_.at(entries[i].phone).entries.push_back(static_cast<std::uint32_t>(i));
}

void Player::play() {
  const auto& entries = capsule_.tape.entries;
  for (at_entry_ = 0; at_entry_ < entries.size(); ++at_entry_) {
    run_own_until(entries[at_entry_].at);
    take_entry(entries[at_entry_]);
  }
  run_own_until(capsule_.manifest.end);
}

void Player::happen(std::uint32_t phone, Stimulus what, Time at) {
  conductor_.post(phone, std::move(what));
  conductor_.drain(at);
}

void Player::take_entry(const Entry& entry) {
  auto& seat = seats_[entry.phone];
  // A message whose fate was known at once was taken with what it follows from.
  if (seat.next >= seat.entries.size() || seat.entries[seat.next] != at_entry_) return;
  ++seat.next;
  if (const auto* told = std::get_if<capsule::Told>(&entry.what)) return told_.trace(*told->line);
  if (std::holds_alternative<capsule::BeganRunning>(entry.what))
    return began_running(entry.phone, entry.at);
  const auto* what = std::get_if<std::shared_ptr<const Stimulus>>(&entry.what);
  if (what != nullptr && comes_from_outside(**what)) return happen(entry.phone, **what, entry.at);
  if (seat.has_left) return;
  if (!follows(seat, entry.phone, entry))
    leave(entry.phone, entry.at, words_of(entry, capsule_.tape), waits_for(seat));
}

// Whether the phone does what it did by then, so that what came to it may come.
bool Player::follows(Seat& seat, std::uint32_t phone, const Entry& entry) {
  if (const auto* woken = std::get_if<capsule::Woken>(&entry.what)) {
    if (seat.handset.phone.machine.due != woken->due) return false;
    happen(phone, resync::Event{resync::DeadlineReached{}}, entry.at);
    return true;
  }
  if (const auto* ended = std::get_if<capsule::Ended>(&entry.what))
    return take(seat, phone, entry, *ended);
  if (const auto* fate = std::get_if<capsule::MessageFate>(&entry.what)) {
    if (seat.messages.empty()) return false;
    message_later(seat, entry, *fate);
    return true;
  }
  return take(seat, phone, entry, *std::get<std::shared_ptr<const Stimulus>>(entry.what));
}

bool Player::take(Seat& seat, std::uint32_t phone, const Entry& entry,
                  const capsule::Ended& ended) {
  auto& wanted = seat.wanted[ended.lane];
  if (!wanted || wanted->asked != capsule_.tape.asked[ended.asked]) return false;
  wanted.reset();
  happen(phone, answer_of(ended, ended.lane), entry.at);
  return true;
}

bool Player::take(Seat& seat, std::uint32_t phone, const Entry& entry, const Stimulus& what) {
  if (!is_asked(seat, std::get<resync::Input>(what))) return false;
  happen(phone, what, entry.at);
  return true;
}

bool Player::comes_from_outside(const Stimulus& what) {
  return !std::holds_alternative<resync::Input>(what);
}

bool Player::is_asked(Seat& seat, const resync::Input& input) {
  if (const auto* resolved = std::get_if<resync::Resolved>(&input)) {
    auto& wanted = seat.wanted[resolved->lane];
    if (wanted) wanted->is_resolved = true;
    return wanted.has_value();
  }
  auto question = Question::names;
  if (const auto* said = std::get_if<resync::PacSaid>(&input))
    question = said->lane == Lane::work ? Question::pac_of_work : Question::pac_of_reports;
  if (std::holds_alternative<resync::CertificateRequestMade>(input)) question = Question::request;
  if (std::holds_alternative<resync::CertificateRead>(input)) question = Question::certificate;
  const auto bit = static_cast<std::uint8_t>(1U << static_cast<unsigned>(question));
  if ((seat.questions & bit) == 0) return false;
  seat.questions = static_cast<std::uint8_t>(seat.questions & ~bit);
  return true;
}

void Player::began_running(std::uint32_t index, Time at) {
  auto& phone = seats_[index].handset.phone;
  const auto source = phone.device.macros();
  const auto facts = resync::lookup_of(source);
  phone.machine = resync::running_phone(index, conductor_.shared(phone, facts), at);
}

// --- what phones want

void Player::fetch(std::size_t index, resync::Fetch fetch) {
  auto& seat = seats_[index];
  seat.wanted[fetch.lane] =
      Wanted{capsule::asked_of(fetch.request), resync::host_asked(fetch), ++tickets_};
  if (seat.has_left) plan_answer(static_cast<std::uint32_t>(index), fetch.lane, conductor_.now());
}

void Player::cancel(std::size_t index, Lane lane) {
  auto& seat = seats_[index];
  seat.wanted[lane].reset();
  const auto clear = [&](Question question) {
    seat.questions =
        static_cast<std::uint8_t>(seat.questions & ~(1U << static_cast<unsigned>(question)));
  };
  if (lane == Lane::work) clear(Question::names);
  clear(lane == Lane::work ? Question::pac_of_work : Question::pac_of_reports);
}

void Player::look_up(std::size_t index, const resync::LookUp& /*wanted*/) {
  ask(index, Question::names);
}

void Player::ask_pac(std::size_t index, const resync::AskPac& wanted) {
  ask(index, wanted.lane == Lane::work ? Question::pac_of_work : Question::pac_of_reports);
}

void Player::request_certificate(std::size_t index) {
  ask(index, Question::request);
}

void Player::install_certificate(std::size_t index, const resync::InstallCertificate& /*wanted*/) {
  ask(index, Question::certificate);
}

void Player::ask(std::size_t index, Question question) {
  auto& seat = seats_[index];
  seat.questions =
      static_cast<std::uint8_t>(seat.questions | 1U << static_cast<unsigned>(question));
  if (seat.has_left) answer_questions(static_cast<std::uint32_t>(index));
}

// A fate that was known at once stands right behind what the message follows from.
void Player::send_log(std::size_t index, const resync::Log& /*log*/, trace::TraceEvent line) {
  auto& seat = seats_[index];
  line.number = static_cast<std::uint32_t>(index);
  if (seat.has_left) return told_.trace(line);
  const auto* fate =
      seat.next < seat.entries.size()
          ? std::get_if<capsule::MessageFate>(&capsule_.tape.entries[seat.entries[seat.next]].what)
          : nullptr;
  if (fate == nullptr || fate->when == drive::FateKnown::later)
    return seat.messages.push_back(std::move(line));
  ++seat.next;
  line.at = conductor_.now();
  tell_fate(std::move(line), *fate);
}

void Player::message_later(Seat& seat, const Entry& entry, const capsule::MessageFate& fate) {
  auto line = std::move(seat.messages.front());
  seat.messages.pop_front();
  line.at = entry.at;
  tell_fate(std::move(line), fate);
}

void Player::tell_fate(trace::TraceEvent line, const capsule::MessageFate& fate) {
  if (fate.error) {
    line.error = fate.error->code;
    line.detail = fate.error->detail;
  }
  told_.trace(line);
}

// --- what is told of them

void Player::emit(std::size_t index, trace::TraceEvent&& line) {
  line.number = static_cast<std::uint32_t>(index);
  told_.trace(line);
}

void Player::document(std::size_t index, std::string_view document, const macro::Url& from) {
  if (told_.document) told_.document(static_cast<std::uint32_t>(index), document, from);
}

void Player::settled(std::size_t index) {
  auto& seat = seats_[index];
  if (seat.has_left) {
    plan_deadline(static_cast<std::uint32_t>(index));
  } else {
    wait_on_tape(static_cast<std::uint32_t>(index), seat);
  }
}

}  // namespace provphone::client::replay
