#include "client/serve/fault_keys.hpp"

#include "client/input/duration.hpp"
#include "client/input/tree.hpp"
#include "macro/whole_number.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace provphone::client::serve {
namespace {

template <class Value, std::size_t count>
std::optional<Value> choose(std::string_view text,
                            const std::array<std::pair<std::string_view, Value>, count>& choices) {
  for (const auto& [word, value] : choices) {
    if (word == text) return value;
  }
  return std::nullopt;
}

// --- which requests ---

bool read_path(Fault& fault, std::string_view text) {
  fault.path = text;
  return text.front() == '/' || text.front() == '*';
}

bool read_protocol(Fault& fault, std::string_view text) {
  fault.protocol = choose<Protocol, 3>(
      text, {{{"http", Protocol::http}, {"https", Protocol::https}, {"tftp", Protocol::tftp}}});
  return fault.protocol.has_value();
}

bool read_per_million(PerMillion& share, std::string_view text) {
  if (!text.ends_with('%')) return false;
  text.remove_suffix(1);
  double percent = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), percent);
  if (error != std::errc{} || end != text.data() + text.size()) return false;
  if (!(percent >= 0 && percent <= 100)) return false;
  share = static_cast<PerMillion>(std::lround(percent * 10'000));
  return true;
}

bool read_share(Fault& fault, std::string_view text) {
  return read_per_million(fault.share, text);
}

// --- what goes wrong ---

bool read_delay(Fault& fault, std::string_view text) {
  const auto delay = input::parse_duration(text);
  if (delay) fault.delay = std::chrono::duration_cast<std::chrono::milliseconds>(*delay);
  return delay.has_value();
}

// The row of `status` stands above.
bool read_location(Fault& fault, std::string_view text) {
  auto* status = std::get_if<StatusFault>(&fault.failing);
  if (status != nullptr) status->location = text;
  return status != nullptr;
}

template <class Stop>
bool read_stop(Fault& fault, std::string_view text) {
  const auto where = choose<Where, 2>(text, {{{"head", Where::head}, {"body", Where::body}}});
  if (where) fault.failing = Stop{*where};
  return where.has_value();
}

bool read_truncated(Fault& fault, std::string_view text) {
  if (text == "body") fault.failing = CutFault{};
  if (text == "file") fault.failing = ContentFault::half_a_file;
  return text == "body" || text == "file";
}

bool read_length(Fault& fault, std::string_view text) {
  if (text == "longer") fault.failing = LengthFault::longer;
  if (text == "shorter") fault.failing = LengthFault::shorter;
  return text == "longer" || text == "shorter";
}

template <ContentFault content>
bool read_content(Fault& fault, std::string_view text) {
  constexpr auto only = content == ContentFault::corrupt_gzip ? "corrupt"
                        : content == ContentFault::wrong_key  ? "wrong"
                                                              : "html";
  fault.failing = content;
  return text == only;
}

bool read_file_path(Fault& fault, std::string_view text) {
  fault.failing = OtherFileFault{std::string(text)};
  return text.front() == '/';
}

bool read_redirect(Fault& fault, std::string_view text) {
  if (text == "loop") fault.failing = RedirectFault::loop;
  if (text == "http") fault.failing = RedirectFault::to_http;
  return text == "loop" || text == "http";
}

template <Scheme scheme>
bool read_login(Fault& fault, std::string_view text) {
  const auto colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) return false;
  fault.failing =
      LoginFault{scheme, std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
  return true;
}

// The row of `digest` stands above.
bool read_stale(Fault& fault, std::string_view text) {
  auto* login = std::get_if<LoginFault>(&fault.failing);
  const auto stale = choose<Stale, 2>(text, {{{"once", Stale::once}, {"always", Stale::always}}});
  if (login == nullptr || login->scheme != Scheme::digest || !stale) return false;
  login->stale = *stale;
  return true;
}

bool read_tftp_error(Fault& fault, std::string_view text) {
  // RFC 1350 has errors up to 7, RFC 2347 adds the eighth.
  constexpr std::uint32_t highest_code = 8;
  const auto code = parse_whole<std::uint32_t>(text);
  if (!code || *code > highest_code) return false;
  fault.failing = TftpErrorFault{static_cast<std::uint16_t>(*code)};
  return true;
}

bool read_certificate(Fault& fault, std::string_view text) {
  const auto flaw =
      choose<CertificateFault, 3>(text, {{{"wrong-name", CertificateFault::wrong_name},
                                          {"expired", CertificateFault::expired},
                                          {"untrusted", CertificateFault::untrusted}}});
  if (flaw) fault.failing = *flaw;
  return flaw.has_value();
}

template <PerMillion Noise::*kind>
bool read_noise(Fault& fault, std::string_view text) {
  return read_per_million(fault.noise.*kind, text);
}

// --- the table ---

enum class Role : std::uint8_t {
  selection,  // which requests
  failing,    // one of these a fault
  secret,     // one of these, too, whose value is not for records
  beside,     // may stand beside one of them
};

struct Row {
  std::string_view key;
  Role role;
  bool (*read)(Fault&, std::string_view);
  std::string_view expected;
  std::string_view alone{};  // what the key means without a value; empty: it needs one
};

// Rows are read in this order, whatever that of the settings.
constexpr std::array<Row, 25> rows{{
    {"path", Role::selection, read_path, "a path, which starts with '/' or '*'"},
    {"requests", Role::selection, read_requests, "1, 1-3 or 4-, counted from 1"},
    {"protocol", Role::selection, read_protocol, "http, https or tftp"},
    {"share", Role::selection, read_share, "a percentage from 0% to 100%"},
    {"delay", Role::beside, read_delay, "a duration such as 500ms or 2s"},
    {"status", Role::failing, read_status, "a status from 200 to 599"},
    {"location", Role::beside, read_location, "a URL or a path, beside status"},
    {"stall", Role::failing, read_stop<StallFault>, "head or body", "body"},
    {"reset", Role::failing, read_stop<ResetFault>, "head or body", "body"},
    {"truncated", Role::failing, read_truncated, "body or file", "body"},
    {"length", Role::failing, read_length, "longer or shorter", "longer"},
    {"gzip", Role::failing, read_content<ContentFault::corrupt_gzip>, "corrupt", "corrupt"},
    {"key", Role::failing, read_content<ContentFault::wrong_key>, "wrong", "wrong"},
    {"page", Role::failing, read_content<ContentFault::html_page>, "html", "html"},
    {"file", Role::failing, read_file_path, "the path of another file, which starts with '/'"},
    {"redirect", Role::failing, read_redirect, "loop or http", "loop"},
    {"basic", Role::secret, read_login<Scheme::basic>, "user:password"},
    {"digest", Role::secret, read_login<Scheme::digest>, "user:password"},
    {"stale", Role::beside, read_stale, "once or always, beside digest", "once"},
    {"error", Role::failing, read_tftp_error, "the number of a TFTP error, 0 to 8"},
    {"certificate", Role::failing, read_certificate, "wrong-name, expired or untrusted"},
    {"loss", Role::beside, read_noise<&Noise::loss>, "a percentage from 0% to 100%"},
    {"duplicate", Role::beside, read_noise<&Noise::duplicate>, "a percentage from 0% to 100%"},
    {"reorder", Role::beside, read_noise<&Noise::reorder>, "a percentage from 0% to 100%"},
    {"stale_tid", Role::beside, read_noise<&Noise::stale_tid>, "a percentage from 0% to 100%"},
}};

const Row* find_row(std::string_view key) {
  const auto row = std::find_if(rows.begin(), rows.end(),
                                [&](const Row& candidate) { return candidate.key == key; });
  return row == rows.end() ? nullptr : &*row;
}

bool is_failing(const Row& row) {
  return row.role == Role::failing || row.role == Role::secret;
}

using Complaint = std::optional<FaultComplaint>;

// Every key is known and stands there once, and one thing goes wrong at most.
Complaint check_keys(const std::vector<FaultSetting>& settings) {
  std::vector<std::string_view> names;
  names.reserve(rows.size());
  for (const auto& row : rows) names.push_back(row.key);
  std::string_view failing;
  for (std::size_t i = 0; i < settings.size(); ++i) {
    const auto key = settings[i].key;
    const auto* row = find_row(key);
    if (row == nullptr) {
      return FaultComplaint{i, fmt::format("there is no key {}{}", input::quoted(key),
                                           input::suggestion(key, names))};
    }
    const auto is_same = [&](const FaultSetting& other) { return other.key == key; };
    if (std::count_if(settings.begin(), settings.end(), is_same) > 1)
      return FaultComplaint{i, fmt::format("{} stands there twice", key)};
    if (is_failing(*row) && !failing.empty()) {
      return FaultComplaint{
          i, fmt::format("{} and {} exclude each other: make two faults of them", failing, key)};
    }
    if (is_failing(*row)) failing = key;
  }
  return {};
}

std::string_view value_of(const FaultSetting& setting, const Row& row) {
  return setting.value.empty() ? row.alone : setting.value;
}

Complaint read_setting(Fault& fault, const std::vector<FaultSetting>& settings, const Row& row) {
  const auto setting = std::find_if(settings.begin(), settings.end(),
                                    [&](const FaultSetting& one) { return one.key == row.key; });
  if (setting == settings.end()) return {};
  const auto value = value_of(*setting, row);
  // Readers may look at the first character: no value is empty here.
  if (!value.empty() && row.read(fault, value)) return {};
  return FaultComplaint{static_cast<std::size_t>(setting - settings.begin()),
                        fmt::format("{}: expected {}", row.key, row.expected)};
}

// In the table's order, so that the same settings have the same label.
std::string label_of(const std::vector<FaultSetting>& settings) {
  std::string label;
  for (const auto& row : rows) {
    for (const auto& setting : settings) {
      if (setting.key != row.key || row.role == Role::selection) continue;
      if (!label.empty()) label += ' ';
      label += row.key;
      if (row.role != Role::secret) label.append("=").append(value_of(setting, row));
    }
  }
  return label;
}

// What the settings say together has to make sense.
Complaint check_whole(const Fault& fault, const std::vector<FaultSetting>& settings) {
  // Selections alone leave no label.
  if (fault.label.empty())
    return FaultComplaint{0, "nothing goes wrong; add status=503, for example"};
  if (!std::holds_alternative<CertificateFault>(fault.failing)) return {};
  for (std::size_t i = 0; i < settings.size(); ++i) {
    if (settings[i].key == "certificate") continue;
    return FaultComplaint{i, fmt::format("certificate stands alone, without {}: it is shown before "
                                         "anything is asked for",
                                         settings[i].key)};
  }
  return {};
}

}  // namespace

