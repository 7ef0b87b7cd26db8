#pragma once

#include "client/drive/phones.hpp"
#include "client/fleet/certificates_ahead.hpp"
#include "client/fleet/packed_machines.hpp"
#include "client/fleet/slice.hpp"
#include "client/run/credentials.hpp"
#include "client/scenario/phones.hpp"
#include "resync/phone_classes.hpp"

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
Result<FleetSetup> fleet_setup(const scenario::Scenario& scenario, identity::WallTime now,
                               const identity::Keeping& keeping);

// The phones of a slice, each in the space of its machine and a number: everything else follows
// from the scenario, or is its class's.
class ScenarioPhones final : public drive::Phones, public resync::FileCache {
 public:
  // `setup` must outlive it.
  ScenarioPhones(const FleetSetup& setup, Slice slice);

  std::size_t count() const override { return machines_.count(); }
  std::uint32_t number(std::size_t index) const override { return slice_.number(index); }
  drive::DrivenPhone take(std::size_t index) override;
  void bring_back(std::size_t index, drive::DrivenPhone phone) override;
  drive::DrivenPhone copy(std::size_t index) const override;
  Result<std::shared_ptr<const identity::TlsIdentity>> tls(std::size_t index) override;
  resync::FileCache* file_cache() override { return this; }

  std::optional<resync::ApplyResult> apply_known(resync::Device& device, std::size_t slot,
                                                 std::size_t fingerprint) override;
  void remember(std::uint32_t before, resync::Device& device, std::size_t slot,
                std::size_t fingerprint, const resync::ApplyResult& result) override;

  // Their certificates, before they are asked for.
  CertificatesAhead& certificates_ahead() { return ahead_; }

  std::size_t classes() const { return classes_.size(); }

 private:
  static constexpr std::uint32_t untouched = UINT32_MAX;

  // A file that comes to a phone of a class.
  struct CacheKey {
    std::uint32_t phone_class;
    std::size_t slot;
    std::size_t file;

    friend bool operator==(const CacheKey&, const CacheKey&) = default;
  };
  struct CacheKeyHash {
    std::size_t operator()(const CacheKey& key) const;
  };
  struct Outcome {
    std::uint32_t phone_class;
    resync::ApplyResult result;
  };

  std::size_t group_of(std::size_t index) const;
  drive::DrivenPhone around(std::size_t index, resync::Device device) const;
  drive::DrivenPhone made_of(std::size_t index, std::uint32_t phone_class) const;
  drive::DrivenPhone untouched_phone(std::size_t index) const;

  const FleetSetup& setup_;
  Slice slice_;
  mutable resync::PhoneClasses classes_;      // fills in settings when they are asked for
  std::vector<std::uint32_t> initial_class_;  // by group: the class of its phones before any event
  PackedMachines machines_;
  std::vector<std::uint32_t> class_of_;  // by phone; untouched: the one of new phones of the group
  // By phone, where any has ever remembered something: few do, and in most runs none.
  std::vector<std::unique_ptr<resync::SavedState>> saved_states_;
  CertificatesAhead ahead_;
  std::unordered_set<std::size_t> met_once_;
  std::unordered_map<CacheKey, Outcome, CacheKeyHash> outcomes_;
};

}  // namespace provphone::client::fleet
