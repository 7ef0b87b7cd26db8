#include "client/run/sip_desk.hpp"

#include <fmt/format.h>

#include <utility>

namespace provphone::client::run {
namespace {

// Far more than can be repeated within the half minute that RFC 3261 gives a transaction.
constexpr std::size_t most_transactions = 4096;

std::string transaction_of(const face::SipRequest& request, const std::string& at,
                           const face::SipSender& sender) {
  return fmt::format("{}\n{}\n{}\n{}\n{}\n{}\n{}", at, sender.address, request.method,
                     request.branch, request.call_id, request.cseq, request.from);
}

bool is_same(const resync::Login& a, const resync::Login& b) {
  return a.user == b.user && a.password == b.password;
}

}  // namespace

std::vector<std::string> SipDesk::addresses() const {
  std::vector<std::string> addresses;
  for (const auto& [address, phones] : at_) addresses.push_back(address);
  return addresses;
}

// R-SIP-02: who is alone at an address is meant, by whatever name.
SipDesk::Found SipDesk::find(const std::string& user, const std::string& at,
                             const std::string& sender) const {
  Found found;
  const auto place = at_.find(at);
  if (place == at_.end()) return found;
  for (const auto phone : place->second) {
    auto as_it_is = driver_.phone(phone);
    // Nobody is at home.
    if (!resync::is_reachable(as_it_is.machine)) continue;
    if (face::blocks_others(as_it_is.device) && !is_registrar_(phone, sender)) continue;
    found.somebody_is_up = true;
    auto line = face::line_of(user, as_it_is.device);
    if (!line && place->second.size() == 1) line = 1;
    if (line) found.called.push_back({phone, *line, std::move(as_it_is)});
  }
  return found;
}

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
    if (wanted && !(shown && is_same(*wanted, *shown))) {
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

}  // namespace provphone::client::run
