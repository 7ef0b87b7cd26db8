#include "client/check/detail/addresses.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

namespace provphone::client::check::addresses_test {
namespace {

using boost::asio::ip::make_address;
using transport::Addresses;

constexpr std::chrono::milliseconds patience{100'000};

macro::Url url_of(std::string host) {
  return {macro::Scheme::http, std::move(host), 80, "/"};
}

transport::NameSources sources_of(const std::string& name,
                                  const std::vector<std::string>& addresses) {
  auto hosts = std::make_shared<transport::Hosts>();
  REQUIRE(transport::add_host(*hosts, name, addresses));
  return {{}, std::move(hosts), {}};
}

TEST_CASE("an audit knows all addresses of a name and goes to targets", "[R-HTTP-15]") {
  const transport::Targets targets;
  detail::AddressBook book(targets, patience, {},
                           sources_of("prov.example.net", {"192.0.2.1", "127.0.0.2"}));
  const auto look_up = book.look_up("prov.example.net");
  CHECK(look_up.name == "prov.example.net");
  CHECK(look_up.addresses == std::vector<std::string>{"192.0.2.1", "127.0.0.2"});
  CHECK(book.look_up("Prov.example.net").addresses == look_up.addresses);
  CHECK(book.addresses_of(url_of("prov.example.net")) == Addresses{make_address("127.0.0.2")});
}

TEST_CASE("an audit goes to allowed addresses, and to all of an allowed name", "[R-HTTP-15]") {
  transport::Targets targets;
  detail::AddressBook book(targets, patience, {}, sources_of("prov.example.net", {"192.0.2.1"}));
  CHECK(book.addresses_of(url_of("::1")) == Addresses{make_address("::1")});
  CHECK(book.addresses_of(url_of("localhost")) == Addresses{make_address("127.0.0.1")});
  for (const char* host : {"192.0.2.2", "prov.example.net"}) {
    const auto refused = book.addresses_of(url_of(host));
    REQUIRE_FALSE(refused);
    CHECK(format(refused.error()) ==
          std::string("target_refused: ") + host + " is no allowed target; name it with --target");
  }
  REQUIRE(targets.add("prov.example.net"));
  CHECK(book.addresses_of(url_of("prov.example.net")) == Addresses{make_address("192.0.2.1")});
}

TEST_CASE("a name without an address is none to an audit", "[R-HTTP-15][R-NAME-03]") {
  const transport::Targets targets;
  detail::AddressBook book(targets, patience, {resync::AddressFamilies::ipv6, {}},
                           sources_of("prov.example.net", {"127.0.0.1"}));
  CHECK(book.look_up("prov.example.net").addresses.empty());
  const auto found = book.addresses_of(url_of("prov.example.net"));
  REQUIRE_FALSE(found);
  CHECK(found.error().code == Errc::name_not_resolved);
}

TEST_CASE("an audit does not wait for a dead name server, not even when it ends", "[R-NAME-09]") {
  boost::asio::io_context loop;
  // Takes every question and answers none.
  boost::asio::ip::udp::socket dead(loop, {make_address("127.0.0.1"), 0});
  transport::NameSources sources;
  sources.servers = {"127.0.0.1:" + std::to_string(dead.local_endpoint().port())};
  const transport::Targets targets;
  detail::AddressBook book(targets, std::chrono::milliseconds(1), {}, sources);
  const auto found = book.addresses_of(url_of("dead.example.net"));
  REQUIRE_FALSE(found);
  CHECK(found.error().code == Errc::name_not_resolved);
  CHECK(book.look_up("dead.example.net").addresses.empty());
}

}  // namespace
}  // namespace provphone::client::check::addresses_test
