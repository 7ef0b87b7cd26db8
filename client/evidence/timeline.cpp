#include "client/evidence/timeline.hpp"

#include "client/evidence/timestamp.hpp"
#include "client/trace/json_octets.hpp"
#include "macro/hide.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace provphone::client::evidence {
namespace {

struct Entry {
  Instant at;
  const SeenPhone* phone;
  const SeenRequest* request;  // null: a message
  const SeenMessage* message;
};

std::vector<Entry> entries_of(const Seen& seen) {
  std::vector<Entry> entries;
  for (const auto& phone : seen.phones) {
    for (const auto& request : phone.requests)
      entries.push_back({request.at, &phone, &request, nullptr});
    for (const auto& message : phone.messages)
      entries.push_back({message.at, &phone, nullptr, &message});
  }
  std::stable_sort(entries.begin(), entries.end(),
                   [](const Entry& one, const Entry& other) { return one.at < other.at; });
  return entries;
}

std::string name_of(const SeenPhone& phone) {
  if (phone.mac) return format_lower(*phone.mac);
  return phone.serial.empty() ? phone.address : phone.serial;
}

}  // namespace

std::string_view name(Sureness sureness) {
  switch (sureness) {
    case Sureness::certificate:
      return "certificate";
    case Sureness::named:
      return "named";
    case Sureness::leased:
      return "leased";
    case Sureness::by_address:
      return "address";
  }
  return {};
}

void tell_timeline(const Seen& seen, const std::function<void(std::string_view)>& take_line) {
  for (const auto& entry : entries_of(seen)) {
    nlohmann::ordered_json line{{"t", format_utc(entry.at)}, {"phone", name_of(*entry.phone)}};
    if (entry.request != nullptr) {
      const auto& requested = seen.requested[entry.request->what];
      if (!requested.method.empty()) line["method"] = requested.method;
      line["path"] = macro::hide_query_secrets(requested.path);
      if (!requested.host.empty()) line["host"] = requested.host;
      if (entry.request->status != 0) line["status"] = entry.request->status;
      if (entry.request->bytes >= 0) line["bytes"] = entry.request->bytes;
    } else {
      line["text"] = macro::hide_query_secrets(entry.message->text);
    }
    line["sure"] = name(entry.phone->sureness);
    take_line(trace::json_text(std::move(line)));
  }
}

}  // namespace provphone::client::evidence
