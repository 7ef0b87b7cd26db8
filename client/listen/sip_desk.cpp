#include "client/listen/sip_desk.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace provphone::client::listen {
namespace {

// Far more than can be repeated within the half minute that RFC 3261 gives a transaction.
constexpr std::size_t most_transactions = 4096;

std::string transaction_of(const face::SipRequest& request, const std::string& at,
                           const face::SipSender& sender) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", at, sender.address, request.method,
                     request.branch, request.call_id, request.cseq, request.from);
}

std::string key_of(const std::string& address, const std::string& user) {
  return address + '\n' + user;
}

}  // namespace

SipDesk::SipDesk(drive::RealDriver& driver, const PhonesByAddress& phones, IsRegistrar is_registrar)
    : driver_(driver),
      is_registrar_(std::move(is_registrar)),
      at_(phones),
      users_(driver.phone_count()) {
  for (const auto& [address, sharing] : at_) {
    if (sharing.size() == 1) continue;
    for (const auto phone : sharing) {
      users_[phone].address = address;
      observe(phone);
    }
  }
}

// --- who is meant

void SipDesk::observe(std::size_t phone) {
  auto& known = users_[phone];
  if (known.address.empty() || std::exchange(known.is_stale, true)) return;
  stale_.push_back(phone);
}

// Not before somebody asks: much may happen to a phone until then.
void SipDesk::look_at_users() {
  for (const auto phone : std::exchange(stale_, {})) {
    auto& known = users_[phone];
    known.is_stale = false;
    auto users = face::users_of(driver_.phone(phone).device);
    if (users == known.users) continue;
    for (const auto& user : known.users) {
      const auto before = by_user_.find(key_of(known.address, user));
      before->second.erase(phone);
      if (before->second.empty()) by_user_.erase(before);
    }
    for (const auto& user : users) by_user_[key_of(known.address, user)].insert(phone);
    known.users = std::move(users);
  }
}

std::vector<std::size_t> SipDesk::candidates(const std::string& user, const std::string& at) {
  const auto& here = at_.at(at);
  if (here.size() == 1) return here;
  look_at_users();
  const auto found = by_user_.find(key_of(at, user));
  if (found == by_user_.end()) return {};
  return {found->second.begin(), found->second.end()};
}

bool SipDesk::listens(const drive::DrivenPhone& as_it_is, std::size_t phone,
                      const std::string& sender) const {
  // Else nobody is at home.
  if (!resync::is_reachable(as_it_is.machine)) return false;
  return !face::is_barred(sender, as_it_is.device) || is_registrar_(phone, sender);
}

// R-SIP-02: who is alone at an address is meant, by whatever name.
SipDesk::Found SipDesk::find(const std::string& user, const std::string& at,
                             const std::string& sender) {
  Found found;
  const auto& here = at_.at(at);
  for (const auto phone : candidates(user, at)) {
    auto as_it_is = driver_.phone(phone);
    if (!listens(as_it_is, phone, sender)) continue;
    auto line = face::line_of(user, as_it_is.device);
    if (!line && here.size() == 1) line = 1;
    if (line) found.called.push_back({phone, *line, std::move(as_it_is)});
  }
  found.somebody_is_up =
      !found.called.empty() || std::any_of(here.begin(), here.end(), [&](std::size_t phone) {
        return listens(driver_.phone(phone), phone, sender);
      });
  return found;
}

// --- what is said

// The answer is the first phone's; a login that several phones share is shown once, for all of
// them.
std::vector<SipAct> SipDesk::decide(const face::SipRequest& request,
                                    const std::vector<Called>& called, const std::string& asker,
                                    face::SipAnswer& answer) {
  std::vector<SipAct> acts;
  std::optional<resync::Login> shown;
  bool has_answer = false;
  for (const auto& each : called) {
    const auto& device = each.as_it_is.device;
    const auto wanted = face::sip_login_wanted(request, each.line, device);
    if (wanted && wanted != shown) {
      auto challenge =
          authenticator_.challenge({serve::Scheme::digest, wanted->user, wanted->password},
                                   {request.authorization, request.method, request.digest_uri});
      if (challenge) {
        if (!has_answer) answer = face::sip_challenge(*std::move(challenge));
        has_answer = true;
        continue;
      }
      shown = wanted;
    }
    auto own = face::answer(request, device, asker);
    if (own.following) acts.push_back({each.phone, *own.following});
    if (!has_answer) answer = std::move(own);
    has_answer = true;
  }
  return acts;
}

void SipDesk::remember(const std::string& transaction, const std::string& answer) {
  if (!answered_.emplace(transaction, answer).second) return;
  in_order_.push_back(transaction);
  if (in_order_.size() <= most_transactions) return;
  answered_.erase(in_order_.front());
  in_order_.pop_front();
}

std::optional<SipTaken> SipDesk::take(std::string_view octets, const std::string& at,
                                      const face::SipSender& sender) {
  const auto request = face::parse_sip_request(octets, sender);
  if (!request || request->method == "ACK") return std::nullopt;
  const auto transaction = transaction_of(*request, at, sender);
  if (const auto before = answered_.find(transaction); before != answered_.end())
    return SipTaken{before->second, {}};
  const auto found = find(request->user, at, sender.address);
  if (!found.somebody_is_up) return std::nullopt;
  auto answer = face::sip_nobody();
  SipTaken taken;
  taken.acts = decide(*request, found.called, sender.address, answer);
  taken.answer = face::sip_answer_octets(*request, answer.status, answer.reason, answer.headers);
  remember(transaction, taken.answer);
  return taken;
}

void SipDesk::act(const SipTaken& taken) {
  for (const auto& [phone, following] : taken.acts)
    driver_.happens(phone, following.event, following.brought);
}

}  // namespace provphone::client::listen
