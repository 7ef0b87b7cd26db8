#include "test/e2e/phone.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace provphone::e2e {
namespace {

Json parse(const std::string& text) {
  auto json = Json::parse(text, nullptr, false);
  INFO("should be JSON: " << text.substr(0, 400));
  REQUIRE_FALSE(json.is_discarded());
  return json;
}

Flags command_line(const Flags& arguments) {
  return with({PROVPHONE_BINARY}, arguments);
}

void require_one_line(const std::string& text) {
  INFO("standard error: " << text);
  REQUIRE(std::count(text.begin(), text.end(), '\n') == 1);
  REQUIRE(text.back() == '\n');
  REQUIRE(text.size() > 10);
}

}  // namespace

CommandResult provphone(Workspace& workspace, const Flags& arguments) {
  const auto folder = workspace.make_folder("provphone");
  Process process(folder, "provphone", command_line(arguments));
  const auto status = process.wait(patience);
  REQUIRE(status.has_value());
  return {*status, process.out(), process.err()};
}

std::vector<Json> PhoneRun::events(const std::string& name) const {
  std::vector<Json> found;
  for (const auto& event : trace) {
    if (event.at("event") == name) found.push_back(event);
  }
  return found;
}

std::string PhoneRun::parameter(const std::string& name) const {
  const auto& phones = result.at("final");
  REQUIRE(phones.size() == 1);
  return phones[0].at("parameters").value(name, "");
}

std::size_t PhoneRun::error_count(const std::string& code) const {
  return result.at("errors").value(code, std::size_t{0});
}

RunningPhone::RunningPhone(Workspace& workspace, const Flags& flags)
    : folder_(workspace.make_folder("run")) {
  const auto arguments =
      with(with({"run", "--quiet"}, flags), {"--json", (folder_ / "result.json").string(),
                                             "--trace", (folder_ / "trace.jsonl").string()});
  process_ = std::make_unique<Process>(folder_, "provphone", command_line(arguments));
}

PhoneRun RunningPhone::finish() {
  const auto status = process_->wait(patience);
  REQUIRE(status.has_value());
  PhoneRun run;
  run.exit_code = *status;
  run.err = process_->err();
  INFO("standard error: " << run.err);
  REQUIRE(process_->out().empty());
  run.result = parse(read_file(folder_ / "result.json"));
  for (const auto& line : lines_of(read_file(folder_ / "trace.jsonl"))) {
    run.trace.push_back(parse(line));
  }
  return run;
}

PhoneRun run_phone(Workspace& workspace, const Flags& flags) {
  return RunningPhone(workspace, flags).finish();
}

Flags with(Flags flags, const Flags& more) {
  flags.insert(flags.end(), more.begin(), more.end());
  return flags;
}

void require_success(const PhoneRun& run) {
  INFO("standard error: " << run.err);
  INFO("result: " << run.result.dump());
  REQUIRE(run.exit_code == 0);
  REQUIRE(run.result.at("verdict") == "pass");
  REQUIRE(run.result.at("phones") == 1);
  REQUIRE(run.result.at("errors").empty());
  REQUIRE_FALSE(run.events("pass_succeeded").empty());
  REQUIRE(run.events("pass_failed").empty());
  REQUIRE(run.err.empty());
}

void require_failure(const PhoneRun& run, const std::string& code) {
  INFO("standard error: " << run.err);
  INFO("result: " << run.result.dump());
  REQUIRE(run.error_count(code) == 1);
  REQUIRE(run.result.at("errors").size() == 1);
  REQUIRE(run.exit_code == 1);
  REQUIRE(run.result.at("verdict") == "fail");
  REQUIRE(run.events("applied").empty());
  const auto failed = run.events("pass_failed");
  REQUIRE(failed.size() == 1);
  REQUIRE(failed[0].at("error") == code);
  REQUIRE(run.events("pass_succeeded").empty());
  REQUIRE(run.parameter("GPP_A").empty());
  const auto armed = run.events("timer_armed");
  REQUIRE(std::any_of(armed.begin(), armed.end(), [](const Json& event) {
    return event.at("timer") == "error_retry" && event.at("due") > event.at("t");
  }));
  // The first line names the cause, and a few more say what and what to do.
  const auto lines = lines_of(run.err);
  REQUIRE(lines.size() >= 2);
  REQUIRE(lines.size() <= 5);
  REQUIRE(lines[0].starts_with("FAIL  1 of 1 phone was not provisioned: " + code));
}

void require_refusal(const CommandResult& command, const std::string& code) {
  CHECK(command.exit_code == 1);
  CHECK(command.out.empty());
  require_one_line(command.err);
  CHECK(command.err.find(code) != std::string::npos);
}

void require_usage_error(const CommandResult& command) {
  CHECK(command.exit_code == 2);
  CHECK(command.out.empty());
  require_one_line(command.err);
}

std::filesystem::path Pki::certificate_of(const std::string& mac) const {
  return folder / (mac + ".pem");
}

std::filesystem::path Pki::key_of(const std::string& mac) const {
  return folder / (mac + ".key");
}

ServerCertificate Pki::demanding_clients() const {
  return {folder / "server.pem", folder / "server.key", folder / "device-root.pem"};
}

ServerCertificate Pki::ignoring_clients() const {
  return {folder / "server.pem", folder / "server.key", {}};
}

Flags Pki::phone(const std::string& mac) const {
  return {"--mac",      mac,
          "--cert",     certificate_of(mac).string(),
          "--key-file", key_of(mac).string(),
          "--ca",       server_root().string()};
}

Pki make_pki(Workspace& workspace, const Flags& flags) {
  Pki pki{workspace.make_folder("pki")};
  const auto made = provphone(workspace, with({"pki", pki.folder.string()}, flags));
  INFO("standard error: " << made.err);
  REQUIRE(made.exit_code == 0);
  return pki;
}

std::string profile(const std::string& gpp_a) {
  return "<flat-profile><GPP_A>" + gpp_a + "</GPP_A></flat-profile>\n";
}

}  // namespace provphone::e2e
