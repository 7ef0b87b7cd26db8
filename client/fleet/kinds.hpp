#pragma once

#include "profile/parameter_set.hpp"
#include "resync/keepsake.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <unordered_set>
#include <vector>

// Most phones of a fleet are like many others. What they have in common is kept once.
namespace provphone::client::fleet {

struct Kind {
  std::size_t group;
  profile::ParameterSet parameters;
  resync::FilePrints files;
  std::shared_ptr<const resync::Settings> settings;  // of the parameters; null: nobody asked yet
  resync::RequestMacros recalled;  // what its phones may look at of their last request
  std::uint32_t holders = 0;
};

class Kinds {
 public:
  // Phones of every kind recall `always` of their last request, besides what their parameters ask.
  explicit Kinds(std::size_t groups, resync::RequestMacros always = {})
      : always_(always), bases_(groups) {}

  const Kind& operator[](std::uint32_t kind) const { return kinds_[kind]; }
  std::size_t size() const { return index_.size(); }

  // The kind that `device` has become, held once more.
  std::uint32_t hold(std::size_t group, const resync::Device& device);
  void hold(std::uint32_t kind) { ++kinds_[kind].holders; }
  void release(std::uint32_t kind);

  // Makes a phone what its kind is.
  void assume(resync::Device& device, std::uint32_t kind);
  // Its settings; kept for the next where the kind is shared.
  std::shared_ptr<const resync::Settings> settings(std::uint32_t kind,
                                                   const resync::Personality& personality);

 private:
  using Base = std::shared_ptr<const profile::BaseValues>;

  // The same values with few differences, from a base that phones of the group share.
  profile::ParameterSet compact(std::size_t group, const profile::ParameterSet& parameters);
  std::uint32_t place(Kind kind);

  struct Print {
    const std::deque<Kind>* kinds;
    std::size_t operator()(std::uint32_t kind) const;
  };
  struct Same {
    const std::deque<Kind>* kinds;
    bool operator()(std::uint32_t a, std::uint32_t b) const;
  };

  resync::RequestMacros always_;
  std::deque<Kind> kinds_;  // stay where they are while there are more
  std::vector<std::uint32_t> free_;
  std::unordered_set<std::uint32_t, Print, Same> index_{0, Print{&kinds_}, Same{&kinds_}};
  std::vector<std::vector<Base>> bases_;  // by group
};

}  // namespace provphone::client::fleet
