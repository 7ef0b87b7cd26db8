#include "client/forecast/worker.hpp"

#include <algorithm>

// Phones that the conductor has, as it has them in real time.
namespace provphone::client::forecast {

using resync::Lane;
using resync::Time;
using trace::EventKind;
using trace::TraceEvent;

bool Worker::is_traced(std::uint32_t number) const {
  return run_.trace && (!run_.is_traced || run_.is_traced(number));
}

bool Worker::is_watched(std::uint32_t number) const {
  return judges_closely_ || is_traced(number);
}

drive::DrivenPhone Worker::whole(std::uint32_t number) const {
  const auto& it = phone(number);
  const auto& parameters = states_.class_of(it.rest_state).parameters;
  drive::DrivenPhone made{scenario::device_around(scenario_, number, parameters), {}, {}, {}};
  states_.adopt(made.device, it.rest_state);
  made.machine = it.machine;
  if (it.machine.state == resync::State::pass &&
      resync::reads_rules_at_start(made.device.personality)) {
    auto at_start = made.device;
    states_.adopt(at_start, it.rest_state_at_start);
    resync::remember_rules(at_start);
    made.device.rules_at_start = std::move(at_start.rules_at_start);
  }
  return made;
}

void Worker::wake(std::uint32_t number) {
  auto& place = awake_[number];
  place = std::make_unique<AwakePhone>();
  place->handset.phone = whole(number);
  if (std::exchange(phone(number).is_waiting, false)) resume(number);
}

// A phone that is woken while it waits for an answer has a retrieval under way, as it would have if
// it had not slept.
void Worker::resume(std::uint32_t number) {
  auto& awake = *awake_.at(number);
  auto& [phone_itself, retrievals] = awake.handset;
  const resync::RetrievalContext context{phone_itself.machine, now_, resync::Depth::figures};
  auto outputs = resync::advance(phone_itself.device, retrievals,
                                 resync::EvaluateRule{phone_itself.machine.slot}, context);
  for (auto& output : outputs) {
    if (auto* fetch = std::get_if<resync::Fetch>(&output)) {
      resync::advance(phone_itself.device, retrievals,
                      resync::Resolved{Lane::work, address_of(resync::host_asked(*fetch))},
                      context);
      awake.pending[Lane::work] = AwakePhone::Pending{phone(number).requests, std::move(*fetch),
                                                      phone(number).act, std::nullopt};
    }
  }
}

drive::Handset& Worker::handset(std::size_t number) {
  return awake_.at(static_cast<std::uint32_t>(number))->handset;
}

resync::Depth Worker::depth(std::size_t number) const {
  return is_traced(static_cast<std::uint32_t>(number)) ? resync::Depth::everything
                                                       : resync::Depth::figures;
}

// The model challenges those alone who bring no login, so it challenges nobody twice.
Challenged Worker::when_challenged(std::uint32_t number, Lane lane) {
  auto& [phone, retrievals] = handset(number);
  // R-HTTP-29: no PAC file is worth a login.
  if (retrievals.in(lane)->errand == resync::Errand::pac) return Challenged::fails;
  const auto login = resync::login_for(retrievals.in(lane)->request, phone.device.macros(),
                                       phone.device.profile_account);
  const bool answers = login && phone.device.personality.challenge_retries > 0;
  return answers ? Challenged::answers : Challenged::fails;
}

void Worker::fetch(std::size_t index, resync::Fetch fetch) {
  const auto number = static_cast<std::uint32_t>(index);
  const auto lane = fetch.lane;
  conductor_.post(index,
                  resync::Input{resync::Resolved{lane, address_of(resync::host_asked(fetch))}});
  const auto challenged = when_challenged(number, lane);
  const auto scheme = fetch.request.url.scheme;
  const auto pend = [&](std::uint32_t request) {
    awake_.at(number)->pending[lane] =
        AwakePhone::Pending{request, std::move(fetch), {}, std::nullopt};
  };
  if (meets_others()) {
    const auto request = ++phone(number).requests;
    leave_undecided({{now_, number},
                     request,
                     scheme,
                     challenged,
                     std::make_unique<const resync::Request>(fetch.request)});
    return pend(request);
  }
  const auto answer = ask(number, scheme, &fetch.request, challenged);
  const auto request = phone(number).requests;
  pend(request);
  answer_awake(number, request, answer);
  queue_answer(number, request, answer);
}

void Worker::answer_awake(std::uint32_t number, std::uint32_t request, const ModelAnswer& answer) {
  for (auto& pending : awake_.at(number)->pending) {
    if (!pending || pending->request != request) continue;
    pending->act = answer.act;
    pending->us = std::chrono::microseconds(answer.at - now_).count();
  }
}

void Worker::cancel(std::size_t number, Lane lane) {
  const auto who = static_cast<std::uint32_t>(number);
  const auto dropped = std::exchange(awake_.at(who)->pending[lane], std::nullopt);
  if (dropped) withdraw(who, dropped->request % token_limit);
}

void Worker::deliver(std::uint32_t number, std::uint32_t request) {
  auto& pending = awake_.at(number)->pending;
  const auto it = std::find_if(pending.begin(), pending.end(), [&](const auto& each) {
    return each && each->request % token_limit == request;
  });
  if (it == pending.end()) return;  // nobody waits for it any more
  const auto answered = *std::exchange(*it, std::nullopt);
  const auto profile =
      served_profile(scenario_.server, scenario::first_part(scenario_, phone(number).group), now_,
                     &answered.fetch.request);
  answer_us_ = answered.us;
  conductor_.post(number, input_of(answered.act, answered.fetch, scenario_.server,
                                   files_.file(profile, number), personality_of(number)));
  conductor_.drain(now_);
}

void Worker::look_up(std::size_t number, const resync::LookUp& wanted) {
  conductor_.post(number,
                  resync::Input{resync::NamesFound{srv_records(scenario_.server, wanted.name)}});
}

void Worker::ask_pac(std::size_t number, const resync::AskPac& wanted) {
  conductor_.post(number, resync::Input{resync::PacSaid{wanted.lane, said_by_pac(*wanted.script)}});
}

// Nobody has keys here, and nobody looks at what is sent.
void Worker::request_certificate(std::size_t number) {
  conductor_.post(number, resync::Input{resync::CertificateRequestMade{std::string("modelled")}});
}

// Whatever the model answers with 200 is the phone's.
void Worker::install_certificate(std::size_t number, const resync::InstallCertificate& /*wanted*/) {
  static const auto modelled = std::make_shared<const resync::RenewedCertificate>(
      resync::RenewedCertificate{{}, {}, "modelled", {}, {}});
  conductor_.post(number, resync::Input{resync::CertificateRead{modelled}});
}

void Worker::send_log(std::size_t number, const resync::Log& /*log*/, TraceEvent line) {
  if (wants(number, EventKind::syslog)) emit(number, std::move(line));
}

bool Worker::wants(std::size_t number, EventKind kind) const {
  const bool is_counted = kind == EventKind::upgrade_done || kind == EventKind::reported;
  return is_counted || is_judged(kind) || is_traced(static_cast<std::uint32_t>(number));
}

void Worker::emit(std::size_t index, TraceEvent&& line) {
  const auto number = static_cast<std::uint32_t>(index);
  line.number = number;
  if (line.event == EventKind::response && !line.error) line.times.first_byte = answer_us_;
  if (line.event == EventKind::upgrade_done || line.event == EventKind::reported)
    note_work(number, line);
  if (is_judged(line.event)) judge_->observe(number, line);
  if (is_traced(number)) run_.trace(line);
}

void Worker::note_work(std::uint32_t number, const TraceEvent& line) {
  const auto work =
      line.event == EventKind::reported ? figures::Work::report : figures::Work::upgrade;
  if (!line.error) return roll_.done(work);
  note_failed(number, work, *line.error, line.url, line.detail);
}

void Worker::stepped(std::size_t number, const resync::Effects& effects) {
  note(static_cast<std::uint32_t>(number), effects);
}

void Worker::document(std::size_t number, std::string_view document, const macro::Url& /*from*/) {
  if (judge_ && judge_->wants_documents())
    judge_->document(static_cast<std::uint32_t>(number), document);
}

void Worker::settled(std::size_t index) {
  const auto number = static_cast<std::uint32_t>(index);
  auto& it = phone(number);
  auto& handset = awake_.at(number)->handset;
  it.machine = handset.phone.machine;
  // What a sleeping phone asks is looked up by what it remembers, and that says nothing of its
  // link.
  if (!handset.is_occupied() && !it.machine.link_is_down) {
    it.rest_state = states_.settle(it.group, handset.phone.device);
    awake_.erase(number);
  }
}

}  // namespace provphone::client::forecast
