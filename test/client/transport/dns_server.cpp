#include "dns_server.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <stdexcept>

namespace provphone::client::transport::test {
namespace {

using boost::asio::ip::tcp;
using boost::asio::ip::udp;

constexpr std::size_t header_size = 12;
constexpr std::size_t longest_udp_answer = 512;

void append_number(std::string& text, std::uint32_t number, unsigned octets) {
  for (unsigned left = octets; left > 0; --left)
    text += static_cast<char>(number >> 8 * (left - 1) & 0xFF);
}

void append_name(std::string& text, std::string_view name) {
  while (!name.empty()) {
    const auto label = name.substr(0, name.find('.'));
    text += static_cast<char>(label.size());
    text += label;
    name.remove_prefix(std::min(label.size() + 1, name.size()));
  }
  text += '\0';
}

std::string read_name(std::string_view& rest) {
  std::string name;
  while (!rest.empty() && rest.front() != '\0') {
    const auto size = static_cast<std::size_t>(rest.front());
    if (!name.empty()) name += '.';
    name += rest.substr(1, size);
    rest.remove_prefix(size + 1);
  }
  rest.remove_prefix(1);
  return name;
}

std::string data_of(const DnsRecord& record) {
  std::string data;
  if (record.type == DnsType::cname) {
    append_name(data, record.value);
    return data;
  }
  const auto address = boost::asio::ip::make_address(record.value);
  if (address.is_v4()) {
    for (const auto octet : address.to_v4().to_bytes()) data += static_cast<char>(octet);
  } else {
    for (const auto octet : address.to_v6().to_bytes()) data += static_cast<char>(octet);
  }
  return data;
}

// UDP's free ports are not TCP's, and a name server has one number for both.
void open_both(udp::socket& socket, tcp::acceptor& acceptor) {
  constexpr int tries = 100;
  const auto loopback = boost::asio::ip::address_v4::loopback();
  for (int left = tries; left > 0; --left) {
    socket = {socket.get_executor(), udp::endpoint(loopback, 0)};
    const tcp::endpoint beside(loopback, socket.local_endpoint().port());
    acceptor = tcp::acceptor(acceptor.get_executor());
    acceptor.open(beside.protocol());
    acceptor.set_option(tcp::acceptor::reuse_address(true));
    boost::system::error_code is_taken;
    acceptor.bind(beside, is_taken);
    if (!is_taken) return acceptor.listen();
  }
  throw std::runtime_error("no port is free for both UDP and TCP");
}

std::string text_of(DnsType type) {
  return type == DnsType::a ? "A" : "AAAA";
}

}  // namespace

DnsServer::DnsServer(boost::asio::io_context& loop, Answer answer)
    : answer_(std::move(answer)), socket_(loop), acceptor_(loop) {
  open_both(socket_, acceptor_);
  receive();
  accept();
}

std::string DnsServer::server() const {
  return "127.0.0.1:" + std::to_string(socket_.local_endpoint().port());
}

void DnsServer::receive() {
  socket_.async_receive_from(boost::asio::buffer(buffer_), from_,
                             [this](const boost::system::error_code& failed, std::size_t size) {
                               if (failed) return;
                               const std::string question(buffer_.data(), size);
                               auto reply = reply_to(question, "");
                               if (reply.size() > longest_udp_answer) {
                                 reply.resize(question.size());
                                 reply[2] = static_cast<char>(reply[2] | 0x02);  // it was cut
                                 reply[6] = reply[7] = 0;
                               }
                               if (!reply.empty())
                                 socket_.send_to(boost::asio::buffer(reply), from_);
                               receive();
                             });
}

// One question a connection. The client shares the loop, so that nothing here may wait for it.
struct DnsServer::Peer {
  explicit Peer(tcp::socket accepted) : socket(std::move(accepted)) {}
  tcp::socket socket;
  std::array<unsigned char, 2> size{};
  std::string question;
};

void DnsServer::accept() {
  acceptor_.async_accept([this](const boost::system::error_code& failed, tcp::socket socket) {
    if (failed) return;
    const auto peer = std::make_shared<Peer>(std::move(socket));
    boost::asio::async_read(
        peer->socket, boost::asio::buffer(peer->size),
        [this, peer](const boost::system::error_code& ended, std::size_t) {
          if (ended) return;
          peer->question.resize(static_cast<std::size_t>(peer->size[0]) << 8 | peer->size[1]);
          boost::asio::async_read(peer->socket, boost::asio::buffer(peer->question),
                                  [this, peer](const boost::system::error_code& cut, std::size_t) {
                                    if (!cut) answer_peer(*peer);
                                  });
        });
    accept();
  });
}

void DnsServer::answer_peer(Peer& peer) {
  const auto reply = reply_to(peer.question, "tcp ");
  std::string framed;
  append_number(framed, static_cast<std::uint32_t>(reply.size()), 2);
  boost::asio::write(peer.socket, boost::asio::buffer(framed + reply));
}

std::string DnsServer::reply_to(std::string_view question, std::string_view how) {
  auto rest = question.substr(header_size);
  const auto name = read_name(rest);
  const auto type = static_cast<DnsType>(static_cast<unsigned char>(rest[1]));
  asked.push_back(std::string(how) + text_of(type) + " " + name);
  const auto reply = answer_(name, type);
  if (!reply) return {};
  std::string text(question.substr(0, question.size() - rest.size() + 4));
  text[2] = static_cast<char>(0x81);  // an answer, as recursive as was wanted
  text[3] = static_cast<char>(0x80 | static_cast<unsigned>(reply->code));
  text[6] = static_cast<char>(reply->records.size() >> 8);
  text[7] = static_cast<char>(reply->records.size() & 0xFF);
  for (const auto& record : reply->records) {
    append_name(text, record.name);
    append_number(text, static_cast<std::uint32_t>(record.type), 2);
    append_number(text, 1, 2);
    append_number(text, record.time_to_live, 4);
    const auto data = data_of(record);
    append_number(text, static_cast<std::uint32_t>(data.size()), 2);
    text += data;
  }
  return text;
}

}  // namespace provphone::client::transport::test
