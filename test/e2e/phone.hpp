#pragma once

#include "test/e2e/process.hpp"
#include "test/e2e/web_servers.hpp"
#include "test/e2e/workspace.hpp"

#include <nlohmann/json.hpp>
#include <signal.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

// The binary under test.
namespace provphone::e2e {

using Json = nlohmann::json;
using Flags = std::vector<std::string>;

struct CommandResult {
  int exit_code = -1;
  std::string out;
  std::string err;
};

// Runs `provphone` with `arguments` to its end.
CommandResult provphone(Workspace& workspace, const Flags& arguments);

// What `provphone run` did.
struct PhoneRun {
  int exit_code = -1;
  std::string err;
  Json result;              // of --json
  std::vector<Json> trace;  // of --trace

  // The trace's events of one name, in order.
  std::vector<Json> events(const std::string& name) const;
  // The phone's parameter at the end; empty when it has none of that name.
  std::string parameter(const std::string& name) const;
  std::size_t error_count(const std::string& code) const;
};

// A `provphone run` in the background.
class RunningPhone {
 public:
  RunningPhone(Workspace& workspace, const Flags& flags);

  void interrupt() { process_->signal(SIGINT); }
  std::string err() const { return process_->err(); }  // so far
  PhoneRun finish();                                   // waits for its end

 private:
  std::filesystem::path folder_;
  std::unique_ptr<Process> process_;
};

PhoneRun run_phone(Workspace& workspace, const Flags& flags);

// Appends `more` to `flags`.
Flags with(Flags flags, const Flags& more);

// Exit status 0, verdict `pass`, a pass that succeeded and nothing on standard error.
void require_success(const PhoneRun& run);

// Exit status 1, verdict `fail`, one error of this code and no other, GPP_A untouched, the error
// retry timer armed, and a few lines on standard error, the first of which names the code.
void require_failure(const PhoneRun& run, const std::string& code);

// Exit status 1, nothing on standard output, and exactly one line on standard error, which names
// the code.
void require_refusal(const CommandResult& command, const std::string& code);

// Exit status 2 and exactly one line on standard error, nothing on standard output.
void require_usage_error(const CommandResult& command);

// Where `provphone pki` put what it made.
struct Pki {
  std::filesystem::path folder;

  std::filesystem::path server_root() const { return folder / "server-root.pem"; }
  std::filesystem::path certificate_of(const std::string& mac) const;
  std::filesystem::path key_of(const std::string& mac) const;

  // What a server needs that demands the certificates of this PKI's devices, or that asks for none.
  ServerCertificate demanding_clients() const;
  ServerCertificate ignoring_clients() const;

  // The flags of the phone that owns this device's certificate and trusts this PKI's servers.
  Flags phone(const std::string& mac) const;
};

Pki make_pki(Workspace& workspace, const Flags& flags);

// A profile that sets GPP_A.
std::string profile(const std::string& gpp_a);

}  // namespace provphone::e2e
