#include "client/figures/standing.hpp"

#include <catch2/catch.hpp>

namespace standing_test {

using namespace provphone;
using namespace provphone::client::figures;

namespace {

Evidence of_phones(std::uint64_t phones, std::uint64_t failed, std::uint64_t pending) {
  Evidence evidence;
  evidence.phones = evidence.chances = phones;
  evidence.failed = failed;
  evidence.pending = pending;
  return evidence;
}

Evidence at_least(std::uint32_t share_ppm, Evidence evidence) {
  evidence.criterion.kind = Criterion::Kind::share;
  evidence.criterion.share_ppm = share_ppm;
  return evidence;
}

Evidence counted(std::uint64_t count, std::uint64_t least, std::optional<std::uint64_t> most) {
  auto evidence = of_phones(10, 0, 0);
  evidence.criterion.kind = Criterion::Kind::count;
  evidence.criterion.least = least;
  evidence.criterion.most = most;
  evidence.counted = count;
  return evidence;
}

Evidence p99_within(std::int64_t limit_us, std::int64_t us) {
  auto evidence = of_phones(10, 0, 0);
  evidence.criterion.kind = Criterion::Kind::quantiles;
  evidence.criterion.limits_us[2] = limit_us;
  evidence.is_of_times = true;
  evidence.times_us.add(us);
  return evidence;
}

Evidence never_seen() {
  auto evidence = of_phones(10, 0, 0);
  evidence.chances = 0;
  return evidence;
}

Evidence beyond_driver() {
  auto evidence = of_phones(10, 1, 0);
  evidence.beyond_driver = "a model has no such stage";
  return evidence;
}

}  // namespace

TEST_CASE("an expectation has a state while the run goes on") {
  struct Row {
    std::string what;
    Evidence evidence;
    SoFar state;
    std::string figures;
  };
  const std::vector<Row> rows{
      {"all did", of_phones(10, 0, 0), SoFar::holds, "10 of 10 phones"},
      {"some have time", of_phones(10, 0, 4), SoFar::open, "6 of 10 phones, 4 have time"},
      {"one did not", of_phones(10, 1, 4), SoFar::fails, "5 of 10 phones, 1 failed, 4 have time"},
      {"a share that is had", at_least(500'000, of_phones(10, 1, 4)), SoFar::holds,
       "5 of 10 phones, 1 failed, 4 have time"},
      {"a share that may come", at_least(900'000, of_phones(10, 1, 4)), SoFar::open,
       "5 of 10 phones, 1 failed, 4 have time"},
      {"a share out of reach", at_least(900'000, of_phones(10, 2, 4)), SoFar::fails,
       "4 of 10 phones, 2 failed, 4 have time"},
      {"too few by now", counted(2, 3, {}), SoFar::open, "2 so far"},
      {"enough", counted(3, 3, {}), SoFar::holds, "3 so far"},
      {"too many", counted(4, 0, 3), SoFar::lost, "4 so far"},
      {"slow", p99_within(1'000, 2'000), SoFar::fails, "p99 2.0 of 1.0 ms"},
      {"fast", p99_within(3'000, 2'000), SoFar::holds, "p99 2.0 of 3.0 ms"},
      {"nothing has happened", never_seen(), SoFar::open, ""},
      {"nobody can tell", beyond_driver(), SoFar::not_judged, ""},
  };
  for (const auto& row : rows) {
    INFO(row.what);
    CHECK(name(so_far({row.evidence, {false, row.evidence.counted, row.evidence.criterion.most}},
                      {})) == name(row.state));
    CHECK(figures_so_far(row.evidence) == row.figures);
  }
}

TEST_CASE("what is lost stays lost, and times of a late generator say nothing") {
  Hearing late;
  late.times_count = false;
  CHECK(so_far({p99_within(1'000, 2'000), {}}, late) == SoFar::doubtful);
  CHECK(so_far({of_phones(10, 1, 0), {}}, late) == SoFar::fails);
  CHECK(so_far({of_phones(10, 0, 0), {true, 0, {}}}, late) == SoFar::lost);
  CHECK(so_far({beyond_driver(), {true, 0, {}}}, {}) == SoFar::not_judged);
}

TEST_CASE("how parts of a run stand adds up") {
  const Cause refused{Work::pass, Errc::connection_refused, "http://127.0.0.1:1", "lab"};
  Failures first;
  first.times = 2;
  first.first_number = 7;
  auto second = first;
  second.first_number = 3;
  Standing sum{{{of_phones(4, 0, 1), {}}}, {{refused, first}}, 0};
  merge(sum, {{{of_phones(6, 2, 1), {true, 0, {}}}}, {{refused, second}}, 0});
  CHECK(figures_so_far(sum.expectations.at(0).evidence) == "6 of 10 phones, 2 failed, 2 have time");
  CHECK(is_lost(sum.expectations.at(0).loss));
  CHECK(sum.failures.at(refused).times == 4);
  CHECK(sum.failures.at(refused).first_number == 3);
  Standing nothing;
  merge(nothing, sum);
  CHECK(nothing.expectations.size() == 1);
  CHECK(nothing.failures.size() == 1);
}

}  // namespace standing_test
