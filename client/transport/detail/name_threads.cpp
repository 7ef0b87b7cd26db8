#include "client/transport/detail/name_threads.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/post.hpp>
#include <netdb.h>

#include <cstring>
#include <deque>
#include <mutex>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <thread>
#include <utility>

namespace provphone::client::transport::detail {
namespace {

struct Question {
  std::string name;
  TellAddresses tell;
};

// All but the door belongs to the loop's thread.
class NameThreads : public std::enable_shared_from_this<NameThreads> {
 public:
  NameThreads(boost::asio::io_context& loop, BlockingLookUp look_up)
      : loop_(loop), look_up_(std::move(look_up)), door_(std::make_shared<Door>()) {
    door_->loop = &loop;
  }
  ~NameThreads() {
    const std::scoped_lock closing(door_->mutex);
    door_->loop = nullptr;
  }
  NameThreads(const NameThreads&) = delete;
  NameThreads& operator=(const NameThreads&) = delete;

  void ask(Question question) {
    if (!work_) work_.emplace(loop_.get_executor());
    waiting_.push_back(std::move(question));
    start();
  }

 private:
  // The way from the threads to the loop, which may be gone by the time an answer comes.
  struct Door {
    std::mutex mutex;
    boost::asio::io_context* loop = nullptr;
  };

  void start() {
    while (under_way_ < most_name_threads && !waiting_.empty()) {
      ++under_way_;
      start(std::move(waiting_.front()));
      waiting_.pop_front();
    }
  }

  // Where the system has no thread left, the name has no address.
  void start(Question question) {
    const auto asked = std::make_shared<Question>(std::move(question));
    try {
      std::thread([self = weak_from_this(), door = door_, look_up = look_up_, asked] {
        bring(self, *door, asked, look_up(asked->name));
      }).detach();
    } catch (const std::system_error&) {
      bring(weak_from_this(), *door_, asked, {});
    }
  }

  static void bring(const std::weak_ptr<NameThreads>& to, Door& door,
                    const std::shared_ptr<Question>& asked, Addresses addresses) {
    // Held until it is posted, so that the loop cannot go in between.
    const std::scoped_lock open(door.mutex);
    if (door.loop == nullptr) return;
    boost::asio::post(*door.loop, [to, asked, addresses = std::move(addresses)]() mutable {
      if (const auto self = to.lock()) self->came(*asked, std::move(addresses));
    });
  }

  void came(const Question& asked, Addresses addresses) {
    --under_way_;
    start();
    // Before the call-back, which may ask for another name.
    if (under_way_ == 0) work_.reset();
    asked.tell(std::move(addresses));
  }

  boost::asio::io_context& loop_;
  BlockingLookUp look_up_;
  std::shared_ptr<Door> door_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  std::deque<Question> waiting_;
  std::size_t under_way_ = 0;
};

}  // namespace

Addresses ask_system(const std::string& name, AddressFamily family) {
  addrinfo hints{};
  hints.ai_family = family == AddressFamily::ipv4 ? AF_INET : AF_UNSPEC;
  hints.ai_socktype = SOCK_DGRAM;  // one entry an address
  addrinfo* first = nullptr;
  if (::getaddrinfo(name.c_str(), nullptr, &hints, &first) != 0) return {};
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(first, ::freeaddrinfo);
  Addresses addresses;
  for (const addrinfo* each = first; each != nullptr; each = each->ai_next) {
    boost::asio::ip::udp::endpoint endpoint;
    if (each->ai_addrlen > endpoint.capacity()) continue;
    endpoint.resize(each->ai_addrlen);
    std::memcpy(endpoint.data(), each->ai_addr, each->ai_addrlen);
    addresses.push_back(endpoint.address());
  }
  return addresses;
}

AskForName on_threads(boost::asio::io_context& loop, BlockingLookUp look_up) {
  return [threads = std::make_shared<NameThreads>(loop, std::move(look_up))](
             const std::string& name, TellAddresses tell) {
    threads->ask({name, std::move(tell)});
  };
}

}  // namespace provphone::client::transport::detail
