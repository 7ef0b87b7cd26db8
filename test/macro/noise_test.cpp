#include "macro/rule.hpp"
#include "test/macro/reference_phone.hpp"

#include <catch2/catch.hpp>

#include <cstdint>

namespace noise_test {

using namespace provphone;
using namespace provphone::macro;
using namespace provphone::macro::test;

namespace {

// SplitMix64, so that every machine sees the same noise.
class Noise {
 public:
  explicit Noise(std::uint64_t seed) : state_(seed) {}

  std::size_t below(std::size_t limit) {
    state_ += 0x9e3779b97f4a7c15U;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
    return static_cast<std::size_t>((z ^ (z >> 31U)) % limit);
  }

  // Pieces of rules in no order, and now and then any octet at all.
  std::string text() {
    static constexpr std::string_view pieces[] = {
        "(", ")",        "?",    "!",     "|",       "[",     "]",     "\"",    "--key ",
        "$", "$MA",      "$SA",  "$(MA:", "$$",      "1",     "-1",    " eq ",  " and ",
        "<", "=",        ";",    "a=",    "2.0.6",   "(b)",   "http",  "://",   "/p",
        ":", "11-3-2-1", "sip.", "#",     "--post ", "\\043", "gds",   "[::1]", "..",
        " ", "@",        "%",    "h",     "--srv",   "ge ",   "\"x\"", "$NOPE", ".loads"};
    std::string out;
    for (std::size_t left = below(24); left > 0; --left) {
      if (below(8) == 0) {
        out.push_back(static_cast<char>(static_cast<unsigned char>(below(256))));
      } else {
        out.append(pieces[below(std::size(pieces))]);
      }
    }
    return out;
  }

 private:
  std::uint64_t state_;
};

constexpr int rounds = 20000;

void check_error(const Error& error) {
  if (stage_of(error.code) != Stage::rule || error.detail.empty()) {
    CAPTURE(format(error));
    FAIL("an error without a stage or a detail");
  }
}

}  // namespace

TEST_CASE("a phone that knows no names leaves noise as it is, but for doubled dollars",
          "[R-MACRO-04][R-MACRO-07]") {
  Noise noise(1);
  const auto nothing = lookup_in({});
  int unchanged = 0;
  for (int i = 0; i < rounds; ++i) {
    const std::string text = noise.text();
    const std::string expanded = expand(text, nothing, SecretScope::key_uid_and_pwd);
    if (text.find("$$") != std::string::npos) continue;
    ++unchanged;
    if (expanded != text) FAIL("changed: " << text);
  }
  CHECK(unchanged > rounds / 2);
}

TEST_CASE("noise without brackets never makes a phone tell its secrets", "[R-MACRO-09]") {
  Noise noise(2);
  const auto phone = lookup_in({{"SA", "\x01"}, {"MA", "m"}});
  int told = 0;
  for (int i = 0; i < rounds; ++i) {
    const std::string text = noise.text();
    if (text.find('\x01') != std::string::npos) continue;
    const auto expanded = expand(text, phone, SecretScope::key_uid_and_pwd);
    if (expanded.find('\x01') == std::string::npos) continue;
    ++told;
    const auto bracket = expanded.find('[');
    if (bracket == std::string::npos || bracket > expanded.find('\x01')) FAIL("told: " << text);
    if (expand(text, phone).find('\x01') != std::string::npos) FAIL("told: " << text);
  }
  CHECK(told > 0);
}

TEST_CASE("a condition of noise is true, false or a precise error", "[R-COND-01]") {
  Noise noise(3);
  const Dialect dialects[] = {{VersionOrder::mpp, false, false},
                              {VersionOrder::legacy, true, true}};
  int verdicts = 0;
  for (int i = 0; i < rounds; ++i) {
    const auto& dialect = dialects[noise.below(2)];
    const auto result = evaluate_condition(noise.text(), dialect, "2.0.6");
    if (!result) check_error(result.error());
    if (result) ++verdicts;
  }
  CHECK(verdicts > 0);
}

TEST_CASE("a rule of random characters has an outcome or a precise error", "[R-RULE-01]") {
  Noise noise(4);
  RuleContext context;
  context.software_version = "2.0.6";
  context.default_server = DefaultServer{Scheme::http, "s", 8080};
  int urls = 0;
  for (int i = 0; i < rounds; ++i) {
    context.kind = static_cast<RuleKind>(noise.below(3));
    const std::string text = noise.text();
    const auto outcome = evaluate_rule(text, context);
    if (!outcome) check_error(outcome.error());
    if (!outcome || !outcome->url || outcome->url->scheme == Scheme::gds) continue;
    ++urls;
    if (outcome->url->host.empty() || !outcome->url->path.starts_with('/')) FAIL("bad: " << text);
  }
  CHECK(urls > 0);
}

TEST_CASE("a report rule of random characters falls into pieces of itself", "[R-RULE-20]") {
  Noise noise(5);
  std::size_t pieces = 0;
  for (int i = 0; i < rounds; ++i) {
    const std::string text = noise.text();
    const char* behind = text.data();
    for (const auto piece : split_report_rule(text)) {
      if (piece.empty() || piece.data() < behind) FAIL("bad pieces: " << text);
      behind = piece.data() + piece.size();
      ++pieces;
    }
    if (behind > text.data() + text.size()) FAIL("bad pieces: " << text);
  }
  CHECK(pieces > 0);
}

TEST_CASE("a URL of noise is a URL that can be printed and read again, or a precise error",
          "[R-RULE-07][R-RULE-23]") {
  Noise noise(6);
  const Url base{Scheme::http, "h", 80, "/a/b"};
  int urls = 0;
  for (int i = 0; i < rounds; ++i) {
    const std::string text = noise.text();
    const auto parsed = parse_url("http://h/" + text, std::nullopt);
    const auto located = resolve_location(base, text);
    if (!parsed) check_error(parsed.error());
    if (!located) check_error(located.error());
    for (const auto* url : {&parsed, &located}) {
      if (!*url) continue;
      ++urls;
      if (parse_url(format(**url), std::nullopt) != *url) FAIL("not the same again: " << text);
    }
  }
  CHECK(urls > rounds / 4);
}

}  // namespace noise_test
