#pragma once

#include "client/check/audit.hpp"
#include "client/check/detail/addresses.hpp"
#include "client/check/detail/client_roles.hpp"
#include "client/check/detail/prober.hpp"

#include <map>
#include <string>
#include <string_view>
#include <vector>

// The questions about one file. All of it blocks.
namespace provphone::client::check::detail {

// A server that shows certificates, as the first file of it found it.
struct KnownServer {
  TlsSeen tls;
  std::vector<NameLookUp> look_ups;
  std::shared_ptr<X509_STORE> trust;  // that takes what the server shows
  std::string certificate_name;       // that it shows; empty: the one that was asked for
  std::string address;
};

// What the files of an audit share. Must outlive the questions.
struct Ground {
  const Audit& audit;
  AddressBook& address_book;
  Certificates certificates;
  Prober& prober;
  std::map<std::string, KnownServer> servers;  // by scheme, host and port
};

// Another phone that has a file of its own from before, and where that leads it.
struct OtherPhone {
  resync::Device phone;
  std::string rule;
};

struct FileTask {
  FileKind kind = FileKind::profile;
  std::string rule;                      // that leads there; may hold secrets
  resync::Request own;                   // that it comes out as for the phone
  std::vector<std::string_view> led_by;  // see Observations
  resync::Device phone;                  // that asks
  // By MAC address. Any other phone is taken for one with this phone's parameters.
  std::map<std::uint64_t, OtherPhone> others = {};
};

// What the phone and others get there. Of what is no profile the phone alone asks.
Observations observe_file(Ground& ground, FileTask task);

// The same with the phone's file asked for `Audit::rate` times without a pause, or until it is
// refused. `seen` is what observe_file() gave for the task, and has the file.
Observations flood_file(Ground& ground, FileTask task, Observations seen);

}  // namespace provphone::client::check::detail
