#include "client/cli/compare_capsules.hpp"

#include "client/capsule/file.hpp"
#include "client/cli/complain.hpp"
#include "client/replay/ends.hpp"
#include "client/report/output.hpp"
#include "client/trace/json_octets.hpp"
#include "client/trace/shown_value.hpp"
#include "macro/try.hpp"
#include "profile/catalogue.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <iostream>
#include <optional>

namespace provphone::client::cli {
namespace {

using Json = nlohmann::ordered_json;

// Of phones that are named with a change; the rest is a number.
constexpr std::size_t most_phones = 3;

std::string shown(const std::string& parameter, const std::optional<std::string>& value) {
  if (!value) return "the factory's";
  const auto id = profile::find_parameter(parameter);
  return '"' + (id ? trace::shown_value(*id, *value) : *value) + '"';
}

std::string phones_text(const std::vector<MacAddress>& phones) {
  std::string text;
  for (std::size_t i = 0; i < std::min(phones.size(), most_phones); ++i)
    text += (i == 0 ? "" : ", ") + format_lower(phones[i]);
  if (phones.size() > most_phones) text += fmt::format(" and {} more", phones.size() - most_phones);
  return text;
}

void tell_absent(const std::vector<MacAddress>& phones, std::string_view where) {
  if (phones.empty()) return;
  std::cout << fmt::format("{} phones are in the {} run alone: {}\n", phones.size(), where,
                           phones_text(phones));
}

void tell_ends(const replay::EndsCompared& compared) {
  if (compared.same()) {
    std::cout << fmt::format("all {} phones end up with the same\n", compared.phones);
    return;
  }
  if (compared.different > 0)
    std::cout << fmt::format("{} of {} phones end up with something else:\n", compared.different,
                             compared.phones);
  for (const auto& each : compared.changes)
    std::cout << fmt::format("  {}: {} became {}\n      {} phone{}: {}\n", each.parameter,
                             shown(each.parameter, each.before), shown(each.parameter, each.after),
                             each.phones.size(), each.phones.size() == 1 ? "" : "s",
                             phones_text(each.phones));
  tell_absent(compared.only_before, "earlier");
  tell_absent(compared.only_after, "later");
  std::cout << "secret values were not compared\n";
}

Json macs_json(const std::vector<MacAddress>& phones) {
  auto list = Json::array();
  for (const auto phone : phones) list.push_back(format_lower(phone));
  return list;
}

Json ends_json(const replay::EndsCompared& compared) {
  auto changes = Json::array();
  for (const auto& each : compared.changes) {
    const auto id = profile::find_parameter(each.parameter);
    const auto value = [&](const std::optional<std::string>& it) {
      return it ? Json(id ? trace::shown_value(*id, *it) : *it) : Json();
    };
    changes.push_back({{"parameter", each.parameter},
                       {"before", value(each.before)},
                       {"after", value(each.after)},
                       {"phones", macs_json(each.phones)}});
  }
  return {{"same", compared.same()},
          {"phones", compared.phones},
          {"different", compared.different},
          {"changes", std::move(changes)},
          {"only_before", macs_json(compared.only_before)},
          {"only_after", macs_json(compared.only_after)}};
}

Result<replay::Ends> ends_in(const std::string& file) {
  TRY(const auto reader, capsule::CapsuleReader::open(file));
  return replay::ends_of(reader.capsule());
}

}  // namespace

Exit compare_capsules(const std::string& before, const std::string& after,
                      const std::string& json) {
  const auto was = ends_in(before);
  if (!was) return refuse_usage(was.error());
  const auto is = ends_in(after);
  if (!is) return refuse_usage(is.error());
  const auto result = replay::compared(*was, *is);
  if (json != "-") tell_ends(result);
  if (!json.empty()) {
    const auto written = report::write_output(json, trace::json_text(ends_json(result), 2));
    if (!written) return refuse_usage(written.error());
  }
  return result.same() ? Exit::as_expected : Exit::failed;
}

}  // namespace provphone::client::cli
