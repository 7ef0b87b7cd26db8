#pragma once

#include "client/scenario/scenario.hpp"
#include "client/trace/event.hpp"
#include "resync/personality.hpp"
#include "resync/retrieval.hpp"
#include "resync/time.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

// The server of a forecast: one queue, one pace, the answers and the failures that the scenario
// plans (docs/reference/scenario.md, `server` and `trouble`). What an answer means is the phone's
// business (resync/retrieval.hpp). Chance is a function of the seed, the phone and its request
// alone.
namespace provphone::client::forecast {

struct ModelRequest {
  resync::Time at;
  std::uint32_t phone;
  // Of the phone's requests, so that each has its own chance; the same number has the same.
  std::uint32_t number;
  macro::Scheme scheme;
  // What is asked for; null where answers_by_place() says that it makes no difference.
  const resync::Request* what = nullptr;
};

// What the server does with a request. Small and comparable: what phones alike make of equal ones
// is equal.
struct ServerAct {
  enum class Kind : std::uint8_t {
    file,     // it serves the file of the moment
    status,   // it answers with `code`
    corrupt,  // it answers with what is no profile
    fails,    // the exchange comes to nothing, by the Errc `code`
  };

  Kind kind = Kind::file;
  // A status, or the number of an Errc where the exchange fails.
  std::uint16_t code = 200;
  // 1-based, of server.answers; 0: none of them.
  std::uint16_t planned = 0;

  friend bool operator==(const ServerAct&, const ServerAct&) = default;
};

struct ModelAnswer {
  resync::Time at;  // when the phone has it, or gives up; with `octets` the first of them
  ServerAct act;
  // That go over the server's line from `at` on (link.hpp), until when the phone has it; 0: it has
  // it then.
  std::uint64_t octets = 0;
  // How long it waited for its turn; without a queue 0.
  std::int64_t queued_us = 0;
  // The queue was full: it got the overload answer at once.
  bool is_turned_away = false;
};

// What a request comes to at the server's queue; of one that the server is down for, that it did
// not come there.
struct Turn {
  resync::Time served;          // when the server has made the answer
  std::int64_t queued_us = 0;   // how long it waited
  bool is_turned_away = false;  // the queue was full
  std::uint32_t backlog = 0;    // behind it, ServerQueue::backlog
};

// One queue, one pace: a value, of which another moment's may be kept. Without a capacity nothing
// waits.
class ServerQueue {
 public:
  explicit ServerQueue(const std::optional<scenario::Capacity>& capacity);

  // Requests have to come in the order of time.
  Turn take(resync::Time now);
  Turn pass_by(resync::Time now) const { return {now, 0, false, backlog(now)}; }
  // Requests that wait or are being served: one more than `longest` where the queue is full.
  std::uint32_t backlog(resync::Time now) const;

 private:
  std::uint32_t longest_ = 0;
  std::int64_t service_ns_ = 0;  // one request's; 0: there is no queue
  std::int64_t busy_until_ns_ = 0;
};

class ModelServer {
 public:
  // `scenario` must outlive the server.
  explicit ModelServer(const scenario::Scenario& scenario);

  // Whether one phone's answer depends on other phones' requests, which must then come in the order
  // of time.
  bool is_shared() const { return model_.capacity || model_.bandwidth; }

  // Whether what is asked for makes a difference to the answer.
  bool answers_by_place() const;

  // A request that is made now takes its place, unless the server is down: that it has to do in the
  // order of all requests.
  Turn take_turn(resync::Time now);
  // What happens to a request that had that turn. The answer is known at once, and comes later.
  ModelAnswer answer(const ModelRequest& request, const resync::Personality& personality,
                     const Turn& turn) const;
  // Both.
  ModelAnswer ask(const ModelRequest& request, const resync::Personality& personality) {
    return answer(request, personality, take_turn(request.at));
  }

  // Whether there is a queue, so that requests may have to wait in it.
  bool has_queue() const { return model_.capacity.has_value(); }

  // As it is now, and as it was when somebody looked.
  const ServerQueue& queue() const { return queue_; }
  void set_queue(const ServerQueue& queue) { queue_ = queue; }

 private:
  void fail(ModelAnswer& answer, const scenario::Failure& failure, const ModelRequest& request,
            const resync::Personality& personality) const;
  std::uint64_t octets_of(const ServerAct& act, const resync::Request* what) const;
  const scenario::Outage* outage_at(resync::Time now) const;
  std::uint16_t planned_for(const ModelRequest& request) const;
  void act_as_planned(ModelAnswer& answer, const ModelRequest& request,
                      const resync::Personality& personality) const;
  // `lost` is the part of the answer's time that went by with lost datagrams.
  void lose_patience(ModelAnswer& answer, const ModelRequest& request,
                     const resync::Personality& personality, resync::Duration lost) const;
  void lose_all_patience(ModelAnswer& answer, const ModelRequest& request,
                         const resync::Personality& personality) const;
  resync::Duration latency(const ModelRequest& request) const;
  std::optional<Errc> losses(const ModelRequest& request, const resync::Personality& personality,
                             resync::Duration& delay) const;
  std::optional<Errc> trouble(const ModelRequest& request, const resync::Personality& personality,
                              resync::Duration& delay) const;

  const scenario::ServerModel& model_;
  const scenario::Trouble& trouble_;
  std::uint64_t seed_;
  ServerQueue queue_;
};

// When the server's outages begin and end, the last one first.
std::vector<trace::TraceEvent> outages_of(const scenario::ServerModel& model);

// What phones take an act for, in the figures; nothing where they have what they asked for, or are
// sent elsewhere.
std::optional<Errc> failure_of(const ServerAct& act, const resync::Personality& personality);

// The served file's number in scenario.server.profiles at that time, for that request (null: any);
// nothing where none is planned yet, which is an empty profile.
std::optional<std::size_t> served_profile(const scenario::ServerModel& model, std::size_t group,
                                          resync::Time now, const resync::Request* what);

// The files that the modelled server has, as the phones get them.
class ModelFiles {
 public:
  // `scenario` must outlive it.
  explicit ModelFiles(const scenario::Scenario& scenario) : scenario_(scenario) {}

  // Whether all phones of a group get the same file.
  bool is_common(std::optional<std::size_t> profile) const;

  // A flat profile, before any encryption. Valid until the next call. Of one thread.
  const std::string& file(std::optional<std::size_t> profile, std::uint32_t phone);

 private:
  std::string written(std::size_t profile, std::uint32_t phone) const;

  const scenario::Scenario& scenario_;
  std::map<std::pair<std::size_t, std::size_t>, std::string> common_;  // by profile and group
  std::string latest_;
};

// The input that a fetch is answered with where the server has acted so.
resync::Input input_of(const ServerAct& act, const resync::Fetch& fetch,
                       const scenario::ServerModel& model, const std::string& file,
                       const resync::Personality& personality);

// The SRV records that the model has of a name, in the scenario's order. Where it has records of no
// name at all, the domain that was looked for stands for itself, at the scheme's own port; where it
// has others only, name_not_resolved.
Result<std::vector<resync::SrvRecord>> srv_records(const scenario::ServerModel& model,
                                                   const std::string& name);

// What a host's name resolves to in the model: an address to itself, `localhost` to 127.0.0.1;
// empty: it stays a name.
std::string address_of(const std::string& host);

// What the modelled server's PAC file says of every server: the model has one, and no proxies. A
// file that is not its own, since it came spoilt, is none.
Result<std::string> said_by_pac(std::string_view script);

}  // namespace provphone::client::forecast
