#pragma once

#include "client/drive/phones.hpp"
#include "client/fleet/kinds.hpp"
#include "client/fleet/slice.hpp"
#include "client/run/credentials.hpp"
#include "client/scenario/phones.hpp"

#include <memory>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace provphone::client::fleet {

// What the phones of a scenario have in common, its files read. Shared by all workers.
struct FleetSetup {
  const scenario::Scenario& scenario;
  std::vector<scenario::GroupSetup> groups;
  std::vector<run::GroupCredentials> credentials;  // by group
};

// Fails with what a group's files are refused for. `scenario` must outlive what is returned.
Result<FleetSetup> fleet_setup(const scenario::Scenario& scenario, identity::WallTime now);

// The phones of a slice, each in the space of its machine and a number: everything else follows
// from the scenario, or is its kind's.
class ScenarioPhones final : public drive::Phones, public resync::FileMemory {
 public:
  // `setup` must outlive it.
  ScenarioPhones(const FleetSetup& setup, Slice slice);

  std::size_t count() const override { return resting_.size(); }
  std::uint32_t number(std::size_t index) const override { return slice_.number(index); }
  drive::DrivenPhone take(std::size_t index) override;
  void bring_back(std::size_t index, drive::DrivenPhone phone) override;
  drive::DrivenPhone copy(std::size_t index) const override;
  Result<std::shared_ptr<const identity::TlsIdentity>> tls(std::size_t index) override;
  resync::FileMemory* memory() override { return this; }

  std::optional<resync::Intake> recall(resync::Device& device, std::size_t slot,
                                       std::size_t fingerprint) override;
  void remember(std::uint32_t before, resync::Device& device, std::size_t slot,
                std::size_t fingerprint, const resync::Intake& intake) override;

  std::size_t kinds() const { return kinds_.size(); }

 private:
  static constexpr std::uint32_t untouched = UINT32_MAX;

  struct Resting {
    resync::Phone machine;
    std::uint32_t kind = untouched;              // the kind that new phones of the group are
    std::unique_ptr<resync::Keepsake> keepsake;  // null: few phones remember anything
  };

  // A kind meeting a file.
  struct Meeting {
    std::uint32_t kind;
    std::size_t slot;
    std::size_t file;

    friend bool operator==(const Meeting&, const Meeting&) = default;
  };
  struct MeetingHash {
    std::size_t operator()(const Meeting& meeting) const;
  };
  struct Outcome {
    std::uint32_t kind;
    resync::Intake intake;
  };

  std::size_t group_of(std::size_t index) const;
  drive::DrivenPhone around(std::size_t index, resync::Device device) const;
  drive::DrivenPhone made_of(std::size_t index, std::uint32_t kind) const;
  drive::DrivenPhone untouched_phone(std::size_t index) const;

  const FleetSetup& setup_;
  Slice slice_;
  mutable Kinds kinds_;                 // fills in settings when they are asked for
  std::vector<std::uint32_t> newborn_;  // by group: the kind of its phones before any event
  std::vector<Resting> resting_;
  std::unordered_set<std::size_t> met_once_;
  std::unordered_map<Meeting, Outcome, MeetingHash> outcomes_;
};

}  // namespace provphone::client::fleet
