#include "profile/decode.hpp"
#include "profile/snapshot.hpp"
#include "profile/value.hpp"
#include "profile/xml.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

using namespace provphone::profile;

namespace {

void assign(ParameterSet& phone, Generation generation, std::string_view statement) {
  const auto octet = [&](std::size_t at) {
    return std::size_t{static_cast<unsigned char>(statement[at])};
  };
  const auto index = (octet(0) << 8 | octet(1)) % parameter_count();
  const auto id = static_cast<ParameterId>(index);
  std::string value(statement.substr(3));
  // XML has no way to say these, so no profile could have set them.
  std::erase_if(value, [](char c) {
    return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\r' && c != '\n';
  });
  if (parameter(id).secret || !belongs_to(id, generation)) return;
  if (const auto accepted = accept_value(id, value)) phone.set(id, *accepted);
  if (octet(2) % 4 < 3) phone.set_access(id, static_cast<Access>(octet(2) % 4));
}

}  // namespace

// The first octet picks the family. The rest are assignments, up to an octet ff each: two octets
// for the parameter, one for the right, the value. What the phone reports as changed leaves it as
// it is and makes a fresh one like it.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const auto generation = static_cast<Generation>(data[0] % 3);
  ParameterSet phone(factory_values(generation));
  for (std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1); rest.size() > 3;) {
    const auto statement = rest.substr(0, rest.find('\xff', 3));
    assign(phone, generation, statement);
    rest.remove_prefix(std::min(statement.size() + 1, rest.size()));
  }
  ParameterSet copy(factory_values(generation));
  const auto text = format_delta(phone, copy, generation);
  DecodeOptions reading;
  if (generation == Generation::spa) reading.self_closed = SelfClosed::keeps_value;
  const auto decoded = parse_xml(text, reading);
  if (!decoded || !decoded->ignored.empty()) std::abort();
  if (!apply(phone, decoded->changes).empty()) std::abort();
  apply(copy, decoded->changes);
  if (!std::ranges::equal(copy.differences(), phone.differences())) std::abort();
  return 0;
}
