#include "client/cli/door_flags.hpp"

#include "client/cli/complain.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace provphone::client::cli {
namespace {

void tell(std::string_view what, const std::vector<std::string>& urls) {
  constexpr std::size_t most_shown = 3;
  for (std::size_t i = 0; i < std::min(urls.size(), most_shown); ++i)
    complain(fmt::format("{} at {}", what, urls[i]));
  if (urls.size() > most_shown)
    complain(fmt::format("... and {} more do", urls.size() - most_shown));
}

}  // namespace

std::vector<Option> door_options(DoorFlags& flags) {
  return {
      {"--web", flags.web, "[ADDRESS:]PORT",
       "open the phones' web pages and action URLs there, until --for is over or Ctrl-C"},
      {"--sip", flags.sip, "[ADDRESS:]PORT",
       "take SIP NOTIFY there, over UDP and TCP, and register at the proxies; no calls, no media"},
  };
}

Result<listen::Places> places_of(const DoorFlags& flags) {
  listen::Places places;
  if (!flags.web.empty()) {
    TRY(places.web, listen::parse_place(flags.web, "--web"));
  }
  if (!flags.sip.empty()) {
    TRY(places.sip, listen::parse_place(flags.sip, "--sip"));
  }
  return places;
}

void tell_places(const std::vector<std::string>& web, const std::vector<std::string>& sip) {
  tell("the phone answers", web);
  tell("the phone takes SIP", sip);
}

}  // namespace provphone::client::cli
