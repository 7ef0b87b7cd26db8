#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/input/file.hpp"
#include "client/input/size.hpp"
#include "client/input/tree.hpp"
#include "client/run/signals.hpp"
#include "client/serve/fault_text.hpp"
#include "client/serve/record.hpp"
#include "client/serve/server.hpp"
#include "macro/try.hpp"
#include "macro/whole_number.hpp"
#include "resync/load.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
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
  std::string fault_file;
  std::optional<std::uint64_t> seed;
  std::string record;
  std::string uploads;
  bool count_uploads = false;
  std::string firmware;
  std::string load_parts = "1x1MB";
  std::string onboarding, redirect_folder;
  std::string renewal;
};

std::optional<serve::ClientCertificates> parse_client_certificates(const std::string& text) {
  if (text == "ignored") return serve::ClientCertificates::ignored;
  if (text == "asked-for") return serve::ClientCertificates::asked_for;
  if (text == "required") return serve::ClientCertificates::required;
  return std::nullopt;
}

Result<void> choose_ports(const ServeFlags& flags, serve::Options& options) {
  const auto port = [](int given) { return static_cast<std::uint16_t>(given); };
  if (flags.http >= 0) options.http_port = port(flags.http);
  if (flags.https >= 0) options.https_port = port(flags.https);
  if (flags.tftp >= 0) options.tftp_port = port(flags.tftp);
  if (flags.http < 0 && flags.https < 0 &&
      flags.tftp < 0) {  // nothing asked for: all that can be served
    options.http_port = options.tftp_port = port(0);
    if (!flags.pki.empty()) options.https_port = port(0);
  }
  // A certificate is nothing that can be made up here: phones have to trust its root.
  if (options.https_port && flags.pki.empty()) {
    return fail(Errc::bad_argument, "--https needs --pki DIR; `provphone pki DIR` makes one");
  }
  return {};
}

// Those of the command line come first, so that they decide before the file's.
Result<void> collect_faults(const ServeFlags& flags, serve::Options& options) {
  for (const auto& text : flags.faults) {
    const auto fault = serve::parse_fault(text);
    if (!fault) return fail(Errc::bad_argument, "--fault: " + fault.error().detail);
    options.faults.push_back(*fault);
  }
  if (!flags.fault_file.empty()) {
    TRY(const auto yaml, input::read_file(flags.fault_file, input::max_scenario_bytes));
    TRY(auto file, serve::read_faults(yaml, flags.fault_file));
    options.faults.insert(options.faults.end(), file.faults.begin(), file.faults.end());
    options.seed = file.seed.value_or(0);
  }
  // The flag wins over the file's, as it does for scenarios.
  if (flags.seed) options.seed = *flags.seed;
  return {};
}

// `6x80MB`
Result<void> set_parts(const std::string& text, serve::MadeLoads& loads) {
  const auto cross = std::min(text.find('x'), text.size());
  const auto number = parse_whole<std::uint32_t>(text.substr(0, cross));
  const auto octets =
      input::parse_size(text.substr(std::min(cross + 1, text.size())), std::uint64_t{4} << 30U);
  if (!number || *number == 0 || *number > resync::most_parts || !octets || *octets == 0) {
    return fail(Errc::bad_argument,
                fmt::format("--load-parts: '{}' is not a number from 1 to {}, x and a size up to "
                            "4096MiB, such as 6x80MB",
                            text, resync::most_parts));
  }
  loads.parts = *number;
  loads.octets = *octets;
  return {};
}

Result<void> make_loads(const ServeFlags& flags, serve::Options& options) {
  if (flags.firmware.empty()) return {};
  const auto folder = serve::path_of_file_name(flags.firmware);
  if (!folder || *folder == "/")
    return fail(Errc::bad_argument, "--firmware: give a folder of the URL, such as /fw");
  options.loads.emplace().folder = *folder;
  return set_parts(flags.load_parts, *options.loads);
}

