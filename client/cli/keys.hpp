#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <termios.h>

#include <functional>
#include <optional>

// Keys for the screen of a fleet. One of these at a time.
namespace provphone::client::cli {

// Keys as they are pressed, without echo, from the terminal behind standard input; none where there
// is no terminal, or where this is not its foreground program. The terminal is as before once this
// is gone.
class Keys {
 public:
  // Called from the loop, with one octet after another: an arrow key is several.
  using OnKey = std::function<void(char)>;

  // `loop` must outlive it, and so must what `on_key` refers to.
  Keys(boost::asio::io_context& loop, OnKey on_key);
  ~Keys();
  Keys(const Keys&) = delete;
  Keys& operator=(const Keys&) = delete;

 private:
  void read();

  std::optional<boost::asio::posix::stream_descriptor> terminal_;
  termios before_{};
  OnKey on_key_;
  char key_ = 0;
};

}  // namespace provphone::client::cli
