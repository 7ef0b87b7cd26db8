#pragma once

#include "client/drive/real.hpp"
#include "client/face/sip.hpp"
#include "client/serve/challenge.hpp"

#include <cstddef>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// Takes SIP messages to the phones that they are for, whatever socket brought them.
namespace provphone::client::run {

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

  SipDesk(drive::RealDriver& driver, IsRegistrar is_registrar)
      : driver_(driver), is_registrar_(std::move(is_registrar)) {}

  // The phones that are to be found at an address.
  void place(const std::string& address, std::size_t phone) { at_[address].push_back(phone); }
  std::vector<std::string> addresses() const;

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

  Found find(const std::string& user, const std::string& at, const std::string& sender) const;
  std::vector<SipAct> decide(const face::SipRequest& request, const std::vector<Called>& called,
                             const std::string& asker, face::SipAnswer& answer);
  void remember(const std::string& transaction, const std::string& answer);

  drive::RealDriver& driver_;
  IsRegistrar is_registrar_;
  std::map<std::string, std::vector<std::size_t>> at_;
  serve::Authenticator authenticator_;
  std::map<std::string, std::string> answered_;  // by transaction
  std::deque<std::string> in_order_;             // the oldest transaction first
};

}  // namespace provphone::client::run
