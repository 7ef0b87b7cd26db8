#include "client/check/audit.hpp"

#include "client/check/detail/facts.hpp"
#include "client/check/detail/file_audit.hpp"
#include "client/check/detail/follow.hpp"
#include "client/transport/source_address.hpp"
#include "macro/try.hpp"

#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <set>
#include <utility>

// The audit is a phone: it asks for a file, applies it, and goes where the file sends it.
namespace provphone::client::check {
namespace {

// For a name; the files of an audit have patience of their own (file_audit.cpp).
constexpr std::chrono::milliseconds look_up_patience{5'000};

Result<resync::Request> first_request(const Audit& audit) {
  TRY(auto request, detail::request_of(FileKind::profile, audit.rule, audit.device));
  if (!request)
    return fail(Errc::bad_argument,
                "TARGET asks for no file; expected a URL such as "
                "https://localhost:8443/$PSN/$MA.xml");
  if (!request->srv_domain.empty())
    return fail(Errc::bad_argument, "TARGET: --srv is not looked up here; name the server itself");
  return *std::move(request);
}

bool asks_for_another(const Exchange& exchange) {
  return exchange.role == ClientRole::own && (exchange.target == ProbeTarget::unknown_file ||
                                              exchange.target == ProbeTarget::neighbour_file);
}

// The phones that got a profile of their own, as they are behind it.
std::map<std::uint64_t, resync::Device> others_behind(const detail::FileTask& task,
                                                      const Observations& seen) {
  std::map<std::uint64_t, resync::Device> others;
  for (const auto& exchange : seen.exchanges) {
    if (!asks_for_another(exchange) || !detail::is_success(exchange.answer)) continue;
    const auto reading = detail::read(seen, exchange.answer);
    const auto mac = parse_mac_address(exchange.mac);
    if (!reading.is_profile() || !mac) continue;
    const auto known = task.others.find(mac->bits);
    auto phone = known == task.others.end() ? task.phone : known->second.phone;
    phone.identity.mac = *mac;
    others.insert_or_assign(mac->bits, detail::after_file(std::move(phone), reading.content));
  }
  return others;
}

// Where one file sends the phone, and those that got another one.
std::vector<detail::FileTask> tasks_behind(const detail::FileTask& task, const Observations& seen) {
  const auto* own = detail::find(seen, ProbeTarget::own_file, ClientRole::own);
  if (own == nullptr || seen.kind != FileKind::profile || !detail::is_success(*own)) return {};
  const auto reading = detail::read(seen, *own);
  if (!reading.is_profile()) return {};
  const auto after = detail::after_file(task.phone, reading.content);
  const auto others = others_behind(task, seen);
  std::vector<detail::FileTask> tasks;
  for (auto& lead : detail::leads_of(task.phone, after)) {
    if (!lead.request.srv_domain.empty()) continue;
    auto& next = tasks.emplace_back(detail::FileTask{lead.kind, std::move(lead.rule),
                                                     std::move(lead.request), task.led_by, after});
    next.led_by.push_back(lead.parameter);
    if (lead.kind == FileKind::report) continue;
    for (const auto& [mac, phone] : others) {
      const auto id = profile::find_parameter(lead.parameter);
      next.others.emplace(mac, detail::OtherPhone{phone, std::string(phone.parameters.get(*id))});
    }
  }
  return tasks;
}

// Whether there is a file to ask for at full rate. Once for each server is enough.
bool can_flood(const Observations& seen) {
  const auto* own = detail::find(seen, ProbeTarget::own_file, ClientRole::own);
  return own != nullptr && seen.kind == FileKind::profile && !seen.same_server &&
         detail::is_success(*own) && !own->body.empty();
}

// Behind all else: whoever is shut out now gets no more answers.
void flood(detail::Ground& ground, std::vector<detail::FileTask> asked, Trail& trail) {
  if (ground.audit.rate == 0) return;
  for (std::size_t i = 0; i < asked.size(); ++i) {
    auto& seen = trail.files[i];
    if (can_flood(seen)) seen = detail::flood_file(ground, std::move(asked[i]), std::move(seen));
  }
}

// Breadth first: what is near the first file is what phones come to soonest. Gives the tasks of
// `trail.files`.
std::vector<detail::FileTask> follow(detail::Ground& ground, detail::FileTask first, Trail& trail) {
  std::vector<detail::FileTask> asked;
  std::set<std::string> places;
  std::deque<detail::FileTask> waiting;
  waiting.push_back(std::move(first));
  while (!waiting.empty()) {
    auto task = std::move(waiting.front());
    waiting.pop_front();
    if (!places.insert(format(task.own.url)).second) continue;
    if (trail.files.size() > ground.audit.followed_files || ground.prober.ran_out()) {
      ++trail.left_out;
      continue;
    }
    trail.files.push_back(detail::observe_file(ground, task));
    for (auto& next : tasks_behind(task, trail.files.back())) waiting.push_back(std::move(next));
    asked.push_back(std::move(task));
  }
  return asked;
}

}  // namespace

Result<Trail> observe(const Audit& audit) {
  TRY(auto own, first_request(audit));
  if (!audit.other_source.empty()) {
    TRY(transport::check_source(audit.other_source));
  }
  detail::AddressBook address_book(audit.targets, look_up_patience, resync::naming_of(audit.device),
                                   audit.names);
  const auto addresses = address_book.addresses_of(own.url);
  // A name without an address is an observation, a place that is no target the user's mistake.
  if (!addresses && addresses.error().code == Errc::target_refused)
    return tl::unexpected(addresses.error());
  TRY(auto certificates, detail::make_certificates(audit, std::chrono::system_clock::now()));
  detail::Prober prober(audit);
  detail::Ground ground{audit, address_book, std::move(certificates), prober, {}};
  Trail trail;
  auto asked =
      follow(ground, {FileKind::profile, audit.rule, std::move(own), {}, audit.device}, trail);
  flood(ground, std::move(asked), trail);
  const auto* first = detail::find(trail.files.front(), ProbeTarget::own_file, ClientRole::own);
  if (first != nullptr && first->error && first->error->code == Errc::target_refused)
    return fail(Errc::target_refused, "a redirect leads to a server that --target does not name: " +
                                          first->error->detail);
  return trail;
}

Result<FetchedFile> fetch_file(const Audit& audit) {
  TRY(auto own, first_request(audit));
  detail::Prober prober(audit);
  const auto account = resync::phone_login(audit.device.macros(), audit.device.profile_account);
  auto answer = prober.ask(own, {audit.device, audit.device.identity.mac, account, audit.tls});
  if (!answer) return fail(Errc::bad_argument, "cut short before the file was asked for");
  if (answer->error) return tl::unexpected(*answer->error);
  return FetchedFile{std::move(own), *std::move(answer)};
}

}  // namespace provphone::client::check
