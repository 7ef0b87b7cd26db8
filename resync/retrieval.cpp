#include "resync/retrieval.hpp"

#include "macro/said.hpp"
#include "resync/access.hpp"
#include "resync/detail/debug_lines.hpp"
#include "resync/detail/stride.hpp"
#include "resync/random.hpp"
#include "resync/request_target.hpp"

#include <fmt/format.h>

#include <cassert>
#include <utility>

namespace provphone::resync {
namespace detail {
namespace {

// R-UPGRADE-05. Real parts have 80 MB, and none of it is kept; without a bound a server without an
// end would be heard until total_timeout.
constexpr std::size_t max_load_bytes = std::size_t{4} << 30U;

// R-UPGRADE-11. Real lists have some hundred octets.
constexpr std::size_t max_list_bytes = std::size_t{64} << 10U;

// Far more than any PAC file has.
constexpr std::size_t max_pac_bytes = std::size_t{256} << 10U;

// A certificate with its intermediates has some thousand octets.
constexpr std::size_t max_certificate_bytes = std::size_t{64} << 10U;

LogKind request_message(macro::RuleKind kind) {
  return kind == macro::RuleKind::upgrade ? LogKind::upgrade_request : LogKind::request;
}

// Another one for each answer. It is not for the phone's random streams, which every run of a seed
// has alike: nobody shall guess it.
std::string cnonce_of(const Stride& s, Lane lane, const LoginTalk& talk) {
  const auto when = static_cast<std::uint64_t>(s.context.now.time_since_epoch().count());
  const auto who = (std::uint64_t{s.context.machine.index} << 8U) | static_cast<unsigned>(lane);
  const auto which = (static_cast<std::uint64_t>(talk.answered) << 32U) | talk.uses;
  const auto [key, other_key] = s.context.salt;
  return fmt::format("{:016x}", mix(key ^ mix(when ^ mix(who ^ mix(which ^ mix(other_key))))));
}

// The header's value; empty where nobody has asked yet.
std::string answer_to(const Stride& s, Lane lane, LoginTalk& talk, const Login& login,
                      const Guarded& guarded) {
  if (!talk.challenge) return {};
  ++talk.uses;
  return authorization(*talk.challenge, login, guarded, {talk.uses, cnonce_of(s, lane, talk)});
}

// R-HTTP-29: the proxies of a PAC file are given none.
std::optional<Login> proxy_login_of(const Stride& s, const Retrieval& retrieval) {
  if (!retrieval.proxy || retrieval.routes) return std::nullopt;
  return proxy_login(s.device.parameters);
}

// R-HTTP-09, R-HTTP-27: nothing is sent unasked, and the proxy alone sees what is for it.
void add_logins(const Stride& s, Lane lane, Fetch& fetch) {
  auto& retrieval = *s.in(lane);
  auto& request = fetch.request;
  const auto target = request_target(request.url);
  const Guarded direct{name(request.method), target};
  if (const auto& login = retrieval.request.login)
    request.authorization = answer_to(s, lane, retrieval.server_talk, *login, direct);
  request.login.reset();
  const auto login = proxy_login_of(s, retrieval);
  if (!login) return;
  const bool is_tunnel = request.url.scheme == macro::Scheme::https;
  const auto server = is_tunnel ? authority(request.url.host, request.url.port) : std::string();
  fetch.proxy_authorization = answer_to(s, lane, retrieval.proxy_talk, *login,
                                        is_tunnel ? Guarded{"CONNECT", server} : direct);
}

std::size_t most_octets_of(const Retrieval& retrieval) {
  if (retrieval.errand == Errand::pac) return max_pac_bytes;
  if (retrieval.errand == Errand::certificate) return max_certificate_bytes;
  if (retrieval.errand || retrieval.kind != macro::RuleKind::upgrade)
    return profile::max_file_bytes;
  return retrieval.lists_parts ? max_list_bytes : max_load_bytes;
}

Fetch fetch_of(const Stride& s, Lane lane) {
  const auto& personality = s.device.personality;
  auto& retrieval = *s.in(lane);
  Fetch fetch;
  fetch.lane = lane;
  fetch.request = retrieval.request;
  fetch.proxy = retrieval.proxy;
  fetch.user_agent = retrieval.user_agent;
  fetch.patience = {personality.connect_timeout, personality.idle_timeout,
                    personality.total_timeout};
  fetch.tftp = tftp_habits_of(personality);
  const bool is_load = !retrieval.errand && retrieval.kind == macro::RuleKind::upgrade;
  fetch.keep = is_load && !retrieval.lists_parts ? Fetch::Keep::size : Fetch::Keep::body;
  fetch.max_bytes = most_octets_of(retrieval);
  fetch.knows_time = s.context.machine.clock_is_known;
  fetch.naming = naming_of(s.device);
  fetch.errand = retrieval.errand;
  const bool follows = std::exchange(retrieval.follows_answer, false);
  fetch.keeps_connection = follows && personality.connection_per == ConnectionPer::retrieval;
  if (retrieval.request.url.scheme == macro::Scheme::https) {
    fetch.tls = tls_terms_of(s.device.parameters, personality, s.device.identity.firmware);
    fetch.tls->extra_roots = s.device.custom_ca.roots;
    fetch.tls->renewed_certificate = s.device.renewal.certificate;
  }
  add_logins(s, lane, fetch);
  return fetch;
}

// R-LOG-15, R-LOG-21: of the request that the macros are about. R-REPORT-07: they are not about
// reports, nor about errands; a proxy's address says nothing of the server's.
void show_address(const Stride& s, Lane lane, const std::string& address) {
  const auto& retrieval = *s.in(lane);
  if (lane == Lane::reports || retrieval.errand || retrieval.proxy || address.empty()) return;
  s.device.state.servip = host_in_url(address);
}

// R-LOG-15: told, and logged, once the server's name is an address, or will not become one. Called
// for whatever comes first, so it has to bear being called again.
void announce(const Stride& s, Lane lane, const std::string& address) {
  auto& retrieval = *s.in(lane);
  if (std::exchange(retrieval.announced, true)) return;
  s.put(RequestMade{retrieval.rule, retrieval.alternative, retrieval.request.method,
                    format(retrieval.request.url), std::move(retrieval.user_agent),
                    retrieval.request.content_type, address, retrieval.facts});
  show_address(s, lane, address);
  // R-REPORT-07: nor are the messages about them.
  if (lane == Lane::reports || retrieval.errand) return;
  if (!std::exchange(retrieval.logged, true)) log(s, request_message(retrieval.kind));
}

// R-HTTP-09: whether the request is made again with what answers the challenge.
bool answers_challenge(const Stride& s, Retrieval& retrieval, const Answered& answer) {
  constexpr int from_server = 401, from_proxy = 407;
  auto& request = retrieval.request;
  const auto& personality = s.device.personality;
  if (request.url.scheme == macro::Scheme::tftp || retrieval.errand == Errand::pac) return false;
  if (answer.status == from_proxy && retrieval.proxy)
    return takes_challenge(retrieval.proxy_talk, answer.challenges, proxy_login_of(s, retrieval),
                           personality);
  if (answer.status != from_server) return false;
  auto login = login_for(request, s.device.macros(), s.device.profile_account);
  if (!takes_challenge(retrieval.server_talk, answer.challenges, login, personality)) return false;
  request.login = std::move(login);
  return true;
}

// R-HTTP-28: who wants to know is not the server that the request names.
void name_proxy(Verdict& verdict, const Retrieval& retrieval) {
  auto* const refuse = std::get_if<Refuse>(&verdict);
  if (refuse == nullptr || refuse->error.code != Errc::proxy_unauthorized || !retrieval.proxy)
    return;
  const auto& [host, port] = *retrieval.proxy;
  refuse->error.detail =
      fmt::format("the proxy {}: {}", authority(host, port), refuse->error.detail);
}

// R-RULE-46 holds for where a redirect leads to as well. The next place, if there is one, is asked
// then: a redirect that is refused is this place's failure.
Verdict verdict_on(const Stride& s, const Retrieval& retrieval, const Answered& answer) {
  if (retrieval.errand == Errand::pac) return verdict_on_pac(answer);
  const auto source = s.device.macros();
  auto verdict =
      judge({answer.status, answer.location, retrieval.request.url, retrieval.hops, retrieval.kind},
            s.device.personality, lookup_of(source));
  name_proxy(verdict, retrieval);
  const auto* follow = std::get_if<Follow>(&verdict);
  if (follow == nullptr) return verdict;
  if (auto access = check_access(follow->url, source); !access)
    return Refuse{std::move(access.error())};
  return verdict;
}

void ask_there(const Stride& s, Lane lane, Request request) {
  auto& retrieval = *s.in(lane);
  retrieval.request = std::move(request);
  retrieval.server_talk = {};
  retrieval.follows_answer = true;
  send(s, lane);
}

void accepted(const Stride& s, const Answered& answer) {
  if (s.in(answer.lane)->errand) return errand_arrived(s, answer);
  switch (s.in(answer.lane)->kind) {
    case macro::RuleKind::profile:
      return profile_arrived(s, answer);
    case macro::RuleKind::upgrade:
      return load_arrived(s, answer);
    case macro::RuleKind::report:
      return report_ended(s, std::nullopt);
  }
}

constexpr int first_refusal = 400;

AnswerSeen answer_seen(const Retrieval& retrieval, const Answered& answer, const Verdict& verdict) {
  AnswerSeen seen;
  seen.rule = retrieval.rule;
  // The 200 of a TFTP answer stands for its success and is no status that anybody sent.
  if (retrieval.request.url.scheme != macro::Scheme::tftp) seen.status = answer.status;
  seen.bytes = answer.body_bytes;
  if (const auto* refuse = std::get_if<Refuse>(&verdict)) seen.refused = refuse->error.code;
  seen.accepted = std::holds_alternative<Accept>(verdict);
  seen.said = retrieval.said;
  seen.note = answer.note;
  return seen;
}

// R-HTTP-32: whatever it says, the file itself is asked for now.
void head_answered(const Stride& s, const Answered& answer) {
  auto& retrieval = *s.in(answer.lane);
  AnswerSeen seen;
  seen.rule = retrieval.rule;
  seen.status = answer.status;
  seen.asks_again = true;
  s.put(std::move(seen));
  retrieval.request.method = Request::Method::get;
  retrieval.follows_answer = true;
  send(s, answer.lane);
}

void answered(const Stride& s, const Answered& answer) {
  announce(s, answer.lane, {});
  show_address(s, answer.lane, answer.server_address);
  auto& retrieval = *s.in(answer.lane);
  if (retrieval.request.method == Request::Method::head) return head_answered(s, answer);
  if (answer.status >= first_refusal) retrieval.said = macro::said_in(answer.body);
  auto verdict = verdict_on(s, retrieval, answer);
  const bool again = answers_challenge(s, retrieval, answer);
  auto seen = answer_seen(retrieval, answer, verdict);
  seen.asks_again = again;
  if (auto way = way_of(s, answer.lane); !way.empty())
    seen.note = seen.note.empty() ? std::move(way) : fmt::format("{} · {}", seen.note, way);
  retrieval.status = seen.status;
  s.put(std::move(seen));
  if (again) {
    retrieval.follows_answer = true;
    return send(s, answer.lane);
  }
  if (const auto* refuse = std::get_if<Refuse>(&verdict))
    return attempt_failed(s, answer.lane, refuse->error);
  if (auto* follow = std::get_if<Follow>(&verdict)) {
    ++retrieval.hops;
    return ask_there(s, answer.lane,
                     redirected(std::move(retrieval.request), std::move(follow->url)));
  }
  accepted(s, answer);
}

void failed(const Stride& s, const Failed& failure) {
  if (tries_next_route(s, failure.lane, failure.error)) return;
  announce(s, failure.lane, {});
  AnswerSeen seen;
  seen.rule = s.in(failure.lane)->rule;
  seen.error = failure.error;
  s.put(std::move(seen));
  attempt_failed(s, failure.lane, failure.error);
}

void drop_all(const Stride& s) {
  for (const auto lane : {Lane::work, Lane::reports}) {
    if (s.in(lane)) s.put(Cancel{lane});
  }
  // Reports that wait go as well.
  s.retrievals = Retrievals{};
}

// No Done: the machine hears of the power cut itself and forgets the pass with it.
void cut_off(const Stride& s) {
  drop_all(s);
  forget_memory(s.device);
}

// R-RESYNC-63: what is on its way is broken off. What waits for the other lane's roots goes on, and
// fails, behind these.
void link_down(const Stride& s) {
  for (const auto lane : {Lane::work, Lane::reports}) {
    if (!s.in(lane) || s.in(lane)->awaits_roots) continue;
    s.put(Cancel{lane});
    failed(s, Failed{lane, no_link()});
  }
}

struct Take {
  const Stride& s;