bool read_requests(Fault& fault, std::string_view text) {
  const auto dash = std::min(text.find('-'), text.size());
  const auto first = parse_whole<std::uint32_t>(text.substr(0, dash));
  const auto rest = text.substr(std::min(dash + 1, text.size()));
  const auto last = dash == text.size() ? first
                    : rest.empty()      ? std::optional<std::uint32_t>(UINT32_MAX)
                                        : parse_whole<std::uint32_t>(rest);
  if (!first || !last || *first == 0 || *last < *first) return false;
  fault.first = *first;
  fault.last = *last;
  return true;
}

bool read_status(Fault& fault, std::string_view text) {
  constexpr std::uint32_t lowest = 200;
  constexpr std::uint32_t highest = 599;
  const auto status = parse_whole<std::uint32_t>(text);
  if (!status || *status < lowest || *status > highest) return false;
  fault.failing = StatusFault{static_cast<int>(*status), {}};
  return true;
}

tl::expected<Fault, FaultComplaint> make_fault(const std::vector<FaultSetting>& settings) {
  if (auto complaint = check_keys(settings)) return tl::unexpected(*std::move(complaint));
  Fault fault;
  for (const auto& row : rows) {
    if (auto complaint = read_setting(fault, settings, row))
      return tl::unexpected(*std::move(complaint));
  }
  fault.label = label_of(settings);
  if (auto complaint = check_whole(fault, settings)) return tl::unexpected(*std::move(complaint));
  return fault;
}

}  // namespace provphone::client::serve
