#pragma once

#include "client/transport/dhcp_question.hpp"
#include "resync/time.hpp"

#include <cstdint>
#include <variant>
#include <vector>

// How a phone gets a lease and keeps it, the states of RFC 2131 §4.4 for both versions. Time is an
// argument and nothing is sent here: whoever has the socket does what is returned (R-DHCP-15).
namespace provphone::client::transport::dhcp {

enum class LeaseState : std::uint8_t {
  init,
  selecting,   // DISCOVER is out
  requesting,  // an offer was taken
  bound,
  renewing,
  rebinding,
  informing,  // has an address already, and asks for options alone
  informed,
};

// Which lease a life is about.
enum class Wanted : std::uint8_t { address, options_alone };

struct LeaseLife {
  Wanted wanted = Wanted::address;
  std::uint64_t seed = 0;  // of transactions and of the share by chance of every wait
  // So often a question is asked before it is given up; in a state that has a lease, until it ends.
  unsigned most_tries = 4;

  LeaseState state = LeaseState::init;
  std::uint32_t questions = 0;    // made so far
  std::uint32_t transaction = 0;  // of the question that is out
  unsigned tries = 0;             // of the question that is out
  resync::Time asked{};           // its first try
  resync::Time granted{};         // when what is held was asked for
  resync::Time due = resync::Time::max();
  Terms terms;  // offered, then held; for options alone its address is the phone's own
};

// --- what happens
struct Begin {};     // the phone has its link; what it held is forgotten
struct TimeCame {};  // `due` has; does nothing before it
struct LinkIsDown {};
using LeaseInput = std::variant<Begin, TimeCame, LinkIsDown, Answer>;

// --- what is to be done
struct Ask {  // send it, by broadcast or multicast
  Question question;
};
// The phone has this now; it may be what it had before.
struct Granted {
  Terms terms;
};
struct Lost {};     // the lease ended, or the server took it back; another one is asked for
struct Refused {};  // by a server that said no; an address is asked for again after 10 s
struct GaveUp {};   // nobody answered; the life is in init and `due` never comes
using LeaseOutput = std::variant<Ask, Granted, Lost, Refused, GaveUp>;

// An answer that does not belong to the question that is out does nothing. `due` is then what has
// to be waited for.
std::vector<LeaseOutput> advance(LeaseLife& life, const LeaseInput& input, resync::Time now);

}  // namespace provphone::client::transport::dhcp
