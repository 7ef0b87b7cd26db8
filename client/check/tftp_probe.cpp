#include "client/check/tftp_probe.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace provphone::client::check {
namespace {

namespace ip = boost::asio::ip;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr std::size_t block_size = 512;
constexpr std::size_t most_blocks = 4096;  // 2 MB
constexpr std::size_t header_octets = 4;   // opcode and block number (RFC 1350)
constexpr milliseconds moment{300};        // for an answer that need not come

// RFC 1350 and, for the acknowledgement of options, RFC 2347.
enum Opcode : unsigned { read_request = 1, data = 3, acknowledgement = 4, error = 5, options = 6 };

std::string two_octets(unsigned number) {
  return {static_cast<char>(number >> 8U & 0xffU), static_cast<char>(number & 0xffU)};
}

std::string text_with_end(std::string_view text) {
  return std::string(text) + '\0';
}

struct Packet {
  std::string octets;
  ip::udp::endpoint from;

  unsigned number_at(std::size_t at) const {
    if (octets.size() < at + 2) return 0;
    const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
    return octet(at) * 256U + octet(at + 1);
  }
  unsigned opcode() const { return number_at(0); }
  std::string_view content() const {
    return std::string_view(octets).substr(std::min(octets.size(), header_octets));
  }
};

// A UDP socket of its own port.
class Line {
 public:
  explicit Line(const ip::udp& family) : socket_(loop_, ip::udp::endpoint(family, 0)) {}

  // A datagram that cannot be sent is as good as one that is lost: the wait for its answer tells.
  void send(std::string_view octets, const ip::udp::endpoint& to) {
    error_code ignored;
    socket_.send_to(boost::asio::buffer(octets.data(), octets.size()), to, 0, ignored);
  }

  // The next packet, if it comes in time.
  std::optional<Packet> receive(milliseconds patience) {
    std::optional<Packet> packet;
    ip::udp::endpoint from;
    socket_.async_receive_from(boost::asio::buffer(buffer_), from,
                               [&](const error_code& failed, std::size_t size) {
                                 if (!failed) packet = Packet{{buffer_.data(), size}, from};
                               });
    loop_.restart();
    loop_.run_for(patience);
    if (packet) return packet;
    error_code ignored;
    // The handler refers to what is here, so it has to end before this does.
    socket_.cancel(ignored);
    loop_.restart();
    loop_.run();
    return packet;
  }

 private:
  boost::asio::io_context loop_;
  ip::udp::socket socket_;
  // Room for a block of the 1024 octets that probe_options() asks for.
  std::array<char, 2048> buffer_{};
};

std::optional<ip::udp::endpoint> endpoint_of(const TftpProbe& probe) {
  const auto addresses = probe.address_book.addresses_of(probe.url);
  if (!addresses) return std::nullopt;
  return ip::udp::endpoint(addresses->front(), probe.url.port);
}

// R-TFTP-02: the name is the path with its slash.
std::string request_packet(const macro::Url& url) {
  return two_octets(read_request) + text_with_end(url.path) + text_with_end("octet");
}

std::string error_packet(unsigned number, std::string_view text) {
  return two_octets(error) + two_octets(number) + text_with_end(text);
}

// The stranger ends the transfer from its own port, which no server has to listen to.
TftpSeen::Stranger interfere(const Packet& first, Line& line, milliseconds patience) {
  // Block 1 is acknowledged only afterwards: the server has a transfer under way when the error
  // comes. By RFC 1350 (TID) that is none of its business and gets error 5.
  Line stranger(first.from.protocol());
  stranger.send(error_packet(0, "from another port"), first.from);
  // A server that says nothing to the stranger does no harm; the transfer is what counts.
  const auto told = stranger.receive(moment);
  line.send(two_octets(acknowledgement) + two_octets(1), first.from);
  const auto next = line.receive(patience);
  const bool goes_on = next && next->opcode() == data;
  if (!goes_on) return TftpSeen::Stranger::obeyed;
  line.send(error_packet(0, "enough"), first.from);
  const bool is_error = told && told->opcode() == error;
  return is_error ? TftpSeen::Stranger::told_off : TftpSeen::Stranger::ignored;
}

}  // namespace

void probe_options(const TftpProbe& probe, TftpSeen& seen) {
  const auto server = endpoint_of(probe);
  if (!server) return;
  Line line(server->protocol());
  line.send(request_packet(probe.url) + text_with_end("blksize") + text_with_end("1024") +
                text_with_end("tsize") + text_with_end("0"),
            *server);
  const auto answer = line.receive(probe.patience);
  if (!answer) {
    seen.options = TftpSeen::Options::unanswered;
    return;
  }
  if (answer->opcode() == options) {
    seen.options = TftpSeen::Options::acknowledged;
    seen.options_text = answer->octets.substr(2);
  } else if (answer->opcode() == data) {
    seen.options = TftpSeen::Options::passed_over;
  } else {
    seen.options = TftpSeen::Options::refused;
    seen.options_text =
        answer->octets.size() > header_octets ? std::string(answer->content()) : "an error";
    return;
  }
  line.send(error_packet(0, "enough"), answer->from);
}

void probe_stranger(const TftpProbe& probe, TftpSeen& seen) {
  const auto server = endpoint_of(probe);
  if (!server) return;
  Line line(server->protocol());
  line.send(request_packet(probe.url), *server);
  const auto first = line.receive(probe.patience);
  if (!first || first->opcode() != data) return;
  if (first->content().size() < block_size) {  // all of the file: nothing left to interfere with
    line.send(two_octets(acknowledgement) + two_octets(1), first->from);
    return;
  }
  seen.stranger = interfere(*first, line, probe.patience);
}

void probe_end(const TftpProbe& probe, TftpSeen& seen) {
  const auto server = endpoint_of(probe);
  if (!server) return;
  Line line(server->protocol());
  line.send(request_packet(probe.url), *server);
  std::size_t size = 0;
  // `block` is the one that is wanted next. What is acknowledged again was sent again, and counts
  // once; a server that does nothing else has not got for ever.
  unsigned block = 1;
  for (unsigned packets = 0; block <= most_blocks && packets < 2 * most_blocks; ++packets) {
    const auto packet = line.receive(probe.patience);
    if (!packet) return;
    if (packet->opcode() != data || packet->octets.size() < header_octets) return;
    line.send(two_octets(acknowledgement) + packet->octets.substr(2, 2), packet->from);
    if (packet->number_at(2) != block) continue;  // sent a second time
    ++block;
    size += packet->content().size();
    seen.file_size = size;
    if (packet->content().size() == block_size) continue;
    seen.last_block = packet->content().size();
    return;
  }
  // All of it was whole blocks, and nobody knows how the file ends.
  seen.file_size.reset();
}

}  // namespace provphone::client::check
