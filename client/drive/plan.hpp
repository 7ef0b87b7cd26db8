#pragma once

#include "resync/brought.hpp"
#include "resync/machine_values.hpp"
#include "resync/time.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace provphone::client::drive {

// What happens to a phone at a time that was planned.
struct Planned {
  resync::Time at;
  std::uint32_t phone;  // its index among the phones
  resync::Event event;
  std::shared_ptr<const resync::Brought> brought{};  // null: nothing comes along with it
};

// All of it, in the order of time. The same happens to very many phones, so that what it is is kept
// once, and each phone's part of it in 16 octets.
class Plan {
 public:
  // What happens, with what comes along; null: nothing.
  enum class Happening : std::uint32_t {};

  Plan() = default;
  Plan(const std::vector<Planned>& all);  // NOLINT(google-explicit-constructor): a list is a plan

  Happening describe(resync::Event event, std::shared_ptr<const resync::Brought> brought);
  void add(resync::Time at, std::uint32_t phone, Happening what) {
    parts_.push_back({at, phone, what});
  }
  void push_back(const Planned& planned) {
    add(planned.at, planned.phone, describe(planned.event, planned.brought));
  }
  // By time, and at one time by phone; what happens to one phone at one time stays in its order.
  void sort();

  std::size_t size() const { return parts_.size(); }
  resync::Time at(std::size_t place) const { return parts_[place].at; }
  Planned operator[](std::size_t place) const;

 private:
  struct Part {
    resync::Time at;
    std::uint32_t phone;
    Happening what;
  };
  struct Described {
    resync::Event event;
    std::shared_ptr<const resync::Brought> brought;
  };

  std::vector<Part> parts_;
  std::vector<Described> described_;
};

}  // namespace provphone::client::drive
