#include "client/identity/pki.hpp"

#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "resync/identity.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>

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
};

Exit make_pki(const PkiFlags& flags) {
  identity::PkiRequest request;
  request.directory = flags.directory;
  if (!flags.hosts.empty()) request.hosts = flags.hosts;
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
  if (written->empty()) std::cout << "nothing to do: every file is there\n";
  return Exit::as_expected;
}

}  // namespace

void add_pki(CLI::App& app, Action& action) {
  auto flags = std::make_shared<PkiFlags>();
  auto* command =
      app.add_subcommand("pki", "a test PKI: roots, a server certificate, device certificates");
  command->add_option("DIR", flags->directory, "where the files go; what is there is kept")
      ->required();
  command
      ->add_option("--host", flags->hosts,
                   "name or address of the server (localhost, 127.0.0.1); repeatable")
      ->type_name("NAME")
      ->allow_extra_args(false);
  command->add_option("--device", flags->devices, "make MAC.pem and MAC.key; repeatable")
      ->type_name("MAC")
      ->allow_extra_args(false);
  command->add_option("--model", flags->model, "OU of the devices (CP-8841-3PCC)")
      ->type_name("NAME");
  command->add_option("--serial", flags->serial, "L of the devices (88012BA01234)")
      ->type_name("TEXT");
  command->footer("Example:\n  provphone pki pki --host localhost --device 000e08abcdef");
  command->callback([flags, &action] { action = [flags] { return make_pki(*flags); }; });
}

}  // namespace provphone::client::cli
