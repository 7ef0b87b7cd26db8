#include "client/evidence/syslog_lines.hpp"
#include "test/client/evidence/read_lines.hpp"

#include <catch2/catch.hpp>

namespace syslog_test {
namespace {

using namespace provphone;
using namespace provphone::client::evidence;

std::string read(const std::vector<std::string>& lines) {
  SyslogLines reader({{}, 2026, {}});
  return read_lines(reader, lines);
}

const std::string message = "CP-8841-3PCC 00:0e:08:01:23:45 -- Requesting resync http://h/x";

}  // namespace

// As phones send them and as rsyslog 8.2302 files them with its three usual templates.
TEST_CASE("messages of phones are read whole, whatever a syslog server made of their beginning") {
  const std::string from_phone = "2026-11-27T10:00:01.000||000e08012345|" + message;
  const std::string time = "Nov 27 10:00:01 ", iso = "2026-11-27T10:00:01+00:00 ";
  for (const auto& line : {
           "<134>" + time + message,
           time + "CP-8841-3PCC 00: 0e:08:01:23:45 -- Requesting resync http://h/x",
           iso + "CP-8841-3PCC 00: 0e:08:01:23:45 -- Requesting resync http://h/x",
           "<134>1 " + iso + "CP-8841-3PCC 00 - - - 0e:08:01:23:45 -- Requesting resync http://h/x",
           time + "000e08012345 CP-8841-3PCC: " + message,
           "<134>1 2026-11-27T10:00:01Z 000e08012345 CP-8841-3PCC - - - " + message,
           "<134>1 " + iso + "000e08012345 CP-8841-3PCC - - [a b=\"]\"] " + message,
       }) {
    INFO(line);
    CHECK(read({line}) == from_phone);
  }
  CHECK(read({time + "10.1.0.7 " + message}) ==
        "2026-11-27T10:00:01.000|10.1.0.7|000e08012345|" + message);
  // With Syslog_Identifier.
  CHECK(read({"<134>" + time + "000e08012345 " + message}) == from_phone);
}

TEST_CASE("messages of other programs say nothing, and what is no message does not fit") {
  CHECK(read({"Nov 27 10:00:01 host sshd[12]: Accepted publickey"}) == "nothing");
  CHECK(read({"Nov 27 10:00:01 host kernel: eth0 up"}) == "nothing");
  CHECK(read({"Nov 27 10:00:01 dnsmasq[1]: started"}) == "nothing");
  CHECK(read({"hello"}).starts_with("expected a time in front, as syslog writes it"));
  CHECK(read({"Nov 27 10:00:01"}).starts_with("expected a time"));
}

// As atftpd 0.8, tftpd-hpa 5.2 and dnsmasq 2.90 write them.
TEST_CASE("requests are read in the logs of TFTP servers") {
  const auto asked = [](const std::string& method, const std::string& path) {
    return "2026-11-27T10:00:01.000|10.1.0.7|" + method + " " + path + "|0|-1|tftp";
  };
  const std::string time = "Nov 27 10:00:01 ";
  const std::string atftpd = time + "host atftpd[25065.140229320746688]: ";
  const std::string dnsmasq = time + "dnsmasq-tftp[25066]: ";
  const std::string hpa = time + "host in.tftpd[25333]: ";
  CHECK(read({atftpd + "Serving 000e08012345.xml to 10.1.0.7:34808"}) ==
        asked("RRQ", "/000e08012345.xml"));
  CHECK(read({atftpd + "Fetching from 10.1.0.7 to up.xml"}) == asked("WRQ", "/up.xml"));
  CHECK(read({atftpd + "End of transfer"}) == "nothing");
  CHECK(read({dnsmasq + "TFTP root is /data/boot  ",
              dnsmasq + "sent /data/boot/a b.xml to 10.1.0.7"}) == asked("RRQ", "/a b.xml"));
  CHECK(read({dnsmasq + "file /srv/tftp/missing.xml not found for 10.1.0.7"}) ==
        asked("RRQ", "/missing.xml"));
  CHECK(read({dnsmasq + "unsupported request from 10.1.0.7"}) == "nothing");
  CHECK(read({hpa + "RRQ from 10.1.0.7 filename a.xml"}) == asked("RRQ", "/a.xml"));
  CHECK(read({hpa + "RRQ from 10.1.0.7 filename a remapped to b"}) == asked("RRQ", "/a"));
  CHECK(read({hpa + "WRQ from 10.1.0.7 filename /a.xml"}) == asked("WRQ", "/a.xml"));
  CHECK(read({hpa + "sending NAK (1, File not found) to 10.1.0.7"}) == "nothing");
}

TEST_CASE("web servers that log through syslog are read by the usual formats") {
  const std::string head = "Nov 27 10:00:01 host nginx: ";
  CHECK(read({head + "2026/11/27 10:00:01 [error] 12#12: no such file",
              head + "10.1.0.7 - - [27/Nov/2026:09:00:01 +0000] \"GET /x HTTP/1.1\" 200 7"}) ==
        "2026-11-27T09:00:01.000|10.1.0.7|GET /x|200|7");
  CHECK(read({head + "2026/11/27 10:00:01 [error] 12#12: no such file"}) == "nothing");
}

}  // namespace syslog_test
