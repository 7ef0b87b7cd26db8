#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace provphone::client::transport::test {

// The record types that the tests know.
enum class DnsType : std::uint16_t { a = 1, cname = 5, aaaa = 28 };

struct DnsRecord {
  std::string name;
  DnsType type = DnsType::a;
  std::string value;  // an address, or a name
  std::uint32_t time_to_live = 60;
};

struct DnsReply {
  enum class Code : std::uint8_t { ok = 0, server_failure = 2, no_such_name = 3, refused = 5 };
  std::vector<DnsRecord> records;
  Code code = Code::ok;
};

// A name server on a free port of 127.0.0.1, over UDP and TCP. An answer above 512 octets is cut
// over UDP, as RFC 1035 has it.
class DnsServer {
 public:
  // Nothing: it stays silent.
  using Answer = std::function<std::unique_ptr<DnsReply>(const std::string& name, DnsType type)>;

  DnsServer(boost::asio::io_context& loop, Answer answer);

  std::string server() const;
  // What was asked, `A name` or `AAAA name`, over TCP with `tcp ` before it.
  std::vector<std::string> asked;

 private:
  struct Peer;

  void receive();
  void accept();
  void answer_peer(Peer& peer);
  std::string reply_to(std::string_view question, std::string_view how);

  Answer answer_;
  boost::asio::ip::udp::socket socket_;
  boost::asio::ip::tcp::acceptor acceptor_;
  boost::asio::ip::udp::endpoint from_;
  std::array<char, 4096> buffer_{};
};

}  // namespace provphone::client::transport::test
