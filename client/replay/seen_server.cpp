#include "client/replay/seen_server.hpp"

#include "client/replay/reduced.hpp"
#include "macro/try.hpp"
#include "profile/catalogue.hpp"
#include "profile/decode.hpp"
#include "resync/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace provphone::client::replay {
namespace {

using resync::Time;

struct Place {
  std::string host, path;
};

// Of `GET http://host:80/path`.
Place place_of(std::string_view asked) {
  const auto start = asked.find("://");
  if (start == std::string_view::npos) return {};
  const auto rest = asked.substr(start + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  auto host = rest.substr(0, slash);
  host = host.substr(0, host.rfind(':'));
  if (host.starts_with('[')) host = host.substr(1, host.size() - 2);
  return {std::string(host), std::string(rest.substr(slash))};
}

bool is_timeout(Errc code) {
  return code == Errc::connect_timeout || code == Errc::transfer_timeout ||
         code == Errc::transfer_stalled || code == Errc::tls_timeout;
}

// In a scenario's words; empty: it has none.
struct Action {
  std::string operator()(const resync::PoweredOn&) const { return "power_on: PHONE"; }
  std::string operator()(const resync::PoweredOff&) const { return "power_off: PHONE"; }
  std::string operator()(const resync::ResyncRequested& it) const {
    if (it.origin == resync::Origin::sip_notify)
      return fmt::format("notify: {}, phones: PHONE", quoted_template(name(it.notified)));
    return "resync: PHONE";
  }
  std::string operator()(const resync::RestartRequested& it) const {
    return fmt::format(
        "notify: {}, phones: PHONE",
        quoted_template(name(it.notified.value_or(resync::NotifyEvent::restart_now))));
  }
  std::string operator()(const resync::ReportRequested&) const {
    return "notify: report, phones: PHONE";
  }
  std::string operator()(const resync::RegistrationLost& it) const {
    return fmt::format("register: lost, line: {}, phones: PHONE", it.line + 1);
  }
  std::string operator()(const resync::RegistrationRestored& it) const {
    return fmt::format("register: restored, line: {}, phones: PHONE", it.line + 1);
  }
  std::string operator()(const resync::ClockSet&) const { return "clock: set, phones: PHONE"; }
  std::string operator()(const resync::FactoryResetRequested&) const {
    return "factory_reset: PHONE";
  }
  std::string operator()(const resync::LinkLost&) const { return "link: down, phones: PHONE"; }
  std::string operator()(const resync::LinkRestored&) const { return "link: up, phones: PHONE"; }
  // A call's end comes with its beginning, and others have no words.
  template <class Other>
  std::string operator()(const Other&) const {
    return {};
  }
};

class Recollector {
 public:
  explicit Recollector(const capsule::Capsule& capsule) : capsule_(capsule) {}

  Result<Recollection> play() {
    TRY(kept_.cast, cast_of(capsule_, {}));
    TRY(auto cast, cast_of(capsule_, {}));
    Player player(capsule_, std::move(cast),
                  {[this](const trace::TraceEvent& event) { hear(event); },
                   [this](std::uint32_t phone, std::string_view text, const macro::Url& from) {
                     read(phone, text, from);
                   },
                   resync::Depth::figures});
    player.play();
    for (const auto& entry : capsule_.tape.entries) take(entry);
    return std::move(kept_);
  }

 private:
  using Asker = std::pair<std::uint32_t, std::string>;  // phone, and the URL

  void hear(const trace::TraceEvent& event) {
    using trace::EventKind;
    if (event.event == EventKind::pass_failed || event.event == EventKind::upgrade_done ||
        event.event == EventKind::reported) {
      if (event.error) kept_.last_failures[event.number] = {*event.error, event.url};
    }
    if (event.event == EventKind::pass_succeeded) kept_.last_failures.erase(event.number);
  }

  void read(std::uint32_t phone, std::string_view text, const macro::Url& from) {
    const auto& device = kept_.cast.phones[phone].device;
    const auto decoded = profile::decode(text, resync::decode_options_of(device.personality));
    if (!decoded) return;
    Values values;
    for (const auto& change : decoded->changes)
      if (change.value) values.emplace_back(profile::parameter(change.id).name, *change.value);
    read_[{phone, format(from)}] = std::move(values);
  }

  void take(const capsule::Entry& entry) {
    if (const auto* ended = std::get_if<capsule::Ended>(&entry.what)) return take(entry, *ended);
    if (const auto* what = std::get_if<std::shared_ptr<const drive::Stimulus>>(&entry.what))
      std::visit([&](const auto& each) { take(entry, each); }, **what);
    if (std::holds_alternative<capsule::BeganRunning>(entry.what))
      happened(entry, "power_on: PHONE");
  }

  void take(const capsule::Entry& entry, const capsule::Ended& ended) {
    const auto& asked = capsule_.tape.asked[ended.asked];
    auto [host, path] = place_of(asked);
    const auto url = asked.substr(asked.find(' ') + 1);
    kept_.requests.push_back({entry.at - ended.after, entry.phone, std::move(host), std::move(path),
                              act_of(entry.phone, url, ended)});
  }

  Act act_of(std::uint32_t phone, const std::string& url, const capsule::Ended& ended) {
    if (const auto* none = std::get_if<capsule::Unanswered>(&ended.with)) {
      const auto code = none->error.code;
      if (!is_timeout(code) && code != Errc::connection_refused)
        lost(fmt::format("{}, which is shown as a refused connection", name(code)));
      return {Act::Kind::failure, 0, is_timeout(code) ? "timeout" : "refused", {}};
    }
    const auto& answered = std::get<capsule::Answer>(ended.with).answered;
    if (answered.status == 401) return {Act::Kind::login, 401, {}, {}};
    if (answered.status >= 400)
      return {Act::Kind::failure, answered.status, std::to_string(answered.status), {}};
    if (answered.status >= 300)
      return {Act::Kind::redirect, answered.status, answered.location, {}};
    const auto read = read_.find({phone, url});
    if (read == read_.end()) return {Act::Kind::failure, 200, "corrupt", {}};
    return {Act::Kind::profile, 200, {}, read->second};
  }

  // --- what people did

  void happened(const capsule::Entry& entry, std::string action) {
    kept_.events.push_back({entry.at, entry.phone, std::move(action)});
  }
  void lost(std::string what) {
    if (said_.insert(what).second) kept_.lost.push_back(std::move(what));
  }

  void take(const capsule::Entry& /*entry*/, const resync::Input& input) {
    if (std::holds_alternative<resync::NamesFound>(input)) lost("SRV records");
    if (std::holds_alternative<resync::PacSaid>(input)) lost("what a PAC file said");
  }
  void take(const capsule::Entry& entry, const drive::SetByHand& set) {
    std::string values;
    for (const auto& [name, value] : set.assignments)
      values += fmt::format("{}{}: {}", values.empty() ? "" : ", ", name, quoted_template(value));
    happened(entry, fmt::format("{}: {{{}}}, phones: PHONE",
                                set.how == resync::ByHand::set ? "set" : "submit", values));
  }
  void take(const capsule::Entry& entry, const drive::AskWithRule& ask) {
    const auto rule = quoted_template(ask.rule);
    const auto* word = std::holds_alternative<resync::UpgradeRequested>(ask.request)    ? "upgrade"
                       : std::holds_alternative<resync::CustomCaRequested>(ask.request) ? "updateca"
                                                                                        : "resync";
    happened(entry, fmt::format("{}: {{rule: {}}}, phones: PHONE", word, rule));
  }
  void take(const capsule::Entry& entry, const drive::Grant& grant) {
    std::string options;
    const auto add = [&](const std::string& key, const std::string& value) {
      options += fmt::format("{}{}: {}", options.empty() ? "" : ", ", key, quoted_template(value));
    };
    for (const auto& each : grant.lease.options.value_or(std::vector<resync::DhcpOption>{}))
      add((each.version == resync::DhcpVersion::v6 ? "v6-" : "") + std::to_string(each.number),
          each.value);
    if (!grant.lease.ip.empty()) add("ip", grant.lease.ip);
    happened(entry, fmt::format("lease: {{{}}}, phones: PHONE", options));
  }
  void take(const capsule::Entry& entry, const resync::Event& event) {
    if (auto action = action_of(event); !action.empty()) return happened(entry, std::move(action));
    lost("an event that no scenario has");
  }

  static std::string action_of(const resync::Event& event) { return std::visit(Action{}, event); }

  const capsule::Capsule& capsule_;
  Recollection kept_;
  std::map<Asker, Values> read_;
  std::set<std::string> said_;
};

}  // namespace

Result<Recollection> recollect(const capsule::Capsule& capsule) {
  return Recollector(capsule).play();
}

}  // namespace provphone::client::replay
