#include "client/capsule/lines.hpp"

#include "client/capsule/entry_json.hpp"
#include "client/capsule/header_json.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <utility>

namespace provphone::client::capsule {

using Json = nlohmann::ordered_json;

Result<void> CapsuleLines::take_object(std::string_view line) {
  const auto json = Json::parse(line);
  if (json.contains("capsule")) {
    if (const auto version = json.at("capsule").get<int>(); version > format_version)
      return fail(Errc::bad_argument,
                  fmt::format("expected a capsule of version {} at most, and this one has {}",
                              format_version, version));
    has_manifest_ = true;
  }
  if (!has_manifest_) return fail(Errc::bad_argument, "expected the manifest of a capsule first");
  take_header(json, capsule_);
  return {};
}

Result<void> CapsuleLines::take_entry(std::string_view line) {
  auto& tape = capsule_.tape;
  TRY(auto entry, entry_of(Json::parse(line)));
  if (!tape.entries.empty() && entry.at < tape.entries.back().at)
    return fail(Errc::bad_argument, "expected a time that is not before the last line's");
  if (entry.phone >= capsule_.manifest.phones)
    return fail(Errc::bad_argument, "expected the number of a phone that the manifest counts");
  if (const auto* ended = std::get_if<Ended>(&entry.what)) {
    const auto* answer = std::get_if<Answer>(&ended->with);
    if (ended->asked >= tape.asked.size() ||
        (answer != nullptr && answer->body >= tape.bodies.size()))
      return fail(Errc::bad_argument, "expected the place of what was asked, and of a body");
  }
  tape.entries.push_back(std::move(entry));
  return {};
}

Result<bool> CapsuleLines::take(std::string_view line) {
  if (line == R"({"trace":true})") return false;
  try {
    if (line.starts_with('[')) {
      TRY(take_entry(line));
    } else {
      TRY(take_object(line));
    }
    return true;
  } catch (const Json::exception&) {
    return fail(Errc::bad_argument, "expected a line of a capsule");
  }
}

}  // namespace provphone::client::capsule
