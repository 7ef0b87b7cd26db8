#include "client/transport/dhcp_packet.hpp"

#include "client/transport/dhcp6_packet.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace dhcp_packet_test {

// Packets of both versions of DHCP, octet by octet.
namespace {

using namespace provphone;
using namespace provphone::client::transport;
using dhcp::Answering;
using dhcp::Asking;
using resync::DhcpOption;
using resync::DhcpVersion;

constexpr MacAddress mac{0x000e08abcdef};
const dhcp::Asker asker{mac, "Cisco phone", "SEP000E08ABCDEF"};

std::string number(std::uint64_t value, std::size_t size) {
  std::string octets;
  while (size-- > 0) octets.push_back(static_cast<char>(value >> (8 * size) & 0xff));
  return octets;
}

std::string option(unsigned code, const std::string& value) {
  return number(code, 1) + number(value.size(), 1) + value;
}

// An OFFER or ACK as a server writes it; `options` follow the kind of message.
std::string packet(unsigned kind, const std::string& options, const std::string& sname = {},
                   const std::string& file = {}) {
  auto octets = number(2, 1) + number(1, 1) + number(6, 1) + number(0, 1) + number(0x123456, 4);
  octets += number(0, 8) + number(0x0a000039, 4) + number(0, 8) + number(mac.bits, 6);
  octets.append(44 - octets.size(), '\0');
  octets += sname;
  octets.append(108 - octets.size(), '\0');
  octets += file;
  octets.append(236 - octets.size(), '\0');
  return octets + number(0x63825363, 4) + option(53, number(kind, 1)) + options;
}

std::string value(const dhcp::Answer& answer, int wanted) {
  for (const auto& each : answer.terms.options)
    if (each.number == wanted) return each.value;
  return "none";
}

// The value of an option in what a phone sends; "none" where it is not there.
std::string sent(const std::string& octets, unsigned wanted) {
  for (std::size_t at = 240; at + 1 < octets.size();) {
    const auto code = static_cast<unsigned char>(octets[at]);
    if (code == 255) break;
    const auto length = static_cast<unsigned char>(octets[at + 1]);
    if (code == wanted) return octets.substr(at + 2, length);
    at += 2U + length;
  }
  return "none";
}

std::string option6(unsigned code, const std::string& value) {
  return number(code, 2) + number(value.size(), 2) + value;
}

const std::string server6 = option6(2, "\1\2\3");

}  // namespace

