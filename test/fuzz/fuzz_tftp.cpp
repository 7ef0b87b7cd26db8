#include "client/transport/detail/tftp_client.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace provphone::client::transport;
using detail::TftpClient;
using Peer = TftpClient::Peer;

constexpr std::size_t most_octets = 4'000;
constexpr TftpClient::Time start{std::chrono::seconds(1)};

void require(bool held) {
  if (!held) std::abort();
}

Request request_by(std::uint8_t how) {
  Request request;
  request.url = {provphone::macro::Scheme::tftp, "192.0.2.1", 69, "/a"};
  request.max_body_bytes = most_octets;
  if ((how & 1U) != 0) request.method = Method::put;
  if ((how & 1U) != 0) request.body.assign(1'300, 'x');
  if ((how & 2U) != 0) request.tftp.options = provphone::resync::TftpOptions::blksize_tsize;
  if ((how & 4U) != 0) request.keep = Keep::size;
  return request;
}

// A transfer that is not over waits for something, and what is said is a packet.
void check(const TftpClient& client, const TftpClient::Step& step, const Request& request) {
  require(client.body_octets() <= most_octets);
  require(step.packet.size() <= TftpClient::largest_packet);
  require((step.to == Peer::nobody) == step.packet.empty());
  require(step.is_over || client.due() < start + std::chrono::hours(1));
  require(request.method == Method::get || client.body_octets() == 0);
}

}  // namespace

// The first octet is what is asked for and how. Then packets, each behind an octet for whom it is
// from, or how much time goes by, and one for its length.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto request = request_by(data[0]);
  std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  auto now = start;
  TftpClient client(request, *detail::tftp_request(request), start + std::chrono::seconds(180));
  check(client, client.begin(now), request);
  while (rest.size() >= 2) {
    const auto kind = static_cast<unsigned char>(rest[0]);
    const auto length = static_cast<unsigned char>(rest[1]) * (kind >= 128 ? 8U : 1U);
    const auto packet = rest.substr(2, length);
    rest.remove_prefix(2 + packet.size());
    const auto step = [&]() -> TftpClient::Step {
      if (kind % 8 == 7) return client.wake(now += std::chrono::seconds(length));
      const auto from = kind % 8 == 6 ? Peer::stranger : Peer::server;
      return client.hear(packet, from, static_cast<std::uint16_t>(kind % 8 == 5 ? 70 : 7000), now);
    }();
    check(client, step, request);
    if (step.is_over) break;
  }
  return 0;
}
