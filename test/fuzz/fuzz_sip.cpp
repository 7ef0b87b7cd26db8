#include "client/face/register_request.hpp"
#include "client/face/sip.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace {

using namespace provphone::client;

// What a registrar may answer to a line that has asked it.
void answer_a_line(face::SipResponse response) {
  face::Registration line;
  line.terms.registrar = "pbx";
  line.terms.user = line.terms.account = "100";
  const face::SipPlace here{"127.0.0.1", 5060};
  face::begin(line, {});
  response.branch = face::branch_of(line);
  response.sequence = line.sequence;
  face::take(line, response, here, {});
  const auto octets = face::register_octets(line, here);
  // No header of the next request is somebody else's.
  if (octets.find("\r\n\r\n") != octets.size() - 4) __builtin_trap();
}

}  // namespace

// What anybody may send to a phone over SIP.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto one = face::sip_message_size(text); one && *one > size) __builtin_trap();
  if (auto response = face::parse_sip_response(text)) answer_a_line(*std::move(response));
  const auto request = face::parse_sip_request(text, {"127.0.0.1", 5060});
  if (!request) return 0;
  static const auto device = [] {
    provphone::resync::Device made;
    made.settings_changed();
    return made;
  }();
  face::line_of(request->user, device);
  const auto answer = face::answer(*request, device, "127.0.0.1");
  const auto octets =
      face::sip_answer_octets(*request, answer.status, answer.reason, answer.headers);
  // No header of an answer is somebody else's.
  if (octets.find("\r\n\r\n") != octets.size() - 4) __builtin_trap();
  return 0;
}
