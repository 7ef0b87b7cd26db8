#pragma once

#include "client/drive/phone.hpp"
#include "client/identity/roots.hpp"
#include "client/trace/event.hpp"
#include "resync/brought.hpp"
#include "resync/local_time.hpp"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// What brings a phone's two machines (resync/machine.hpp, resync/retrieval.hpp) together with a
// world, the same for every driver. docs/architecture.md has a picture of it.
namespace provphone::client::drive {

// A person sets parameters at the phone; at one that is down nobody does (resync::missed).
struct SetByHand {
  std::vector<macro::Assignment> assignments;
  resync::ByHand how = resync::ByHand::set;
};

// Somebody asks for a pass or an upgrade with a rule of its own (R-RESYNC-42, R-UPGRADE-10).
struct AskWithRule {
  // ResyncRequested, whose scope is one_time_rule, UpgradeRequested or CustomCaRequested
  resync::Event request;
  std::string rule;
};

// A DHCP server grants the phone this, which may be down (R-DHCP-10).
struct Grant {
  resync::Lease lease;
};

// What happens to a phone.
using Stimulus = std::variant<resync::Event, resync::Input, SetByHand, AskWithRule, Grant>;

// What a driver is to the phones that it drives: what they want done is done here, in real time, in
// virtual time or from a record. No member may hand anything to the conductor but by post().
class World {
 public:
  virtual ~World() = default;

  // The phone, awake until settled(); it stays where it is as long. Asked for only while something
  // that happens to it is being taken.
  virtual Handset& handset(std::size_t index) = 0;
  virtual resync::Depth depth(std::size_t index) const = 0;
  // Null: nobody remembers what files came to.
  virtual resync::FileCache* file_cache() = 0;

  // --- what phones want
  // To be answered by posting Answered, Failed or NotAsked, with Resolved before the first two; at
  // any time later, or from within.
  virtual void fetch(std::size_t index, resync::Fetch fetch) = 0;
  // No answer to the lane's fetch may be posted any more, nor of its PAC file, nor to a look-up
  // where it is the lane of work.
  virtual void cancel(std::size_t index, resync::Lane lane) = 0;
  // To be answered by posting NamesFound.
  virtual void look_up(std::size_t index, const resync::LookUp& wanted) = 0;
  // To be answered by posting PacSaid.
  virtual void ask_pac(std::size_t index, const resync::AskPac& wanted) = 0;
  // To be answered by posting CertificateRequestMade (R-CERT-07).
  virtual void request_certificate(std::size_t index) = 0;
  // To be answered by posting CertificateRead (R-CERT-08).
  virtual void install_certificate(std::size_t index, const resync::InstallCertificate& wanted) = 0;
  // `line` is the message's in the trace, for when its fate is known.
  virtual void send_log(std::size_t index, const resync::Log& log, trace::TraceEvent line) = 0;

  // --- what is told of them
  // What was posted by this world is being taken now; told before anything follows from it.
  virtual void taking(std::size_t /*index*/, const Stimulus& /*what*/) {}
  // Asked before a line is made, so that none is made in vain.
  virtual bool wants(std::size_t index, trace::EventKind kind) const = 0;
  // In the order of the decisions.
  virtual void emit(std::size_t index, trace::TraceEvent&& line) = 0;
  // What one step decided, before its lines.
  virtual void stepped(std::size_t index, const resync::Effects& effects) = 0;
  // A profile was decoded: as it is behind decryption and unpacking. The views hold during the
  // call. Not told of a file that was recognised and not decoded again.
  virtual void document(std::size_t index, std::string_view document, const macro::Url& from) = 0;

  // All that happened to the phone has been taken, and its machine's `due` counts again.
  virtual void settled(std::size_t index) = 0;
};

// An event with what comes along with it; null: nothing does. What is brought has to be what the
// event takes: settings for ParametersChanged, a lease for LeaseChanged, a rule for the requests of
// AskWithRule.
Stimulus stimulus_of(const resync::Event& event, const resync::Brought* brought);

// What holds for a whole run.
struct Premises {
  std::uint64_t seed = 0;
  resync::WallClock wall;
  // Of reports (R-REPORT-03): random with real servers, a function of the seed in a forecast.
  resync::SaltKey salt{};
};

// Lets things happen to phones, one after the other, each with all that follows from it at once:
// the two machines take it, the world does what they want, and what was decided is told in the
// order of the decisions. Nothing is taken from inside the taking of something else.
class Conductor {
 public:
  // `world` must outlive it.
  Conductor(World& world, Premises premises) : world_(world), premises_(std::move(premises)) {}

  // To be called from anywhere, drain() included.
  void post(std::size_t index, Stimulus what) {
    queue_.push_back({index, std::move(what), By::world});
  }

  // Until nothing is left. `now` is the one time of all that happens; it never goes back. Called
  // from inside itself, it leaves everything to the outer call.
  void drain(resync::Time now);

  bool is_draining() const { return is_draining_; }
  resync::Time now() const { return now_; }  // of the drain that runs, or ran last
  // What the machine is stepped with; refers to all three, and to the phone's settings.
  resync::Shared shared(const DrivenPhone& phone, const macro::Lookup& facts) const;

 private:
  friend struct Performance;

  // Who had it happen: what follows from something is the machines' own.
  enum class By : std::uint8_t { world, machines };
  struct Posted {
    std::size_t index;
    Stimulus what;
    By by;
  };

  void follow(std::size_t index, Stimulus what) {
    queue_.push_back({index, std::move(what), By::machines});
  }
  void take(std::size_t index, const resync::Event& event);
  void take(std::size_t index, const resync::Input& input);
  void take(std::size_t index, const SetByHand& set);
  void take(std::size_t index, const AskWithRule& ask);
  void take(std::size_t index, const Grant& grant);
  void tell_event(std::size_t index, const resync::Event& event, std::string text = {});
  resync::Effects let_step(std::size_t index, const resync::Event& event);
  void tell_effects(std::size_t index, const resync::Effects& effects);
  void settle();

  World& world_;
  Premises premises_;
  std::vector<Posted> queue_;
  std::size_t taken_ = 0;             // so many of them
  std::vector<std::size_t> touched_;  // not settled yet, each once
  identity::RootReader roots_;
  resync::Outputs outputs_;  // of the input that is being taken
  bool is_draining_ = false;
  resync::Time now_{};
};

}  // namespace provphone::client::drive
