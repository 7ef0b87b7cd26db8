#include "client/serve/tftp_transfer.hpp"

#include <utility>

namespace provphone::client::serve {
namespace {

// As HTTP takes it.
constexpr std::size_t largest_upload = std::size_t{8} << 20;

// One file on its way from a client: a report. Each block is acknowledged, the last one again for a
// client that has missed it.
class Receiver final : public TftpTransfer {
 public:
  Receiver(TftpOpening opening, std::string path)
      : TftpTransfer(std::move(opening)),
        path_(std::move(path)),
        agreement_(agree(asked().request, announced_octets(asked().request))) {
    if (agreement_.timeout_seconds) {
      set_patience(std::chrono::seconds{*agreement_.timeout_seconds});
    }
  }

 private:
  void begin() override {
    say(agreement_.options.empty() ? format_acknowledgement(0) : format_options(agreement_));
  }

  void handle(std::string_view packet) override {
    const auto data = data_of(packet);
    if (!data) return;
    if (data->block == block_ && block_ > 0) return say_again();
    if (complete_ || data->block != static_cast<std::uint16_t>(block_ + 1)) return;
    if (stalls(Where::body)) return fall_silent();
    take(*data);
  }

  void take(const DataPacket& data) {
    if (content_.size() + data.content.size() > largest_upload) {
      return say_last(error_packet({TftpError::disk_full, 413}), 413);
    }
    content_ += data.content;
    ++block_;
    complete_ = data.content.size() < agreement_.block_octets;
    if (complete_) return finish();
    say(format_acknowledgement(block_));
  }

  void finish() {
    // Stored before the last block is acknowledged: a client that hears so can rely on it.
    const auto stored = state().uploads.store(state().directory, path_, content_);
    if (stored == Stored::refused) {
      return say_last(error_packet({TftpError::access_violation, 403}), 403);
    }
    say(format_acknowledgement(block_));
    linger(stored == Stored::created ? 201 : 200);
  }

  bool is_at_start() const override { return block_ == 0; }

  void count_octets(Served& served) const override { served.received = content_.size(); }

  std::string path_;
  Agreement agreement_;
  std::string content_;
  std::uint16_t block_ = 0;  // acknowledged last; behind 65535 comes 0
  bool complete_ = false;
};

}  // namespace

std::shared_ptr<TftpTransfer> make_receiver(TftpOpening opening, std::string path) {
  return std::make_shared<Receiver>(std::move(opening), std::move(path));
}

}  // namespace provphone::client::serve
