#include "client/fleet/packed_machines.hpp"

#include "resync/random.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <vector>

namespace packed_machines_test {

using namespace provphone;
using client::fleet::PackedMachines;
using resync::Phone;
using resync::Time;

namespace {

bool are_equal(const Phone& a, const Phone& b) {
  return a.index == b.index && a.state == b.state && a.kind == b.kind && a.why == b.why &&
         a.timer == b.timer && a.has_file == b.has_file && a.chained == b.chained &&
         a.clock_ahead == b.clock_ahead && a.deferred == b.deferred && a.timer_due == b.timer_due &&
         a.resync_at_due == b.resync_at_due && a.report_due == b.report_due && a.due == b.due &&
         a.powered_on == b.powered_on && a.pass_started == b.pass_started &&
         a.last_attempt == b.last_attempt && a.quiet_from == b.quiet_from &&
         a.unregistered_since == b.unregistered_since && a.rules_print == b.rules_print &&
         a.upgrade_retry_index == b.upgrade_retry_index &&
         a.draws[resync::Purpose::periodic] == b.draws[resync::Purpose::periodic];
}

Time time(std::uint64_t milliseconds) {
  return Time{resync::Duration(static_cast<std::int64_t>(milliseconds))};
}

// A phone that has come some way or other, more or less like others.
Phone phone_of(std::uint32_t number, std::uint32_t& draws) {
  const auto draw = [&](std::uint32_t limit) {
    return resync::draw_up_to({3, number, resync::Purpose::periodic}, draws++, limit);
  };
  Phone phone;
  phone.index = number;
  phone.powered_on = time(draw(1'000'000));
  if (draw(2) == 0) return phone;
  phone.state = resync::State::idle;
  phone.has_file = true;
  phone.timer = resync::Timer::periodic;
  phone.timer_due = phone.due = time(draw(UINT32_MAX) * 10);
  phone.pass_started = time(draw(1'000'000));
  phone.rules_print = 77;
  phone.draws[resync::Purpose::periodic] = static_cast<std::uint16_t>(draw(3));
  if (draw(9) > 0) return phone;
  phone.deferred.until = time(draw(1'000'000));
  phone.report_due = phone.resync_at_due = time(draw(1'000'000));
  phone.last_attempt = phone.quiet_from = time(draw(1'000'000));
  phone.unregistered_since = {time(draw(99)), time(draw(99))};
  phone.chained = static_cast<std::uint16_t>(draw(99));
  phone.clock_ahead = -3;
  phone.upgrade_retry_index = 9;
  return phone;
}

}  // namespace

TEST_CASE("a machine at rest comes back as it was, whatever the others have come to") {
  const client::fleet::Slice slice{700, 1, 2};
  PackedMachines packed(slice);
  REQUIRE(packed.count() == 350);
  std::vector<Phone> plain(packed.count());
  for (std::size_t i = 0; i < plain.size(); ++i) {
    plain[i].index = slice.number(i);
    REQUIRE(are_equal(packed[i], plain[i]));
  }
  std::uint32_t draws = 0;
  for (std::size_t round = 0; round < 20; ++round) {
    for (std::size_t i = round % 3; i < plain.size(); i += 1 + round % 2) {
      plain[i] = phone_of(slice.number(i), draws);
      packed.set(i, plain[i]);
    }
    for (std::size_t i = 0; i < plain.size(); ++i) {
      INFO("round " << round << ", phone " << i);
      REQUIRE(are_equal(packed[i], plain[i]));
    }
  }
}

}  // namespace packed_machines_test
