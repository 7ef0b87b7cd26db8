#include "client/serve/tftp_agreement.hpp"
#include "client/serve/tftp_transfer.hpp"
#include "client/transport/tftp_blocks.hpp"

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
        agreement_(agree(asked().request, announced_octets(asked().request))),
        blocks_(agreement_.block_octets) {
    if (agreement_.timeout_seconds) {
      set_patience(std::chrono::seconds{*agreement_.timeout_seconds});
    }
  }

 private:
  void begin() override {
    say(agreement_.options.empty() ? tftp::format_acknowledgement(0)
                                   : tftp::format_options(agreement_.options));
  }

  void handle(std::string_view packet) override {
    const auto data = tftp::data_of(packet);
    if (!data) return;
    const auto place = blocks_.place_of(*data);
    if (place == tftp::IncomingBlocks::Place::repeated) return say_again();
    if (place == tftp::IncomingBlocks::Place::stray) return;
    if (stalls(Where::body)) return fall_silent();
    take(*data);
  }

  void take(const tftp::Data& data) {
    if (content_.size() + data.content.size() > largest_upload) {
      return say_last(error_packet({tftp::ErrorCode::disk_full, 413}), 413);
    }
    content_ += data.content;
    blocks_.take(data);
    if (blocks_.is_complete()) return finish();
    say(tftp::format_acknowledgement(tftp::on_the_wire(blocks_.block())));
  }

  void finish() {
    // Stored before the last block is acknowledged: a client that hears so can rely on it.
    const auto stored = state().uploads.store(state().directory, path_, content_);
    if (stored == Stored::refused) {
      return say_last(error_packet({tftp::ErrorCode::access_violation, 403}), 403);
    }
    say(tftp::format_acknowledgement(tftp::on_the_wire(blocks_.block())));
    linger(stored == Stored::created ? 201 : 200);
  }

  bool is_at_start() const override { return blocks_.block() == 0; }

  void count_octets(Served& served) const override { served.received = content_.size(); }

  std::string path_;
  Agreement agreement_;
  tftp::IncomingBlocks blocks_;
  std::string content_;
};

}  // namespace

std::shared_ptr<TftpTransfer> make_receiver(TftpOpening opening, std::string path) {
  return std::make_shared<Receiver>(std::move(opening), std::move(path));
}

}  // namespace provphone::client::serve
