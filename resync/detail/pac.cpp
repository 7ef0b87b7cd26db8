#include "resync/detail/stride.hpp"

#include <fmt/format.h>

#include <utility>

// A phone that finds its proxies by a PAC file (R-HTTP-29). The file is an errand before the first
// request that needs it, and not fetched through a proxy itself; what it says is asked for each
// server.
namespace provphone::resync::detail {
namespace {

constexpr std::string_view pac_parameter = "PAC_URL";

std::optional<macro::Url> place_of(const Stride& s, Lane lane) {
  const auto& retrieval = *s.in(lane);
  if (retrieval.does_without_pac) return std::nullopt;
  return pac_place(s.device.macros(), s.device.lease, retrieval.request.url);
}

bool has_pac_of(const Device& device, const macro::Url& place) {
  return device.pac && device.pac->place == format(place);
}

bool is_same_server(const macro::Url& one, const macro::Url& other) {
  return one.scheme == other.scheme && one.host == other.host && one.port == other.port;
}

void fetch_by_next_way(const Stride& s, Lane lane) {
  auto& retrieval = *s.in(lane);
  retrieval.proxy = retrieval.routes->ways[retrieval.routes->next++];
  fetch(s, lane);
}

// What lets the next way be tried: nobody was reached.
bool is_unreached(Errc code) {
  return stage_of(code) == Stage::resolve || stage_of(code) == Stage::connect;
}

}  // namespace

bool asks_pac(const Stride& s, Lane lane) {
  auto& retrieval = *s.in(lane);
  if (retrieval.routes && is_same_server(retrieval.routes->asked, retrieval.request.url))
    return false;
  retrieval.routes.reset();
  const auto place = place_of(s, lane);
  if (!place || !has_pac_of(s.device, *place)) return false;
  s.put(AskPac{lane, s.device.pac->text, retrieval.request.url});
  return true;
}

void pac_said(const Stride& s, const PacSaid& answer) {
  auto& retrieval = *s.in(answer.lane);
  if (!answer.said && s.device.personality.bad_pac == BadPac::fails)
    return attempt_failed(s, answer.lane, answer.said.error());
  auto& routes = retrieval.routes.emplace();
  routes.asked = retrieval.request.url;
  routes.ways = routes_in(answer.said ? *answer.said : "");
  if (!answer.said) routes.why_direct = answer.said.error().detail;
  fetch_by_next_way(s, answer.lane);
}

bool tries_next_route(const Stride& s, Lane lane, const Error& error) {
  auto& retrieval = *s.in(lane);
  const auto& routes = retrieval.routes;
  if (!routes || routes->next == routes->ways.size() || !is_unreached(error.code)) return false;
  fetch_by_next_way(s, lane);
  return true;
}

std::optional<Retrieval> pac_errand(const Stride& s, Lane lane) {
  auto place = place_of(s, lane);
  if (!place || has_pac_of(s.device, *place)) return std::nullopt;
  Retrieval errand;
  errand.errand = Errand::pac;
  errand.rule = pac_parameter;
  errand.request.url = *std::move(place);
  errand.does_without_pac = true;
  return errand;
}

// Redirects are not followed: the place is the phone's own setting, or its network's.
Verdict verdict_on_pac(const Answered& answer) {
  constexpr int ok = 200;
  if (answer.status == ok && !answer.body.empty()) return Accept{};
  return Refuse{
      {Errc::pac_unusable, fmt::format("status {}, {} octets", answer.status, answer.body_bytes)}};
}

void pac_arrived(const Stride& s, const Answered& answer) {
  s.device.pac = {url_asked(s.in(answer.lane)), std::make_shared<const std::string>(answer.body)};
  take_back(s, answer.lane);
  send(s, answer.lane);
}

void pac_failed(const Stride& s, Lane lane, const Error& error) {
  const auto place = url_asked(s.in(lane));
  take_back(s, lane);
  if (s.device.personality.bad_pac == BadPac::fails) {
    // Of the request that is not made either.
    show_request(s, lane);
    return attempt_failed(s, lane,
                          {Errc::pac_unusable, fmt::format("{}: {}", place, format(error))});
  }
  s.in(lane)->does_without_pac = true;
  send(s, lane);
}

}  // namespace provphone::resync::detail
