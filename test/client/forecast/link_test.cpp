#include "client/forecast/link.hpp"

#include <catch2/catch.hpp>

namespace link_test {
namespace {

using namespace provphone;
using namespace std::chrono_literals;
using client::forecast::Arrival;
using client::forecast::Link;
using client::forecast::Transfer;
using client::scenario::Bandwidth;
using resync::Time;

Transfer transfer(std::uint32_t phone, std::uint64_t octets, Time until = Time::max()) {
  return {{phone, 1}, octets, {}, until};
}

// Who has ended at that moment, which is when the line said that the next one would.
std::vector<std::uint32_t> ended(Link& link, resync::Duration at) {
  CHECK(link.next() == Time{at});
  std::vector<std::uint32_t> phones;
  for (const auto& arrival : link.take(Time{at})) {
    CHECK_FALSE(arrival.is_given_up);
    phones.push_back(arrival.transfer.id.phone);
  }
  return phones;
}

}  // namespace

TEST_CASE("one answer alone has the server's whole line") {
  Link link(Bandwidth{1'000, {}});
  link.begin(transfer(7, 2'500), Time{1s});
  CHECK(link.take(Time{3499ms}).empty());
  CHECK(ended(link, 3500ms) == std::vector<std::uint32_t>{7});
  CHECK(link.next() == Time::max());
}

TEST_CASE("answers under way share the line equally, whenever they began") {
  Link link(Bandwidth{1'000, {}});
  link.begin(transfer(1, 2'000), Time{0s});
  link.begin(transfer(2, 1'500), Time{1s});
  // 1 has 1 000 of its octets after a second alone, and the others in two seconds of half the line;
  // 2 has 1 000 by then, and the line to itself for the rest.
  CHECK(ended(link, 3s) == std::vector<std::uint32_t>{1});
  CHECK(ended(link, 3500ms) == std::vector<std::uint32_t>{2});
}

TEST_CASE("no answer is faster than each of them may be") {
  Link link(Bandwidth{1'000, 400});
  link.begin(transfer(1, 400), Time{0s});
  CHECK(link.next() == Time{1s});
  link.begin(transfer(2, 800), Time{0s});
  link.begin(transfer(3, 1'000), Time{0s});
  CHECK(ended(link, 1200ms) == std::vector<std::uint32_t>{1});  // a third of the line each
  CHECK(ended(link, 2200ms) == std::vector<std::uint32_t>{2});
  CHECK(ended(link, 2700ms) == std::vector<std::uint32_t>{3});
}

TEST_CASE("who is not waited for any more leaves the line to the others") {
  Link link(Bandwidth{1'000, {}});
  link.begin(transfer(1, 1'000), Time{0s});
  link.begin(transfer(2, 1'000), Time{0s});
  link.drop({1, 1}, Time{1s});
  link.drop({5, 1}, Time{1s});
  CHECK(ended(link, 1500ms) == std::vector<std::uint32_t>{2});
  link.drop({2, 1}, Time{2s});
  CHECK(link.under_way() == 0);
}

TEST_CASE("what is not all there in time is given up, and what was told stays told") {
  Link link(Bandwidth{1'000, {}});
  link.begin(transfer(1, 10'000, Time{2s}), Time{0s});
  link.begin(transfer(2, 1'500), Time{0s});
  CHECK(link.next() == Time{2s});
  // Nobody asks at that moment: both ends are told afterwards, in their order.
  const auto arrivals = link.take(Time{10s});
  REQUIRE(arrivals.size() == 2);
  CHECK(arrivals[0].transfer.id.phone == 1);
  CHECK(arrivals[0].is_given_up);
  CHECK(arrivals[1].transfer.id.phone == 2);
  CHECK_FALSE(arrivals[1].is_given_up);
}

TEST_CASE("ten thousand equal answers that begin at once end at once") {
  Link link(Bandwidth{10'000'000, {}});
  for (std::uint32_t phone = 0; phone < 10'000; ++phone)
    link.begin(transfer(phone, 40'000), Time{0s});
  CHECK(link.take(Time{39'999ms}).empty());
  CHECK(ended(link, 40s).size() == 10'000);
}

}  // namespace link_test
