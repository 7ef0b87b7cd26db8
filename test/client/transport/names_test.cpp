#include "client/transport/names.hpp"

#include "client/transport/name_service.hpp"
#include "name_world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <catch2/catch.hpp>

#include <optional>

namespace provphone::client::transport::names_test {
namespace {

using test::NameWorld;

// What came, as one word each.
struct Heard {
  Names::OnAddresses as(const std::string& who) {
    return [this, who](const Result<Addresses>& found) {
      all.push_back(who + ": " +
                    (found ? found->front().to_string() : std::string(format(found.error()))));
    };
  }
  std::vector<std::string> all;
};

using Lines = std::vector<std::string>;

struct Fixture : NameWorld {
  Fixture() {
    for (const char* name : {"log.example.net", "other.example.net"}) REQUIRE(targets.add(name));
    names.emplace(loop, targets, options());
  }

  boost::asio::io_context loop;
  Targets targets;
  std::optional<Names> names;
  Heard heard;
};

TEST_CASE_METHOD(Fixture, "literal addresses and localhost need no look-up", "[R-LOG-04]") {
  struct Case {
    const char* host;
    const char* address;
  };
  const auto row = GENERATE(values<Case>({
      {"127.0.0.1", "127.0.0.1"},
      {"0x7f000001", "127.0.0.1"},
      {"localhost", "127.0.0.1"},
      {"LocalHost.", "127.0.0.1"},
  }));
  names->find(row.host, heard.as("a"));
  CHECK(heard.all == Lines{std::string("a: ") + row.address});
  CHECK(questions.empty());
}

TEST_CASE_METHOD(Fixture, "an address is used where it is a target, or its name is",
                 "[R-HTTP-15][R-LOG-04]") {
  names->find("192.0.2.1", heard.as("a"));
  CHECK(heard.all == Lines{"a: target_refused: \"192.0.2.1\" is not among the allowed targets"});
  names->find("example.net", heard.as("b"));
  answer({"192.0.2.2"});
  CHECK(heard.all.back() ==
        "b: target_refused: \"example.net\" leads to 192.0.2.2, which is not among the allowed "
        "targets");
  names->find("example.org", heard.as("c"));
  answer({"192.0.2.2", "127.0.0.9"});
  CHECK(heard.all.back() == "c: 127.0.0.9");
  names->find("log.example.net", heard.as("d"));
  answer({"192.0.2.2"});
  CHECK(heard.all.back() == "d: 192.0.2.2");
}

TEST_CASE_METHOD(Fixture, "a phone uses the families of its IP mode and no others",
                 "[R-NAME-03][R-NAME-04]") {
  Names any(loop, targets, options(NameScope::any_name));
  any.find("127.0.0.1", AddressFamilies::ipv6, heard.as("a"));
  any.find("::1", AddressFamilies::ipv4, heard.as("b"));
  any.find("::1", AddressFamilies::ipv6, heard.as("c"));
  any.find("localhost", AddressFamilies::ipv6, heard.as("d"));
  CHECK(heard.all ==
        Lines{"a: host_unreachable: 127.0.0.1 is an IPv4 address, and the phone uses IPv6 alone",
              "b: host_unreachable: ::1 is an IPv6 address, and the phone uses IPv4 alone",
              "c: ::1", "d: ::1"});
  // Phones that want other families ask another question.
  any.find("log.example.net", AddressFamilies::ipv6, heard.as("e"));
  any.find("log.example.net", AddressFamilies::ipv4_then_ipv6, heard.as("f"));
  REQUIRE(questions.size() == 2);
  CHECK(questions[0].families == AddressFamilies::ipv6);
  CHECK(questions[1].families == AddressFamilies::ipv4_then_ipv6);
}

TEST_CASE_METHOD(Fixture, "what a person says of a name is not asked for", "[R-NAME-02]") {
  Hosts hosts;
  REQUIRE(add_host(hosts, "Prov.example.net.", {"::1", "127.0.0.4", "127.0.0.3"}));
  auto known = options();
  known.hosts = std::make_shared<const Hosts>(hosts);
  Names names_of_hosts(loop, targets, std::move(known));
  const auto all = [&](AddressFamilies families) {
    std::string list;
    names_of_hosts.find("prov.EXAMPLE.net", families, [&](const Result<Addresses>& found) {
      REQUIRE(found);
      for (const auto& address : *found) list += address.to_string() + " ";
    });
    return list;
  };
  CHECK(all(AddressFamilies::ipv4) == "127.0.0.4 127.0.0.3 ");
  CHECK(all(AddressFamilies::ipv6) == "::1 ");
  CHECK(all(AddressFamilies::ipv4_then_ipv6) == "127.0.0.4 127.0.0.3 ::1 ");
  CHECK(all(AddressFamilies::ipv6_then_ipv4) == "::1 127.0.0.4 127.0.0.3 ");
  CHECK(questions.empty());
  for (const char* name : {"", "127.0.0.1", "a b", "::1"}) {
    INFO(name);
    CHECK_FALSE(add_host(hosts, name, {"127.0.0.1"}));
  }
  CHECK_FALSE(add_host(hosts, "a.example.net", {}));
  CHECK_FALSE(add_host(hosts, "a.example.net", {"127.0.0.1", "127.0.0"}));
}

TEST_CASE_METHOD(Fixture, "an audit may ask for any name and judges the addresses itself",
                 "[R-HTTP-15]") {
  Names any(loop, targets, options(NameScope::any_name));
  any.find("192.0.2.1", heard.as("a"));
  any.find("example.net", heard.as("b"));
  REQUIRE(questions.size() == 1);
  answer({"192.0.2.2"});
  CHECK(heard.all == Lines{"a: 192.0.2.1", "b: 192.0.2.2"});
}

TEST_CASE_METHOD(Fixture, "a name is asked for once, however many wait and however they spell it",
                 "[R-LOG-04]") {
  names->find("log.example.net", heard.as("a"));
  names->find("LOG.example.net", heard.as("b"));
  names->find("log.example.net", heard.as("c"));
  CHECK(heard.all.empty());
  REQUIRE(questions.size() == 1);
  CHECK(questions.front().name == "log.example.net");
  answer({"192.0.2.7", "192.0.2.8"});
  CHECK(heard.all == Lines{"a: 192.0.2.7", "b: 192.0.2.7", "c: 192.0.2.7"});

  now += std::chrono::hours(1) - std::chrono::nanoseconds(1);
  names->find("Log.example.net", heard.as("d"));
  CHECK(heard.all.back() == "d: 192.0.2.7");
  CHECK(questions.empty());
}

TEST_CASE_METHOD(Fixture, "an address is asked for again when its time to live is over",
                 "[R-NAME-07]") {
  using std::chrono::seconds;
  names->find("log.example.net", heard.as("a"));
  answer({"192.0.2.7"}, seconds(1));
  now += seconds(1);
  names->find("log.example.net", heard.as("b"));
  REQUIRE(questions.size() == 1);
  answer({"192.0.2.8"}, seconds(0));
  CHECK(heard.all == Lines{"a: 192.0.2.7", "b: 192.0.2.8"});
  names->find("log.example.net", heard.as("c"));
  CHECK(questions.size() == 1);
}

TEST_CASE_METHOD(Fixture, "an old address is used where no name server answers", "[R-NAME-08]") {
  using std::chrono::seconds;
  names->find("log.example.net", heard.as("a"));
  answer({"192.0.2.7"}, seconds(1));
  now += seconds(1);
  names->find("log.example.net", heard.as("b"));
  stay_silent();
  CHECK(heard.all.back() == "b: 192.0.2.7");
  // Kept for a while, so that not every phone waits for the silence.
  names->find("log.example.net", heard.as("c"));
  CHECK(questions.empty());
  now += Names::failure_kept;
  names->find("log.example.net", heard.as("d"));
  answer({});  // a server that says there is none is believed
  CHECK(heard.all.back() == "d: name_not_resolved: no address for \"log.example.net\"");
  now += Names::failure_kept;
  names->find("log.example.net", heard.as("e"));
  stay_silent();
  CHECK(heard.all.back() == "e: name_not_resolved: no address for \"log.example.net\": no answer");
}

TEST_CASE_METHOD(Fixture, "a phone that keeps no answers asks each time", "[R-NAME-07]") {
  auto forgetful = options();
  forgetful.keeps_answers = false;
  names.emplace(loop, targets, std::move(forgetful));
  names->find("log.example.net", heard.as("a"));
  names->find("log.example.net", heard.as("b"));
  REQUIRE(questions.size() == 1);
  answer({"192.0.2.7"});
  names->find("log.example.net", heard.as("c"));
  REQUIRE(questions.size() == 1);
  stay_silent();
  CHECK(heard.all.back() == "c: name_not_resolved: no address for \"log.example.net\": no answer");
}

TEST_CASE_METHOD(Fixture, "names do not wait for each other", "[R-LOG-04]") {
  names->find("log.example.net", heard.as("a"));
  names->find("other.example.net", heard.as("b"));
  REQUIRE(questions.size() == 2);
  std::swap(questions[0], questions[1]);
  answer({"192.0.2.8"});
  CHECK(heard.all == Lines{"b: 192.0.2.8"});
  answer({"192.0.2.7"});
  CHECK(heard.all == Lines{"b: 192.0.2.8", "a: 192.0.2.7"});
}

TEST_CASE_METHOD(Fixture, "a name without an address is asked for again after a while",
                 "[R-LOG-04]") {
  names->find("log.example.net", heard.as("a"));
  answer({});
  CHECK(heard.all == Lines{"a: name_not_resolved: no address for \"log.example.net\""});

  now += Names::failure_kept - std::chrono::nanoseconds(1);
  names->find("LOG.example.net", heard.as("b"));
  CHECK(heard.all.back() == "b: name_not_resolved: no address for \"LOG.example.net\"");
  CHECK(questions.empty());

  now += std::chrono::nanoseconds(1);
  names->find("log.example.net", heard.as("c"));
  CHECK(heard.all.size() == 2);
  REQUIRE(questions.size() == 1);
  answer({"192.0.2.7"});
  CHECK(heard.all.back() == "c: 192.0.2.7");
}

TEST_CASE_METHOD(Fixture, "who asks from within a call-back comes behind all who waited",
                 "[R-LOG-04]") {
  names->find("log.example.net", [&](const Result<Addresses>& found) {
    heard.as("a")(found);
    names->find("log.example.net", heard.as("c"));
  });
  names->find("log.example.net", heard.as("b"));
  answer({"192.0.2.7"});
  CHECK(heard.all == Lines{"a: 192.0.2.7", "b: 192.0.2.7"});
  loop.run();
  CHECK(heard.all == Lines{"a: 192.0.2.7", "b: 192.0.2.7", "c: 192.0.2.7"});
  names->find("log.example.net", heard.as("d"));
  CHECK(heard.all.back() == "d: 192.0.2.7");
  CHECK(questions.empty());
}

TEST_CASE_METHOD(Fixture, "nobody is called when the names are gone", "[R-LOG-04]") {
  names->find("log.example.net", heard.as("a"));
  names.reset();
  answer({"192.0.2.7"});
  loop.run();
  CHECK(heard.all.empty());
}

TEST_CASE_METHOD(Fixture, "a call-back may end the names", "[R-LOG-04]") {
  const auto end = [&](const Result<Addresses>& found) {
    heard.as("end")(found);
    names.reset();
  };
  SECTION("from the loop, and whoever waits behind it is not called") {
    names->find("log.example.net", end);
    names->find("log.example.net", heard.as("b"));
    answer({"192.0.2.7"});
    loop.run();
    CHECK(heard.all == Lines{"end: 192.0.2.7"});
  }
  SECTION("from within the call") {
    names->find("127.0.0.1", end);
    CHECK(heard.all == Lines{"end: 127.0.0.1"});
  }
}

TEST_CASE_METHOD(Fixture, "not more wait than there is room for", "[R-LOG-04]") {
  std::size_t called = 0;
  for (std::size_t i = 0; i < Names::most_waiting; ++i)
    names->find("log.example.net", [&](const Result<Addresses>&) { ++called; });
  names->find("other.example.net", heard.as("a"));
  CHECK(heard.all ==
        Lines{"a: name_not_resolved: no address for \"other.example.net\" yet, and 10000 "
              "wait for one already"});
  names->find("localhost", heard.as("b"));  // does not wait
  CHECK(heard.all.back() == "b: 127.0.0.1");
  REQUIRE(questions.size() == 1);
  answer({"192.0.2.7"});
  CHECK(called == Names::most_waiting);
  names->find("other.example.net", heard.as("c"));
  answer({"192.0.2.8"});
  CHECK(heard.all.back() == "c: 192.0.2.8");
}

TEST_CASE_METHOD(Fixture, "not more names are known than there is room for", "[R-LOG-04]") {
  Names any(loop, targets, options(NameScope::any_name));
  const auto find = [&](std::size_t number) {
    any.find("n" + std::to_string(number), heard.as(std::to_string(number)));
  };
  for (std::size_t i = 0; i < Names::most_names; ++i) find(i);
  find(Names::most_names);
  CHECK(heard.all ==
        Lines{"1000: name_not_resolved: no address for \"n1000\" yet, 1000 are being looked up "
              "already"});
  while (!questions.empty()) {
    answer({"192.0.2.7"});
    now += std::chrono::seconds(1);
  }
  find(Names::most_names);  // in the place of the oldest
  CHECK(questions.size() == 1);
  find(1);
  CHECK(questions.size() == 1);
  find(0);
  CHECK(questions.size() == 2);
}

}  // namespace
}  // namespace provphone::client::transport::names_test
