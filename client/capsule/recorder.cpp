#include "client/capsule/recorder.hpp"

#include "profile/parameter_id.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace provphone::client::capsule {

using resync::Lane;
using resync::Time;

void Recorder::began_running(Time at, std::uint32_t phone) {
  tape_.entries.push_back({at, phone, BeganRunning{}});
}

void Recorder::asked(Time at, std::uint32_t phone, const resync::Fetch& fetch) {
  wanted_[phone][fetch.lane] = at;
}

void Recorder::told(const trace::TraceEvent& event) {
  tape_.entries.push_back(
      {event.at, event.number, Told{std::make_shared<const trace::TraceEvent>(event)}});
}

void Recorder::message_sent(Time at, std::uint32_t phone, drive::FateKnown when,
                            const Result<void>& sent) {
  MessageFate fate{when, {}};
  if (!sent) fate.error = sent.error();
  tape_.entries.push_back({at, phone, std::move(fate)});
}

void Recorder::taken(Time at, std::uint32_t phone, const drive::Stimulus& what,
                     const drive::Handset& phone_before) {
  if (wanted_.try_emplace(phone).second) secrets_.add_of(phone_before.phone.device.parameters);
  if (const auto* event = std::get_if<resync::Event>(&what);
      event != nullptr && std::holds_alternative<resync::DeadlineReached>(*event)) {
    tape_.entries.push_back({at, phone, Woken{phone_before.phone.machine.due}});
    return;
  }
  if (const auto* input = std::get_if<resync::Input>(&what))
    return add_input(at, phone, *input, phone_before);
  if (const auto* ask = std::get_if<drive::AskWithRule>(&what)) secrets_.add_of_text(ask->rule);
  if (const auto* set = std::get_if<drive::SetByHand>(&what)) secrets_.add_of(set->assignments);
  tape_.entries.push_back({at, phone, std::make_shared<const drive::Stimulus>(what)});
}

void Recorder::add_input(Time at, std::uint32_t phone, const resync::Input& input,
                         const drive::Handset& before) {
  if (const auto* answered = std::get_if<resync::Answered>(&input)) {
    Answer answer{*answered, place_of_body(answered->body)};
    answer.answered.body.clear();
    note_keys(answer, before);
    return ended(at, phone, before, answered->lane, std::move(answer));
  }
  if (const auto* failed = std::get_if<resync::Failed>(&input))
    return ended(at, phone, before, failed->lane, Unanswered{NoAnswer::failed, failed->error});
  if (const auto* failed = std::get_if<resync::NotAsked>(&input))
    return ended(at, phone, before, failed->lane, Unanswered{NoAnswer::not_asked, failed->error});
  tape_.entries.push_back({at, phone, std::make_shared<const drive::Stimulus>(input)});
}

void Recorder::ended(Time at, std::uint32_t phone, const drive::Handset& before, Lane lane,
                     std::variant<Answer, Unanswered> with) {
  const auto& retrieval = before.retrievals.lanes[lane];
  std::size_t asked = 0;
  if (retrieval) {
    note_secrets(retrieval->request);
    asked = place_of_asked(asked_of(retrieval->request));
  }
  tape_.entries.push_back(
      {at, phone, Ended{lane, asked, at - wanted_[phone][lane], std::move(with)}});
}

void Recorder::note_keys(const Answer& answer, const drive::Handset& before) {
  Keys keys;
  if (const auto& retrieval = before.retrievals.lanes[answer.answered.lane])
    keys.phrase = retrieval->request.key.value_or("");
  if (answer.answered.content_encoding == "aes128gcm")
    keys.ikm =
        before.phone.device.parameters.get(profile::parameter_id("IKM_HTTP_Encrypt_Content"));
  if (!keys.phrase.empty() || !keys.ikm.empty()) keys_.try_emplace(answer.body, std::move(keys));
}

void Recorder::note_secrets(const resync::Request& request) {
  if (request.key) secrets_.add(*request.key);
  if (request.login) secrets_.add(request.login->password);
}

void Recorder::take_in(const Recorder& other) {
  secrets_.add_of(other.secrets_);
  for (auto entry : other.tape_.entries) {
    if (auto* ended = std::get_if<Ended>(&entry.what)) {
      ended->asked = place_of_asked(other.tape_.asked[ended->asked]);
      if (auto* answer = std::get_if<Answer>(&ended->with)) {
        const auto place = place_of_body(other.tape_.bodies[answer->body]);
        if (const auto keys = other.keys_.find(answer->body); keys != other.keys_.end())
          keys_.try_emplace(place, keys->second);
        answer->body = place;
      }
    }
    tape_.entries.push_back(std::move(entry));
  }
  std::stable_sort(tape_.entries.begin(), tape_.entries.end(),
                   [](const Entry& a, const Entry& b) { return a.at < b.at; });
}

std::size_t Recorder::place_of_asked(std::string text) {
  const auto [place, is_new] = asked_places_.try_emplace(std::move(text), tape_.asked.size());
  if (is_new) tape_.asked.push_back(place->first);
  return place->second;
}

std::size_t Recorder::place_of_body(const std::string& body) {
  const auto hash = std::hash<std::string>{}(body);
  const auto [first, last] = body_places_.equal_range(hash);
  for (auto it = first; it != last; ++it) {
    if (tape_.bodies[it->second] == body) return it->second;
  }
  body_places_.emplace(hash, tape_.bodies.size());
  tape_.bodies.push_back(body);
  return tape_.bodies.size() - 1;
}

}  // namespace provphone::client::capsule
