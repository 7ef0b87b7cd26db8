#include "resync/answer.hpp"

#include "macro/enum_array.hpp"

#include <catch2/catch.hpp>

#include <set>
#include <string>
#include <vector>

namespace answer_test {
namespace {

using namespace provphone;

const macro::Url asked{macro::Scheme::http, "prov.example.net", 80, "/a/b.xml"};

bool known(std::string_view name, std::string& out) {
  if (name != "MAU") return false;
  out += "000E08012345";
  return true;
}

resync::Verdict judged(int status, std::string_view location = {}, int hops = 0,
                       profile::Generation generation = profile::Generation::mpp12) {
  return resync::judge({status, location, asked, hops}, resync::personality_of(generation), known);
}

}  // namespace

TEST_CASE("200 is the file, and what else sounds like it is not", "[R-HTTP-21]") {
  auto personality = resync::personality_of(profile::Generation::mpp12);
  const auto takes = [&](int status, macro::RuleKind rule) {
    const auto verdict = resync::judge({status, {}, asked, 0, rule}, personality, known);
    const auto* refused = std::get_if<resync::Refuse>(&verdict);
    if (refused != nullptr) CHECK(refused->error.code == Errc::unexpected_status);
    return refused == nullptr;
  };
  for (const int status : {201, 202, 203, 205, 206, 226, 299}) {
    INFO(status);
    CHECK_FALSE(takes(status, macro::RuleKind::profile));
    CHECK_FALSE(takes(status, macro::RuleKind::upgrade));
    CHECK(takes(status, macro::RuleKind::report));
  }
  // Nothing is an empty file, which is another failure.
  for (const int status : {200, 204}) CHECK(takes(status, macro::RuleKind::profile));
  REQUIRE(resync::set_knob(personality, "other_2xx=accepted"));
  CHECK(takes(206, macro::RuleKind::profile));
}

TEST_CASE("a phone with that defect takes a report for refused unless the status is 200",
          "[R-REPORT-08]") {
  auto personality = resync::personality_of(profile::Generation::mpp11);
  REQUIRE(resync::set_knob(personality, "report_taken_by=only_200"));
  const auto taken = [&](int status, macro::RuleKind rule) {
    return std::holds_alternative<resync::Accept>(
        resync::judge({status, {}, asked, 0, rule}, personality, known));
  };
  CHECK(taken(200, macro::RuleKind::report));
  for (const int status : {201, 202, 204}) CHECK_FALSE(taken(status, macro::RuleKind::report));
  CHECK(taken(204, macro::RuleKind::profile));  // which then is an empty file
}

TEST_CASE("a phone that fetches a load follows 303 as well", "[R-UPGRADE-05]") {
  const auto personality = resync::personality_of(profile::Generation::mpp12);
  const auto asking = [&](macro::RuleKind rule) {
    return resync::judge({303, "/c.loads", asked, 0, rule}, personality, known);
  };
  const auto upgrade = asking(macro::RuleKind::upgrade);
  const auto* follow = std::get_if<resync::Follow>(&upgrade);
  REQUIRE(follow != nullptr);
  CHECK(follow->url.path == "/c.loads");
  CHECK(std::holds_alternative<resync::Refuse>(asking(macro::RuleKind::report)));
}

TEST_CASE("each status code has its own error", "[R-HTTP-22]") {
  struct Case {
    int status;
    Errc error;
  };
  for (const auto& [status, error] : {Case{303, Errc::redirect_not_followed},
                                      {304, Errc::redirect_not_followed},
                                      {307, Errc::redirect_not_followed},
                                      {308, Errc::redirect_not_followed},
                                      {400, Errc::bad_request},
                                      {401, Errc::unauthorized},
                                      {403, Errc::forbidden},
                                      {404, Errc::file_not_found},
                                      {407, Errc::proxy_unauthorized},
                                      {410, Errc::http_client_error},
                                      {500, Errc::internal_server_error},
                                      {501, Errc::not_implemented},
                                      {502, Errc::bad_gateway},
                                      {503, Errc::service_unavailable},
                                      {504, Errc::gateway_timeout},
                                      {599, Errc::http_server_error},
                                      {101, Errc::protocol_error}}) {
    INFO(status);
    const auto verdict = judged(status);
    const auto* refused = std::get_if<resync::Refuse>(&verdict);
    REQUIRE(refused != nullptr);
    CHECK(refused->error.code == error);
  }
}

TEST_CASE("301 and 302 are followed, with macros in Location on MPP phones", "[R-HTTP-23]") {
  const auto url_of = [](const resync::Verdict& verdict) {
    return format(std::get<resync::Follow>(verdict).url);
  };
  CHECK(url_of(judged(301, "https://other.example.net/x")) == "https://other.example.net:443/x");
  CHECK(url_of(judged(302, "/c.xml")) == "http://prov.example.net:80/c.xml");
  CHECK(url_of(judged(302, "/$MAU.xml")) == "http://prov.example.net:80/000E08012345.xml");
  CHECK(url_of(judged(302, "/$MAU.xml", 0, profile::Generation::spa)) ==
        "http://prov.example.net:80/$MAU.xml");
}

TEST_CASE("a redirect that leads nowhere is refused", "[R-HTTP-23]") {
  const auto error_of = [](const resync::Verdict& verdict) {
    return std::get<resync::Refuse>(verdict).error.code;
  };
  CHECK(error_of(judged(302)) == Errc::redirect_not_followed);
  CHECK(error_of(judged(302, "tftp://127.0.0.1/x")) == Errc::redirect_not_followed);
  CHECK(error_of(judged(302, "ftp://127.0.0.1/x")) == Errc::redirect_not_followed);
  CHECK(std::holds_alternative<resync::Follow>(judged(302, "/x", 4)));
  CHECK(error_of(judged(302, "/x", 5)) == Errc::redirect_limit);
}

TEST_CASE("every code has words for $ERR", "[R-LOG-12]") {
  for (const auto code : every<Errc>) {
    INFO(name(code));
    const auto text = resync::err_text({code, {}});
    struct Case {
      Stage stage;
      std::set<std::string> words;
    };
    static const std::vector<Case> words{
        {Stage::rule, {"rule parsing failed", "Bad scheme", "Access violation"}},
        {Stage::resolve, {"Dns query failed"}},
        {Stage::connect, {"Connection error"}},
        {Stage::tls, {"Connection error"}},
        {Stage::decrypt, {"corrupt file"}},
        {Stage::gunzip, {"corrupt file", "file size exceed"}},
        {Stage::parse, {"corrupt file", "resource exhausted"}}};
    for (const auto& [stage, expected] : words)
      CHECK((stage != stage_of(code) || expected.contains(text)));
    CHECK_FALSE(text.empty());
  }
}

TEST_CASE("$ERR of a failed transfer is ATA's word, or the number", "[R-LOG-12]") {
  struct Case {
    Error error;
    const char* text;
  };
  const auto tftp = [](std::uint16_t number) { return Error{Errc::tftp_error, "so", number}; };
  for (const auto& [error, text] : {Case{{Errc::file_not_found, "", 404}, "File not found"},
                                    {{Errc::unauthorized, "", 401}, "Access violation"},
                                    {{Errc::forbidden, "", 403}, "Access violation"},
                                    {{Errc::tftp_access_violation, "", 2}, "Access violation"},
                                    {{Errc::tftp_disk_full, "", 3}, "Disk full"},
                                    {{Errc::tftp_illegal_operation, "", 4}, "Bad operation"},
                                    {tftp(0), "Unknown, error code(0)"},
                                    {tftp(5), "Unknown, error code(5)"},
                                    {tftp(6), "Unknown, error code(6)"},
                                    {tftp(7), "Unknown, error code(7)"},
                                    {tftp(8), "Bad option"},
                                    {{Errc::tftp_error, ""}, "Unknown, error code(0)"},
                                    {{Errc::empty_body, ""}, "Zero file size"},
                                    {{Errc::body_too_large, ""}, "file size exceed"},
                                    {{Errc::transfer_timeout, ""}, "Connection error"},
                                    {{Errc::transfer_stalled, ""}, "Connection error"},
                                    {{Errc::transfer_interrupted, ""}, "Connection error"},
                                    {{Errc::protocol_error, ""}, "http_get failed"}}) {
    INFO(name(error.code));
    CHECK(resync::err_text(error) == text);
  }
}

TEST_CASE("$ERR of a status is its word, or the status", "[R-LOG-12]") {
  struct Case {
    int status;
    const char* text;
  };
  for (const auto& [status, text] : {Case{303, "Unknown, error code(303)"},
                                     {307, "Unknown, error code(307)"},
                                     {400, "Unknown, error code(400)"},
                                     {401, "Access violation"},
                                     {403, "Access violation"},
                                     {404, "File not found"},
                                     {410, "Unknown, error code(410)"},
                                     {500, "internal server error"},
                                     {501, "Not Implemented"},
                                     {502, "Bad Gateway"},
                                     {503, "Service Unavailable"},
                                     {504, "Unknown, error code(504)"},
                                     {599, "Unknown, error code(599)"}}) {
    INFO(status);
    CHECK(resync::err_text(std::get<resync::Refuse>(judged(status)).error) == text);
  }
  // A redirect that is one too many, and one that leads nowhere.
  CHECK(resync::err_text(std::get<resync::Refuse>(judged(302, "/x", 5)).error) ==
        "Unknown, error code(302)");
  CHECK(resync::err_text(std::get<resync::Refuse>(judged(301)).error) ==
        "Unknown, error code(301)");
}

}  // namespace answer_test
