#include "client/face/registration.hpp"

#include "client/face/register_request.hpp"
#include "profile/hash.hpp"
#include "resync/random.hpp"

#include <algorithm>
#include <utility>

namespace provphone::client::face {
namespace {

using namespace std::chrono_literals;
using resync::Time;
using State = Registration::State;
using Turn = RegistrationStep::Turn;

void count_request(Registration& registration) {
  ++registration.sequence;
  if (registration.server.challenge) ++registration.server.uses;
  if (registration.proxy.challenge) ++registration.proxy.uses;
}

// R-SIP-10
RegistrationStep ask(Registration& registration, Time now) {
  count_request(registration);
  const auto& terms = registration.terms;
  registration.state = State::asking;
  registration.interval = terms.t1;
  registration.given_up_at = now + terms.patience;
  const auto again = terms.transport == SipTransport::udp ? now + terms.t1 : Time::max();
  registration.due = std::min(again, registration.given_up_at);
  return {.sends = true};
}

// R-SIP-09: an answer that was wrong is not given twice; one that came too late is, once.
bool answers(resync::LoginTalk& talk, const std::vector<std::string>& headers,
             const RegistrationTerms& terms) {
  const auto challenges = resync::read_challenges(headers);
  const auto known = std::ranges::find_if(challenges, [&](const resync::Challenge& each) {
    return each.scheme == resync::Challenge::Scheme::digest &&
           (each.hash == profile::Hash::md5 ||
            terms.algorithms == resync::DigestAlgorithms::md5_sha256);
  });
  if (known == challenges.end() || terms.account.empty()) return false;
  if (talk.answered >= (known->is_stale ? 2 : 1)) return false;
  talk = {*known, talk.answered + 1, 0};
  return true;
}

// R-SIP-11: whoever says for how long at least is asked for that.
bool raises(Registration& registration, const SipResponse& response) {
  const auto least = std::min<std::chrono::seconds>(
      std::chrono::seconds(response.min_expires.value_or(0)), registration.terms.longest);
  if (registration.has_raised || least <= registration.wanted) return false;
  registration.has_raised = true;
  registration.wanted = registration.least = least;
  return true;
}

// R-SIP-11: what the phone's own Contact says comes first; registrars tell those of others too.
std::chrono::seconds granted(const Registration& registration, const SipResponse& response,
                             const SipPlace& at) {
  auto granted = response.expires;
  for (const auto& binding : response.bindings) {
    const bool is_own = binding.user == registration.terms.user && binding.host == at.address &&
                        binding.port == at.port;
    if ((is_own || response.bindings.size() == 1) && binding.expires) granted = binding.expires;
  }
  const auto span = granted ? std::chrono::seconds(*granted) : registration.wanted;
  return std::max<std::chrono::seconds>({span, registration.terms.shortest, 1s});
}

// R-SIP-11: early enough for a try that nobody answers, and never later than half-way through a
// short one.
resync::Duration renewed_after(resync::Duration lifetime, resync::Duration patience) {
  const auto margin = std::max(lifetime / 10, patience + 4s);
  return lifetime - std::min<resync::Duration>(margin, lifetime / 2);
}

RegistrationStep bound(Registration& registration, const SipResponse& response, const SipPlace& at,
                       Time now) {
  const resync::Duration lifetime = granted(registration, response, at);
  RegistrationStep step;
  if (!registration.is_bound) step.said = {true, response.status, {}, response.reason, lifetime};
  if (registration.is_lost) step.turn = Turn::restored;
  registration.state = State::registered;
  registration.is_bound = true;
  registration.is_lost = false;
  registration.failures = 0;
  registration.due = now + renewed_after(lifetime, registration.terms.patience);
  return step;
}

std::chrono::seconds spread_by(const Registration& registration, std::chrono::seconds most) {
  const auto drawn = resync::mix(registration.seed + registration.failures);
  return std::chrono::seconds(drawn % (static_cast<std::uint64_t>(most.count()) + 1));
}

// R-SIP-12: Reg_Retry_Intvl, which doubles with each failure where it has a cap.
std::chrono::seconds short_wait(const Registration& registration) {
  const auto& terms = registration.terms;
  auto wait = std::max<std::chrono::seconds>(terms.retry, 1s);
  for (std::uint32_t i = 1; i < registration.failures && wait < terms.retry_cap; ++i) wait *= 2;
  if (terms.retry_cap > 0s) wait = std::min(wait, std::max(terms.retry_cap, terms.retry));
  return wait + spread_by(registration, terms.retry_spread);
}

// R-SIP-12: nothing: never again.
std::optional<std::chrono::seconds> wait_after(const Registration& registration,
                                               const SipResponse& response) {
  constexpr int unavailable = 503;
  constexpr std::uint32_t most = 86'400;
  const auto& terms = registration.terms;
  if (response.status == unavailable && response.retry_after.value_or(0) > 0)
    return std::chrono::seconds(std::min(*response.retry_after, most));
  if (names_status(terms.retried_statuses, response.status)) return short_wait(registration);
  if (terms.long_retry == 0s) return std::nullopt;
  return terms.long_retry + spread_by(registration, terms.long_retry_spread);
}

RegistrationStep failed(Registration& registration, RegistrationSaid said,
                        std::optional<std::chrono::seconds> wait, Time now) {
  RegistrationStep step;
  step.said = std::move(said);
  if (!registration.is_lost) step.turn = Turn::lost;
  registration.is_lost = true;
  registration.is_bound = false;
  registration.state = wait ? State::refused : State::given_up;
  registration.due = wait ? now + *wait : Time::max();
  return step;
}

}  // namespace

RegistrationStep begin(Registration& registration, Time now) {
  registration.has_raised = false;
  registration.server.answered = registration.proxy.answered = 0;
  registration.wanted =
      std::max<std::chrono::seconds>({registration.terms.expires, registration.least, 1s});
  return ask(registration, now);
}

RegistrationStep take(Registration& registration, const SipResponse& response, const SipPlace& at,
                      Time now) {
  const bool is_ours = registration.state == State::asking &&
                       response.sequence == registration.sequence &&
                       response.branch == branch_of(registration);
  if (!is_ours) return {};
  if (response.status < 200) {
    registration.interval = registration.terms.t2;
    return {};
  }
  if (response.status < 300) return bound(registration, response, at, now);
  const auto& terms = registration.terms;
  if ((response.status == 401 && answers(registration.server, response.challenges, terms)) ||
      (response.status == 407 && answers(registration.proxy, response.proxy_challenges, terms)) ||
      (response.status == 423 && raises(registration, response)))
    return ask(registration, now);
  ++registration.failures;
  return failed(registration, {false, response.status, {}, response.reason},
                wait_after(registration, response), now);
}

RegistrationStep deadline_reached(Registration& registration, Time now) {
  if (now < registration.due) return {};
  if (registration.state != State::asking) return begin(registration, now);
  if (now >= registration.given_up_at)
    return not_asked(registration, {Errc::transfer_timeout, "no answer"}, now);
  registration.interval =
      std::min<resync::Duration>(registration.interval * 2, registration.terms.t2);
  registration.due = std::min(now + registration.interval, registration.given_up_at);
  return {.sends = true};
}

RegistrationStep not_asked(Registration& registration, const Error& why, Time now) {
  RegistrationSaid said{false, {}, why.code, why.detail};
  const bool is_open = why.code == Errc::target_refused || why.code == Errc::url_syntax ||
                       why.code == Errc::unsupported_scheme;
  if (is_open) {
    registration.state = State::given_up;
    registration.due = Time::max();
    return {.said = std::move(said)};
  }
  ++registration.failures;
  return failed(registration, std::move(said), short_wait(registration), now);
}

bool take_back(Registration& registration) {
  if (!registration.is_bound) return false;
  registration.wanted = 0s;
  registration.is_bound = false;
  registration.state = State::given_up;
  registration.due = Time::max();
  count_request(registration);
  return true;
}

}  // namespace provphone::client::face
