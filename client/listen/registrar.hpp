#pragma once

#include "client/drive/real.hpp"
#include "client/drive/timer_wheel.hpp"
#include "client/face/line.hpp"
#include "client/face/register_request.hpp"
#include "client/transport/name_service.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// Has the lines of phones register (behaviour rules R-SIP-08 to R-SIP-12): which of them
// are there, when each asks, and whom. What a registration decides is for
// client/face/registration.hpp, and phones hear of it by RegistrationLost and RegistrationRestored.
namespace provphone::client::listen {

// A phone's index and its line, from 1 on.
using PhoneLine = std::pair<std::size_t, int>;

// A request of a phone's own.
struct SipOutgoing {
  PhoneLine of;  // whose connection it takes, over TCP
  face::SipTransport transport = face::SipTransport::udp;
  std::string from;  // the address of the phone's that listens
  boost::asio::ip::address to;
  std::uint16_t port = 0;
  std::string octets;  // secret
};

// How requests leave: by the sockets that take what comes to phones.
class SipCarrier {
 public:
  virtual ~SipCarrier() = default;
  // Fails with host_unreachable where it is known at once that nothing leaves. Over TCP
  // Registrar::broke() is called later, and not from within.
  virtual Result<void> send(SipOutgoing outgoing) = 0;
  // The connection of that line is closed, once what was sent is gone. It need not have one.
  virtual void hang_up(PhoneLine of) = 0;
};

class Registrar {
 public:
  // All must outlive it, but for `network`. `tell` takes the lines of the trace and must not be
  // empty.
  Registrar(boost::asio::io_context& loop, drive::RealDriver& driver, transport::Network network,
            trace::TraceSink tell, SipCarrier& carrier);
  Registrar(const Registrar&) = delete;
  Registrar& operator=(const Registrar&) = delete;

  // Phones take SIP there, each at its address; 0.0.0.0 is whichever the way to a registrar has.
  // To be called once, before anything else.
  void begin(std::vector<std::string> addresses, std::uint16_t port);

  // What happens to a phone, by its index. Every event, as it happens.
  void observe(std::size_t phone, const trace::TraceEvent& event);
  // An answer that came to any of them.
  void take(const face::SipResponse& response);
  // The line's connection is gone.
  void broke(PhoneLine of, const Error& why);

  // Whether a registrar of the phone's was found there (R-SIP-13).
  bool is_registrar_of(std::size_t phone, const std::string& address) const;

 private:
  // Why what a phone had is over.
  enum class Left : std::uint8_t { by_restart, by_power_cut, by_link };
  struct Line {
    face::Registration registration;
    resync::Naming naming;
    face::SipPlace at;                             // as it asked last
    std::optional<boost::asio::ip::address> peer;  // that was asked last, at `port`
    std::uint16_t port = 0;
    std::optional<Error> cannot;  // it has no terms, for that
  };
  struct Phone {
    std::string address;
    bool is_marked = false;  // look() is to come
    std::optional<Left> left;
    bool has_looked = false;  // at what the lines have, since it came up
    std::array<bool, face::most_lines> lost{};
  };

  void mark(std::size_t phone);
  void look(std::size_t phone);
  void look_at_line(PhoneLine of, const drive::DrivenPhone& seen);
  void depart(PhoneLine of, Left how);
  Line& arrive(PhoneLine of, const drive::DrivenPhone& seen);
  void follow(PhoneLine of, const face::RegistrationStep& step);
  void tell(PhoneLine of, const face::RegistrationSaid& said);
  void ask(PhoneLine of);
  void found(PhoneLine of, const std::string& host, const Result<transport::Addresses>& addresses);
  Result<void> carry(PhoneLine of, const Line& line);
  void refuse(PhoneLine of, const Error& why);
  void ring();
  void arm();
  static std::uint32_t timer_of(PhoneLine of);

  boost::asio::io_context& loop_;
  drive::RealDriver& driver_;
  transport::Network network_;
  transport::NameService names_;
  trace::TraceSink tell_;
  SipCarrier& carrier_;
  boost::asio::steady_timer timer_;
  std::uint16_t port_ = 0;
  std::vector<Phone> phones_;
  std::map<PhoneLine, Line> lines_;
  std::map<std::string, PhoneLine> by_call_id_;
  drive::TimerWheel deadlines_;
  std::shared_ptr<char> alive_ = std::make_shared<char>();
};

}  // namespace provphone::client::listen
