#include "resync/apply.hpp"

#include "profile/aes.hpp"

#include <catch2/catch.hpp>

namespace apply_test {
namespace {

using namespace provphone;
using resync::Device;

Device fresh() {
  Device device;
  device.settings_changed();
  return device;
}

std::string profile_of(const std::string& elements) {
  return "<flat-profile>" + elements + "</flat-profile>";
}

std::string value(const Device& phone, std::string_view name) {
  return std::string(phone.parameters.get(*profile::find_parameter(name)));
}

Result<resync::ApplyResult> take_in(Device& phone, std::size_t slot, const std::string& body,
                                    const resync::Request& request = {}) {
  return resync::apply_file(phone, slot, request, {body, ""});
}

}  // namespace

TEST_CASE("a file that was applied last is recognised and not decoded again") {
  auto phone = fresh();
  const auto body = profile_of("<GPP_A>1</GPP_A>");
  REQUIRE(take_in(phone, 0, body)->changed.size() == 1);
  const auto again = take_in(phone, 0, body);
  REQUIRE(again);
  CHECK(again->unchanged_body);
  CHECK(again->changed.empty());
}

TEST_CASE("a file is applied again when anything has changed a parameter since") {
  auto phone = fresh();
  const auto a = profile_of("<GPP_A>1</GPP_A>");
  const auto b = profile_of("<GPP_A>2</GPP_A>");
  REQUIRE(take_in(phone, 0, a));
  REQUIRE(take_in(phone, 1, b));
  CHECK(value(phone, "GPP_A") == "2");
  const auto again = take_in(phone, 0, a);
  REQUIRE(again);
  CHECK_FALSE(again->unchanged_body);
  CHECK(value(phone, "GPP_A") == "1");
}

TEST_CASE("a file is handed out as it is behind decryption, and not where it came in clear") {
  auto phone = fresh();
  const auto clear = profile_of("<!-- for the lobby --><GPP_A>1</GPP_A>");
  const auto sealed = profile::encrypt(clear, "key", profile::Layer::aes_256_cbc_sha256, {});
  resync::Request request;
  request.key = "key";
  const auto taken = take_in(phone, 0, sealed, request);
  REQUIRE(taken->unpacked);
  CHECK(*taken->unpacked == clear);
  CHECK_FALSE(take_in(phone, 0, sealed, request)->unpacked);  // unchanged
  CHECK_FALSE(take_in(phone, 1, profile_of("<GPP_A>2</GPP_A>"))->unpacked);
}

TEST_CASE("two rules whose files do not meet are both recognised from the third pass on") {
  auto phone = fresh();
  const auto a = profile_of("<GPP_A>1</GPP_A>");
  const auto b = profile_of("<GPP_B>2</GPP_B>");
  for (int pass = 0; pass < 2; ++pass) {
    REQUIRE(take_in(phone, 0, a));
    REQUIRE(take_in(phone, 1, b));
  }
  CHECK(take_in(phone, 0, a)->unchanged_body);
  CHECK(take_in(phone, 1, b)->unchanged_body);
}

TEST_CASE("the same bytes with another key are another file") {
  auto phone = fresh();
  const auto body = profile::encrypt(profile_of("<GPP_A>1</GPP_A>"), "right",
                                     profile::Layer::aes_256_cbc_sha256, {1, 2, 3, 4, 5, 6, 7, 8});
  resync::Request request;
  request.key = "right";
  REQUIRE(take_in(phone, 0, body, request));
  request.key = "wrong";
  const auto refused = take_in(phone, 0, body, request);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::wrong_key);
}

TEST_CASE("a file that fails changes nothing and is not remembered") {
  auto phone = fresh();
  const std::string body = "<flat-profile><GPP_A>1</GPP_B></flat-profile>";
  REQUIRE_FALSE(take_in(phone, 0, body));
  CHECK(value(phone, "GPP_A").empty());
  CHECK(phone.parameters.differences().empty());
  REQUIRE_FALSE(take_in(phone, 0, body));
}

TEST_CASE("settings follow the parameters at once") {
  auto phone = fresh();
  REQUIRE(take_in(phone, 0, profile_of("<Resync_Periodic>7</Resync_Periodic>")));
  CHECK(phone.settings->periodic == resync::DelayList{{{7, 0}}});
  resync::apply_assignments(phone, {{"Resync_Periodic", "9"}, {"No_Such_Parameter", "x"}});
  CHECK(phone.settings->periodic == resync::DelayList{{{9, 0}}});
}

TEST_CASE("a phone that applies what came before a fault still says that the file failed",
          "[R-XML-10]") {
  Device phone;
  REQUIRE(resync::set_knob(phone.personality, "malformed_profile=up_to_fault"));
  phone.settings_changed();
  const std::string body =
      "<flat-profile><Resync_Periodic>7</Resync_Periodic><GPP_A>1</GPP_B></flat-profile>";
  const auto refused = take_in(phone, 0, body);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == Errc::xml_malformed);
  CHECK(refused.error().detail.ends_with("parameters changed before it: 1"));
  CHECK(value(phone, "Resync_Periodic") == "7");
  CHECK(phone.settings->periodic == resync::DelayList{{{7, 0}}});
  CHECK(value(phone, "GPP_A").empty());
  REQUIRE_FALSE(take_in(phone, 0, body));
}

}  // namespace apply_test
