#include "client/drive/virtual/model_server.hpp"

#include "resync/answer.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <cmath>

namespace provphone::client::drive {
namespace {

using resync::Duration;
using resync::Time;

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
  const auto verdict = resync::judge({status, {}, url, 0}, personality, no_macros);
  const auto* refused = std::get_if<resync::Refuse>(&verdict);
  return refused == nullptr ? Errc::protocol_error : refused->error.code;
}

// What a TFTP client without options waits for a lost datagram, and how often it asks.
constexpr Duration tftp_patience = std::chrono::seconds(5);
constexpr int tftp_tries = 5;
constexpr std::uint64_t tftp_block = 512;

}  // namespace

ModelServer::ModelServer(const scenario::Scenario& scenario)
    : model_(scenario.server), trouble_(scenario.trouble), seed_(scenario.seed) {
  if (model_.capacity) service_ns_ = 1'000'000'000 / model_.capacity->requests_per_second;
}

std::uint32_t ModelServer::backlog(Time now) const {
  if (service_ns_ == 0) return 0;
  const auto ahead = std::max<std::int64_t>(busy_until_ns_ - ns_of(now), 0);
  return static_cast<std::uint32_t>((ahead + service_ns_ - 1) / service_ns_);
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
  const double p = (draw(seed_, request, Draw::latency) + 0.5) / 4294967296.0;
  const double ratio = static_cast<double>(p99.count()) / static_cast<double>(p50.count());
  const double drawn =
      static_cast<double>(p50.count()) * std::pow(ratio, normal_quantile(p) / z_of_p99);
  return Duration{std::llround(drawn)};
}

ModelAnswer ModelServer::failed(const scenario::Failure& failure, Time now,
                                const resync::Personality& personality) const {
  using Kind = scenario::Failure::Kind;
  switch (failure.kind) {
    case Kind::refused:
      return {now + model_.latency.p50, Errc::connection_refused};
    case Kind::timeout:
      return {now + Duration{personality[resync::Knob::connect_timeout]}, Errc::connect_timeout};
    case Kind::corrupt:
      return {now + model_.latency.p50, Errc::xml_malformed};
    case Kind::status:
      return {now + model_.latency.p50, errc_of_status(failure.status, personality)};
  }
  return {now, Errc::protocol_error};
}

// What the network does to an answer; a lost datagram costs the phone's patience.
std::optional<Errc> ModelServer::trouble(const ModelRequest& request, Duration& delay) const {
  if (request.scheme == macro::Scheme::tftp && trouble_.tftp_loss.ppm > 0) {
    const auto blocks = model_.bytes / tftp_block + 1;
    for (std::uint64_t block = 0, drawn = 0; block < blocks; ++block) {
      int tries = 0;
      while (happens(draw(seed_, request, Draw::loss, drawn++), trouble_.tftp_loss)) {
        delay += tftp_patience;
        if (++tries == tftp_tries) return Errc::transfer_timeout;
      }
    }
  }
  if (trouble_.disconnect_mid_body.ppm > 0 &&
      happens(draw(seed_, request, Draw::disconnect), trouble_.disconnect_mid_body)) {
    return Errc::transfer_interrupted;
  }
  return std::nullopt;
}

ModelAnswer ModelServer::ask(const ModelRequest& request, const resync::Personality& personality) {
  const auto now = request.at;
  if (const auto* outage = outage_at(now)) return failed(outage->as, now, personality);
  if (!model_.capacity && trouble_.tftp_loss.ppm == 0 && trouble_.disconnect_mid_body.ppm == 0)
    return {now + latency(request), std::nullopt};

  ModelAnswer answer{now, std::nullopt};
  if (model_.capacity) {
    if (backlog(now) > model_.capacity->queue) return failed(model_.overload, now, personality);
    const auto begins = std::max(busy_until_ns_, ns_of(now));
    answer.queued_us = (begins - ns_of(now)) / 1'000;
    busy_until_ns_ = begins + service_ns_;
    answer.at = Time{std::chrono::ceil<Duration>(std::chrono::nanoseconds(busy_until_ns_))};
  }
  auto delay = latency(request);
  answer.error = trouble(request, delay);
  answer.at += delay;
  // The server does the work all the same; the phone has gone.
  const auto patience = Duration{personality[resync::Knob::idle_timeout]};
  if (!answer.error && answer.at - now > patience) {
    answer.at = now + patience;
    answer.error = Errc::transfer_stalled;
  }
  return answer;
}

std::optional<std::size_t> served_profile(const scenario::ServerModel& model, std::size_t group,
                                          Time now) {
  std::optional<std::size_t> latest;
  for (std::size_t i = 0; i < model.profiles.size(); ++i) {
    const auto& profile = model.profiles[i];
    if (profile.group && *profile.group != group) continue;
    if (profile.from > now.time_since_epoch()) continue;
    if (!latest || profile.from >= model.profiles[*latest].from) latest = i;
  }
  return latest;
}

}  // namespace provphone::client::drive
