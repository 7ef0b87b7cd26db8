#include "client/lint/lint.hpp"

#include "client/report/lint.hpp"
#include "resync/reading.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

// Findings in profiles as people and programs read them.
namespace provphone::lint_test {
namespace {

using client::lint::Severity;

std::vector<client::report::LintedFile> linted(const std::string& text) {
  const resync::Device phone;
  const auto options = resync::decode_options_of(phone.personality);
  return {{"a.xml", client::lint::lint(text, options, phone)}};
}

TEST_CASE("a line that holds a secret, or a piece of one, is not shown") {
  // Each has a finding in the line of the secret.
  const auto* text = GENERATE("<flat-profile><Password_1_>s3cr3t</Password_1_></flat-profile>",
                              "<flat-profile><Password_1_>s3cr3t & more</Password_1_>",
                              "<flat-profile>\n<Password_1_>x\ns3cr3t & more\n</Password_1_>",
                              "<flat-profile><Password_1_>s3cr3t</Password_1_><Password_1_>s3cr3t"
                              "</Password_1_></flat-profile>",
                              "<flat-profile>\n<GPP_SA>s3cr3t</GPP_SA>\n</flat-profile>",
                              "<flat-profile>\n<Profile_Rule>[--key s3cr3t http://127.0.0.1/a"
                              "</Profile_Rule>\n</flat-profile>",
                              "<flat-profile>\n<Profile_Rule>http://u:s3cr3t@127.0.0.1:x/a"
                              "</Profile_Rule>\n</flat-profile>");
  const auto files = linted(text);
  INFO(text);
  REQUIRE_FALSE(files[0].linted.findings.empty());
  for (const auto& told : {format_text(files), format_json(files), format_sarif(files),
                           format_junit(files, Severity::low), format_github(files)})
    CHECK(told.find("s3cr3t") == std::string::npos);
}

TEST_CASE("what is more than a remark is shown at its place, and how to mend it once a kind") {
  const auto files = linted(
      "<flat-profile>\n <Resync_On_Reset>9</Resync_On_Reset>\n"
      "<Proxy_17_>x</Proxy_17_><Resync_From_SIP>9</Resync_From_SIP>\n"
      "</flat-profile>");
  const auto text = format_text(files);
  CHECK(text.find("a.xml:2:2: medium: Resync_On_Reset: neither Yes nor No; the phone keeps the "
                  "value that it has [LINT-VALUE]\n2 |  <Resync_On_Reset>9") == 0);
  CHECK(
      text.find("a.xml:3:1: info: Proxy_17_: is known for 1 to 16 only; the phone does not set it "
                "[LINT-NAME-NUMBER]\na.xml:3:") != std::string::npos);
  const auto mend = text.find("\nto mend\n  LINT-VALUE: a value that is ruled out. Use ");
  REQUIRE(mend != std::string::npos);
  CHECK(text.find("LINT-VALUE:", mend + 15) == std::string::npos);
  CHECK(text.ends_with("\n3 findings in 1 file: 2 medium, 1 info\n"));
}

TEST_CASE("a file without findings is said to have none") {
  const auto files = linted("<flat-profile></flat-profile>");
  CHECK(format_text(files) == "no findings in 1 file\n");
  CHECK_FALSE(has_finding(files, Severity::info));
  CHECK(nlohmann::json::parse(format_sarif(files))["runs"][0]["results"].empty());
}

}  // namespace
}  // namespace provphone::lint_test
