#pragma once

#include "client/drive/real.hpp"
#include "client/transport/loop.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

// Where the web servers of a run's phones listen (behaviour rules R-FACE-01, R-FACE-02). What they
// say is for client/face/web.hpp.
namespace provphone::client::run {

struct WebPlace {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: a free one
};

// `8080`, `127.0.0.2:8080`, `[::1]:8080`. `flag` is who is blamed, `--web`. Fails with
// bad_argument.
Result<WebPlace> parse_web_place(const std::string& text, std::string_view flag);

class WebPort {
 public:
  // Listens at once, at the place and at each source address that phones have, with the same port.
  // All must outlive it. Fails with bad_argument where it cannot.
  static Result<std::unique_ptr<WebPort>> open(boost::asio::io_context& loop, const WebPlace& place,
                                               drive::RealDriver& driver,
                                               const resync::WallClock& wall);
  ~WebPort();

  // What happens to the phones, for their pages. Every event, as it happens.
  void observe(const trace::TraceEvent& event);

  // Of each phone, `http://127.0.0.1:8080/000e08012345/`; of the only one without its MAC.
  std::vector<std::string> urls() const;

  struct Impl;  // of web_port.cpp

 private:
  explicit WebPort(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::run
