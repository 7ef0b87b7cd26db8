#include "test/client/infer/logs.hpp"

#include "client/forecast/forecast.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/wall_clock.hpp"
#include "resync/random.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <cstdlib>
#include <map>

namespace provphone::test {
namespace {

using namespace provphone::client;
using evidence::Seen;
using evidence::SeenRequest;
using trace::EventKind;
using trace::TraceEvent;

std::uint32_t place_of(std::vector<evidence::Requested>& requested, const std::string& method,
                       const std::string& path) {
  for (std::uint32_t i = 0; i < requested.size(); ++i)
    if (requested[i].path == path && requested[i].method == method) return i;
  requested.push_back({method, path, {}});
  return static_cast<std::uint32_t>(requested.size() - 1);
}

std::string path_of_url(const std::string& url) {
  const auto behind = url.find("://");
  const auto slash = url.find('/', behind == std::string::npos ? 0 : behind + 3);
  return slash == std::string::npos ? "/" : url.substr(slash);
}

}  // namespace

unsigned seeds() {
  const char* wanted = std::getenv("PROVPHONE_INFER_SEEDS");
  return wanted == nullptr ? 3 : static_cast<unsigned>(std::strtoul(wanted, nullptr, 10));
}

Seen log_of(std::string_view yaml, const Keeping& keeping) {
  auto scenario = scenario::read_scenario(yaml, "test.yaml");
  INFO((scenario ? std::string() : scenario.error().detail));
  REQUIRE(scenario);
  const auto wall = scenario::wall_clock_of(*scenario);
  REQUIRE(wall);
  Seen seen;
  seen.agents = {""};
  seen.resolution = std::chrono::seconds(1);
  std::map<MacAddress, std::pair<resync::Time, std::uint32_t>> asked;
  std::map<MacAddress, evidence::SeenPhone> phones;
  std::map<std::string, std::uint32_t> places;
  std::uint32_t lines = 0;
  forecast::VirtualRun run{*scenario, *wall, forecast::length_of(*scenario), 1, {}, {}, {}, {}};
  run.trace = [&](const TraceEvent& event) {
    if (event.event == EventKind::request) {
      const auto [at, is_new] = places.try_emplace(event.url, 0);
      if (is_new) at->second = place_of(seen.requested, "GET", path_of_url(event.url));
      asked[event.phone] = {event.at, at->second};
    }
    if (event.event != EventKind::response || !event.status) return;
    const resync::Stream stream{keeping.seed, 0, resync::Purpose::boot_delay};
    if (resync::draw_up_to(stream, lines++, 999) < keeping.lost_per_mille) return;
    const auto [began, what] = asked[event.phone];
    const auto took = event.at - began;
    const auto wrote =
        std::chrono::floor<std::chrono::seconds>(log_start + event.at.time_since_epoch());
    const bool logged = keeping.took == Keeping::Took::logged;
    SeenRequest request;
    request.at = logged ? evidence::Instant(wrote) - took : evidence::Instant(wrote);
    request.took_ms = logged ? static_cast<std::int32_t>(took.count()) : -1;
    request.what = what;
    request.status = static_cast<std::int16_t>(*event.status);
    phones[event.phone].requests.push_back(request);
  };
  REQUIRE(forecast::drive_virtually(run));
  for (auto& [mac, phone] : phones) {
    phone.mac = mac;
    phone.sureness = evidence::Sureness::named;
    seen.phones.push_back(std::move(phone));
  }
  return seen;
}

Seen log_of_lines(const std::vector<Line>& lines) {
  Seen seen;
  seen.agents = {""};
  seen.resolution = std::chrono::seconds(1);
  evidence::SeenPhone phone;
  phone.mac = MacAddress{0x000e08000001};
  for (const auto& line : lines) {
    const bool is_tftp = line.status == 0;
    SeenRequest request;
    request.at = log_start + std::chrono::milliseconds(std::llround(line.at * 1000));
    request.what = place_of(seen.requested, is_tftp ? "RRQ" : "GET", line.path);
    request.status = line.status;
    request.took_ms = line.took_ms;
    phone.requests.push_back(request);
  }
  seen.phones.push_back(std::move(phone));
  return seen;
}

}  // namespace provphone::test