// What stands in for services of the vendor's.
Result<void> add_stand_ins(const ServeFlags& flags, serve::Options& options) {
  if (!flags.onboarding.empty()) {
    TRY(const auto yaml, input::read_file(flags.onboarding, input::max_scenario_bytes));
    TRY(options.onboarding, serve::read_onboarding(yaml, flags.onboarding));
  }
  if (flags.redirect_folder.empty()) return {};
  const auto folder = serve::path_of_file_name(flags.redirect_folder);
  if (!folder || *folder == "/")
    return fail(Errc::bad_argument, "--redirect-service: give a folder of the URL, such as /rc");
  options.redirect_folder = *folder;
  return {};
}

Result<void> renew_certificates(const ServeFlags& flags, serve::Options& options) {
  if (flags.renewal.empty()) return {};
  if (flags.pki.empty()) {
    return fail(Errc::bad_argument,
                "--mic-renewal needs --pki DIR, whose device root signs; `provphone pki DIR` makes "
                "one");
  }
  if (!options.http_port && !options.https_port)
    return fail(Errc::bad_argument, "--mic-renewal needs --http or --https");
  options.renewal_path = serve::path_of_file_name(flags.renewal);
  if (!options.renewal_path)
    return fail(Errc::bad_argument, "--mic-renewal: give a path of the URL, such as /renew");
  return {};
}

Result<serve::Options> serve_options(const ServeFlags& flags) {
  serve::Options options;
  options.directory = flags.directory;
  options.address = flags.address;
  TRY(choose_ports(flags, options));
  options.pki_directory = flags.pki;
  const auto certificates = parse_client_certificates(flags.client_certificates);
  if (!certificates)
    return fail(Errc::bad_argument,
                "--client-certificates: expected ignored, asked-for or required");
  options.client_certificates = *certificates;
  TRY(collect_faults(flags, options));
  TRY(make_loads(flags, options));
  TRY(add_stand_ins(flags, options));
  TRY(renew_certificates(flags, options));
  if (flags.count_uploads) options.uploads = serve::UploadsTo::nowhere;
  if (!flags.uploads.empty()) options.uploads = serve::UploadsTo::folder;
  options.upload_folder = flags.uploads;
  return options;
}

void print_served(const serve::Served& served) {
  std::cout << fmt::format("{} {} {} {} {} {} B", served.client_address, served.protocol,
                           served.method, serve::shown_path(served.path), served.status,
                           served.bytes);
  if (served.received > 0) std::cout << fmt::format(" ({} B received)", served.received);
  if (!served.client_subject.empty()) std::cout << " [" << served.client_subject << ']';
  if (!served.user_agent.empty()) std::cout << " \"" << served.user_agent << '"';
  if (!served.fault.empty()) std::cout << " <" << served.fault << '>';
  // Flushed: whoever tests a phone watches this while it happens.
  std::cout << std::endl;
}

// The record can be read while it grows: each line is whole, and there at once.
Result<std::ofstream> open_record(const std::string& name) {
  std::ofstream file;
  if (name.empty() || name == "-") return file;
  errno = 0;
  file.open(name, std::ios::trunc);
  if (!file)
    return fail(Errc::unreadable_file,
                fmt::format("cannot write {}: {}", name, std::strerror(errno)));
  return file;
}

Exit serve_directory(const ServeFlags& flags) {
  const auto options = serve_options(flags);
  if (!options) return refuse_usage(options.error());
  auto record = open_record(flags.record);
  if (!record) return refuse_usage(record.error());
  const bool records_to_output = flags.record == "-";
  // Called on this thread, from the loop.
  const auto on_served = [&](const serve::Served& served) {
    if (!records_to_output) print_served(served);
    auto& out = records_to_output ? std::cout : static_cast<std::ostream&>(*record);
    if (!flags.record.empty()) out << serve::format_record(served) << std::endl;
  };
  boost::asio::io_context loop;
  // Before anybody can know that there is a server, and until there is none.
  boost::asio::signal_set signals(loop);
  for (const int signal : run::ending_signals()) signals.add(signal);
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error) loop.stop();
  });
  run::release_signals();
  const auto server = serve::Server::start(loop, *options, on_served);
  if (!server) return refuse_usage(server.error());
  const auto announce = [&](const char* scheme, std::uint16_t port) {
    auto& out = records_to_output ? std::cerr : std::cout;  // which then is all records
    if (port != 0) out << fmt::format("{}://{}:{}/", scheme, flags.address, port) << std::endl;
  };
  announce("http", (*server)->http_port());
  announce("https", (*server)->https_port());
  announce("tftp", (*server)->tftp_port());
  loop.run();
  return Exit::as_expected;
}

}  // namespace

