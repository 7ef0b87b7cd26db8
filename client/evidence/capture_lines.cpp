#include "client/evidence/capture_lines.hpp"

#include "client/evidence/timestamp.hpp"
#include "macro/ascii.hpp"
#include "macro/whole_number.hpp"

#include <nlohmann/json.hpp>

namespace provphone::client::evidence {
namespace {

using Layers = nlohmann::json;

constexpr std::size_t most_octets_of_packet = std::size_t{4} << 20U;

// A field anywhere in a layer: tshark nests those of a request line by that line's text.
std::string find_field(const Layers& layer, const std::string& name) {
  if (!layer.is_object()) return {};
  if (const auto found = layer.find(name); found != layer.end() && found->is_string())
    return found->get<std::string>();
  for (const auto& each : layer)
    if (auto value = find_field(each, name); !value.empty()) return value;
  return {};
}

std::string field_in(const Layers& layers, const char* layer, const std::string& name) {
  const auto found = layers.find(layer);
  return found == layers.end() ? std::string() : find_field(*found, name);
}

std::string address_in(const Layers& layers, const std::string& end) {
  auto address = field_in(layers, "ip", "ip." + end);
  return address.empty() ? field_in(layers, "ipv6", "ipv6." + end) : address;
}

// `1764234001.250000000`, and since version 4 of tshark perhaps `2026-11-27T10:00:01.25Z`.
std::optional<Instant> frame_time(const Layers& layers) {
  const auto text = field_in(layers, "frame", "frame.time_epoch");
  if (const auto time = parse_unix_time(text)) return time;
  const auto stamp = parse_iso_stamp(text);
  return stamp ? std::optional(LogClock({}, std::nullopt, {}).instant_of(*stamp)) : std::nullopt;
}

}  // namespace

void CaptureLines::take_request(const Asked& asked, Sighting answer,
                                const TakeSighting& take) const {
  answer.at = asked.at;
  answer.method = asked.method;
  answer.path = asked.path;
  answer.host = asked.host;
  answer.agent = asked.agent;
  answer.address = asked.address;
  take(answer);
}

LineSays CaptureLines::read_packet(const TakeSighting& take) {
  const auto packet = Layers::parse(packet_, nullptr, false);
  packet_.clear();
  if (!packet.is_object() || !packet.contains("_source")) return LineSays::misfit;
  const auto& source = packet["_source"];
  if (!source.is_object() || !source.contains("layers")) return LineSays::misfit;
  const auto& layers = source["layers"];
  const auto time = frame_time(layers);
  if (!layers.is_object() || !time) return LineSays::misfit;
  Asked asked{*time,
              field_in(layers, "http", "http.request.method"),
              field_in(layers, "http", "http.request.uri"),
              field_in(layers, "http", "http.host"),
              field_in(layers, "http", "http.user_agent"),
              address_in(layers, "src")};
  if (!asked.method.empty()) {
    asked_[field_in(layers, "frame", "frame.number")] = std::move(asked);
    return LineSays::nothing;
  }
  const auto opcode = field_in(layers, "tftp", "tftp.opcode");
  const auto file =
      field_in(layers, "tftp", opcode == "2" ? "tftp.destination_file" : "tftp.source_file");
  if ((opcode == "1" || opcode == "2") && !file.empty()) {
    asked.method = opcode == "1" ? "RRQ" : "WRQ";
    asked.path = file.starts_with('/') ? file : '/' + file;
    Sighting seen;
    seen.scheme = "tftp";
    take_request(asked, seen, take);
    return LineSays::sighting;
  }
  const auto request = asked_.find(field_in(layers, "http", "http.request_in"));
  if (request == asked_.end()) return LineSays::nothing;
  Sighting answer;
  const auto status =
      parse_whole<std::uint16_t>(field_in(layers, "http", "http.response.code"), 999);
  const auto bytes =
      parse_whole<std::uint32_t>(field_in(layers, "http", "http.content_length_header"));
  answer.status = static_cast<std::int16_t>(status.value_or(0));
  if (bytes) answer.bytes = *bytes;
  answer.took_ms = static_cast<std::int32_t>((*time - request->second.at).count());
  take_request(request->second, answer, take);
  asked_.erase(request);
  return LineSays::sighting;
}

LineSays CaptureLines::read(std::string_view line, const TakeSighting& take) {
  const bool begins = line == "  {";
  const bool ends = line == "  }" || line == "  },";
  if (place_ == Place::between) {
    if (!begins) {
      const auto sign = ascii::trimmed(line);
      const bool is_frame = sign.empty() || sign == "[" || sign == "]" || sign == ",";
      return is_frame ? LineSays::nothing : LineSays::misfit;
    }
    place_ = Place::inside;
    packet_ = "{";
    return LineSays::nothing;
  }
  if (ends) {
    place_ = Place::between;
    packet_ += '}';
    return read_packet(take);
  }
  if (packet_.size() < most_octets_of_packet) packet_.append(line).append("\n");
  return LineSays::nothing;
}

void CaptureLines::end(const TakeSighting& take) {
  for (const auto& [frame, asked] : asked_) take_request(asked, {}, take);
  asked_.clear();
}

std::string CaptureLines::expected() const {
  return "a packet as `tshark -r FILE -T json` prints it, with frame.time_epoch";
}

}  // namespace provphone::client::evidence
