#pragma once

#include "client/check/observations.hpp"
#include "client/identity/mint.hpp"
#include "client/identity/tls_identity.hpp"
#include "client/transport/name_service.hpp"
#include "client/transport/targets.hpp"
#include "macro/error.hpp"
#include "resync/device.hpp"
#include "resync/plan.hpp"
#include "resync/retrieval_values.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

// The part of `check` that acts: a bounded number of requests, one at a time. It asks as phones do
// (detail/prober.hpp) and, besides that, what no phone sends: handshakes in one version of TLS, and
// odd TFTP packets.
namespace provphone::client::check {

struct Audit {
  resync::Device device;  // of the phone that asks
  // Must be there where the rule leads to https.
  std::shared_ptr<const identity::TlsIdentity> tls;
  std::string source_address;         // of its traffic; empty: the system's choice
  std::string rule;                   // its Profile_Rule
  std::shared_ptr<X509_STORE> trust;  // null: the phone's roots are not known
  // Signs certificates in other phones' names; nothing: what they would be let in for is not tried.
  std::optional<identity::Authority> device_root;
  std::vector<MacAddress> others;  // phones that the server knows as well
  // Whether MAC addresses that are made up are asked for: some servers make a device of each.
  bool may_create = false;
  // Under all the certificates that are made for it; null: a new RSA key of 2048 bits.
  std::shared_ptr<EVP_PKEY> strangers_key;
  // Of this machine, from which the phone's file is asked for as well; empty: from none.
  std::string other_source;
  // So often the phone's file is asked for without a pause, behind every other question, to see
  // when it is refused; the first file of each server. 0: never.
  std::size_t rate = 0;
  transport::Targets targets;
  transport::NameSources names;  // where addresses are learnt
  // At most, over all files: handshakes, requests, redirects and TFTP probes alike.
  std::size_t requests = 60;
  // At most, for all of it; a request under way is waited for (`patience`). 0: as long as it takes.
  std::chrono::milliseconds time{0};
  // At most, of all bodies: they are kept until the audit is judged.
  std::size_t octets = std::size_t{64} << 20;
  // At most, that rules in files before them lead to.
  std::size_t followed_files = 12;
  // In place of the phone's knobs (R-HTTP-11), because an audit may have to wait for each of its
  // questions; a handshake or a TFTP packet has as long as `connect`.
  resync::Patience patience{std::chrono::seconds(5), std::chrono::seconds(5),
                            std::chrono::seconds(20)};
  // Between one of them and the next; 0 is allowed.
  std::chrono::milliseconds pause{20};
  // Asked before each request: false ends the audit as if there were no more. Empty: nobody ends
  // it.
  std::function<bool()> may_go_on;
  // Told before each request how many were made. Empty: nobody is told.
  std::function<void(std::size_t asked)> tell_progress;
};

// What an audit saw, file by file.
struct Trail {
  // The file of `rule` first; then, nearest to it first, what a phone goes on to that has it: later
  // rules, roots, the load, the place of its reports. Each place once.
  std::vector<Observations> files;
  // Places that rules lead to and that were not asked: there are `followed_files` by then, or the
  // budget of requests was used up.
  std::size_t left_out = 0;
};

// Blocks until the audit is made, for as long as the servers' patience and `pause` take. Fails with
// a code of stage rule, target_refused among them (a redirect of the first file that leads
// elsewhere too), or with bad_argument where the rule asks for nothing. Whatever the server does,
// silence included, is an observation, and so is a later rule that leads to no target.
Result<Trail> observe(const Audit& audit);

// What a phone gets that asks once: its own file, behind whatever redirects it follows.
struct FetchedFile {
  resync::Request request;
  Answer answer;  // a success
};

// Asks for nothing but the rule's file. Blocks, and fails, as observe() does, or with the code of
// what the phone did not get.
Result<FetchedFile> fetch_file(const Audit& audit);

}  // namespace provphone::client::check
