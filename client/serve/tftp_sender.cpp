#include "client/serve/tftp_agreement.hpp"
#include "client/serve/tftp_transfer.hpp"
#include "client/transport/tftp_blocks.hpp"

#include <utility>

namespace provphone::client::serve {
namespace {

// One file on its way to one client.
class Sender final : public TftpTransfer {
 public:
  Sender(TftpOpening opening, Content content)
      : TftpTransfer(std::move(opening)),
        content_(std::move(content)),
        agreement_(agree(asked().request, content_.size())),
        blocks_(content_.size(), agreement_.block_octets) {
    if (agreement_.timeout_seconds) {
      set_patience(std::chrono::seconds{*agreement_.timeout_seconds});
    }
  }

 private:
  void begin() override {
    if (agreement_.options.empty()) return next_block();
    say(tftp::format_options(agreement_.options));  // acknowledged as block 0
  }

  void handle(std::string_view packet) override {
    const auto acknowledged = tftp::acknowledged_block(packet);
    if (!acknowledged || !blocks_.is_acknowledged_by(*acknowledged)) return;
    if (blocks_.block() > 0) acknowledged_octets_ += blocks_.size();
    if (blocks_.is_last()) return end(200);
    next_block();
  }

  bool is_at_start() const override {
    return blocks_.block() <= (agreement_.options.empty() ? 1U : 0U);
  }

  void count_octets(Served& served) const override { served.bytes = acknowledged_octets_; }

  // The first block comes, where there is another behind it.
  bool is_halfway() const {
    const auto blocks = content_.size() / agreement_.block_octets + 1;
    return blocks_.block() == blocks / 2 + 1;
  }

  void next_block() {
    blocks_.advance();
    if (stalls(Where::body) && is_halfway()) return fall_silent();
    std::string content(blocks_.size(), '\0');
    if (!content_.read(blocks_.offset(), content.data(), content.size())) {
      return say_last(tftp::format_error(tftp::ErrorCode::not_defined, "the file has changed"), 0);
    }
    say(tftp::format_data(tftp::on_the_wire(blocks_.block()), content));
  }

  Content content_;
  Agreement agreement_;
  tftp::OutgoingBlocks blocks_;
  std::uint64_t acknowledged_octets_ = 0;
};

}  // namespace

std::shared_ptr<TftpTransfer> make_sender(TftpOpening opening, Content content) {
  return std::make_shared<Sender>(std::move(opening), std::move(content));
}

}  // namespace provphone::client::serve
