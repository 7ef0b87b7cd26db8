#include "client/transport/names.hpp"

#include "client/transport/detail/name_threads.hpp"
#include "name_world.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <future>
#include <optional>

namespace provphone::client::transport {
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
      {"::1", "::1"},
      {"localhost", "127.0.0.1"},
      {"LocalHost.", "127.0.0.1"},
  }));
  names->find(row.host, heard.as("a"));
  CHECK(heard.all == Lines{std::string("a: ") + row.address});
  CHECK(questions.empty());
}

TEST_CASE_METHOD(Fixture, "only names that are targets are looked up", "[R-HTTP-15][R-LOG-04]") {
  const std::string host = GENERATE("192.0.2.1", "2001:db8::1", "example.net", "");
  names->find(host, heard.as("a"));
  CHECK(heard.all == Lines{"a: target_refused: \"" + host + "\" is not among the allowed targets"});
  CHECK(questions.empty());
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

  now += std::chrono::hours(1000);
  names->find("Log.example.net", heard.as("d"));
  CHECK(heard.all.back() == "d: 192.0.2.7");
  CHECK(questions.empty());
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

// Turns the loop until it has nothing to do; a look-up under way is something.
void run_out(boost::asio::io_context& loop) {
  loop.restart();
  loop.run_for(std::chrono::seconds(100));
  REQUIRE(loop.stopped());
}

TEST_CASE("the system's resolver is asked beside the loop", "[R-LOG-04]") {
  boost::asio::io_context loop;
  Targets targets;
  Heard heard;
  std::string unknown(64, 'a');  // too long a label to be asked for
  unknown.append(".invalid");
  const std::string known = "0x7f000001";  // a name to targets, an address to every resolver
  REQUIRE(targets.add(unknown));
  REQUIRE(targets.add(known));
  Names names(loop, targets);
  for (const auto& name : {unknown, known}) {
    names.find(name, heard.as("a"));
    CHECK(heard.all.empty());
    run_out(loop);
    names.find(name, heard.as("b"));
    const std::string found =
        name == known ? "127.0.0.1" : "name_not_resolved: no address for \"" + unknown + "\"";
    CHECK(heard.all == Lines{"a: " + found, "b: " + found});
    heard.all.clear();
  }
}

// A resolver that hangs until the test lets go.
struct Hanging {
  detail::BlockingLookUp look_up() const {
    return [over = over.get_future().share()](const std::string& name) {
      if (name.starts_with("dead")) over.wait();
      return Addresses{boost::asio::ip::address_v4::loopback()};
    };
  }
  mutable std::promise<void> over;
};

TEST_CASE("the loop goes on while a resolver hangs, and other names are found", "[R-LOG-04]") {
  boost::asio::io_context loop;
  const Targets targets;
  Heard heard;
  Hanging hanging;
  Names names(loop, targets,
              {.scope = NameScope::any_name, .ask = detail::on_threads(loop, hanging.look_up())});
  names.find("dead", heard.as("dead"));
  names.find("alive", [&](const Result<Addresses>& found) {
    heard.as("alive")(found);
    boost::asio::post(loop, [&] {
      heard.all.emplace_back("something else");
      hanging.over.set_value();
    });
  });
  run_out(loop);
  CHECK(heard.all == Lines{"alive: 127.0.0.1", "something else", "dead: 127.0.0.1"});
}

TEST_CASE("more dead names than threads only wait", "[R-LOG-04]") {
  boost::asio::io_context loop;
  const Targets targets;
  Hanging hanging;
  Names names(loop, targets,
              {.scope = NameScope::any_name, .ask = detail::on_threads(loop, hanging.look_up())});
  std::size_t found = 0;
  constexpr std::size_t count = 3 * detail::most_name_threads;
  for (std::size_t i = 0; i < count; ++i)
    names.find("dead" + std::to_string(i), [&](const Result<Addresses>&) { ++found; });
  loop.poll();
  CHECK(found == 0);
  hanging.over.set_value();
  run_out(loop);
  CHECK(found == count);
}

TEST_CASE("names and loop may go while a resolver hangs", "[R-LOG-04]") {
  Heard heard;
  Hanging hanging;
  {
    boost::asio::io_context loop;
    const Targets targets;
    Names names(loop, targets,
                {.scope = NameScope::any_name, .ask = detail::on_threads(loop, hanging.look_up())});
    names.find("dead", heard.as("dead"));
    loop.poll();
  }
  hanging.over.set_value();
  CHECK(heard.all.empty());
}

}  // namespace
}  // namespace provphone::client::transport
