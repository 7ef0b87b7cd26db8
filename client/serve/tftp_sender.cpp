#include "client/serve/tftp_transfer.hpp"

#include <algorithm>
#include <utility>

namespace provphone::client::serve {
namespace {

// One file on its way to one client. Only the acknowledgement of the block that was sent last moves
// it on; a repeated one is never answered, because that would double every block that follows.
class Sender final : public TftpTransfer {
 public:
  Sender(TftpOpening opening, Content content)
      : TftpTransfer(std::move(opening)),
        content_(std::move(content)),
        agreement_(agree(asked().request, content_.size())) {
    if (agreement_.timeout_seconds) {
      set_patience(std::chrono::seconds{*agreement_.timeout_seconds});
    }
  }

 private:
  void begin() override {
    if (agreement_.options.empty()) return next_block();
    say(format_options(agreement_));  // acknowledged as block 0
  }

  void handle(std::string_view packet) override {
    const auto acknowledged = acknowledged_block(packet);
    if (!acknowledged || *acknowledged != on_the_wire(block_)) return;
    if (block_ > 0) acknowledged_octets_ += size_of(block_);
    if (is_last(block_)) return end(200);
    next_block();
  }

  bool is_at_start() const override { return block_ <= (agreement_.options.empty() ? 1U : 0U); }

  void count_octets(Served& served) const override { served.bytes = acknowledged_octets_; }

  // Blocks are counted from 1, as the protocol does, and beyond its 16 bits.
  std::uint64_t octets_before(std::uint64_t block) const {
    return (block - 1) * agreement_.block_octets;
  }
  std::uint64_t size_of(std::uint64_t block) const {
    return std::min<std::uint64_t>(agreement_.block_octets, content_.size() - octets_before(block));
  }
  // A file that fills its last block ends with an empty one.
  bool is_last(std::uint64_t block) const {
    return block > 0 && octets_before(block) + agreement_.block_octets > content_.size();
  }
  // The first block comes, where there is another behind it.
  bool is_halfway(std::uint64_t block) const {
    const auto blocks = content_.size() / agreement_.block_octets + 1;
    return block == blocks / 2 + 1;
  }
  // Block numbers have 16 bits; after 65535 comes 0.
  static std::uint16_t on_the_wire(std::uint64_t block) {
    return static_cast<std::uint16_t>(block);
  }

  void next_block() {
    ++block_;
    if (stalls(Where::body) && is_halfway(block_)) return fall_silent();
    std::string content(static_cast<std::size_t>(size_of(block_)), '\0');
    if (!content_.read(octets_before(block_), content.data(), content.size())) {
      return say_last(format_error(TftpError::not_defined, "the file has changed"), 0);
    }
    say(format_data(on_the_wire(block_), content));
  }

  Content content_;
  Agreement agreement_;
  std::uint64_t block_ = 0;
  std::uint64_t acknowledged_octets_ = 0;
};

}  // namespace

std::shared_ptr<TftpTransfer> make_sender(TftpOpening opening, Content content) {
  return std::make_shared<Sender>(std::move(opening), std::move(content));
}

}  // namespace provphone::client::serve
