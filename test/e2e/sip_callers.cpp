#include "test/e2e/sip_callers.hpp"

#include "test/e2e/process.hpp"

#include <catch2/catch.hpp>
#include <fmt/format.h>

#include <arpa/inet.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <utility>

namespace provphone::e2e {
namespace {

// One request of SIPp. `more` are header lines; the CSV's fields are user, address and login.
std::string request_of(const std::string& method, int sequence, const std::string& more,
                       const std::string& body) {
  return fmt::format(
      "<send retrans=\"500\"><![CDATA[\n{0} sip:[field0]@[field1]:[remote_port] SIP/2.0\n"
      "Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]\nMax-Forwards: 70\n"
      "From: <sip:pbx@[local_ip]:[local_port]>;tag=[call_number]\n"
      "To: <sip:[field0]@[field1]:[remote_port]>\nCall-ID: [call_id]\nCSeq: {1} {0}\n"
      "Contact: <sip:pbx@[local_ip]:[local_port]>\n{2}Content-Length: [len]\n\n{3}]]></send>\n",
      method, sequence, more, body);
}

// Sends, logs in where it is to, and ends with the answer that is wanted or in failure.
std::string scenario_of(const Asking& asking) {
  std::string text = "<?xml version=\"1.0\"?>\n<scenario name=\"ask\">\n";
  // Over TCP there is one connection, and one callee.
  if (asking.over == Asking::Over::udp)
    text +=
        "<nop><action><setdest host=\"[field1]\" port=\"[remote_port]\" "
        "protocol=\"[transport]\"/></action></nop>\n";
  int sequence = 1;
  if (asking.logs_in) {
    text += request_of(asking.method, sequence++, asking.headers, asking.body);
    text += "<recv response=\"401\" auth=\"true\"/>\n";
  }
  text += request_of(asking.method, sequence, asking.headers + (asking.logs_in ? "[field2]\n" : ""),
                     asking.body);
  return text + fmt::format("<recv response=\"{}\"/>\n</scenario>\n", asking.status);
}

}  // namespace

bool asks(Workspace& workspace, const std::string& port, const std::vector<Callee>& callees,
          const Asking& asking, const std::string& password) {
  require_installed("sipp");
  static int count = 0;
  const auto name = fmt::format("sipp{}", ++count);
  const auto scenario = workspace.write(name + ".xml", scenario_of(asking));
  std::string csv = "SEQUENTIAL\n";
  for (const auto& callee : callees) {
    csv += fmt::format("{};{};[authentication username={} password={}]\n", callee.user,
                       callee.address, callee.user, password);
  }
  const auto table = workspace.write(name + ".csv", csv);
  Process sipp(workspace.path(), name,
               {"sipp",
                callees.front().address + ":" + port,
                "-i",
                "127.0.0.1",
                "-sf",
                scenario.string(),
                "-inf",
                table.string(),
                "-m",
                std::to_string(callees.size()),
                "-nostdin",
                "-r",
                "200",
                "-l",
                "50",
                "-recv_timeout",
                "20000",
                "-timeout",
                "90",
                "-t",
                asking.over == Asking::Over::udp ? "u1" : "t1"});
  const auto status = sipp.wait(patience);
  INFO(sipp.err());
  CHECK(status);
  return status == 0;
}

Caller::Caller(std::string address)
    : address_(std::move(address)), socket_(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
  auto here = loopback(0);
  REQUIRE(::inet_pton(AF_INET, address_.c_str(), &here.sin_addr) == 1);
  REQUIRE(::bind(socket_.fd(), as_sockaddr(here), sizeof here) == 0);
}

void Caller::send(const std::string& user, const std::string& port, int number,
                  const std::string& more) const {
  const auto message = fmt::format(
      "NOTIFY sip:{4}@127.0.0.1:{0} SIP/2.0\r\nVia: SIP/2.0/UDP {5}:{1};"
      "branch=z9hG4bK{2}\r\nMax-Forwards: 70\r\nFrom: <sip:pbx@{5}>;tag=1\r\n"
      "To: <sip:{4}@127.0.0.1>\r\nCall-ID: {2}@here\r\nCSeq: 1 NOTIFY\r\nEvent: resync\r\n"
      "{3}Content-Length: 0\r\n\r\n",
      port, port_of(socket_), number, more, user, address_);
  const auto to = loopback(static_cast<std::uint16_t>(std::stoi(port)));
  REQUIRE(::sendto(socket_.fd(), message.data(), message.size(), 0, as_sockaddr(to), sizeof to) ==
          static_cast<ssize_t>(message.size()));
}

std::optional<std::string> Caller::answer(std::chrono::milliseconds limit) const {
  const timeval wait{limit.count() / 1000, (limit.count() % 1000) * 1000};
  ::setsockopt(socket_.fd(), SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
  std::string answer(4096, '\0');
  const auto size = ::recv(socket_.fd(), answer.data(), answer.size(), 0);
  if (size <= 0) return std::nullopt;
  answer.resize(static_cast<std::size_t>(size));
  return answer;
}

std::string Caller::notify(const std::string& port, int number, const std::string& more) const {
  send("100", port, number, more);
  const auto said = answer(patience);
  REQUIRE(said);
  return *said;
}

}  // namespace provphone::e2e
