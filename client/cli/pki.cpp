#include "client/identity/pki.hpp"

#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "resync/identity.hpp"

#include <chrono>
#include <iostream>
#include <memory>

namespace provphone::client::cli {
namespace {

struct PkiFlags {
  std::string directory;
  std::vector<std::string> hosts;
  std::vector<std::string> devices;
  std::string model, serial;
  bool generic = false, builtin_roots = false;
};

Exit make_pki(const PkiFlags& flags) {
  identity::PkiRequest request;
  request.directory = flags.directory;
  request.generic = flags.generic;
  request.builtin_roots = flags.builtin_roots;
  // Instead of the usual ones, not besides them.
  if (!flags.hosts.empty()) request.hosts = flags.hosts;
  // The phone that all commands take where no flag says otherwise.
  const resync::Identity reference;
  for (const auto& device : flags.devices) {
    const auto mac = parse_mac_address(device);
    if (!mac) return refuse_usage({Errc::bad_argument, "--device: " + mac.error().detail});
    request.devices.push_back({flags.model.empty() ? reference.model : flags.model,
                               flags.serial.empty() ? reference.serial : flags.serial, *mac});
  }
  const auto written = identity::make_pki(request, std::chrono::system_clock::now());
  if (!written) return refuse_usage(written.error());
  for (const auto& file : *written) std::cout << file << '\n';
  // Keys and roots that exist are kept: phones may have been given them.
  if (written->empty()) std::cout << "nothing to do: every file is there\n";
  return Exit::as_expected;
}

}  // namespace

Command pki_command() {
  auto flags = std::make_shared<PkiFlags>();
  const OptionGroup options{{
      {"DIR", flags->directory, "", "where the files go; what is there is kept",
       Presence::required},
      {"--host", flags->hosts, "NAME",
       "name or address of the server (localhost, 127.0.0.1); repeatable"},
      {"--device", flags->devices, "MAC", "make MAC.pem and MAC.key; repeatable"},
      {"--model", flags->model, "NAME", "OU of the devices (CP-8841-3PCC)"},
      {"--serial", flags->serial, "TEXT", "L of the devices (88012BA01234)"},
      {"--generic", flags->generic, "",
       "make generic.pem and generic.key, as early units have them"},
      {"--builtin-roots", flags->builtin_roots, "",
       "make stand-ins for the roots of the firmware: builtin-mpp.pem, builtin-spa.pem"},
  }};
  return {"pki",
          "a test PKI: roots, a server certificate, device certificates",
          {options},
          "Example:\n  provphone pki pki --host localhost --device 000e08abcdef",
          [flags] { return make_pki(*flags); }};
}

}  // namespace provphone::client::cli