Command serve_command() {
  auto flags = std::make_shared<ServeFlags>();
  const auto port = [](const char* name, int& number, const char* help) {
    return Option{name, number, "PORT", help, Presence::optional, Range{0, 65535}};
  };
  const OptionGroup options{{
      {"DIR", flags->directory, "", "the directory whose files are served", Presence::required},
      {"--address", flags->address, "ADDRESS", "the address to listen on (127.0.0.1)"},
      port("--http", flags->http, "serve HTTP there; 0 takes a free port"),
      port("--https", flags->https, "serve HTTPS there; needs --pki"),
      port("--tftp", flags->tftp, "serve TFTP there"),
      {"--pki", flags->pki, "DIR", "what `provphone pki` made"},
      {"--client-certificates", flags->client_certificates, "HOW",
       "ignored, asked-for or required (ignored)"},
      {"--fault", flags->faults, "FAULT",
       "what goes wrong, with which requests: 'status=503 path=/x/* requests=1-3', or "
       "PATH=STATUS*COUNT; repeatable"},
      {"--faults", flags->fault_file, "FILE", "faults from a YAML file; - is standard input"},
      {"--seed", flags->seed, "N", "seed of what faults pick at random (0)"},
      output({"--record", flags->record, "FILE",
              "a JSON object a request, a line each; - is standard output"}),
      {"--uploads", flags->uploads, "DIR",
       "keep what phones send by PUT, POST or TFTP there; made where missing"},
      {"--count-uploads", flags->count_uploads, "",
       "take what phones send, and keep nothing but its line in the record"},
      {"--firmware", flags->firmware, "FOLDER",
       "below that folder of the URL any .loads, .bin, .img and .sbn is there; nothing is stored"},
      {"--load-parts", flags->load_parts, "NxSIZE",
       "how many parts a .loads names, and how large each is (1x1MB)"},
      {"--redirect-service", flags->redirect_folder, "FOLDER",
       "below that folder of the URL a file that is not there is empty, as for a phone that the "
       "service does not know"},
      {"--onboarding", flags->onboarding, "FILE",
       "a YAML file of activation codes, each with the profile that it brings, once"},
      {"--mic-renewal", flags->renewal, "PATH",
       "renew the certificates of phones that post a request there; needs --pki"},
  }};
  return {
      "serve",
      "a provisioning server over HTTP, HTTPS and TFTP, until Ctrl-C",
      {options},
      "Without a port flag HTTP and TFTP, and HTTPS with --pki, take free ports, which are printed "
      "first. Then a line a request.\n"
      "A fault is one of status, stall, reset, truncated, length, gzip, key, page, file, redirect, "
      "basic, digest, error and certificate; delay, and over TFTP loss, duplicate, reorder and "
      "stale_tid, may stand beside it or alone. path, requests, protocol and share say which "
      "requests meet it; the first fault that fits decides.\n"
      "Examples:\n  provphone serve profiles --http 8080 --fault '/a.xml=503*2'\n"
      "  provphone serve profiles --tftp 6969 --fault 'loss=2% reorder=5%' --seed 7\n"
      "  provphone serve profiles --http 8080 --fault 'stall=body path=/x/* requests=1-3'\n"
      "  provphone serve profiles --http 8080 --faults faults.yaml --record asked.jsonl\n"
      "  provphone serve profiles --http 8080 --uploads reports\n"
      "  provphone serve profiles --http 8080 --count-uploads --record -\n"
      "  provphone serve profiles --http 8080 --firmware /fw --load-parts 6x80MB\n"
      "  provphone serve profiles --http 8080 --redirect-service /rc --onboarding codes.yaml\n"
      "  provphone serve profiles --http 8080 --pki pki --mic-renewal /renew",
      [flags] { return serve_directory(*flags); },
      {{"--count-uploads", "--uploads"}},
      Signals::are_handled};
}

}  // namespace provphone::client::cli
