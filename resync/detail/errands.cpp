#include "resync/detail/stride.hpp"

#include <memory>
#include <utility>

// What a phone fetches for itself before the file that a rule asks for. The retrieval under way
// waits meanwhile (Retrievals::held) and goes on whatever comes of the errand: a failed one is no
// failure of the rule, unless the knob bad_pac says so. Without its licence a load is not asked for
// at all, so that errand is the upgrade's own beginning (upgrade_rule.cpp).
namespace provphone::resync::detail {
namespace {

CustomCaEnded ended_by(std::string_view rule) {
  CustomCaEnded ended;
  ended.rule = rule;
  return ended;
}

// What is installed stays as it was: nothing of a file counts that is not all in order.
void custom_ca_failed(const Stride& s, std::string_view rule, const Error& error, std::string url) {
  s.device.custom_ca.last = LastAttempt{s.context.now, false};
  auto told = ended_by(rule);
  told.error = error;
  told.url = std::move(url);
  s.put(std::move(told));
}

// R-TLS-19: who takes the rule away takes the trust away, but not that in roots of another origin.
void remove_custom_ca(const Stride& s, std::string_view rule) {
  if (!s.device.custom_ca.roots || s.device.custom_ca.is_by_url) return;
  s.device.custom_ca = {};
  s.put(ended_by(rule));
}

// The request of the errand that is due; nothing where none is, or where its rule leads nowhere,
// which has been told then.
std::optional<Request> custom_ca_request(const Stride& s, const CustomCaRule& rule) {
  auto plan = plan_profile_rule(rule.text, s.device.macros(), s.device.lease);
  if (!plan) {
    custom_ca_failed(s, rule.parameter, plan.error(), {});
    return std::nullopt;
  }
  if (!plan->request) return std::nullopt;
  // A URL and perhaps a login: what else a rule may say is about profiles.
  Request request;
  request.url = std::move(plan->request->url);
  request.login = std::move(plan->request->login);
  return request;
}

bool fetches_roots(const std::optional<Retrieval>& retrieval) {
  return retrieval && retrieval->errand == Errand::custom_ca && !retrieval->awaits_roots;
}

// Whether one of the lanes has the file of Custom_CA_Rule fetched.
bool fetches_roots_of_rule(const Stride& s) {
  const auto does = [&](Lane lane) {
    return fetches_roots(s.in(lane)) && s.in(lane)->rule != one_time_custom_ca_name;
  };
  return does(Lane::work) || does(Lane::reports);
}

// Once a retrieval, before its first fetch over https. A phone has its roots once: whichever lane
// is first fetches them, and the other one waits until they are there.
std::optional<Retrieval> custom_ca_errand(const Stride& s, Lane lane) {
  auto& waiting = *s.in(lane);
  if (waiting.has_seen_to_roots) return std::nullopt;
  if (waiting.request.url.scheme != macro::Scheme::https) return std::nullopt;
  waiting.has_seen_to_roots = true;
  const auto rule = custom_ca_rule(s.device.parameters, s.device.personality);
  if (rule.text.empty()) {
    remove_custom_ca(s, rule.parameter);
    return std::nullopt;
  }
  if (s.device.custom_ca.fetched_print == rule.print) return std::nullopt;
  Retrieval errand;
  errand.errand = Errand::custom_ca;
  if (fetches_roots_of_rule(s)) {
    errand.awaits_roots = true;
    return errand;
  }
  auto request = custom_ca_request(s, rule);
  if (!request) return std::nullopt;
  errand.rule = rule.parameter;
  errand.alternative = 1;
  errand.request = *std::move(request);
  errand.does_without_pac = waiting.does_without_pac;
  return errand;
}

// Whatever came of it: who fetched the roots goes on, and then who waited for them.
void go_on_behind_roots(const Stride& s, Lane lane) {
  // Behind roots that a request has named there is nothing.
  if (!s.retrievals.held[lane]) {
    s.in(lane).reset();
    return send_next_report(s);
  }
  take_back(s, lane);
  send(s, lane);
  const auto other = lane == Lane::work ? Lane::reports : Lane::work;
  if (!s.in(other) || !s.in(other)->awaits_roots) return;
  take_back(s, other);
  send(s, other);
}

}  // namespace

void take_back(const Stride& s, Lane lane) {
  s.in(lane) = std::move(*std::exchange(s.retrievals.held[lane], nullptr));
  // The answer that it followed from is past.
  s.in(lane)->follows_answer = false;
}

// The PAC file first: the roots are fetched through the proxies that it names.
bool begin_errand(const Stride& s, Lane lane) {
  if (s.retrievals.held[lane]) return false;
  auto errand = pac_errand(s, lane);
  if (!errand) errand = custom_ca_errand(s, lane);
  if (!errand) return false;
  s.retrievals.held[lane] = std::make_unique<Retrieval>(*std::move(s.in(lane)));
  s.in(lane) = std::move(errand);
  if (!s.in(lane)->awaits_roots) send(s, lane);
  return true;
}

void errand_arrived(const Stride& s, const Answered& answer) {
  switch (*s.in(answer.lane)->errand) {
    case Errand::custom_ca:
      return s.put(InstallRoots{answer.lane, answer.body});
    case Errand::pac:
      return pac_arrived(s, answer);
    case Errand::licence:
      return licence_arrived(s, answer);
    case Errand::certificate:
      return certificate_arrived(s, answer);
  }
}

void errand_failed(const Stride& s, Lane lane, const Error& error) {
  switch (*s.in(lane)->errand) {
    case Errand::custom_ca:
      custom_ca_failed(s, s.in(lane)->rule, error, url_asked(s.in(lane)));
      return go_on_behind_roots(s, lane);
    case Errand::pac:
      return pac_failed(s, lane, error);
    case Errand::licence:
      return licence_failed(s, error);
    case Errand::certificate:
      return certificate_failed(s, error);
  }
}

void roots_read(const Stride& s, const RootsRead& read) {
  // Power may have been lost since they were to be read.
  if (!fetches_roots(s.in(read.lane))) return;
  if (!read.roots) return errand_failed(s, read.lane, read.roots.error());
  const auto rule = s.in(read.lane)->rule;
  auto& custom_ca = s.device.custom_ca;
  custom_ca.roots = *read.roots;
  custom_ca.is_by_url = rule == one_time_custom_ca_name;
  if (!custom_ca.is_by_url)
    custom_ca.fetched_print = custom_ca_rule(s.device.parameters, s.device.personality).print;
  custom_ca.last = LastAttempt{s.context.now, true};
  auto told = ended_by(rule);
  told.first_name = custom_ca.roots->first_name;
  told.count = custom_ca.roots->count;
  s.put(std::move(told));
  go_on_behind_roots(s, read.lane);
}

bool begins_custom_ca_by_url(const Stride& s) {
  const auto text = std::exchange(s.device.one_time_custom_ca, {});
  if (text.empty()) return false;
  auto request = custom_ca_request(s, {one_time_custom_ca_name, text, 0});
  if (!request) return false;
  auto& retrieval = s.in(Lane::reports).emplace();
  retrieval.errand = Errand::custom_ca;
  retrieval.rule = one_time_custom_ca_name;
  retrieval.alternative = 1;
  retrieval.request = *std::move(request);
  // What may be trusted is what is about to be said.
  retrieval.has_seen_to_roots = true;
  send(s, Lane::reports);
  return true;
}

}  // namespace provphone::resync::detail
