#include "resync/detail/stride.hpp"

#include <memory>
#include <utility>

// What a phone fetches for itself before the file that a rule asks for. The retrieval under way
// waits meanwhile (Retrievals::held) and goes on whatever comes of the errand: a failed one is no
// failure of the rule, unless the knob bad_pac says so.
namespace provphone::resync::detail {
namespace {

CustomCaEnded ended(const Stride& s) {
  CustomCaEnded ended;
  ended.rule = custom_ca_rule(s.device.parameters, s.device.personality).parameter;
  return ended;
}

// What is installed stays as it was: nothing of a file counts that is not all in order.
void custom_ca_failed(const Stride& s, const Error& error, std::string url) {
  s.device.custom_ca.last = CustomCa::Attempt{s.context.now, false};
  auto told = ended(s);
  told.error = error;
  told.url = std::move(url);
  s.put(std::move(told));
}

// R-TLS-19: who takes the rule away takes the trust away.
void remove_custom_ca(const Stride& s) {
  if (!s.device.custom_ca.roots) return;
  s.device.custom_ca = {};
  s.put(ended(s));
}

// The request of the errand that is due; nothing where none is, or where its rule leads nowhere,
// which has been told then.
std::optional<Request> custom_ca_request(const Stride& s, const CustomCaRule& rule) {
  auto plan = plan_profile_rule(rule.text, s.device.macros(), s.device.lease);
  if (!plan) {
    custom_ca_failed(s, plan.error(), {});
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

// The lane whose errand it is; nothing: none is under way.
std::optional<Lane> lane_of_roots(const Stride& s) {
  for (const auto lane : {Lane::work, Lane::reports}) {
    if (fetches_roots(s.in(lane))) return lane;
  }
  return std::nullopt;
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
    remove_custom_ca(s);
    return std::nullopt;
  }
  if (s.device.custom_ca.fetched_print == rule.print) return std::nullopt;
  Retrieval errand;
  errand.errand = Errand::custom_ca;
  if (lane_of_roots(s)) {
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
  if (s.in(lane)->errand) return false;
  auto errand = pac_errand(s, lane);
  if (!errand) errand = custom_ca_errand(s, lane);
  if (!errand) return false;
  s.retrievals.held[lane] = std::make_unique<Retrieval>(*std::move(s.in(lane)));
  s.in(lane) = std::move(errand);
  if (!s.in(lane)->awaits_roots) send(s, lane);
  return true;
}

void errand_arrived(const Stride& s, const Answered& answer) {
  if (s.in(answer.lane)->errand == Errand::pac) return pac_arrived(s, answer);
  s.put(InstallRoots{answer.body});
}

void errand_failed(const Stride& s, Lane lane, const Error& error) {
  if (s.in(lane)->errand == Errand::pac) return pac_failed(s, lane, error);
  custom_ca_failed(s, error, url_asked(s.in(lane)));
  go_on_behind_roots(s, lane);
}

void roots_read(const Stride& s, const RootsRead& read) {
  const auto lane = lane_of_roots(s);
  // Power may have been lost since they were to be read.
  if (!lane) return;
  if (!read.roots) return errand_failed(s, *lane, read.roots.error());
  auto& custom_ca = s.device.custom_ca;
  custom_ca.roots = *read.roots;
  custom_ca.fetched_print = custom_ca_rule(s.device.parameters, s.device.personality).print;
  custom_ca.last = CustomCa::Attempt{s.context.now, true};
  auto told = ended(s);
  told.first_name = custom_ca.roots->first_name;
  told.count = custom_ca.roots->count;
  s.put(std::move(told));
  go_on_behind_roots(s, *lane);
}

}  // namespace provphone::resync::detail
