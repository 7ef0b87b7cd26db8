#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/serve/server.hpp"

#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <csignal>
#include <iostream>
#include <memory>

namespace provphone::client::cli {
namespace {

struct ServeFlags {
  std::string directory;
  std::string address = "127.0.0.1";
  int http = -1, https = -1, tftp = -1;  // -1: not given
  std::string pki;
  std::string client_certificates = "ignored";
  std::vector<std::string> faults;
};

std::optional<serve::ClientCertificates> parse_client_certificates(const std::string& text) {
  if (text == "ignored") return serve::ClientCertificates::ignored;
  if (text == "asked-for") return serve::ClientCertificates::asked_for;
  if (text == "required") return serve::ClientCertificates::required;
  return std::nullopt;
}

Result<serve::Options> options_of(const ServeFlags& flags) {
  serve::Options options;
  options.directory = flags.directory;
  options.address = flags.address;
  const auto port = [](int given) { return static_cast<std::uint16_t>(given); };
  if (flags.http >= 0) options.http_port = port(flags.http);
  if (flags.https >= 0) options.https_port = port(flags.https);
  if (flags.tftp >= 0) options.tftp_port = port(flags.tftp);
  if (flags.http < 0 && flags.https < 0 &&
      flags.tftp < 0) {  // nothing asked for: all that can be served
    options.http_port = options.tftp_port = port(0);
    if (!flags.pki.empty()) options.https_port = port(0);
  }
  if (options.https_port && flags.pki.empty()) {
    return fail(Errc::bad_argument, "--https needs --pki DIR; `provphone pki DIR` makes one");
  }
  options.pki_directory = flags.pki;
  const auto certificates = parse_client_certificates(flags.client_certificates);
  if (!certificates)
    return fail(Errc::bad_argument,
                "--client-certificates: expected ignored, asked-for or required");
  options.client_certificates = *certificates;
  for (const auto& text : flags.faults) {
    const auto fault = serve::parse_fault(text);
    if (!fault) return fail(Errc::bad_argument, "--fault: " + fault.error().detail);
    options.faults.push_back(*fault);
  }
  return options;
}

void print(const serve::Served& served) {
  std::cout << fmt::format("{} {} {} {} {} {} B", served.client_address, served.protocol,
                           served.method, served.path, served.status, served.bytes);
  if (!served.client_subject.empty()) std::cout << " [" << served.client_subject << ']';
  if (!served.user_agent.empty()) std::cout << " \"" << served.user_agent << '"';
  std::cout << std::endl;
}

Exit serve_directory(const ServeFlags& flags) {
  const auto options = options_of(flags);
  if (!options) return refuse_usage(options.error());
  boost::asio::io_context loop;
  const auto server = serve::Server::start(loop, *options, print);
  if (!server) return refuse_usage(server.error());
  const auto announce = [&](const char* scheme, std::uint16_t port) {
    if (port != 0)
      std::cout << fmt::format("{}://{}:{}/", scheme, flags.address, port) << std::endl;
  };
  announce("http", (*server)->http_port());
  announce("https", (*server)->https_port());
  announce("tftp", (*server)->tftp_port());
  boost::asio::signal_set signals(loop, SIGINT, SIGTERM);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) loop.stop();
  });
  loop.run();
  return Exit::as_expected;
}

}  // namespace

void add_serve(CLI::App& app, Action& action) {
  auto flags = std::make_shared<ServeFlags>();
  auto* command =
      app.add_subcommand("serve", "a provisioning server over HTTP, HTTPS and TFTP, until Ctrl-C");
  const auto add_port = [&](const char* name, int& port, const char* help) {
    command->add_option(name, port, help)->type_name("PORT")->check(CLI::Range(0, 65535));
  };
  command->add_option("DIR", flags->directory, "the directory whose files are served")->required();
  command->add_option("--address", flags->address, "the address to listen on (127.0.0.1)")
      ->type_name("ADDRESS");
  add_port("--http", flags->http, "serve HTTP there; 0 takes a free port");
  add_port("--https", flags->https, "serve HTTPS there; needs --pki");
  add_port("--tftp", flags->tftp, "serve TFTP there");
  command->add_option("--pki", flags->pki, "what `provphone pki` made")->type_name("DIR");
  command
      ->add_option("--client-certificates", flags->client_certificates,
                   "ignored, asked-for or required (ignored)")
      ->type_name("HOW");
  command
      ->add_option("--fault", flags->faults,
                   "answer with an error: PATH=STATUS, PATH=STATUS*COUNT; repeatable")
      ->type_name("FAULT")
      ->allow_extra_args(false);
  command->footer(
      "Without a port flag HTTP and TFTP, and HTTPS with --pki, take free ports, which are printed "
      "first. Then a line a request.\n"
      "Example:\n  provphone serve profiles --http 8080 --fault '/a.xml=503*2'");
  command->callback([flags, &action] { action = [flags] { return serve_directory(*flags); }; });
}

}  // namespace provphone::client::cli
