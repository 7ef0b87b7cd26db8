#include "client/check/tftp_probe.hpp"

#include "client/transport/tftp_packet.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>

#include <algorithm>
#include <array>
#include <optional>

namespace provphone::client::check {
namespace {

namespace ip = boost::asio::ip;
namespace tftp = transport::tftp;
using boost::system::error_code;
using std::chrono::milliseconds;

constexpr std::size_t block_size = 512;
constexpr std::size_t most_blocks = 4096;  // 2 MB
constexpr std::size_t header_octets = 4;   // opcode and block number (RFC 1350)
constexpr milliseconds moment{300};        // for an answer that need not come

struct Packet {
  std::string octets;
  ip::udp::endpoint from;

  std::optional<tftp::Opcode> opcode() const { return tftp::opcode_of(octets); }
  std::optional<tftp::Data> data() const { return tftp::data_of(octets); }
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
std::string request_packet(const macro::Url& url, const tftp::Options& options = {}) {
  return tftp::format_request({tftp::Opcode::read_request, url.path, {}, options});
}

std::string error_packet(std::string_view text) {
  return tftp::format_error(tftp::ErrorCode::not_defined, text);
}

// The stranger ends the transfer from its own port, which no server has to listen to.
TftpSeen::Stranger interfere(const Packet& first, Line& line, milliseconds patience) {
  // Block 1 is acknowledged only afterwards: the server has a transfer under way when the error
  // comes. By RFC 1350 (TID) that is none of its business and gets error 5.
  Line stranger(first.from.protocol());
  stranger.send(error_packet("from another port"), first.from);
  // A server that says nothing to the stranger does no harm; the transfer is what counts.
  const auto told = stranger.receive(moment);
  line.send(tftp::format_acknowledgement(1), first.from);
  const auto next = line.receive(patience);
  const bool goes_on = next && next->opcode() == tftp::Opcode::data;
  if (!goes_on) return TftpSeen::Stranger::obeyed;
  line.send(error_packet("enough"), first.from);
  const bool is_error = told && told->opcode() == tftp::Opcode::error;
  return is_error ? TftpSeen::Stranger::told_off : TftpSeen::Stranger::ignored;
}

}  // namespace

void probe_options(const TftpProbe& probe, TftpSeen& seen) {
  const auto server = endpoint_of(probe);
  if (!server) return;
  Line line(server->protocol());
  line.send(request_packet(probe.url, {{"blksize", "1024"}, {"tsize", "0"}}), *server);
  const auto answer = line.receive(probe.patience);
  if (!answer) {
    seen.options = TftpSeen::Options::unanswered;
    return;
  }
  if (answer->opcode() == tftp::Opcode::options) {
    seen.options = TftpSeen::Options::acknowledged;
    seen.options_text = answer->octets.substr(2);
  } else if (answer->opcode() == tftp::Opcode::data) {
    seen.options = TftpSeen::Options::passed_over;
  } else {
    seen.options = TftpSeen::Options::refused;
    seen.options_text =
        answer->octets.size() > header_octets ? std::string(answer->content()) : "an error";
    return;
  }
  line.send(error_packet("enough"), answer->from);
}

void probe_stranger(const TftpProbe& probe, TftpSeen& seen) {
  const auto server = endpoint_of(probe);
  if (!server) return;
  Line line(server->protocol());
  line.send(request_packet(probe.url), *server);
  const auto first = line.receive(probe.patience);
  if (!first || first->opcode() != tftp::Opcode::data) return;
  if (first->content().size() < block_size) {  // all of the file: nothing left to interfere with
    line.send(tftp::format_acknowledgement(1), first->from);
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
    const auto data = packet->data();
    if (!data) return;
    line.send(tftp::format_acknowledgement(data->block), packet->from);
    if (data->block != block) continue;  // sent a second time
    ++block;
    size += data->content.size();
    seen.file_size = size;
    if (data->content.size() == block_size) continue;
    seen.last_block = data->content.size();
    return;
  }
  // All of it was whole blocks, and nobody knows how the file ends.
  seen.file_size.reset();
}

}  // namespace provphone::client::check
