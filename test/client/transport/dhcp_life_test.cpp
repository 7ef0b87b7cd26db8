#include "client/transport/dhcp_life.hpp"

#include <catch2/catch.hpp>

namespace dhcp_life_test {

// How a phone gets a lease and keeps it, without a socket and without a clock.
namespace {

using namespace provphone;
using namespace provphone::client::transport::dhcp;
using namespace std::chrono_literals;
using resync::Time;
using State = LeaseState;

struct Living {
  LeaseLife life;
  Time now{};
  std::vector<LeaseOutput> outputs;

  explicit Living(Wanted wanted = Wanted::address) {
    life.wanted = wanted;
    life.seed = 7;
  }
  Living& take(const LeaseInput& input) {
    outputs = advance(life, input, now);
    return *this;
  }
  // Until the next thing that has to be waited for.
  Living& wait() {
    REQUIRE(life.due != Time::max());
    now = life.due;
    return take(TimeCame{});
  }
  Living& answered(Answering what, const Terms& terms = {}) {
    return take(Answer{what, life.transaction, {}, terms});
  }
  template <class Output>
  const Output* find() const {
    for (const auto& each : outputs)
      if (const auto* found = std::get_if<Output>(&each)) return found;
    return nullptr;
  }
  bool asks(Asking what) const {
    const auto* ask = find<Ask>();
    return ask != nullptr && ask->question.what == what &&
           ask->question.transaction == life.transaction;
  }
};

Terms terms(const std::string& address = "10.0.0.57", std::chrono::seconds length = 1000s) {
  return {address, "10.0.0.1", length / 2, length * 7 / 8, length, {{66, "h"}}};
}

Living bound() {
  Living phone;
  phone.take(Begin{}).answered(Answering::offer, terms()).answered(Answering::ack, terms());
  REQUIRE(phone.life.state == State::bound);
  return phone;
}

}  // namespace

TEST_CASE("a phone takes the first offer and holds what is granted", "[R-DHCP-15]") {
  Living phone;
  CHECK(phone.take(Begin{}).asks(Asking::discover));
  const auto asked = phone.life.transaction;
  phone.now += 100ms;
  CHECK(phone.answered(Answering::offer, terms()).asks(Asking::request));
  CHECK(phone.find<Ask>()->question.about.server == "10.0.0.1");
  CHECK(phone.life.transaction != asked);
  // A second offer is too late, and so is any answer to the first question.
  phone.take(Answer{Answering::offer, asked, {}, terms("10.0.0.99")});
  CHECK(phone.outputs.empty());
  phone.now += 100ms;
  phone.answered(Answering::ack, terms());
  REQUIRE(phone.find<Granted>());
  CHECK(phone.find<Granted>()->terms == terms());
  CHECK(phone.life.state == State::bound);
  // Counted from when it was asked for.
  CHECK(phone.life.due == Time{100ms} + 500s);
}

TEST_CASE("questions are repeated after longer and longer waits, and then given up",
          "[R-DHCP-15]") {
  Living phone;
  phone.take(Begin{});
  Time before{};
  for (const auto wait : {4s, 8s, 16s}) {
    const auto waited = phone.life.due - before;
    CHECK(waited >= wait - 1s);
    CHECK(waited <= wait + 1s);
    before = phone.life.due;
    phone.now = before - 1ms;
    CHECK(phone.take(TimeCame{}).outputs.empty());
    CHECK(phone.wait().asks(Asking::discover));
    CHECK(phone.find<Ask>()->question.elapsed == before.time_since_epoch());
  }
  phone.wait();
  CHECK(phone.find<GaveUp>());
  CHECK(phone.life.due == Time::max());
  CHECK(phone.life.state == State::init);
  // What comes now is nobody's.
  CHECK(phone.answered(Answering::offer, terms()).outputs.empty());
}

TEST_CASE("an offer that nobody keeps is followed by another search", "[R-DHCP-15]") {
  Living phone;
  phone.take(Begin{}).answered(Answering::offer, terms());
  for (int i = 0; i < 3; ++i) CHECK(phone.wait().asks(Asking::request));
  CHECK(phone.wait().asks(Asking::discover));
  CHECK(phone.life.state == State::selecting);
}

TEST_CASE("half of a lease later it is renewed, with other options too", "[R-DHCP-15][R-DHCP-10]") {
  auto phone = bound();
  CHECK(phone.wait().asks(Asking::renew));
  CHECK(phone.now == phone.life.granted + 500s);
  auto other = terms();
  other.options = {{66, "another"}};
  phone.answered(Answering::ack, other);
  REQUIRE(phone.find<Granted>());
  CHECK(phone.find<Granted>()->terms.options == other.options);
  CHECK(phone.life.due == phone.now + 500s);
}

TEST_CASE(
    "a server that is silent is asked until any other one may answer, and then the lease ends",
    "[R-DHCP-15]") {
  auto phone = bound();
  const auto granted = phone.life.granted;
  unsigned renewals = 0;
  while (phone.wait().life.state == State::renewing) ++renewals;
  CHECK(renewals > 1);
  CHECK(phone.asks(Asking::rebind));
  CHECK(phone.now == granted + 875s);
  while (!phone.wait().find<Lost>()) CHECK(phone.asks(Asking::rebind));
  CHECK(phone.now == granted + 1000s);
  CHECK(phone.asks(Asking::discover));
}

TEST_CASE("a refused renewal ends the lease at once, a refused request is repeated later",
          "[R-DHCP-15]") {
  auto phone = bound();
  phone.wait().answered(Answering::nak);
  CHECK(phone.find<Lost>());
  CHECK(phone.asks(Asking::discover));
  phone.answered(Answering::offer, terms()).answered(Answering::nak);
  CHECK(phone.find<Refused>());
  CHECK_FALSE(phone.find<Ask>());
  const auto refused = phone.now;
  CHECK(phone.wait().asks(Asking::discover));
  CHECK(phone.now == refused + 10s);
}

TEST_CASE("a lease without an end is kept", "[R-DHCP-15]") {
  Living phone;
  phone.take(Begin{}).answered(Answering::offer, terms("10.0.0.57", 0s));
  phone.answered(Answering::ack, terms("10.0.0.57", 0s));
  CHECK(phone.find<Granted>());
  CHECK(phone.life.due == Time::max());
}

TEST_CASE("a phone with an address of its own asks for options alone", "[R-DHCP-15]") {
  Living phone(Wanted::options_alone);
  phone.life.terms.address = "10.0.0.5";
  CHECK(phone.take(Begin{}).asks(Asking::inform));
  CHECK(phone.find<Ask>()->question.about.address == "10.0.0.5");
  phone.answered(Answering::ack, {{}, "10.0.0.1", {}, {}, {}, {{160, "u"}}});
  REQUIRE(phone.find<Granted>());
  CHECK(phone.find<Granted>()->terms.address == "10.0.0.5");
  CHECK(phone.life.state == State::informed);
  CHECK(phone.life.due == Time::max());
  Living refused(Wanted::options_alone);
  refused.take(Begin{}).answered(Answering::nak);
  CHECK(refused.find<Refused>());
  CHECK(refused.life.due == Time::max());
}

TEST_CASE("an answer without an address grants none", "[R-DHCP-15]") {
  Living phone;
  CHECK(phone.take(Begin{}).answered(Answering::offer).outputs.empty());
  phone.answered(Answering::offer, terms());
  CHECK(phone.answered(Answering::ack).outputs.empty());
  CHECK(phone.life.state == State::requesting);
  phone.take(LinkIsDown{});
  CHECK(phone.life.due == Time::max());
}

}  // namespace dhcp_life_test
