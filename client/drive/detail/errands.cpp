#include "client/drive/detail/real_impl.hpp"
#include "client/drive/intake.hpp"
#include "resync/access.hpp"

// One exchange after the other until a file is there, or is not, or a report has been sent.
namespace provphone::client::drive {

using detail::Errand;
using detail::EventKind;
using macro::RuleKind;

namespace {

constexpr std::size_t max_load_bytes = std::size_t{64} << 20;

report::StageTimes stage_times(const transport::Stamps& stamps) {
  report::StageTimes times;
  std::int64_t before = 0;
  const auto lasted = [&before](std::int64_t reached) -> std::optional<std::int64_t> {
    if (reached == 0) return std::nullopt;
    const auto took = reached - before;
    before = reached;
    return took;
  };
  times.resolve = lasted(stamps.resolved_us);
  times.connect = lasted(stamps.connected_us);
  times.tls = lasted(stamps.secured_us);
  times.first_byte = lasted(stamps.first_byte_us);
  times.body = lasted(stamps.done_us);
  return times;
}

// R-TLS-03: a phone that does not know the time cannot judge dates.
std::shared_ptr<const identity::TlsIdentity> tls_of(const DrivenPhone& phone) {
  const auto& tls = phone.setup.tls;
  if (!tls || phone.machine.clock_is_known || tls->clock == identity::Clock::unset) return tls;
  auto timeless = std::make_shared<identity::TlsIdentity>(*tls);
  timeless->clock = identity::Clock::unset;
  return timeless;
}

transport::Request request_of(const DrivenPhone& phone, const Errand& errand) {
  const auto limit = [&](resync::Knob knob) {
    return std::chrono::milliseconds(phone.setup.personality[knob]);
  };
  const bool loads = errand.kind == RuleKind::upgrade;
  transport::Request request;
  request.method = errand.method;
  request.url = errand.what.url;
  request.body = errand.what.body;
  request.content_type = errand.what.content_type;
  if (const auto& login = errand.what.login) request.credentials = {login->user, login->password};
  request.user_agent = resync::user_agent(phone.macros());
  request.tls = tls_of(phone);
  request.source_address = phone.setup.source_address;
  request.timeouts = {limit(resync::Knob::connect_timeout), limit(resync::Knob::idle_timeout),
                      limit(resync::Knob::total_timeout)};
  request.max_body_bytes = loads ? max_load_bytes : profile::max_file_bytes;
  request.certificate_name = errand.what.certificate_name;
  request.content_encoding = errand.content_encoding;
  request.keep = loads ? transport::Keep::size : transport::Keep::body;
  return request;
}

void add_headers(report::TraceEvent& request, const DrivenPhone& phone, const Errand& errand) {
  request.user_agent = resync::user_agent(phone.macros());
  request.content_type = errand.what.content_type;
  const auto& tls = phone.setup.tls;
  if (errand.what.url.scheme == macro::Scheme::https && tls && tls->certificate)
    request.certificate = identity::subject_of(*tls->certificate);
}

void show_request(resync::MacroState& state, const macro::Url& url) {
  state.scheme = name(url.scheme);
  state.serv = url.host;
  state.servip = url.host;
  state.port = std::to_string(url.port);
  state.path = url.path;
  state.err.clear();
}

resync::LogKind request_message(RuleKind kind) {
  return kind == RuleKind::upgrade ? resync::LogKind::upgrade_request : resync::LogKind::request;
}

}  // namespace

std::vector<std::string> detail::names_of(const std::vector<profile::ParameterId>& ids) {
  std::vector<std::string> names;
  names.reserve(ids.size());
  for (const auto id : ids) names.push_back(profile::parameter(id).name);
  return names;
}

void RealDriver::Impl::start(std::size_t index, Lane lane) {
  auto& slot = *slots_[index];
  auto& errand = *slot.errand(lane);
  // R-REPORT-07: reports leave the macros of the last request alone.
  if (lane == Lane::work) show_request(slot.phone.setup.state, errand.what.url);
  errand.announced = false;
  errand.exchange = fetcher_.start(
      request_of(slot.phone, errand),
      [this, index, lane](const std::string& address) { announce(index, lane, address); },
      [this, index, lane](Result<transport::Response> response) {
        exchange_done(index, lane, std::move(response));
      });
}

// R-LOG-15: the name is resolved before the request is logged, so that $SERVIP is an address; where
// it cannot be resolved, the host's name stands in.
void RealDriver::Impl::announce(std::size_t index, Lane lane, const std::string& server_address) {
  auto& slot = *slots_[index];
  auto& errand = *slot.errand(lane);
  if (std::exchange(errand.announced, true)) return;
  auto request = rule_event(index, EventKind::request, errand.rule);
  request.alternative = errand.alternative;
  request.method = name(errand.method);
  request.url = format(errand.what.url);
  request.server_address = server_address;
  if (errand.kind == RuleKind::profile) add_rule(request, index, errand.slot);
  if (run_.traces_headers) add_headers(request, slot.phone, errand);
  run_.trace(request);
  if (lane == Lane::reports) return;
  if (!server_address.empty()) slot.phone.setup.state.servip = server_address;
  if (!std::exchange(errand.logged, true)) log(index, request_message(errand.kind));
}

void RealDriver::Impl::exchange_done(std::size_t index, Lane lane,
                                     Result<transport::Response> response) {
  announce(index, lane, {});
  const auto& errand = *slots_[index]->errand(lane);
  auto line = rule_event(index, EventKind::response, errand.rule);
  if (!response) {
    line.error = response.error().code;
    line.detail = response.error().detail;
    run_.trace(line);
    return conclude(index, lane, attempt_failed(index, lane, response.error()));
  }
  if (errand.what.url.scheme != macro::Scheme::tftp) line.status = response->status;
  line.bytes = response->body_bytes;
  line.times = stage_times(response->stamps);
  run_.trace(line);
  conclude(index, lane, judge(index, lane, *response));
}

// Tells the machine how the errand ended; nothing where it goes on.
void RealDriver::Impl::conclude(std::size_t index, Lane lane, const Answer& outcome) {
  if (!outcome) return;
  slots_[index]->errand(lane).reset();
  feed(index, *outcome);
}

RealDriver::Impl::Answer RealDriver::Impl::attempt_failed(std::size_t index, Lane lane,
                                                          const Error& error) {
  switch (slots_[index]->errand(lane)->kind) {
    case RuleKind::profile:
      return profile_failed(index, error);
    case RuleKind::upgrade:
      return upgrade_failed(index, error);
    case RuleKind::report:
      break;
  }
  report_done(index, error);
  return std::nullopt;
}

RealDriver::Impl::Answer RealDriver::Impl::judge(std::size_t index, Lane lane,
                                                 const transport::Response& response) {
  auto& slot = *slots_[index];
  auto& errand = *slot.errand(lane);
  const auto source = slot.phone.macros();
  const resync::Answer answer{response.status, response.location, errand.what.url, errand.hops,
                              errand.kind};
  auto verdict = resync::judge(answer, slot.phone.setup.personality, resync::lookup_of(source));
  if (const auto* refusal = std::get_if<resync::Refuse>(&verdict)) {
    auto again = resync::with_profile_account(errand.what, refusal->error.code, source,
                                              slot.phone.setup.profile_account);
    if (!again) return attempt_failed(index, lane, refusal->error);
    errand.what = *std::move(again);
    start(index, lane);
    return std::nullopt;
  }
  if (auto* follow = std::get_if<resync::Follow>(&verdict)) {
    if (const auto access = resync::check_access(follow->url, source); !access)
      return attempt_failed(index, lane, access.error());
    ++errand.hops;
    errand.what = resync::redirected(std::move(errand.what), std::move(follow->url));
    start(index, lane);
    return std::nullopt;
  }
  if (errand.kind == RuleKind::profile) return take_in(index, response);
  if (errand.kind == RuleKind::upgrade) {
    if (response.body_bytes > 0) return upgrade_done(index);
    return upgrade_failed(index, {Errc::empty_body, "the load has no octets"});
  }
  report_done(index, std::nullopt);
  return std::nullopt;
}

std::vector<profile::ParameterId> RealDriver::Impl::assign(
    std::size_t index, std::string_view rule, int alternative,
    const std::vector<macro::Assignment>& assignments) {
  if (assignments.empty()) return {};
  auto changed = take_in_assignments(slots_[index]->phone, assignments);
  auto applied = rule_event(index, EventKind::applied, rule);
  applied.alternative = alternative;
  applied.changed = detail::names_of(changed);
  run_.trace(applied);
  return changed;
}

}  // namespace provphone::client::drive
