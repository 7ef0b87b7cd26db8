#pragma once

#include "test/client/transport/dns_server.hpp"

#include <boost/asio/io_context.hpp>

#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

// A name server that is written down: what it says, and what has to be asked.
// fixtures/issues/README.md says how.
namespace provphone::e2e {

class NameScript {
 public:
  explicit NameScript(const std::string& text);
  ~NameScript();
  NameScript(const NameScript&) = delete;
  NameScript& operator=(const NameScript&) = delete;

  std::string server() const { return server_->server(); }  // `127.0.0.1:PORT`

  // What was asked, when no more is: `A name`. It answers nobody afterwards.
  const std::vector<std::string>& asked();
  // What has to be asked, as it is written.
  const std::vector<std::string>& expected() const { return expected_; }

 private:
  enum class Says : std::uint8_t { record, silence, failure };
  struct Line {
    Says says = Says::record;
    client::transport::test::DnsRecord record;
    // Counted by name and type, from 1.
    unsigned first = 1;
    unsigned last = UINT32_MAX;
  };

  Line line_of(const std::vector<std::string>& words) const;
  std::unique_ptr<client::transport::test::DnsReply> answer(const std::string& name,
                                                            client::transport::test::DnsType type);
  void add_records(client::transport::test::DnsReply& reply, const std::string& name,
                   client::transport::test::DnsType type, unsigned count) const;
  void stop();

  std::vector<Line> lines_;
  std::vector<std::string> expected_;
  std::map<std::string, unsigned> questions_;
  boost::asio::io_context loop_;
  std::unique_ptr<client::transport::test::DnsServer> server_;
  std::thread thread_;
};

}  // namespace provphone::e2e
