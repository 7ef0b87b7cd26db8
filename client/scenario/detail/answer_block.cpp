#include "client/scenario/detail/keys.hpp"
#include "macro/rule.hpp"
#include "resync/load.hpp"

#include <fmt/format.h>

// server.answers: how the modelled server answers single requests.
namespace provphone::client::scenario {
namespace {

constexpr int first_redirect = 300, behind_redirects = 400;
constexpr int default_redirect = 302;

bool is_redirect(int status) {
  return status >= first_redirect && status < behind_redirects;
}

Result<int> as_status(const Node& node) {
  const auto status = as_count(node);
  if (status && *status >= 200 && *status <= 599) return static_cast<int>(*status);
  return unexpected_value(node, "a status from 200 to 599");
}

bool begins_with_http(std::string_view text) {
  const auto scheme = text.substr(0, text.find("://"));
  constexpr std::array<std::string_view, 2> accepted{"http", "https"};
  return scheme.size() < text.size() &&
         // That bit makes a letter small, and nothing else a letter of these names.
         std::any_of(accepted.begin(), accepted.end(), [&](std::string_view one) {
           return std::equal(scheme.begin(), scheme.end(), one.begin(), one.end(),
                             [](char a, char b) { return (a | 0x20) == b; });
         });
}

// A Location header that leads somewhere: one that no phone could make sense of is a slip. Macros
// in its path are the phone's to expand. It is resolved from a made-up place, since who will be
// redirected is not known.
Result<std::string> as_location(const Node& node) {
  static const macro::Url anywhere{macro::Scheme::http, "localhost", 80, "/"};
  const bool has_form = node.text.starts_with('/') || begins_with_http(node.text);
  if (has_form && macro::resolve_location(anywhere, node.text)) return node.text;
  return unexpected_value(node, "an http or https URL, or a path that begins with /");
}

Result<void> read_needs_login(const Node& node, PlannedAnswer& answer, const Reading& /*reading*/) {
  answer.needs_login = true;
  return as_true(node);
}

Result<std::uint32_t> as_parts(const Node& node) {
  const auto parts = as_count(node);
  if (parts && *parts <= resync::most_parts) return static_cast<std::uint32_t>(*parts);
  return unexpected_value(node, fmt::format("a number from 1 to {}", resync::most_parts));
}

// check_what() takes the rows behind the first `where_count` for what an answer can say.
constexpr std::size_t where_count = 4, what_count = 7;

// Where it holds, then what it is.
constexpr std::array<Key<PlannedAnswer>, where_count + what_count> answer_keys{{
    {"host", into<&PlannedAnswer::host, as_host_pattern>},
    {"path", into<&PlannedAnswer::path, as_path_pattern>},
    {"from", into<&PlannedAnswer::from, as_duration>},
    {"to", into<&PlannedAnswer::to, as_duration>},
    {"as", into<&PlannedAnswer::as, as_failure>},
    {"status", into<&PlannedAnswer::status, as_status>},
    {"redirect", into<&PlannedAnswer::redirect, as_location>},
    {"bytes", into<&PlannedAnswer::bytes, as_load_bytes>},
    {"parts", into<&PlannedAnswer::parts, as_parts>},
    {"takes", into<&PlannedAnswer::takes, as_duration>},
    {"needs_login", read_needs_login},
}};

Result<void> check_where(const Node& node, const PlannedAnswer& answer) {
  if (answer.host.empty() && answer.path.empty()) {
    return fail_at(node.place,
                   "expected host or path; what every request meets is one of the 'outages'");
  }
  if (answer.to && *answer.to <= answer.from)
    return unexpected_value(*find(node, "to"), "a time after 'from'");
  return {};
}

Result<void> check_what(const Node& node) {
  std::string names;
  bool says_something = false;
  for (std::size_t i = where_count; i < answer_keys.size(); ++i) {
    const auto name = answer_keys[i].name;
    names.append(names.empty() ? "" : ", ").append(name);
    says_something = says_something || find(node, name) != nullptr;
  }
  if (!says_something) return fail_at(node.place, fmt::format("expected one of {}", names));
  // A failure is the whole answer: nothing but how long it takes goes with it.
  if (find(node, "as") == nullptr) return {};
  for (const auto* key : {"status", "redirect", "bytes", "parts", "needs_login"}) {
    if (find(node, key) == nullptr) continue;
    return fail_at(place_of(node, key),
                   fmt::format("expected 'as' without '{}'; beside it there may be 'takes'", key));
  }
  return {};
}

Result<void> finish_redirect(const Node& node, PlannedAnswer& answer) {
  const auto* status = find(node, "status");
  if (answer.redirect.empty()) {
    // Behind it `status` is there: without the key it is 200.
    if (!is_redirect(answer.status)) return {};
    return fail_at(status->place, "expected 'redirect' beside a status from 300 to 399");
  }
  if (status == nullptr) {
    answer.status = default_redirect;
  } else if (!is_redirect(answer.status)) {
    return unexpected_value(*status, "a status from 300 to 399 beside 'redirect'");
  }
  return {};
}

Result<PlannedAnswer> as_answer(const Node& node, const Reading& reading) {
  PlannedAnswer answer;
  const auto read = [&]() -> Result<void> {
    if (auto keys = read_block(node, answer_keys, answer, reading); !keys) return keys;
    if (auto where = check_where(node, answer); !where) return where;
    if (auto what = check_what(node); !what) return what;
    return finish_redirect(node, answer);
  }();
  if (!read) return tl::unexpected(read.error());
  return answer;
}

}  // namespace

Result<std::vector<PlannedAnswer>> as_answers(const Node& node, const Reading& reading) {
  return as_list(node, "a list of answers",
                 [&](const Node& item) { return as_answer(item, reading); });
}

std::vector<BlockInfo> answer_blocks() {
  return {{"server.answers", infos(answer_keys)}};
}

}  // namespace provphone::client::scenario
