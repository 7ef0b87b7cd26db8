#include "resync/personality.hpp"

#include <catch2/catch.hpp>

using namespace provphone;
using resync::Knob;

TEST_CASE("every knob has a source and a meaning, and its choices cover its cells",
          "[R-RESYNC-01]") {
  for (const auto& row : resync::knob_table()) {
    INFO(row.name);
    CHECK_FALSE(row.meaning.empty());
    CHECK(row.choices.empty() == (row.unit != resync::Unit::choice));
    for (const auto& cell : row.cells) {
      CHECK_FALSE(cell.source.empty());
      auto personality = resync::personality_of(profile::Generation::mpp12);
      const auto assignment = std::string(row.name) + "=" + resync::format_knob(row, cell.value);
      INFO(assignment);
      REQUIRE(resync::set_knob(personality, assignment));
      CHECK(personality[row.knob] == cell.value);
    }
  }
}

TEST_CASE("durations are read in seconds and milliseconds", "[R-RESYNC-01]") {
  auto personality = resync::personality_of(profile::Generation::mpp12);
  REQUIRE(resync::set_knob(personality, "idle_timeout=300ms"));
  CHECK(personality[Knob::idle_timeout] == 300);
  REQUIRE(resync::set_knob(personality, "idle_timeout=2s"));
  CHECK(personality[Knob::idle_timeout] == 2000);
  REQUIRE(resync::set_knob(personality, "idle_timeout=3"));
  CHECK(personality[Knob::idle_timeout] == 3000);
}

TEST_CASE("a knob that is not there or a value it does not take is an error that says what is",
          "[R-RESYNC-01]") {
  auto personality = resync::personality_of(profile::Generation::mpp12);
  for (const auto* text : {"idle_timeout", "idle_timeout=", "idle_timeout=soon", "idle_timeout=-1",
                           "redirect_limit=2s", "error_retry_zero=never", "no_such_knob=1",
                           "redirect_limit=99999999999999999999"}) {
    INFO(text);
    const auto set = resync::set_knob(personality, text);
    REQUIRE_FALSE(set);
    CHECK(set.error().code == Errc::bad_argument);
    CHECK_FALSE(set.error().detail.empty());
  }
}

TEST_CASE("the personalities differ where the documents do", "[R-RESYNC-01]") {
  const auto spa = resync::personality_of(profile::Generation::spa);
  const auto mpp11 = resync::personality_of(profile::Generation::mpp11);
  const auto mpp12 = resync::personality_of(profile::Generation::mpp12);
  CHECK(spa[Knob::resync_random_delay_unit] == 20'000);
  CHECK(mpp11[Knob::resync_random_delay_unit] == 1'000);
  CHECK(mpp12[Knob::resync_random_delay_unit] == 20'000);
  CHECK(resync::key_digests_of(spa) == profile::KeyDigests::md5);
  CHECK(resync::key_digests_of(mpp12) == profile::KeyDigests::sha256_then_md5);
  CHECK(resync::secret_scope_of(spa) == macro::SecretScope::key);
  CHECK(resync::secret_scope_of(mpp12) == macro::SecretScope::key_uid_and_pwd);
  CHECK(resync::dialect_of(spa).implicit_software_version);
  CHECK_FALSE(resync::dialect_of(mpp12).implicit_software_version);
  CHECK(resync::self_closed_of(spa) == profile::SelfClosed::keeps_value);
}
