#pragma once

#include "client/listen/place.hpp"
#include "client/transport/loop.hpp"

#include <memory>

// Where the web servers of phones listen (behaviour rules R-FACE-01, R-FACE-02). What they
// say is for client/face/web.hpp.
namespace provphone::client::listen {

class WebPort {
 public:
  // Listens at once, at each address of `phones`, with the place's port. Loop, driver and `wall`
  // must outlive it. Fails with bad_argument where it cannot.
  static Result<std::unique_ptr<WebPort>> open(boost::asio::io_context& loop, const Place& place,
                                               const PhonesByAddress& phones,
                                               drive::RealDriver& driver,
                                               const resync::WallClock& wall);
  ~WebPort();

  // What happens to a phone, by its index, for its pages. Every event, as it happens.
  void observe(std::size_t phone, const trace::TraceEvent& event);

  // That was taken; the place's where no phone needs one.
  std::uint16_t port() const;
  // Of each phone, `http://127.0.0.1:8080/000e08012345/`; of one alone at its address without its
  // MAC.
  std::vector<std::string> urls() const;

  struct Impl;  // of web_port.cpp

 private:
  explicit WebPort(std::shared_ptr<Impl> impl);
  std::shared_ptr<Impl> impl_;
};

}  // namespace provphone::client::listen
