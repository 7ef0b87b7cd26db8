#include "client/check/detail/addresses.hpp"

#include "client/transport/detail/name_threads.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <future>

namespace provphone::client::check {
namespace {

using boost::asio::ip::make_address;
using transport::Addresses;

constexpr std::chrono::milliseconds patience{100'000};

macro::Url url_of(std::string host) {
  return {macro::Scheme::http, std::move(host), 80, "/"};
}

// What a name server says of every name, and what it was asked.
struct NameServer {
  detail::AddressBook::AskOn ask_on() {
    return [this](boost::asio::io_context& loop) {
      return [this, &loop](const std::string& name, const transport::TellAddresses& tell) {
        asked.push_back(name);
        boost::asio::post(loop, [this, tell] { tell(answer); });
      };
    };
  }

  Addresses answer;
  std::vector<std::string> asked;
};

TEST_CASE("an audit asks for a name once", "[R-HTTP-15]") {
  const transport::Targets targets;
  NameServer server{{make_address("192.0.2.1"), make_address("127.0.0.2")}, {}};
  detail::AddressBook book(targets, patience, server.ask_on());
  const auto look_up = book.look_up("prov.example.net");
  CHECK(look_up.name == "prov.example.net");
  CHECK(look_up.addresses == std::vector<std::string>{"192.0.2.1", "127.0.0.2"});
  CHECK(book.look_up("Prov.example.net").addresses == look_up.addresses);
  CHECK(book.addresses_of(url_of("prov.example.net")) == Addresses{make_address("127.0.0.2")});
  CHECK(server.asked == std::vector<std::string>{"prov.example.net"});
}

TEST_CASE("an audit goes to allowed addresses, and to all of an allowed name", "[R-HTTP-15]") {
  transport::Targets targets;
  NameServer server{{make_address("192.0.2.1")}, {}};
  detail::AddressBook book(targets, patience, server.ask_on());
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

TEST_CASE("a name without an address is none to an audit", "[R-HTTP-15]") {
  const transport::Targets targets;
  NameServer server;
  detail::AddressBook book(targets, patience, server.ask_on());
  CHECK(book.look_up("prov.example.net").addresses.empty());
  const auto found = book.addresses_of(url_of("prov.example.net"));
  REQUIRE_FALSE(found);
  CHECK(format(found.error()) == "name_not_resolved: no address for prov.example.net");
}

TEST_CASE("an audit does not wait for a dead name server, not even when it ends", "[R-HTTP-15]") {
  std::promise<void> over;
  const auto hang = [over = over.get_future().share()](const std::string& name) {
    if (name.starts_with("dead")) over.wait();
    return Addresses{make_address("127.0.0.2")};
  };
  const auto ask_on = [&](boost::asio::io_context& loop) {
    return transport::detail::on_threads(loop, hang);
  };
  const transport::Targets targets;
  {
    detail::AddressBook book(targets, std::chrono::milliseconds(1), ask_on);
    const auto found = book.addresses_of(url_of("dead.example.net"));
    REQUIRE_FALSE(found);
    CHECK(found.error().code == Errc::name_not_resolved);
    CHECK(book.look_up("dead.example.net").addresses.empty());
  }
  {
    detail::AddressBook book(targets, patience, ask_on);
    CHECK(book.look_up("alive.example.net").addresses == std::vector<std::string>{"127.0.0.2"});
  }
  over.set_value();
}

}  // namespace
}  // namespace provphone::client::check
