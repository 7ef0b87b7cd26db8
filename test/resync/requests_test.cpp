#include "test/resync/retrieval_bench.hpp"

namespace requests_test {

// What is in a request, and what is shown of it.
using namespace provphone;
using namespace provphone::resync;
using test::bench;

TEST_CASE("the address that is shown is the one that answered, an IPv6 one in brackets",
          "[R-LOG-21]") {
  auto phone = bench("http://h.example.net:8080/a.xml");
  phone.take(EvaluateRule{0});
  phone.take(Resolved{Lane::work, "2001:db8::7"});
  CHECK(phone.device.state.servip == "[2001:db8::7]");
  Answered answer;
  answer.status = 503;
  answer.server_address = "10.0.0.8";
  phone.take(answer);
  CHECK(phone.device.state.servip == "10.0.0.8");
  auto literal = bench("http://[2001:db8::7]/a.xml");
  literal.take(EvaluateRule{0});
  CHECK(literal.device.state.serv == "[2001:db8::7]");
  CHECK(literal.device.state.servip == "[2001:db8::7]");
}

TEST_CASE("a phone with that defect asks for a load, and for its parts, without Host",
          "[R-HTTP-31]") {
  auto phone = bench("http://h/a.xml");
  const auto host = [&] { return phone.find<Fetch>()->request.host_header; };
  phone.set("Upgrade_Rule", "http://h/fw/own.loads").knob("host_of_upgrade=none");
  phone.take(EvaluateUpgrade{false});
  CHECK(host() == HostOfUpgrade::none);
  phone.answered(302, {}, "/store/own.loads");
  CHECK(host() == HostOfUpgrade::none);
  phone.answered(200, "part.sbn");
  CHECK(host() == HostOfUpgrade::none);
  phone.answered(404);
  phone.take(EvaluateRule{0});
  CHECK(host() == HostOfUpgrade::sent);
}

TEST_CASE("a phone with that defect asks for each file of a load with HEAD, and then with GET",
          "[R-HTTP-32]") {
  using Method = Request::Method;
  auto phone = bench("http://h/a.xml");
  const auto method = [&] { return phone.find<Fetch>()->request.method; };
  phone.set("Upgrade_Rule", "http://h/fw/own.loads").knob("head_before_load=yes");
  phone.take(EvaluateUpgrade{false});
  CHECK(method() == Method::head);
  phone.answered(405);
  CHECK(phone.asks() == "http://h:80/fw/own.loads");
  CHECK(method() == Method::get);
  phone.answered(200, "part.sbn");
  CHECK(phone.asks() == "http://h:80/fw/part.sbn");
  CHECK(method() == Method::head);
  phone.answered(200);
  CHECK(method() == Method::get);
  phone.answered(200, "\1");
  CHECK(phone.event<UpgradeSucceeded>() != nullptr);
}

}  // namespace requests_test
