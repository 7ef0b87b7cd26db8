#include "client/cli/commands.hpp"
#include "client/cli/complain.hpp"
#include "client/cli/phone_flags.hpp"
#include "client/input/duration.hpp"
#include "client/run/leases.hpp"
#include "macro/hide.hpp"
#include "macro/try.hpp"
#include "profile/parameter_id.hpp"
#include "resync/dhcp_source.hpp"
#include "resync/explain_facts.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <memory>
#include <optional>
#include <random>

namespace provphone::client::cli {
namespace {

namespace dhcp = transport::dhcp;
using Json = nlohmann::ordered_json;
using resync::DhcpVersion;

struct DhcpFlags {
  std::string interface;
  bool informs = false, is_v6 = false, json = false, releases = false;
  std::string vendor_class, host_name, wait = "30s";
  PhoneFlags phone;
};

// What came of one question.
struct Outcome {
  std::optional<dhcp::Terms> terms;
  Error error{Errc::connect_timeout, {}};
};

DhcpVersion version_of(const DhcpFlags& flags) {
  return flags.is_v6 ? DhcpVersion::v6 : DhcpVersion::v4;
}

// R-DHCP-16: what answers an INFORM is sent to the address that asks, so it has to be the
// interface's own.
Result<run::Leases::Holder> holder_of(const DhcpFlags& flags, const resync::Identity& identity) {
  run::Leases::Holder holder{run::asker_of(identity), {}};
  if (!flags.vendor_class.empty()) holder.asker.vendor_class = flags.vendor_class;
  if (!flags.host_name.empty()) holder.asker.host_name = flags.host_name;
  std::random_device chance;
  holder.life.seed = (std::uint64_t{chance()} << 32U) | chance();
  if (!flags.informs) return holder;
  holder.life.wanted = dhcp::Wanted::options_alone;
  if (flags.is_v6) return holder;
  holder.life.terms.address = transport::DhcpPort::address_of(flags.interface, DhcpVersion::v4);
  if (holder.life.terms.address.empty()) {
    return fail(Errc::bad_argument,
                fmt::format("--inform: {} has no address, to which a server could answer",
                            flags.interface));
  }
  return holder;
}

Result<Outcome> ask(const DhcpFlags& flags, const resync::Identity& identity,
                    resync::Duration patience) {
  boost::asio::io_context loop;
  Outcome outcome;
  run::Leases::Events events;
  events.granted = [&](std::size_t, const dhcp::Terms& terms) {
    outcome.terms = terms;
    loop.stop();
  };
  events.failed = [&](std::size_t, const Error& error) {
    outcome.error = error;
    loop.stop();
  };
  TRY(auto holder, holder_of(flags, identity));
  TRY(const auto leases, run::Leases::open(loop, {flags.interface, version_of(flags)},
                                           {std::move(holder)}, std::move(events)));
  outcome.error.detail =
      fmt::format("DHCP at {}: no server answers within {}", flags.interface, flags.wait);
  boost::asio::steady_timer end(loop, patience);
  end.async_wait([&](const boost::system::error_code&) { loop.stop(); });
  leases->begin();
  loop.run();
  if (!outcome.terms && !leases->unreadable().empty())
    outcome.error = {Errc::protocol_error, leases->unreadable()};
  if (outcome.terms && flags.releases) leases->release(0);
  return outcome;
}

// What the phone makes of the lease.
struct Meaning {
  std::string order_name, order;
  std::optional<resync::DhcpOption> deciding;
  std::vector<std::string> places;
  std::string why_none;  // where there is no place
};

Meaning meaning_of(const resync::Device& device) {
  Meaning meaning;
  meaning.deciding = resync::deciding_option(device.lease, device.parameters);
  const bool is_v6 = !device.lease.empty() && device.lease.front().version == DhcpVersion::v6;
  const auto order = is_v6 ? profile::parameter_id("DHCPv6_Option_To_Use")
                           : profile::parameter_id("DHCP_Option_To_Use");
  meaning.order_name = profile::parameter(order).name;
  meaning.order = device.parameters.get(order);
  const auto rule = device.parameters.get(profile::parameter_id("Profile_Rule"));
  const auto plan = resync::plan_profile_rule(rule, device.macros(), device.lease);
  if (!plan) {
    meaning.why_none = plan.error().detail;
    return meaning;
  }
  if (plan->request)
    meaning.places.push_back(macro::hide_query_secrets(format(plan->request->url)));
  for (const auto& url : plan->fallbacks)
    meaning.places.push_back(macro::hide_query_secrets(format(url)));
  return meaning;
}

std::string name_of(const resync::DhcpOption& option) {
  return fmt::format("{}{}", option.version == DhcpVersion::v6 ? "v6-" : "", option.number);
}

Json lease_json(const DhcpFlags& flags, const resync::Identity& identity, const Outcome& outcome) {
  Json result{{"interface", flags.interface},
              {"version", flags.is_v6 ? 6 : 4},
              {"mac", format_lower(identity.mac)}};
  if (!outcome.terms) {
    result["error"] = name(outcome.error.code);
    result["detail"] = outcome.error.detail;
    return result;
  }
  const auto& terms = *outcome.terms;
  result["address"] = terms.address;
  result["server"] = terms.server;
  // An informed phone holds nothing that could end.
  if (!flags.informs) {
    result["lease_seconds"] = terms.length.count();
    result["renew_after"] = terms.renew_after.count();
    result["rebind_after"] = terms.rebind_after.count();
  }
  return result;
}

void add_meaning(Json& result, const resync::Device& device) {
  const auto meaning = meaning_of(device);
  for (const auto& option : device.lease)
    result["options"][name_of(option)] = resync::without_secrets(option.value);
  result["order"] = {{"parameter", meaning.order_name}, {"value", meaning.order}};
  if (meaning.deciding) result["deciding"] = name_of(*meaning.deciding);
  result["places"] = meaning.places;
  if (!meaning.why_none.empty()) result["why_none"] = meaning.why_none;
}

std::string times_of(const dhcp::Terms& terms) {
  if (terms.length.count() == 0) return "for ever";
  return fmt::format("for {} s, renewed after {} s, from any server after {} s",
                     terms.length.count(), terms.renew_after.count(), terms.rebind_after.count());
}

void print_lease(const DhcpFlags& flags, const dhcp::Terms& terms, const resync::Device& device) {
  auto& out = std::cout;
  const auto what = flags.informs ? std::string("told") : times_of(terms);
  out << fmt::format("address   {} {} by {}\n", terms.address.empty() ? "none" : terms.address,
                     what, terms.server);
  for (const auto& option : device.lease)
    out << fmt::format("option    {:<6} {}\n", name_of(option),
                       resync::without_secrets(option.value));
  const auto meaning = meaning_of(device);
  out << fmt::format("order     {} {}\n", meaning.order_name, meaning.order);
  if (meaning.deciding) {
    out << fmt::format("decides   option {}\n", name_of(*meaning.deciding));
  } else {
    out << "decides   no option\n";
  }
  constexpr std::size_t most_shown = 4;
  for (std::size_t i = 0; i < std::min(most_shown, meaning.places.size()); ++i)
    out << "asks for  " << meaning.places[i] << '\n';
  if (meaning.places.size() > most_shown)
    out << fmt::format("          ... and {} more places\n", meaning.places.size() - most_shown);
  if (!meaning.why_none.empty()) out << "asks for  nothing: " << meaning.why_none << '\n';
}

Exit print(const DhcpFlags& flags, resync::Device device, const Outcome& outcome) {
  if (outcome.terms) resync::take_lease(device, run::lease_of(*outcome.terms));
  if (flags.json) {
    auto result = lease_json(flags, device.identity, outcome);
    if (outcome.terms) add_meaning(result, device);
    std::cout << result.dump(2) << '\n';
    return outcome.terms ? Exit::as_expected : Exit::failed;
  }
  if (!outcome.terms) return complain(outcome.error);
  print_lease(flags, *outcome.terms, device);
  return Exit::as_expected;
}

Exit ask_server(const DhcpFlags& flags) {
  const auto patience = input::parse_duration(flags.wait);
  if (!patience) return refuse_usage({Errc::bad_argument, "--wait: " + patience.error().detail});
  auto setup = phone_setup(flags.phone);
  if (!setup) return refuse_usage(setup.error());
  const auto outcome = ask(flags, setup->device.identity, *patience);
  if (!outcome) return refuse_usage(outcome.error());
  return print(flags, std::move(setup->device), *outcome);
}

// Of the flags that describe a phone, what a DHCP server or the reading of its answer depends on.
OptionGroup lease_phone_options(PhoneFlags& flags) {
  auto group = phone_options(flags);
  std::erase_if(group.options, [](const Option& option) {
    constexpr std::array kept{"--model", "--mac",  "--serial", "--firmware",
                              "--set",   "--knob", "--config", "--personality"};
    return std::find(kept.begin(), kept.end(), option.name) == kept.end();
  });
  return group;
}

}  // namespace

Command dhcp_command() {
  auto flags = std::make_shared<DhcpFlags>();
  const OptionGroup options{{
      {"--interface", flags->interface, "IF", "the network interface; no other one is used",
       Presence::required},
      {"--6", flags->is_v6, "", "DHCP for IPv6"},
      {"--inform", flags->informs, "",
       "ask for options alone, with the interface's own address (INFORM, INFORMATION-REQUEST)"},
      {"--vendor-class", flags->vendor_class, "TEXT",
       "option 60 (Cisco Systems, Inc. IP Phone $PN)"},
      {"--host-name", flags->host_name, "TEXT", "option 12 (SEP$MAU)"},
      {"--wait", flags->wait, "DURATION", "how long to wait for a server (30s)"},
      {"--release", flags->releases, "", "give the lease back at once"},
      {"--json", flags->json, "", "print JSON"},
  }};
  return {"dhcp",
          "ask a DHCP server as a phone does: the lease, and where it leads the phone",
          {options, lease_phone_options(flags->phone)},
          "Takes the rights to bind port 68 (546) and to use one interface alone: root, or\n"
          "cap_net_bind_service and cap_net_raw.\n"
          "Examples:\n"
          "  provphone dhcp --interface eth0.20 --mac 000e08abcdef --release\n"
          "  provphone dhcp --interface eth0 --model 7841 --set DHCP_Option_To_Use=160,66 --json\n"
          "  provphone dhcp --interface eth0 --6 --inform\n"
          "Exit status: 0 a server granted or told something, 1 none did, 2 wrong usage, or no "
          "rights.",
          [flags] { return ask_server(*flags); }};
}

}  // namespace provphone::client::cli
