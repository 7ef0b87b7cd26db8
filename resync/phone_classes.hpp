#pragma once

#include "profile/parameter_set.hpp"
#include "resync/saved_state.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_set>
#include <vector>

// Most phones of a run are like many others. What phones of one group have in common is kept once,
// and a phone at rest is the number of its class, its schedule, and what few of them remember.
namespace provphone::resync {

// Phones of one group with equal parameters that have applied the same files last.
struct PhoneClass {
  std::size_t group;
  profile::ParameterSet parameters;
  FileFingerprints files;
  std::shared_ptr<const Settings> settings;  // of the parameters; null: not kept
  RequestMacros recalled;                    // what its phones may look at of their last request
  std::uint32_t holders = 0;                 // a class that nobody holds is gone
};

// Not for more than one thread at a time. Groups are numbered from 0, in the caller's order.
class PhoneClasses {
 public:
  // Phones of every class recall `always` of their last request, besides what their parameters ask.
  explicit PhoneClasses(std::size_t groups, RequestMacros always = {})
      : always_(always), bases_(groups) {}

  // Stays where it is while there are more; valid until the last holder lets it go.
  const PhoneClass& operator[](std::uint32_t number) const { return classes_[number]; }
  std::size_t size() const { return index_.size(); }

  // The class that `device` is of now, held once more. The number of a class that is gone is given
  // to another one.
  std::uint32_t hold(std::size_t group, const Device& device);
  void hold(std::uint32_t number) { ++classes_[number].holders; }
  void release(std::uint32_t number);

  // Gives a device the parameters, settings and files of the class. What else it is stays.
  void adopt(Device& device, std::uint32_t number);
  // Its settings, made when they are asked for; kept for the next where the class is shared, since
  // they cost more room than a phone's own parameters.
  std::shared_ptr<const Settings> settings(std::uint32_t number, const Personality& personality);

 private:
  using Base = std::shared_ptr<const profile::BaseValues>;

  // The same values with few differences, from a base that phones of the group share.
  profile::ParameterSet compact(std::size_t group, const profile::ParameterSet& parameters);
  std::uint32_t place(PhoneClass fresh);

  struct Hash {
    const std::deque<PhoneClass>* classes;
    std::size_t operator()(std::uint32_t number) const;
  };
  struct Equal {
    const std::deque<PhoneClass>* classes;
    bool operator()(std::uint32_t a, std::uint32_t b) const;
  };

  RequestMacros always_;
  std::deque<PhoneClass> classes_;
  std::vector<std::uint32_t> free_;  // numbers of classes that are gone
  std::unordered_set<std::uint32_t, Hash, Equal> index_{0, Hash{&classes_}, Equal{&classes_}};
  std::vector<std::vector<Base>> bases_;  // by group
};

}  // namespace provphone::resync