  void operator()(const PassStarted&) const { remember_rules(s.device); }
  void operator()(const EvaluateRule& rule) const { evaluate_profile_rule(s, rule.slot); }
  void operator()(const EvaluateUpgrade& rule) const { evaluate_upgrade_rule(s, rule); }
  void operator()(const Restarting&) const { reset_to_factory(s); }
  void operator()(const SendReports&) const { evaluate_report_rule(s); }
  void operator()(const NamesFound& found) const { servers_found(s, found.records); }
  void operator()(const Resolved& resolved) const { announce(s, resolved.lane, resolved.address); }
  void operator()(const Answered& answer) const { answered(s, answer); }
  void operator()(const Failed& failure) const { failed(s, failure); }
  // Nothing went over the wire, so nothing is announced.
  void operator()(const NotAsked& failure) const { attempt_failed(s, failure.lane, failure.error); }
  void operator()(const RootsRead& read) const { roots_read(s, read); }
  void operator()(const PacSaid& said) const { pac_said(s, said); }
  void operator()(const CutOff&) const { cut_off(s); }
  void operator()(const FetchCustomCa&) const {
    if (!s.in(Lane::reports)) begins_custom_ca_by_url(s);
  }
  void operator()(const LinkDown&) const { link_down(s); }
  void operator()(const RenewCertificate& wanted) const { renew_certificate(s, wanted); }
  void operator()(const CertificateRequestMade& made) const { certificate_request_made(s, made); }
  void operator()(const CertificateRead& read) const { certificate_read(s, read); }
};

[[maybe_unused]] bool is_under_way(Retrievals& retrievals, const Input& input) {
  if (std::holds_alternative<NamesFound>(input)) return retrievals.in(Lane::work).has_value();
  if (const auto* it = std::get_if<Resolved>(&input)) return retrievals.in(it->lane).has_value();
  if (const auto* it = std::get_if<Answered>(&input)) return retrievals.in(it->lane).has_value();
  if (const auto* it = std::get_if<Failed>(&input)) return retrievals.in(it->lane).has_value();
  if (const auto* it = std::get_if<NotAsked>(&input)) return retrievals.in(it->lane).has_value();
  if (const auto* it = std::get_if<PacSaid>(&input)) return retrievals.in(it->lane).has_value();
  return true;
}

}  // namespace

void attempt_failed(const Stride& s, Lane lane, const Error& error) {
  if (s.in(lane)->errand) return errand_failed(s, lane, error);
  switch (s.in(lane)->kind) {
    case macro::RuleKind::profile:
      return profile_failed(s, error);
    case macro::RuleKind::upgrade:
      return upgrade_failed(s, error);
    case macro::RuleKind::report:
      return report_ended(s, error);
  }
}

// The machine restarts, so nothing is under way in the lane of work; a report may be.
void reset_to_factory(const Stride& s) {
  drop_all(s);
  forget_settings(s.device);
}

void show_request(const Stride& s, Lane lane) {
  const auto& retrieval = *s.in(lane);
  // R-REPORT-07: reports leave the macros of the last request alone, and so do errands.
  if (lane == Lane::reports || retrieval.errand) return;
  auto& state = s.device.state;
  const auto& url = retrieval.request.url;
  state.scheme = name(url.scheme);
  state.serv = host_in_url(url.host);
  state.servip = state.serv;
  state.port = std::to_string(url.port);
  state.path = url.path;
  state.err.clear();
}

void send(const Stride& s, Lane lane) {
  if (begin_errand(s, lane)) return;
  show_request(s, lane);
  auto& retrieval = *s.in(lane);
  // Each hop is told; the message for the log is sent once a place (R-LOG-10), see `logged`.
  retrieval.announced = false;
  retrieval.said.clear();
  if (asks_pac(s, lane)) return;
  if (!retrieval.routes) retrieval.proxy = proxy_of(s.device.macros(), retrieval.request.url);
  fetch(s, lane);
}

Error no_link() {
  return {Errc::host_unreachable, "the phone's link is down"};
}

void fetch(const Stride& s, Lane lane) {
  s.in(lane)->user_agent = user_agent(s.device.macros());
  // R-RESYNC-63: nothing is asked.
  if (s.context.machine.link_is_down) return failed(s, Failed{lane, no_link()});
  s.put(fetch_of(s, lane));
}

void log(const Stride& s, LogKind kind) {
  const auto server = syslog_server(s.device.parameters);
  if (server.empty()) return;
  const auto source = s.device.macros();
  const auto text = log_message(kind, source);
  if (text.empty()) return;
  // R-LOG-17: what the syslog server gets, the debug server gets too, whatever the level.
  for (const auto each : {server, debug_server(s.device.parameters)}) {
    if (each.empty()) continue;
    s.put(Log{std::string(each), syslog_identifier(source), text, naming_of(s.device),
              source.personality.syslog_form});
  }
}

std::vector<profile::ParameterId> assign(const Stride& s, std::string_view rule, int alternative,
                                         const std::vector<macro::Assignment>& assignments) {
  if (assignments.empty()) return {};
  auto changed = apply_assignments(s.device, assignments);
  Applied applied;
  applied.rule = rule;
  applied.alternative = alternative;
  applied.changed = changed;
  s.put(std::move(applied));
  return changed;
}

}  // namespace detail

const std::string& host_asked(const Fetch& fetch) {
  return fetch.proxy ? fetch.proxy->host : fetch.request.url.host;
}

namespace detail {

std::string url_asked(const std::optional<Retrieval>& retrieval) {
  return retrieval ? format(retrieval->request.url) : std::string();
}

void conclude(const Stride& s, const Event& event) {
  s.in(Lane::work).reset();
  s.put(Done{event});
}

TimersShown::TimersShown(const Stride& s)
    : state_(s.device.state), regtmr1_(state_.regtmr1), regtmr2_(state_.regtmr2) {
  show_timers(state_, timers_of(s.context.machine, s.context.now));
}

TimersShown::~TimersShown() {
  state_.regtmr1 = regtmr1_;
  state_.regtmr2 = regtmr2_;
}

}  // namespace detail

void advance(Device& device, Retrievals& retrievals, const Input& input,
             const RetrievalContext& context, Outputs& outputs) {
  assert(detail::is_under_way(retrievals, input));
  const auto first = outputs.size();
  std::visit(detail::Take{{device, retrievals, context, outputs}}, input);
  detail::add_debug_lines(device, input, outputs, first);
  // R-RESYNC-63: messages get nowhere either, and are lost.
  if (!context.machine.link_is_down) return;
  const auto is_log = [](const Output& output) { return std::holds_alternative<Log>(output); };
  outputs.erase(
      std::remove_if(outputs.begin() + static_cast<std::ptrdiff_t>(first), outputs.end(), is_log),
      outputs.end());
}

Outputs advance(Device& device, Retrievals& retrievals, const Input& input,
                const RetrievalContext& context) {
  Outputs outputs;
  advance(device, retrievals, input, context, outputs);
  return outputs;
}

Outputs begin(Device& device, Retrievals& retrievals, Plan plan, const RetrievalContext& context) {
  Outputs outputs;
  detail::follow_plan({device, retrievals, context, outputs}, one_time_slot,
                      device.rule(one_time_slot), std::move(plan));
  return outputs;
}

std::optional<Input> input_of(const Effect& effect) {
  if (const auto* it = std::get_if<PassStarted>(&effect)) return *it;
  if (const auto* it = std::get_if<EvaluateRule>(&effect)) return *it;
  if (const auto* it = std::get_if<EvaluateUpgrade>(&effect)) return *it;
  if (const auto* it = std::get_if<SendReports>(&effect)) return *it;
  if (const auto* it = std::get_if<FetchCustomCa>(&effect)) return *it;
  if (const auto* it = std::get_if<LinkDown>(&effect)) return *it;
  if (const auto* it = std::get_if<RenewCertificate>(&effect)) return *it;
  const auto* restarting = std::get_if<Restarting>(&effect);
  if (restarting != nullptr && restarting->reason == Reason::factory_reset) return *restarting;
  return std::nullopt;
}

bool cuts_off(const Event& event, const Phone& machine) {
  return std::holds_alternative<PoweredOff>(event) ||
         (std::holds_alternative<PoweredOn>(event) && machine.state != State::off);
}

}  // namespace provphone::resync
