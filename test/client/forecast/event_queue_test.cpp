#include "client/forecast/event_queue.hpp"

#include "resync/random.hpp"

#include <catch2/catch.hpp>

#include <tuple>
#include <vector>

namespace event_queue_test {

using provphone::client::forecast::EventQueue;
using provphone::client::forecast::QueuedEvent;

TEST_CASE("events come out by time, then phone, then rank, then order of arrival") {
  EventQueue queue;
  for (const auto& event :
       {QueuedEvent{5, 2, 0}, {3, 9, 2}, {5, 1, 8}, {3, 9, 1}, {0, 7, 4}, {3, 9, 5}})
    queue.push(event);
  std::vector<std::uint32_t> tokens;
  while (!queue.empty()) tokens.push_back(queue.pop().token);
  CHECK(tokens == std::vector<std::uint32_t>{4, 1, 5, 2, 8, 0});
}

TEST_CASE("an event for the present instant still takes its turn by phone") {
  EventQueue queue;
  for (const auto& event : {QueuedEvent{4, 1, 0}, {4, 5, 1}, {4, 9, 2}}) queue.push(event);
  CHECK(queue.pop().phone == 1);
  queue.push({4, 7, 3});
  queue.push({4, 1, 4});
  std::vector<std::uint32_t> phones;
  while (!queue.empty()) phones.push_back(queue.pop().phone);
  CHECK(phones == std::vector<std::uint32_t>{1, 5, 7, 9});
}

TEST_CASE("what is put in before the present instant comes out next, in the same order") {
  EventQueue queue;
  for (const auto& event : {QueuedEvent{10, 1, 0}, {10, 2, 1}, {20, 1, 2}}) queue.push(event);
  CHECK(queue.next_at([](const QueuedEvent&) {}) == 10);
  CHECK(queue.pop().token == 0);
  for (const auto& event : {QueuedEvent{7, 2, 9}, {5, 2, 5}, {5, 1, 10}, {5, 2, 13}, {7, 1, 3}})
    queue.push(event);
  CHECK(queue.next_at([](const QueuedEvent&) {}) == 5);
  std::vector<std::uint32_t> tokens;
  while (!queue.empty()) tokens.push_back(queue.pop().token);
  CHECK(tokens == std::vector<std::uint32_t>{10, 5, 13, 3, 9, 1, 2});
}

// Against the obvious: a list that is searched for its least element.
TEST_CASE("a queue in use gives what a sorted list would") {
  std::uint64_t counter = 0;
  const auto random = [&](std::uint64_t below) {
    return provphone::resync::mix(counter++) % below;
  };
  EventQueue queue;
  std::vector<std::tuple<std::int64_t, std::uint32_t, std::uint32_t, std::uint32_t>> list;
  std::int64_t now = 0;
  std::uint32_t arrived = 0;
  for (int step = 0; step < 20'000; ++step) {
    if (list.empty() || random(100) < 52) {
      const auto at =
          random(20) == 0
              ? static_cast<std::int64_t>(random(static_cast<std::uint64_t>(now) + 1))
              : now + static_cast<std::int64_t>(random(10) < 3 ? 0 : random(1U << random(24)));
      const auto phone = static_cast<std::uint32_t>(random(50));
      queue.push({at, phone, arrived});
      list.emplace_back(at, phone, arrived & 3, arrived);
      ++arrived;
      continue;
    }
    const auto least = std::min_element(list.begin(), list.end());
    const auto taken = queue.pop();
    REQUIRE(std::tuple(taken.at, taken.phone, taken.token & 3, taken.token) == *least);
    now = taken.at;
    list.erase(least);
  }
  CHECK(queue.size() == list.size());
}

}  // namespace event_queue_test
