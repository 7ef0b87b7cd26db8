#include "client/transport/dhcp6_packet.hpp"
#include "client/transport/dhcp_life.hpp"
#include "client/transport/dhcp_packet.hpp"
#include "resync/dhcp.hpp"

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace {

using namespace provphone::client::transport;

// A life takes whatever an answer says, and always knows what it waits for.
void live_with(const dhcp::Answer& answer) {
  dhcp::LeaseLife life;
  provphone::resync::Time now{};
  dhcp::advance(life, dhcp::Begin{}, now);
  for (const auto what : {dhcp::Answering::offer, dhcp::Answering::ack}) {
    auto to_this = answer;
    to_this.what = what;
    to_this.transaction = life.transaction;
    dhcp::advance(life, to_this, now);
  }
  for (int i = 0; i < 4 && life.due != provphone::resync::Time::max(); ++i) {
    if (life.due < now) __builtin_trap();
    now = life.due;
    dhcp::advance(life, dhcp::TimeCame{}, now);
  }
}

}  // namespace

// What anybody may send to the client's ports of DHCP. The first octet says which version.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view packet(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto answer = data[0] == '6' ? dhcp6::parse_packet(packet) : dhcp::parse_packet(packet);
  if (!answer) return 0;
  provphone::resync::dhcp_name_servers(answer->terms.options);
  provphone::resync::lease_time_of(answer->terms.options);
  provphone::resync::describe({answer->terms.options, answer->terms.address});
  live_with(*answer);
  return 0;
}
