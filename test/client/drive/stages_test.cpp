#include "client/drive/detail/stages.hpp"

#include <catch2/catch.hpp>

namespace stages_test {

using namespace provphone;
using client::drive::detail::stage_times;
using client::trace::StageTimes;
using client::transport::Stamps;

TEST_CASE("the time of a retrieval that fails is that of the stage it ended in") {
  const auto stamps = [](std::int64_t resolved, std::int64_t connected, std::int64_t secured,
                         std::int64_t first_byte) {
    return Stamps{0, resolved, connected, secured, first_byte, 5'000};
  };
  struct Case {
    Stamps stamps;
    std::optional<Errc> failure;
    StageTimes expected;
  };
  for (const auto& [reached, failure, expected] :
       {Case{stamps(10, 30, 100, 200), std::nullopt, {10, 20, 70, 100, 4'800}},
        Case{stamps(10, 30, 0, 200), std::nullopt, {10, 20, {}, 170, 4'800}},
        Case{stamps(0, 0, 0, 0), Errc::name_not_resolved, {5'000, {}, {}, {}, {}}},
        Case{stamps(10, 0, 0, 0), Errc::connect_timeout, {10, 4'990, {}, {}, {}}},
        // To an address there is nothing to resolve.
        Case{stamps(0, 0, 0, 0), Errc::connection_refused, {{}, 5'000, {}, {}, {}}},
        Case{stamps(10, 30, 0, 0), Errc::connect_timeout, {10, 20, 4'970, {}, {}}},
        Case{stamps(10, 30, 0, 0), Errc::tls_untrusted, {10, 20, 4'970, {}, {}}},
        Case{stamps(10, 30, 100, 0), Errc::transfer_timeout, {10, 20, 70, 4'900, {}}},
        Case{stamps(10, 30, 100, 0), Errc::tls_refused_by_server, {10, 20, 70, 4'900, {}}},
        Case{stamps(10, 30, 0, 200), Errc::transfer_interrupted, {10, 20, {}, 170, 4'800}}}) {
    const auto times = stage_times(reached, failure);
    INFO((failure ? name(*failure) : "no failure"));
    CHECK(times.resolve == expected.resolve);
    CHECK(times.connect == expected.connect);
    CHECK(times.tls == expected.tls);
    CHECK(times.first_byte == expected.first_byte);
    CHECK(times.body == expected.body);
  }
}

}  // namespace stages_test
