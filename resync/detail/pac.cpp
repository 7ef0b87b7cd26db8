#include "resync/detail/stride.hpp"

#include <fmt/format.h>

#include <utility>

// A phone that finds its proxies by a PAC file fetches that for itself, before the first request
// that needs it (R-HTTP-29).
namespace provphone::resync::detail {
namespace {

constexpr std::string_view pac_parameter = "PAC_URL";

// Far more than any PAC file has.
constexpr std::size_t max_pac_bytes = std::size_t{256} << 10U;

std::optional<macro::Url> place_of(const Stride& s, Lane lane) {
  const auto& retrieval = *s.in(lane);
  if (retrieval.does_without_pac) return std::nullopt;
  return pac_place(s.device.macros(), s.device.lease, retrieval.request.url);
}

bool has_pac_of(const Device& device, const macro::Url& place) {
  return device.pac && device.pac->place == format(place);
}

}  // namespace

bool goes_by_pac(const Stride& s, Lane lane) {
  const auto place = place_of(s, lane);
  return place && has_pac_of(s.device, *place);
}

bool wants_pac(const Stride& s, Lane lane) {
  const auto place = place_of(s, lane);
  return place && !has_pac_of(s.device, *place);
}

void ask_for_pac(const Stride& s, Lane lane) {
  auto& retrieval = *s.in(lane);
  const auto& personality = s.device.personality;
  retrieval.pac_errand = place_of(s, lane);
  Fetch fetch;
  fetch.lane = lane;
  fetch.request.url = *retrieval.pac_errand;
  fetch.user_agent = retrieval.user_agent;
  fetch.patience = {personality.connect_timeout, personality.idle_timeout,
                    personality.total_timeout};
  fetch.max_bytes = max_pac_bytes;
  fetch.knows_time = s.context.machine.clock_is_known;
  s.put(std::move(fetch));
}

void announce_pac(const Stride& s, Lane lane, const std::string& address) {
  auto& retrieval = *s.in(lane);
  if (std::exchange(retrieval.announced, true)) return;
  RequestMade made;
  made.rule = pac_parameter;
  made.url = format(*retrieval.pac_errand);
  made.user_agent = retrieval.user_agent;
  made.server_address = address;
  s.put(std::move(made));
}

// Redirects are not followed: the place is the phone's own setting, or its network's.
void pac_arrived(const Stride& s, const Answered& answer) {
  constexpr int ok = 200;
  auto& retrieval = *s.in(answer.lane);
  AnswerSeen seen;
  seen.rule = pac_parameter;
  if (retrieval.pac_errand->scheme != macro::Scheme::tftp) seen.status = answer.status;
  seen.bytes = answer.body_bytes;
  seen.accepted = answer.status == ok && !answer.body.empty();
  if (!seen.accepted) seen.refused = Errc::pac_unusable;
  const bool has_file = seen.accepted;
  s.put(std::move(seen));
  if (!has_file) {
    return do_without_pac(s, answer.lane,
                          {Errc::pac_unusable,
                           fmt::format("status {}, {} octets", answer.status, answer.body_bytes)});
  }
  s.device.pac = {format(*std::exchange(retrieval.pac_errand, std::nullopt)),
                  std::make_shared<const std::string>(answer.body)};
  send(s, answer.lane);
}

void pac_failed(const Stride& s, Lane lane, const Error& error) {
  AnswerSeen seen;
  seen.rule = pac_parameter;
  seen.error = error;
  s.put(std::move(seen));
  do_without_pac(s, lane, error);
}

void do_without_pac(const Stride& s, Lane lane, const Error& error) {
  auto& retrieval = *s.in(lane);
  const auto place = format(*std::exchange(retrieval.pac_errand, std::nullopt));
  if (s.device.personality.bad_pac == BadPac::fails) {
    return attempt_failed(s, lane,
                          {Errc::pac_unusable, fmt::format("{}: {}", place, format(error))});
  }
  retrieval.does_without_pac = true;
  send(s, lane);
}

}  // namespace provphone::resync::detail
