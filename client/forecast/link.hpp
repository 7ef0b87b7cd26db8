#pragma once

#include "client/scenario/scenario.hpp"
#include "resync/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

// The modelled server's line to its phones (docs/reference/scenario.md, `server.bandwidth`): the
// answers under way share it equally, as TCP connections over one bottleneck do in the long run.
namespace provphone::client::forecast {

struct TransferId {
  std::uint32_t phone;
  std::uint32_t request;  // its number among the phone's

  friend auto operator<=>(const TransferId&, const TransferId&) = default;
};

struct Transfer {
  TransferId id;
  std::uint64_t octets = 0;
  resync::Time asked{};                      // when the phone asked for it
  resync::Time until = resync::Time::max();  // the phone gives it up then
};

struct Arrival {
  Transfer transfer;
  bool is_given_up = false;  // it was not all there in time
};

// No call may be about a time before that of another one. All of them cost the logarithm of the
// transfers under way.
class Link {
 public:
  explicit Link(const scenario::Bandwidth& bandwidth) : bandwidth_(bandwidth) {}

  // Its first octet leaves now.
  void begin(const Transfer& transfer, resync::Time now);
  // Nobody waits for it any more, and the others have its share; nothing happens where it is over.
  void drop(const TransferId& id, resync::Time now);
  // What has ended by now and was not taken before, in the order of its end.
  std::vector<Arrival> take(resync::Time now);
  // When the next one ends if nothing else begins, rounded up; Time::max(): none is under way.
  resync::Time next() const;

  std::size_t under_way() const { return transfers_.size(); }

 private:
  struct Going {
    Transfer transfer;
    double end;  // on the scale of carried_
  };

  double rate() const;  // of each, octets a millisecond
  void go_on(double until_ms);
  void end(const TransferId& id, bool is_given_up);

  scenario::Bandwidth bandwidth_;
  // All transfers are equally fast at any moment, so that one number has the progress of all: the
  // octets that one which never ended would have got by now_ms_. A transfer ends when that has
  // grown by its own octets.
  double carried_ = 0;
  double now_ms_ = 0;
  std::map<TransferId, Going> transfers_;
  std::set<std::pair<double, TransferId>> ends_;
  std::set<std::pair<resync::Time, TransferId>> given_up_;
  std::vector<Arrival> arrivals_;
};

}  // namespace provphone::client::forecast
