#pragma once

#include <boost/asio/io_context.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace provphone::client::transport::test {

// What requests get that come late.
enum class Late : std::uint8_t {
  cut_packets,  // they end inside their header
  first_block,  // again for every acknowledgement
};

struct TftpScript {
  std::string content{};
  std::optional<std::uint16_t> error{};  // instead of the content
  int requests_lost = 0;                 // the first ones
  std::size_t silent_after_block = SIZE_MAX;
  std::size_t requests_in_time = SIZE_MAX;
  Late late = Late::cut_packets;
  bool stray_block = false;             // somebody else sends a forged block 2 first
  bool obeys_strangers = false;         // an error packet from anywhere ends a transfer
  std::string only_name{};              // of the content, in either case; empty: every name has it
  bool is_silent_about_others = false;  // else they get error 1
  bool refuses_options = false;
  bool is_without_end = false;  // no empty block behind whole ones
  bool twice = false;           // block 1 of every request comes from a second port as well
};

// A TFTP server on a free port that follows a script, with a port of its own for each transfer.
class TftpServer {
 public:
  TftpServer(boost::asio::io_context& loop, TftpScript script);
  ~TftpServer();

  std::uint16_t port() const;
  const std::vector<std::string>& requests() const;       // datagrams to the well-known port
  const std::vector<std::string>& stray_replies() const;  // what the stray sender was answered
  const std::string& written() const;                     // what a write request delivered

  struct State;

 private:
  std::shared_ptr<State> state_;
};

}  // namespace provphone::client::transport::test
