#include "client/scenario/phones.hpp"
#include "client/scenario/read.hpp"
#include "client/scenario/selection.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

using namespace provphone;
using namespace provphone::client::scenario;

namespace {

// Bad input is one line with a place, or with the override's own text.
void check_error(const Error& error) {
  if (error.code != Errc::scenario_invalid) std::abort();
  if (error.detail.find(": ") == std::string::npos) std::abort();
  for (const char c : error.detail) {
    if (static_cast<unsigned char>(c) < 0x20) std::abort();
  }
}

void check_identity(const Scenario& scenario, std::uint32_t phone) {
  const auto mac = mac_of(scenario, phone);
  if (phone_with(scenario, mac) != phone) std::abort();
  if (identity_of(scenario, phone).mac != mac) std::abort();
}

// Few phones only: picking costs time in proportion to them, as it should.
void check_picks(const Scenario& scenario) {
  if (phone_count(scenario) > 10'000) return;
  for (std::size_t i = 0; i < scenario.events.size() && i < 20; ++i) {
    const auto picked = phones_of_event(scenario, i, 0);
    if (!picked.empty() && picked.back() >= phone_count(scenario)) std::abort();
  }
}

}  // namespace

// What stands behind the first NUL is an override.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto end = input.find('\0');
  std::vector<std::string> overrides;
  if (end != std::string_view::npos) overrides.emplace_back(input.substr(end + 1));
  const auto scenario = read_scenario(input.substr(0, end), "fuzz", overrides);
  if (!scenario) {
    check_error(scenario.error());
    return 0;
  }
  const auto count = phone_count(*scenario);
  if (count == 0) std::abort();
  check_identity(*scenario, 0);
  check_identity(*scenario, count - 1);
  check_picks(*scenario);
  return 0;
}
