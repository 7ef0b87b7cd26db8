#include "client/drive/phones.hpp"

#include <utility>

namespace provphone::client::drive {
namespace {

// What take() moved out leaves an empty place, which nobody may look at before bring_back().
class KeptPhones final : public Phones {
 public:
  explicit KeptPhones(std::vector<DrivenPhone> phones) : phones_(std::move(phones)) {
    for (std::size_t i = 0; i < phones_.size(); ++i) {
      // The number names the phone's random streams (R-RESYNC-19): the same phones draw the same.
      phones_[i].machine.index = static_cast<std::uint32_t>(i);
      if (!phones_[i].device.settings) phones_[i].device.settings_changed();
    }
  }

  std::size_t count() const override { return phones_.size(); }
  std::uint32_t number(std::size_t index) const override {
    return static_cast<std::uint32_t>(index);
  }
  DrivenPhone take(std::size_t index) override { return std::move(phones_[index]); }
  void bring_back(std::size_t index, DrivenPhone phone) override {
    phones_[index] = std::move(phone);
  }
  DrivenPhone copy(std::size_t index) const override { return phones_[index]; }
  // Few phones have theirs from the beginning; one without has none.
  Result<std::shared_ptr<const identity::TlsIdentity>> tls(std::size_t /*index*/) override {
    return nullptr;
  }

 private:
  std::vector<DrivenPhone> phones_;
};

}  // namespace

std::shared_ptr<Phones> kept_phones(std::vector<DrivenPhone> phones) {
  return std::make_shared<KeptPhones>(std::move(phones));
}

}  // namespace provphone::client::drive
