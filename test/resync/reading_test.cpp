#include "resync/reading.hpp"

#include "profile/aes.hpp"
#include "profile/rfc8188.hpp"
#include "resync/apply.hpp"

#include <catch2/catch.hpp>

namespace reading_test {

using namespace provphone;
using profile::Access;
using profile::Generation;

namespace {

resync::Personality with_knob(std::string_view assignment,
                              Generation generation = Generation::mpp12) {
  auto personality = resync::personality_of(generation);
  REQUIRE(resync::set_knob(personality, assignment));
  return personality;
}

std::string in_profile(std::string_view inside) {
  return std::string("<flat-profile>").append(inside).append("</flat-profile>");
}

profile::ParameterId id(std::string_view name) {
  return profile::find_parameter(name).value();
}

// A phone with GPP_A "old" that took in `file`: what it holds in `name` then.
std::string value_after(const resync::Personality& personality, std::string_view file,
                        std::string_view name) {
  profile::ParameterSet phone(resync::factory_values_of(personality));
  phone.set(id("GPP_A"), "old");
  const auto decoded = profile::decode_or_explain(file, resync::decode_options_of(personality));
  profile::apply(phone, decoded ? decoded->changes : decoded.error().before_fault.changes);
  return std::string(phone.get(id(name)));
}

}  // namespace

TEST_CASE("a phone reads a file as its knobs say",
          "[R-XML-10][R-XML-18][R-XML-23][R-XML-25]"
          "[R-LAYER-18]") {
  struct Row {
    std::string knob, inside, name, value;
  };
  const std::string of_70k(70'000, 'x');
  const std::string of_65536(65'536, 'x');
  const std::string doubling = "60,120,240,480,960,1920,3840,7680,15360,30720,61440,86400";
  const std::vector<Row> rows{
      {"malformed_profile=nothing", "<GPP_A>1</GPP_A><GPP_B>2</GPP_C>", "GPP_A", "old"},
      {"malformed_profile=up_to_fault", "<GPP_A>1</GPP_A><GPP_B>2</GPP_C>", "GPP_A", "1"},
      {"malformed_profile=up_to_fault", "<GPP_A>1</GPP_A><GPP_B>2</GPP_C>", "GPP_B", ""},
      {"malformed_profile=up_to_fault", "<GPP_A>Tom & Jerry</GPP_A>", "GPP_A", "old"},
      {"invalid_value=ignored", "<Resync_At__HHmm_>2500</Resync_At__HHmm_>", "Resync_At__HHmm_",
       ""},
      {"invalid_value=stored", "<Resync_At__HHmm_>2500</Resync_At__HHmm_>", "Resync_At__HHmm_",
       "2500"},
      {"invalid_value=stored", "<Provision_Enable>0</Provision_Enable>", "Provision_Enable", "No"},
      {"empty_value=empty", "<Resync_Periodic></Resync_Periodic>", "Resync_Periodic", ""},
      {"empty_value=factory", "<Resync_Periodic> </Resync_Periodic>", "Resync_Periodic", "3600"},
      {"empty_value=factory", "<Resync_Periodic/>", "Resync_Periodic", "3600"},
      {"empty_value=factory", R"(<Resync_Periodic>""</Resync_Periodic>)", "Resync_Periodic", ""},
      {"empty_value=empty", R"(<Resync_Periodic>""</Resync_Periodic>)", "Resync_Periodic", ""},
      {"empty_value=factory", "<GPP_A></GPP_A>", "GPP_A", ""},
      {"empty_value=factory",
       "<Resync_Error_Retry_Delay>5</Resync_Error_Retry_Delay>"
       "<Resync_Error_Retry_Delay></Resync_Error_Retry_Delay>",
       "Resync_Error_Retry_Delay", doubling},
      {"value_limit=65536", "<GPP_A>" + of_65536 + "</GPP_A>", "GPP_A", of_65536},
      {"value_limit=65536", "<GPP_A>" + of_65536 + "y</GPP_A>", "GPP_A", "old"},
      {"value_limit=3", "<GPP_A>123</GPP_A>", "GPP_A", "123"},
      {"value_limit=3", "<GPP_A>1234</GPP_A>", "GPP_A", "old"},
      {"value_limit=0", "<GPP_A>" + of_70k + "</GPP_A>", "GPP_A", of_70k},
      {"periodic_upload_maximum=2592000",
       "<Periodic_Upload_To_Server>2592000</Periodic_Upload_To_Server>",
       "Periodic_Upload_To_Server", "2592000"},
      {"periodic_upload_maximum=259200",
       "<Periodic_Upload_To_Server>259200</Periodic_Upload_To_Server>", "Periodic_Upload_To_Server",
       "259200"},
      {"periodic_upload_maximum=259200",
       "<Periodic_Upload_To_Server>259201</Periodic_Upload_To_Server>", "Periodic_Upload_To_Server",
       "3600"},
      {"report_to_server_spelling=both", "<Report_To_Server>Periodically</Report_To_Server>",
       "Report_To_Server", "Periodically"},
      {"report_to_server_spelling=both", "<Report_to_Server>Periodically</Report_to_Server>",
       "Report_To_Server", "Periodically"},
      {"report_to_server_spelling=dump", "<Report_To_Server>Periodically</Report_To_Server>",
       "Report_To_Server", "Periodically"},
      {"report_to_server_spelling=dump", "<Report_to_Server>Periodically</Report_to_Server>",
       "Report_To_Server", "On Request"},
      {"report_to_server_spelling=guide", "<Report_To_Server>Periodically</Report_To_Server>",
       "Report_To_Server", "On Request"},
      {"report_to_server_spelling=guide", "<Report_to_Server>Periodically</Report_to_Server>",
       "Report_To_Server", "Periodically"},
  };
  for (const auto& row : rows) {
    INFO(row.knob << ": " << row.inside.substr(0, 100));
    CHECK(value_after(with_knob(row.knob), in_profile(row.inside), row.name) == row.value);
  }
}

TEST_CASE("what a knob makes a phone pass over is reported", "[R-XML-18][R-LAYER-18]") {
  struct Row {
    std::string knob, inside, why;
  };
  const std::vector<Row> rows{
      {"value_limit=3", "<GPP_A>1234</GPP_A>", "longer than 3 octets"},
      {"invalid_value=ignored", "<Resync_On_Reset>Maybe</Resync_On_Reset>", "neither Yes nor No"},
      {"periodic_upload_maximum=259200",
       "<Periodic_Upload_To_Server>259201</Periodic_Upload_To_Server>",
       "not a whole number from 600 to 259200"},
      {"report_to_server_spelling=dump", "<Report_to_Server>Periodically</Report_to_Server>",
       "this phone reads another spelling of it"},
      {"names_of=mpp", "<Linksys_Key_System>Yes</Linksys_Key_System>",
       "is of SPA phones; an MPP phone passes it over"},
      {"names_of=phoneos", "<Linksys_Key_System>Yes</Linksys_Key_System>",
       "is of SPA phones; a PhoneOS phone passes it over"},
      {"names_of=spa", "<Work_Days>Monday</Work_Days>",
       "is of MPP phones and PhoneOS phones; a SPA phone passes it over"},
  };
  for (const auto& row : rows) {
    INFO(row.inside);
    const auto decoded =
        profile::decode(in_profile(row.inside), resync::decode_options_of(with_knob(row.knob)));
    REQUIRE(decoded);
    CHECK(decoded->changes.empty());
    REQUIRE(decoded->ignored.size() == 1);
    CHECK(decoded->ignored[0].why == row.why);
  }
}

TEST_CASE("a file at fault is an error although a part of it counts", "[R-XML-10]") {
  const auto file = in_profile("<GPP_A>1</GPP_A><No_Such>2</No_Such><GPP_B>2</GPP_C>");
  for (const std::string knob : {"malformed_profile=nothing", "malformed_profile=up_to_fault"}) {
    INFO(knob);
    const auto options = resync::decode_options_of(with_knob(knob));
    CHECK(profile::decode(file, options).error().code == Errc::xml_malformed);
    const auto failure = profile::decode_or_explain(file, options).error();
    const std::size_t expected = knob.ends_with("fault") ? 1 : 0;
    CHECK(failure.before_fault.changes.size() == expected);
    CHECK(failure.before_fault.ignored.size() == expected);
  }
}

TEST_CASE("an element without ua keeps the right or takes it back to the factory's", "[R-XML-19]") {
  struct Row {
    std::string knob, element;
    std::optional<Access> right;
  };
  const std::vector<Row> rows{
      {"access_when_absent=kept", "<GPP_A>1</GPP_A>", Access::read_only},
      {"access_when_absent=factory", "<GPP_A>1</GPP_A>", std::nullopt},
      {"access_when_absent=kept", R"(<GPP_A ua="all">1</GPP_A>)", Access::read_only},
      {"access_when_absent=factory", R"(<GPP_A ua="all">1</GPP_A>)", std::nullopt},
      {"access_when_absent=factory", R"(<GPP_A ua="rw">1</GPP_A>)", Access::read_write},
      {"access_when_absent=factory", "<GPP_B>1</GPP_B>", Access::read_only},
  };
  for (const auto& row : rows) {
    INFO(row.knob << ": " << row.element);
    const auto personality = with_knob(row.knob);
    profile::ParameterSet phone(resync::factory_values_of(personality));
    phone.set_access(id("GPP_A"), Access::read_only);
    const auto decoded =
        profile::decode(in_profile(row.element), resync::decode_options_of(personality));
    REQUIRE(decoded);
    profile::apply(phone, decoded->changes);
    CHECK(phone.access(id("GPP_A")) == row.right);
  }
}

TEST_CASE("a file that is not encrypted passes under a key only where the knob lets it",
          "[R-LAYER-10]") {
  const auto plain = in_profile("<GPP_A>1</GPP_A>");
  const auto sealed = profile::encrypt(plain, "phrase", profile::Layer::aes_256_cbc_sha256, {});
  const auto code = [](std::string_view knob, std::string_view file, std::string_view key) {
    auto options = resync::decode_options_of(with_knob(knob));
    if (!key.empty()) options.key = key;
    const auto decoded = profile::decode(file, options);
    return std::string(decoded ? "applied" : name(decoded.error().code));
  };
  CHECK(code("plain_file_with_key=corrupt", plain, "phrase") == "not_encrypted");
  CHECK(code("plain_file_with_key=accepted", plain, "phrase") == "applied");
  CHECK(code("plain_file_with_key=accepted", sealed, "phrase") == "applied");
  CHECK(code("plain_file_with_key=accepted", sealed, "other") == "wrong_key");
  CHECK(code("plain_file_with_key=accepted", sealed, "") == "key_missing");
}

TEST_CASE("the IKM's text is octets, base64url or hexadecimal, as the knob says",
          "[R-LAYER-12][R-LAYER-20]") {
  const auto plain = in_profile("<GPP_A>1</GPP_A>");
  const std::string octets = "ThisIsTheIKM0001";
  const std::string base64url = "VGhpc0lzVGhlSUtNMDAwMQ";
  const std::string hex =
      "54686973497354686549"
      "4B4d30303031";
  struct Row {
    std::string knob, ikm;
    bool opens;
  };
  const std::vector<Row> rows{
      {"ikm_encoding=octets_then_base64url", octets, true},
      {"ikm_encoding=octets_then_base64url", base64url, true},
      {"ikm_encoding=octets_then_base64url", hex, false},
      {"ikm_encoding=octets", octets, true},
      {"ikm_encoding=octets", base64url, false},
      {"ikm_encoding=base64url", octets, false},
      {"ikm_encoding=base64url", base64url, true},
      {"ikm_encoding=base64url", "not base64url!", false},
      {"ikm_encoding=hex", hex, true},
      {"ikm_encoding=hex", octets, false},
      {"ikm_encoding=hex", "abc", false},
  };
  const auto body = profile::encrypt_aes128gcm(plain, octets, {{1}});
  for (const auto& row : rows) {
    INFO(row.knob << " with " << row.ikm);
    auto options = resync::decode_options_of(with_knob(row.knob));
    options.ikm = row.ikm;
    options.aes128gcm = true;
    const auto decoded = profile::decode(body, options);
    CHECK(decoded.has_value() == row.opens);
    if (!decoded) CHECK(decoded.error().code == Errc::rfc8188_corrupt);
    // What such a phone seals, it opens.
    const auto own = profile::ikm_octets(row.ikm, options.ikm_encoding);
    if (own) CHECK(profile::decode(profile::encrypt_aes128gcm(plain, *own, {{2}}), options));
  }
}

TEST_CASE("a phone leaves the factory with one of two lists of retry delays", "[R-XML-24]") {
  const auto retry = id("Resync_Error_Retry_Delay");
  const auto of = [&](const resync::Personality& personality) {
    return (*resync::factory_values_of(personality))[retry];
  };
  for (const auto generation : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    INFO(name(generation));
    const auto as_documented = resync::personality_of(generation);
    CHECK(of(as_documented) == profile::default_value(retry, generation));
    CHECK(resync::factory_values_of(as_documented) == profile::factory_values(generation));
    CHECK(of(with_knob("error_retry_default=3600", generation)) == "3600");
    CHECK(of(with_knob("error_retry_default=doubling", generation)).starts_with("60,120,240,"));
  }
}

TEST_CASE("only phones of 11.3(1) and later know preserve-value, and of 12.0(4) user-pref",
          "[R-XML-34][R-XML-35]") {
  for (const auto family : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    const auto personality = resync::personality_of(family);
    const bool knows = family == Generation::mpp12;
    INFO(name(family));
    CHECK(value_after(personality, in_profile("<GPP_A preserve-value=\"y\">new</GPP_A>"),
                      "GPP_A") == (knows ? "old" : "new"));
    resync::Device phone;
    phone.personality = personality;
    resync::apply_by_hand(phone, {{"GPP_A", "mine"}});
    CHECK(phone.parameters.is_changed_by_user(id("GPP_A")) == knows);
    const auto file = in_profile("<GPP_A user-pref=\"y\">new</GPP_A>");
    REQUIRE(resync::apply_file(phone, 0, {}, {file, {}}));
    CHECK(phone.parameters.get(id("GPP_A")) == (knows ? "mine" : "new"));
  }
}

TEST_CASE("families that do not know RFC 8188 take its octets as they are",
          "[R-LAYER-01][R-LAYER-11]") {
  for (const auto family : {Generation::spa, Generation::mpp11, Generation::mpp12}) {
    INFO(name(family));
    resync::Device phone;
    phone.personality = resync::personality_of(family);
    phone.parameters.set(id("IKM_HTTP_Encrypt_Content"), "0123456789abcdef");
    const std::string plain = in_profile("<GPP_A>1</GPP_A>");
    const auto sealed = profile::encrypt_aes128gcm(plain, "0123456789abcdef", {});
    const bool knows = family == Generation::mpp12;
    const auto taken = resync::apply_file(phone, 0, {}, {sealed, "aes128gcm"});
    CHECK(taken.has_value() == knows);
    if (!taken) {
      CHECK(taken.error().code == Errc::not_a_profile);
      CHECK(taken.error().detail.ends_with("aes128gcm, which this family does not know"));
    }
    // What a server only claims to have encrypted is read.
    CHECK(resync::apply_file(phone, 0, {}, {plain, "aes128gcm"}).has_value() == !knows);
    // The file that was met before is read anew where the coding is another one.
    REQUIRE(resync::set_knob(phone.personality, knows ? "rfc8188=ignored" : "rfc8188=read"));
    CHECK(resync::apply_file(phone, 0, {}, {sealed, "aes128gcm"}).has_value() == !knows);
  }
}

}  // namespace reading_test
