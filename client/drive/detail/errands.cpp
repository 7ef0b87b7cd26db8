#include "client/drive/detail/real_impl.hpp"
#include "client/drive/intake.hpp"
#include "resync/access.hpp"

// One exchange after the other until a file is there, or is not, or a report has been sent.
namespace provphone::client::drive {

using detail::Errand;
using detail::EventKind;
using detail::SteadyClock;
using macro::RuleKind;

namespace {

constexpr std::size_t max_load_bytes = std::size_t{64} << 20;

std::int64_t microseconds(SteadyClock::duration duration) {
  return std::chrono::duration_cast<std::chrono::microseconds>(duration).count();
}

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
  auto& it = awake(index);
  auto& errand = *it.errand(lane);
  // R-REPORT-07: reports leave the macros of the last request alone.
  if (lane == Lane::work) show_request(it.phone.setup.state, errand.what.url);
  errand.announced = false;
  errand.ticket = ++tickets_;
  const auto now = SteadyClock::now();
  errand.due = lane == Lane::work ? it.due : now;
  waiting_.push_back({static_cast<std::uint32_t>(index), lane, errand.ticket, now});
  take_turn(waiting_.back(), now);
  if (waiting_.size() == 1) start_waiting();
  if (!waiting_.empty()) wait();
}

// Gives an errand its place in the pace. Waiting for that is asked for, and no lag.
void RealDriver::Impl::take_turn(detail::Waiting& waiting, SteadyClock::time_point now) {
  const auto& rate = run_.pace.starts_per_second;
  waiting.not_before = rate ? std::max(now, next_start_) : now;
  if (rate) {
    const auto apart = std::chrono::duration<double>(1 / *rate);
    next_start_ = waiting.not_before + std::chrono::duration_cast<SteadyClock::duration>(apart);
  }
  auto& errand = *awake(waiting.index).errand(waiting.lane);
  if (rate) errand.due = std::max(errand.due, waiting.not_before);
}

bool RealDriver::Impl::still_waits(const detail::Waiting& waiting) const {
  if (awake_[waiting.index] == nobody) return false;
  const auto& errand = slots_[awake_[waiting.index]]->errand(waiting.lane);
  return errand && errand->ticket == waiting.ticket;
}

void RealDriver::Impl::start_waiting() {
  if (run_.pace.is_paused) return;
  while (!waiting_.empty() && in_flight_ < run_.pace.most_in_flight) {
    const auto next = waiting_.front();
    if (next.not_before > SteadyClock::now()) return;
    waiting_.pop_front();
    if (still_waits(next)) go(next.index, next.lane);
  }
}

void RealDriver::Impl::set_pace(const Pace& pace) {
  const bool resumes = run_.pace.is_paused && !pace.is_paused;
  run_.pace = pace;
  const auto now = SteadyClock::now();
  next_start_ = now;
  std::erase_if(waiting_, [this](const auto& each) { return !still_waits(each); });
  for (auto& each : waiting_) {
    take_turn(each, now);
    auto& errand = *awake(each.index).errand(each.lane);
    if (resumes) errand.due = std::max(errand.due, now);
  }
  start_waiting();
  wait();
}

void RealDriver::Impl::go(std::size_t index, Lane lane) {
  auto& it = awake(index);
  auto& errand = *it.errand(lane);
  errand.ticket = 0;
  errand.started = SteadyClock::now();
  if (errand.what.url.scheme == macro::Scheme::https && !it.phone.setup.tls) {
    auto tls = run_.phones->tls(index);
    if (!tls) return conclude(index, lane, attempt_failed(index, lane, tls.error()));
    it.phone.setup.tls = *std::move(tls);
  }
  ++in_flight_;
  errand.exchange = fetcher_.start(
      request_of(it.phone, errand),
      [this, index, lane](const std::string& address) { announce(index, lane, address); },
      [this, index, lane](Result<transport::Response> response) {
        exchange_done(index, lane, std::move(response));
      });
}

void RealDriver::Impl::left() {
  --in_flight_;
  start_waiting();
}

// R-LOG-15: the name is resolved before the request is logged, so that $SERVIP is an address; where
// it cannot be resolved, the host's name stands in.
void RealDriver::Impl::announce(std::size_t index, Lane lane, const std::string& server_address) {
  auto& it = awake(index);
  auto& errand = *it.errand(lane);
  if (std::exchange(errand.announced, true)) return;
  auto request = rule_event(index, EventKind::request, errand.rule);
  request.alternative = errand.alternative;
  request.method = name(errand.method);
  request.url = format(errand.what.url);
  request.server_address = server_address;
  if (errand.kind == RuleKind::profile) add_rule(request, index, errand.slot);
  if (run_.traces_headers) add_headers(request, it.phone, errand);
  tell(index, std::move(request));
  if (lane == Lane::reports) return;
  if (!server_address.empty()) it.phone.setup.state.servip = server_address;
  if (!std::exchange(errand.logged, true)) log(index, request_message(errand.kind));
}

void RealDriver::Impl::exchange_done(std::size_t index, Lane lane,
                                     Result<transport::Response> response) {
  announce(index, lane, {});
  auto& it = awake(index);
  auto& errand = *it.errand(lane);
  errand.exchange = 0;
  it.due = SteadyClock::now();
  auto line = rule_event(index, EventKind::response, errand.rule);
  line.times = stage_times(fetcher_.stamps());
  line.times.lag = microseconds(errand.started - errand.due) + fetcher_.stamps().begun_us;
  line.times.response = microseconds(it.due - errand.due);
  if (response) {
    if (errand.what.url.scheme != macro::Scheme::tftp) line.status = response->status;
    line.bytes = response->body_bytes;
  } else {
    line.error = response.error().code;
    line.detail = response.error().detail;
  }
  tell(index, std::move(line));
  conclude(
      index, lane,
      response ? judge(index, lane, *response) : attempt_failed(index, lane, response.error()));
  left();
}

// Tells the machine how the errand ended; nothing where it goes on.
void RealDriver::Impl::conclude(std::size_t index, Lane lane, const Answer& outcome) {
  if (!outcome) return;
  awake(index).errand(lane).reset();
  feed(index, *outcome);
}

RealDriver::Impl::Answer RealDriver::Impl::attempt_failed(std::size_t index, Lane lane,
                                                          const Error& error) {
  switch (awake(index).errand(lane)->kind) {
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
  auto& it = awake(index);
  auto& errand = *it.errand(lane);
  const auto source = it.phone.macros();
  const resync::Answer answer{response.status, response.location, errand.what.url, errand.hops,
                              errand.kind};
  auto verdict = resync::judge(answer, it.phone.setup.personality, resync::lookup_of(source));
  if (const auto* refusal = std::get_if<resync::Refuse>(&verdict)) {
    auto again = resync::with_profile_account(errand.what, refusal->error.code, source,
                                              it.phone.setup.profile_account);
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
  auto changed = take_in_assignments(awake(index).phone, assignments);
  auto applied = rule_event(index, EventKind::applied, rule);
  applied.alternative = alternative;
  if (explains()) applied.changed = detail::names_of(changed);
  tell(index, std::move(applied));
  return changed;
}

}  // namespace provphone::client::drive
