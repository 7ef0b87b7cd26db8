#include "resync/detail/stride.hpp"

#include <fmt/format.h>

#include <utility>

// The errand of a phone that finds its proxies by a PAC file: it is fetched before the first
// request that needs it (R-HTTP-29), and not through a proxy itself.
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

}  // namespace

bool goes_by_pac(const Stride& s, Lane lane) {
  const auto place = place_of(s, lane);
  return place && has_pac_of(s.device, *place);
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
