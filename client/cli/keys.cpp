#include "client/cli/keys.hpp"

#include <boost/asio/buffer.hpp>
#include <unistd.h>

#include <utility>

namespace provphone::client::cli {

Keys::Keys(boost::asio::io_context& loop, OnKey on_key) : on_key_(std::move(on_key)) {
  // A program in the background that changes its terminal is stopped (SIGTTOU).
  const bool is_ours = isatty(STDIN_FILENO) != 0 && tcgetpgrp(STDIN_FILENO) == getpgrp();
  if (!is_ours || tcgetattr(STDIN_FILENO, &before_) != 0) return;
  auto raw = before_;
  // Neither lines nor echo. ISIG stays: Ctrl-C is a signal as ever.
  raw.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO);
  tcsetattr(STDIN_FILENO, TCSANOW, &raw);
  terminal_.emplace(loop, STDIN_FILENO);
  read();
}

Keys::~Keys() {
  if (!terminal_) return;
  // Standard input is not ours to close.
  terminal_->release();
  tcsetattr(STDIN_FILENO, TCSANOW, &before_);
}

void Keys::read() {
  terminal_->async_read_some(boost::asio::buffer(&key_, 1),
                             [this](const boost::system::error_code& error, std::size_t) {
                               if (error) return;
                               on_key_(key_);
                               read();
                             });
}

}  // namespace provphone::client::cli
