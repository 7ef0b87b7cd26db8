#include "client/forecast/model_server.hpp"

#include "client/input/glob.hpp"
#include "resync/answer.hpp"
#include "resync/load.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

namespace provphone::client::forecast {
namespace {

using resync::Duration;
using resync::Time;

// For each purpose numbers of its own (as R-RESYNC-19 has it for phones): one more draw for one
// purpose shifts none of another.
enum class Draw : std::uint64_t { latency = 0x4c, disconnect, loss };

// Uniform over 0..2^32-1, for one request and one purpose.
std::uint32_t draw(std::uint64_t seed, const ModelRequest& request, Draw purpose,
                   std::uint64_t more = 0) {
  const auto who = (std::uint64_t{request.phone} << 32U) | request.number;
  const auto key = resync::mix(seed ^ resync::mix(who));
  return static_cast<std::uint32_t>(
      resync::mix(key + (static_cast<std::uint64_t>(purpose) << 32U) + more) >> 32U);
}

bool happens(std::uint32_t drawn, scenario::Share share) {
  return (std::uint64_t{drawn} * scenario::whole_ppm) >> 32U < share.ppm;
}

// The standard normal quantile to three digits (Abramowitz and Stegun 26.2.23), for 0 < p < 1.
double normal_quantile(double p) {
  const double tail = std::min(p, 1.0 - p);
  const double t = std::sqrt(-2.0 * std::log(tail));
  const double z = t - (2.515517 + 0.802853 * t + 0.010328 * t * t) /
                           (1.0 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
  return p < 0.5 ? -z : z;
}

constexpr double z_of_p99 = 2.3263;

std::int64_t ns_of(Time time) {
  return std::chrono::nanoseconds(time.time_since_epoch()).count();
}

Errc errc_of_status(int status, const resync::Personality& personality) {
  const macro::Url url;
  const auto no_macros = [](std::string_view, std::string&) { return false; };
  // The phone's own table of statuses (R-HTTP-22), so that there is no second one here.
  const auto verdict = resync::judge({status, {}, url, 0}, personality, no_macros);
  const auto* refused = std::get_if<resync::Refuse>(&verdict);
  return refused == nullptr ? Errc::protocol_error : refused->error.code;
}

constexpr std::uint64_t tftp_block = 512;

// How long a phone waits for a server that does not answer at all (R-HTTP-11, R-TFTP-06).
Duration patience_with_nobody(const ModelRequest& request, const resync::Personality& personality) {
  if (request.scheme != macro::Scheme::tftp) return personality.connect_timeout;
  const auto patience = resync::patience_of(resync::tftp_habits_of(personality));
  const auto total = personality.total_timeout;
  return total > Duration{} ? std::min(patience, total) : patience;
}

// R-TFTP-11: whether a phone notices that nobody listens.
bool hears_of_closed_port(const ModelRequest& request, const resync::Personality& personality) {
  return request.scheme != macro::Scheme::tftp ||
         personality.tftp_port_unreachable == resync::TftpPortUnreachable::fails;
}

// R-TFTP-09: a server that never answers was not connected to; one that falls silent has stalled.
Errc errc_of_silence(std::uint64_t block) {
  return block == 0 ? Errc::connect_timeout : Errc::transfer_stalled;
}

bool fits(const std::string& pattern, std::string_view text) {
  return pattern.empty() || input::matches_glob(pattern, text);
}

bool fits_place(const std::string& host, const std::string& path, const resync::Request* what) {
  if (host.empty() && path.empty()) return true;
  return what != nullptr && fits(host, what->url.host) && fits(path, what->url.path);
}

}  // namespace

ModelServer::ModelServer(const scenario::Scenario& scenario)
    : model_(scenario.server),
      trouble_(scenario.trouble),
      seed_(scenario.seed),
      queue_(scenario.server.capacity) {}

ServerQueue::ServerQueue(const std::optional<scenario::Capacity>& capacity) {
  if (!capacity) return;
  longest_ = capacity->queue;
  service_ns_ = 1'000'000'000 / capacity->requests_per_second;
}

std::uint32_t ServerQueue::backlog(Time now) const {
  if (service_ns_ == 0) return 0;
  const auto ahead = std::max<std::int64_t>(busy_until_ns_ - ns_of(now), 0);
  return static_cast<std::uint32_t>((ahead + service_ns_ - 1) / service_ns_);
}

Turn ServerQueue::take(Time now) {
  if (service_ns_ == 0) return {now};
  // The one that is being served does not wait: `longest_` is for those behind it.
  const auto ahead = backlog(now);
  if (ahead > longest_) return {now, 0, true, ahead};
  const auto begins = std::max(busy_until_ns_, ns_of(now));
  busy_until_ns_ = begins + service_ns_;
  // Up, so that no answer comes before the server has made it.
  const Time served{std::chrono::ceil<Duration>(std::chrono::nanoseconds(busy_until_ns_))};
  return {served, (begins - ns_of(now)) / 1'000, false, backlog(now)};
}

const scenario::Outage* ModelServer::outage_at(Time now) const {
  const auto t = now.time_since_epoch();
  for (const auto& outage : model_.outages) {
    if (t >= outage.from && t < outage.to) return &outage;
  }
  return nullptr;
}

Duration ModelServer::latency(const ModelRequest& request) const {
  const auto& [p50, p99] = model_.latency;
  if (p50 == p99 || p50.count() == 0) return p50;
  // Log-normal, through the two quantiles that the scenario names: p50 is the median, and p99 is
  // z_of_p99 deviations above it. The half keeps p off 0 and 1.
  const double p = (draw(seed_, request, Draw::latency) + 0.5) / 4294967296.0;
  const double ratio = static_cast<double>(p99.count()) / static_cast<double>(p50.count());
  const double drawn =
      static_cast<double>(p50.count()) * std::pow(ratio, normal_quantile(p) / z_of_p99);
  return Duration{std::llround(drawn)};
}

bool ModelServer::answers_by_place() const {
  return !model_.answers.empty() ||
         std::any_of(model_.profiles.begin(), model_.profiles.end(), [](const auto& profile) {
           return !profile.host.empty() || !profile.path.empty();
         });
}

void ModelServer::fail(ModelAnswer& answer, const scenario::Failure& failure,
                       const ModelRequest& request, const resync::Personality& personality) const {
  using Kind = scenario::Failure::Kind;
  using Act = ServerAct::Kind;
  const auto with = [&](Act kind, std::uint16_t code, Duration after) {
    answer.act = {kind, code, answer.act.planned};
    answer.at = std::max(answer.at, request.at + after);
  };
  const auto by = [](Errc code) { return static_cast<std::uint16_t>(code); };
  const auto silence = [&] {
    with(Act::fails, by(Errc::connect_timeout), patience_with_nobody(request, personality));
  };
  switch (failure.kind) {
    case Kind::refused:
      if (!hears_of_closed_port(request, personality)) return silence();
      return with(Act::fails, by(Errc::connection_refused), model_.latency.p50);
    case Kind::timeout:
      return silence();
    case Kind::corrupt:
      return with(Act::corrupt, 200, model_.latency.p50);
    case Kind::status:
      return with(Act::status, static_cast<std::uint16_t>(failure.status), model_.latency.p50);
  }
}

// A lost datagram costs the phone a try. `delay` is what all of them have cost.
std::optional<Errc> ModelServer::losses(const ModelRequest& request,
                                        const resync::Personality& personality,
                                        Duration& delay) const {
  if (request.scheme != macro::Scheme::tftp || trouble_.tftp_loss.ppm == 0) return std::nullopt;
  const auto habits = resync::tftp_habits_of(personality);
  const auto idle = personality.idle_timeout;
  const auto blocks = model_.bytes / tftp_block + 1;
  for (std::uint64_t block = 0, drawn = 0; block < blocks; ++block) {
    std::uint32_t tries = 0;
    while (happens(draw(seed_, request, Draw::loss, drawn++), trouble_.tftp_loss)) {
      const auto silent = resync::timeout_of(habits) * ++tries;
      const bool is_idle = block > 0 && idle > Duration{} && silent >= idle;
      if (!is_idle && tries < resync::tries_of(habits)) continue;
      delay += is_idle ? idle : silent;
      return errc_of_silence(block);
    }
    delay += resync::timeout_of(habits) * tries;
  }
  return std::nullopt;
}

// What the network does to an answer.
std::optional<Errc> ModelServer::trouble(const ModelRequest& request,
                                         const resync::Personality& personality,
                                         Duration& delay) const {
  if (const auto error = losses(request, personality, delay)) return error;
  if (trouble_.disconnect_mid_body.ppm > 0 &&
      happens(draw(seed_, request, Draw::disconnect), trouble_.disconnect_mid_body)) {
    return Errc::transfer_interrupted;
  }
  return std::nullopt;
}

std::uint16_t ModelServer::planned_for(const ModelRequest& request) const {
  const auto t = request.at.time_since_epoch();
  for (std::size_t i = 0; i < model_.answers.size(); ++i) {
    const auto& planned = model_.answers[i];
    const bool is_time = t >= planned.from && (!planned.to || t < *planned.to);
    if (is_time && request.what != nullptr && fits_place(planned.host, planned.path, request.what))
      return static_cast<std::uint16_t>(i + 1);
  }
  return 0;
}

void ModelServer::act_as_planned(ModelAnswer& answer, const ModelRequest& request,
                                 const resync::Personality& personality) const {
  answer.act.planned = planned_for(request);
  if (answer.act.planned == 0) return;
  const auto& planned = model_.answers[answer.act.planned - 1U];
  constexpr std::uint16_t unauthorized = 401;
  if (planned.as) {
    fail(answer, *planned.as, request, personality);
  } else if (planned.needs_login && request.what->authorization.empty()) {
    answer.act = {ServerAct::Kind::status, unauthorized, answer.act.planned};
  } else if (planned.status < 200 || planned.status > 299) {
    answer.act = {ServerAct::Kind::status, static_cast<std::uint16_t>(planned.status),
                  answer.act.planned};
  }
  answer.at += planned.takes;
}

// Over TFTP many losses may come to more than a transfer is given, which ends in whatever way it
// was about to.
void ModelServer::lose_all_patience(ModelAnswer& answer, const ModelRequest& request,
                                    const resync::Personality& personality) const {
  const auto total = personality.total_timeout;
  if (total == Duration{} || answer.at - request.at <= total) return;
  constexpr auto nobody = static_cast<std::uint16_t>(Errc::connect_timeout);
  const bool was_silent = answer.act.kind == ServerAct::Kind::fails && answer.act.code == nobody;
  const auto code = was_silent ? nobody : static_cast<std::uint16_t>(Errc::transfer_timeout);
  answer.at = request.at + total;
  answer.act = {ServerAct::Kind::fails, code, answer.act.planned};
}

// The server does the work all the same; the phone has gone.
void ModelServer::lose_patience(ModelAnswer& answer, const ModelRequest& request,
                                const resync::Personality& personality, Duration lost) const {
  const auto give_up = [&](Duration patience, Errc code, Duration after) {
    if (answer.act.kind == ServerAct::Kind::fails || answer.at - request.at - after <= patience)
      return;
    answer.at = request.at + patience + after;
    answer.act = {ServerAct::Kind::fails, static_cast<std::uint16_t>(code), answer.act.planned};
  };
  const bool is_planned = answer.act.planned != 0;
  const auto takes = is_planned ? model_.answers[answer.act.planned - 1U].takes : Duration{};
  if (request.scheme == macro::Scheme::tftp) {
    give_up(patience_with_nobody(request, personality), Errc::connect_timeout, takes + lost);
    return lose_all_patience(answer, request, personality);
  }
  // Octets come all the while that an answer takes; the wait for the first is what stalls.
  give_up(personality.idle_timeout, Errc::transfer_stalled, takes);
  if (is_planned) give_up(personality.total_timeout, Errc::transfer_timeout, Duration{});
}

// What is no file is a few octets, which take no time, and so is the list of a load's parts.
std::uint64_t ModelServer::octets_of(const ServerAct& act, const resync::Request* what) const {
  if (act.kind != ServerAct::Kind::file) return 0;
  if (what != nullptr && resync::is_list_of_parts(what->url.path)) return 0;
  const auto* planned = act.planned != 0 ? &model_.answers[act.planned - 1U] : nullptr;
  return planned != nullptr && planned->bytes ? *planned->bytes : model_.bytes;
}

Turn ModelServer::take_turn(Time now) {
  // A server that is down has no place in its own queue.
  return outage_at(now) != nullptr ? queue_.pass_by(now) : queue_.take(now);
}

ModelAnswer ModelServer::answer(const ModelRequest& request, const resync::Personality& personality,
                                const Turn& turn) const {
  ModelAnswer answer{.at = request.at, .act = {}};
  const auto* outage = outage_at(request.at);
  if (outage != nullptr || turn.is_turned_away) {
    answer.is_turned_away = turn.is_turned_away;
    fail(answer, outage != nullptr ? outage->as : model_.overload, request, personality);
    return answer;
  }
  answer.queued_us = turn.queued_us;
  answer.at = turn.served + latency(request);
  Duration lost{};
  if (const auto error = trouble(request, personality, lost))
    answer.act = {ServerAct::Kind::fails, static_cast<std::uint16_t>(*error), 0};
  answer.at += lost;
  // What broke on the way is not what the server meant to answer.
  if (answer.act.kind == ServerAct::Kind::file) act_as_planned(answer, request, personality);
  lose_patience(answer, request, personality, lost);
  if (model_.bandwidth) answer.octets = octets_of(answer.act, request.what);
  return answer;
}

std::vector<trace::TraceEvent> outages_of(const scenario::ServerModel& model) {
  using Kind = scenario::Failure::Kind;
  using trace::EventKind;
  std::vector<trace::TraceEvent> events;
  for (const auto& [from, to, as] : model.outages) {
    if (from >= to) continue;
    trace::TraceEvent began{.at = Time{from}, .phone = {}, .event = EventKind::outage_began};
    if (as.kind == Kind::status) began.status = as.status;
    if (as.kind == Kind::refused) began.error = Errc::connection_refused;
    if (as.kind == Kind::timeout) began.error = Errc::connect_timeout;
    if (as.kind == Kind::corrupt) began.error = Errc::xml_malformed;
    events.push_back(std::move(began));
    events.push_back({.at = Time{to}, .phone = {}, .event = EventKind::outage_ended});
  }
  // Of one moment the end comes first, so that an outage that follows it lasts.
  std::stable_sort(events.begin(), events.end(), [](const auto& a, const auto& b) {
    return std::make_pair(b.at, a.event) < std::make_pair(a.at, b.event);
  });
  return events;
}

std::optional<Errc> failure_of(const ServerAct& act, const resync::Personality& personality) {
  constexpr int redirects = 300, failures = 400;
  switch (act.kind) {
    case ServerAct::Kind::fails:
      return static_cast<Errc>(act.code);
    case ServerAct::Kind::corrupt:
      return Errc::xml_malformed;
    case ServerAct::Kind::status:
      if (act.code >= redirects && act.code < failures) return std::nullopt;
      return errc_of_status(act.code, personality);
    case ServerAct::Kind::file:
      break;
  }
  return std::nullopt;
}

std::optional<std::size_t> served_profile(const scenario::ServerModel& model, std::size_t group,
                                          Time now, const resync::Request* what) {
  std::optional<std::size_t> latest;
  for (std::size_t i = 0; i < model.profiles.size(); ++i) {
    const auto& profile = model.profiles[i];
    if (profile.group && *profile.group != group) continue;
    if (profile.from > now.time_since_epoch()) continue;
    if (!fits_place(profile.host, profile.path, what)) continue;
    // Of two from the same time the later one in the scenario.
    if (!latest || profile.from >= model.profiles[*latest].from) latest = i;
  }
  return latest;
}

}  // namespace provphone::client::forecast
