#pragma once

#include "client/drive/real.hpp"
#include "client/face/sip.hpp"
#include "client/listen/place.hpp"
#include "client/serve/challenge.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

// Takes SIP messages to the phones that they are for, whatever socket brought them.
namespace provphone::client::listen {

// What a phone does once the answer is on its way.
struct SipAct {
  std::size_t phone;
  face::Following following;
};

struct SipTaken {
  std::string answer;  // octets
  std::vector<SipAct> acts;
};

class SipDesk {
 public:
  // Whether a registrar of that phone's was found at an address.
  using IsRegistrar = std::function<bool(std::size_t phone, const std::string& address)>;

  SipDesk(drive::RealDriver& driver, const PhonesByAddress& phones, IsRegistrar is_registrar);

  // Something has happened to the phone, and its lines may have other users by now.
  void observe(std::size_t phone);

  // Nothing where nobody answers: the message is malformed, a response, or an ACK, or no phone that
  // it could be for is up and listens to the sender. A repeated request has the answer that it had,
  // and nothing is done again (R-SIP-05).
  std::optional<SipTaken> take(std::string_view octets, const std::string& at,
                               const face::SipSender& sender);
  void act(const SipTaken& taken);

 private:
  // A phone that is up and has the user, with the line that it is.
  struct Called {
    std::size_t phone;
    int line;
    drive::DrivenPhone as_it_is;
  };
  struct Found {
    std::vector<Called> called;
    bool somebody_is_up = false;
  };

  // What the lines of a phone are called, of one that shares its address.
  struct Users {
    std::string address;  // empty: it has its address for itself, and answers to any name
    std::vector<std::string> users;
    bool is_stale = false;
  };

  Found find(const std::string& user, const std::string& at, const std::string& sender);
  std::vector<std::size_t> candidates(const std::string& user, const std::string& at);
  void look_at_users();
  bool listens(const drive::DrivenPhone& as_it_is, std::size_t phone,
               const std::string& sender) const;
  std::vector<SipAct> decide(const face::SipRequest& request, const std::vector<Called>& called,
                             const std::string& asker, face::SipAnswer& answer);
  void remember(const std::string& transaction, const std::string& answer);

  drive::RealDriver& driver_;
  IsRegistrar is_registrar_;
  PhonesByAddress at_;
  std::vector<Users> users_;  // by phone
  std::vector<std::size_t> stale_;
  // By address and user, so that a request to one of very many does not go through all of them.
  std::unordered_map<std::string, std::set<std::size_t>> by_user_;
  serve::Authenticator authenticator_;
  std::map<std::string, std::string> answered_;  // by transaction
  std::deque<std::string> in_order_;             // the oldest transaction first
};

}  // namespace provphone::client::listen