TEST_CASE("a phone asks for the options that lead to a provisioning server", "[R-DHCP-13]") {
  dhcp::Question question;
  question.transaction = 0x123456;
  question.elapsed = std::chrono::milliseconds(4'900);
  const auto discover = dhcp::format_packet(asker, question);
  CHECK(discover.size() >= 300);
  CHECK(discover.substr(0, 12) ==
        number(0x01010600, 4) + number(0x123456, 4) + number(4, 2) + number(0x8000, 2));
  CHECK(discover.substr(12, 4) == number(0, 4));
  CHECK(discover.substr(28, 6) == number(mac.bits, 6));
  CHECK(sent(discover, 53) == number(1, 1));
  CHECK(sent(discover, 61) == number(1, 1) + number(mac.bits, 6));
  CHECK(sent(discover, 60) == "Cisco phone");
  CHECK(sent(discover, 12) == "SEP000E08ABCDEF");
  CHECK(sent(discover, 50) == "none");
  for (const char code : {'\102', '\226', '\237', '\240', '\53', '\175', '\2', '\52'})
    CHECK(sent(discover, 55).find(code) != std::string::npos);
}

TEST_CASE("a request names address and server, and a renewal what it can be answered at",
          "[R-DHCP-13][R-DHCP-16]") {
  dhcp::Question question;
  question.about.address = "10.0.0.57";
  question.about.server = "10.0.0.1";
  const auto at = [&](Asking what, dhcp::AddressAt where) {
    question.what = what;
    question.address_at = where;
    return dhcp::format_packet(asker, question);
  };
  const auto address = number(0x0a000039, 4), server = number(0x0a000001, 4);
  const auto request = at(Asking::request, dhcp::AddressAt::nowhere);
  CHECK(sent(request, 53) == number(3, 1));
  CHECK(sent(request, 50) == address);
  CHECK(sent(request, 54) == server);
  CHECK(request.substr(12, 4) == number(0, 4));
  const auto renewal = at(Asking::renew, dhcp::AddressAt::nowhere);
  CHECK(sent(renewal, 53) == number(3, 1));
  CHECK(sent(renewal, 50) == address);
  CHECK(sent(renewal, 54) == "none");
  CHECK(renewal.substr(10, 6) == number(0x8000, 2) + number(0, 4));
  const auto own = at(Asking::rebind, dhcp::AddressAt::this_machine);
  CHECK(sent(own, 50) == "none");
  CHECK(own.substr(10, 6) == number(0, 2) + address);
  const auto inform = at(Asking::inform, dhcp::AddressAt::nowhere);
  CHECK(sent(inform, 53) == number(8, 1));
  CHECK(inform.substr(12, 4) == address);
  const auto release = at(Asking::release, dhcp::AddressAt::nowhere);
  CHECK(sent(release, 53) == number(7, 1));
  CHECK(sent(release, 54) == server);
  CHECK(sent(release, 55) == "none");
}

TEST_CASE("an answer has the lease as phones read it", "[R-DHCP-14]") {
  const auto answer = dhcp::parse_packet(
      packet(5, option(54, number(0x0a000001, 4)) + option(51, number(3'600, 4)) +
                    option(66, std::string("http://h/$MA.cfg\0", 17)) +
                    option(150, number(0x0a000002, 4) + number(0x0a000003, 4)) +
                    option(2, number(0xfffff1f0, 4)) + option(43, option(1, "http://v/")) +
                    option(125, number(9, 4) + number(11, 1) + option(1, "http://w/")) + "\xff"));
  REQUIRE(answer);
  CHECK(answer->what == Answering::ack);
  CHECK(answer->transaction == 0x123456);
  CHECK(answer->mac == mac);
  CHECK(answer->terms.address == "10.0.0.57");
  CHECK(answer->terms.server == "10.0.0.1");
  CHECK(answer->terms.length.count() == 3'600);
  CHECK(answer->terms.renew_after.count() == 1'800);
  CHECK(answer->terms.rebind_after.count() == 3'150);
  CHECK(value(*answer, 66) == "http://h/$MA.cfg");
  CHECK(value(*answer, 150) == "10.0.0.2,10.0.0.3");
  CHECK(value(*answer, 2) == "-3600");
  CHECK(value(*answer, 43) == "0x0109687474703a2f2f762f");
  CHECK(value(*answer, 125) == "0x000000090b0109687474703a2f2f772f");
  CHECK(value(*answer, 53) == "none");
  CHECK(dhcp::value_of(43, "http://text/") == "http://text/");
  CHECK(dhcp::value_of(160, "0x66") == "0x30783636");
}

TEST_CASE("long options are put together, and those in the fields of file and name are read",
          "[R-DHCP-14]") {
  const std::string half(200, 'a');
  const auto answer = dhcp::parse_packet(
      packet(2, option(160, half) + option(52, "\3") + option(160, half) + "\xff",
             option(66, "from sname") + "\xff", option(67, "from file")));
  REQUIRE(answer);
  CHECK(answer->what == Answering::offer);
  CHECK(value(*answer, 160) == half + half);
  CHECK(value(*answer, 66) == "from sname");
  CHECK(value(*answer, 67) == "from file");
  // R-DHCP-14: nothing says that these fields hold options.
  const auto plain = dhcp::parse_packet(packet(2, "\xff", option(66, "from sname")));
  REQUIRE(plain);
  CHECK(value(*plain, 66) == "none");
}

TEST_CASE("what is no answer of a server is refused with what is wrong", "[R-DHCP-14]") {
  struct Case {
    std::string packet;
    const char* why;
  };
  const auto good = packet(5, "\xff");
  auto request = good, bootp = good;
  request[0] = 1;
  bootp[236] = 0;
  for (const auto& [octets, why] :
       {Case{"", "room for options"}, Case{good.substr(0, 239), "room for options"},
        Case{request, "no answer"}, Case{bootp, "BOOTP"},
        Case{packet(5, "\102"), "option 66 goes beyond"},
        Case{packet(5, "\102\5abc"), "option 66 goes beyond"},
        Case{packet(5, option(52, "\4")), "option 52"},
        Case{packet(5, option(52, "")), "option 52"},
        Case{packet(5, option(52, "\2"), "\102\100"), "option 66 goes beyond"},
        Case{packet(3, ""), "no server sends"}, Case{packet(5, option(51, "abc")), "option 51"},
        Case{good.substr(0, 240), "option 53"}}) {
    INFO(why);
    const auto answer = dhcp::parse_packet(octets);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::protocol_error);
    CHECK(answer.error().detail.find(why) != std::string::npos);
  }
}

TEST_CASE("no end of a packet is read beyond", "[R-DHCP-14]") {
  const auto whole = packet(5, option(51, number(60, 4)) + option(52, "\3") + option(66, "h"),
                            option(66, "x") + "\xff", option(67, "y") + "\xff");
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const std::string cut = whole.substr(0, size);
    const auto answer = dhcp::parse_packet(cut);
    CHECK((answer || answer.error().code == Errc::protocol_error));
  }
  const auto whole6 =
      number(7, 1) + number(1, 3) + server6 +
      option6(3, number(1, 4) + number(0, 8) + option6(5, std::string(16, '\1') + number(60, 8))) +
      option6(17, "abc");
  for (std::size_t size = 0; size <= whole6.size(); ++size) {
    const auto answer = dhcp6::parse_packet(whole6.substr(0, size));
    CHECK((answer || answer.error().code == Errc::protocol_error));
  }
}

TEST_CASE("times that make no sense are as if the server had named none", "[R-DHCP-14]") {
  const auto terms = [](std::uint32_t length, std::uint32_t renew, std::uint32_t rebind) {
    return dhcp::parse_packet(packet(5, option(51, number(length, 4)) +
                                            option(58, number(renew, 4)) +
                                            option(59, number(rebind, 4))))
        ->terms;
  };
  CHECK(terms(100, 20, 60).renew_after.count() == 20);
  CHECK(terms(100, 20, 60).rebind_after.count() == 60);
  CHECK(terms(100, 90, 60).renew_after.count() == 50);
  CHECK(terms(100, 20, 100).rebind_after.count() == 87);
  CHECK(terms(100, 70, 10).renew_after.count() == 10);
  CHECK(terms(0xffffffff, 20, 60).length.count() == 0);
}

TEST_CASE("a phone asks in DHCPv6 as well", "[R-DHCP-13]") {
  dhcp::Question question;
  question.transaction = 0xabcdef;
  const auto identifier = option6(1, number(0x00030001, 4) + number(mac.bits, 6));
  const auto solicit = dhcp6::format_packet(asker, question);
  CHECK(solicit.starts_with(number(1, 1) + number(0xabcdef, 3) + identifier +
                            option6(3, number(0x08abcdef, 4) + number(0, 8))));
  CHECK(solicit.find(option6(6, number(17, 2) + number(23, 2) + number(24, 2) + number(56, 2) +
                                    number(159, 2) + number(160, 2))) != std::string::npos);
  CHECK(solicit.find(option6(16, number(9, 4) + number(11, 2) + "Cisco phone")) !=
        std::string::npos);
  question.what = Asking::request;
  question.about.server = "0x010203";
  question.about.address = "fd00::57";
  const auto request = dhcp6::format_packet(asker, question);
  CHECK(request.starts_with(number(3, 1) + number(0xabcdef, 3) + identifier + server6));
  CHECK(request.find(option6(5, number(0xfd00ULL << 48, 8) + number(0x57, 8) + number(0, 8))) !=
        std::string::npos);
  question.what = Asking::renew;
  CHECK(dhcp6::format_packet(asker, question).substr(0, 1) == number(5, 1));
  question.what = Asking::rebind;
  CHECK(dhcp6::format_packet(asker, question).find(server6) == std::string::npos);
  question.what = Asking::inform;
  const auto inform = dhcp6::format_packet(asker, question);
  CHECK(inform.substr(0, 1) == number(11, 1));
  CHECK(inform.find(option6(3, number(0x08abcdef, 4))) == std::string::npos);
  question.what = Asking::release;
  CHECK(dhcp6::format_packet(asker, question).substr(0, 1) == number(8, 1));
}

TEST_CASE("an answer of DHCPv6 is read alike", "[R-DHCP-14]") {
  const auto identifier = option6(1, number(0x00030001, 4) + number(mac.bits, 6));
  const auto leased = [&](unsigned kind, std::uint32_t valid, const std::string& more = {}) {
    return number(kind, 1) + number(7, 3) + identifier + server6 +
           option6(3, number(1, 4) + number(30, 4) + number(0, 4) +
                          option6(5, number(0xfd00ULL << 48, 8) + number(0x57, 8) + number(50, 4) +
                                         number(valid, 4) + more)) +
           option6(160, "http://six/") + option6(17, number(9, 4) + option6(1, "u"));
  };
  const auto reply = dhcp6::parse_packet(leased(7, 100));
  REQUIRE(reply);
  CHECK(reply->what == Answering::ack);
  CHECK(reply->mac == mac);
  CHECK(reply->transaction == 7);
  CHECK(reply->terms.address == "fd00::57");
  CHECK(reply->terms.server == "0x010203");
  CHECK(reply->terms.length.count() == 100);
  CHECK(reply->terms.renew_after.count() == 30);
  CHECK(reply->terms.rebind_after.count() == 87);
  CHECK(reply->terms.options ==
        std::vector<DhcpOption>{{160, "http://six/", DhcpVersion::v6},
                                {17, "0x000000090001000175", DhcpVersion::v6}});
  CHECK(dhcp6::parse_packet(leased(2, 100))->what == Answering::offer);
  CHECK(dhcp6::parse_packet(leased(7, 0))->what == Answering::nak);
  CHECK(dhcp6::parse_packet(leased(7, 100, option6(13, number(4, 2))))->what == Answering::nak);
  CHECK(dhcp6::parse_packet(leased(7, 100, option6(13, number(0, 2))))->what == Answering::ack);
  for (const auto& broken :
       {std::string("\7\0\0", 3), leased(1, 1), number(7, 4), leased(7, 100, "\1"),
        number(7, 1) + number(7, 3) + server6 + option6(3, "short"),
        number(7, 1) + number(7, 3) + server6 + option6(13, "s")}) {
    REQUIRE_FALSE(dhcp6::parse_packet(broken));
    CHECK(dhcp6::parse_packet(broken).error().code == Errc::protocol_error);
  }
}

}  // namespace dhcp_packet_test
