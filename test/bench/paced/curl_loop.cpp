#include "test/bench/paced/plan.hpp"

#include <curl/curl.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace provphone::bench::paced {
namespace {

using Clock = std::chrono::steady_clock;

std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

// libcurl's multi interface as its manual says: an epoll, and one deadline.
class CurlLoop {
 public:
  explicit CurlLoop(const Plan& plan)
      : plan_(plan), epoll_(epoll_create1(EPOLL_CLOEXEC)), multi_(curl_multi_init()) {
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &CurlLoop::on_socket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &CurlLoop::on_timer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  }

  void start(std::uint32_t number) {
    Slot& slot = take();
    slot.number = number;
    const auto url =
        fmt::format("{}://{}:{}{}", plan_.scheme, plan_.host, plan_.port, path_of(plan_, number));
    curl_easy_setopt(slot.easy, CURLOPT_URL, url.c_str());
    set_certificate(slot);
    set_source(slot);
    curl_multi_add_handle(multi_, slot.easy);
  }

  std::uint32_t wait(int milliseconds) {
    run_due();
    // What ended without a wait is to be told at once.
    if (const auto ended = collect(); ended > 0) return ended;
    std::array<epoll_event, 64> events{};
    const int seen = epoll_wait(epoll_, events.data(), events.size(), least(milliseconds));
    int running = 0;
    for (int i = 0; i < seen; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      const int mask = ((event.events & EPOLLIN) != 0 ? CURL_CSELECT_IN : 0) |
                       ((event.events & EPOLLOUT) != 0 ? CURL_CSELECT_OUT : 0) |
                       ((event.events & (EPOLLERR | EPOLLHUP)) != 0 ? CURL_CSELECT_ERR : 0);
      curl_multi_socket_action(multi_, event.data.fd, mask, &running);
    }
    run_due();
    return collect();
  }

 private:
  struct Slot {
    const Plan* plan = nullptr;
    std::uint32_t number = 0;
    CURL* easy = nullptr;
    std::string certificate, key;
  };

  static curl_socket_t open(void* user, curlsocktype, curl_sockaddr* address) {
    const auto& slot = *static_cast<Slot*>(user);
    // libcurl binds a TFTP socket by itself.
    if (address->socktype == SOCK_DGRAM)
      return ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    return open_socket(*slot.plan, slot.number, address->socktype);
  }

  // What is the same for every fetch is set once.
  Slot& take() {
    if (!free_.empty()) {
      Slot& slot = *free_.back();
      free_.pop_back();
      return slot;
    }
    Slot& slot = *slots_.emplace_back(std::make_unique<Slot>());
    slot.plan = &plan_;
    slot.easy = curl_easy_init();
    curl_easy_setopt(slot.easy, CURLOPT_PRIVATE, &slot);
    curl_easy_setopt(slot.easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(slot.easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(slot.easy, CURLOPT_SSL_SESSIONID_CACHE, 0L);
    curl_easy_setopt(slot.easy, CURLOPT_SSLVERSION, long{CURL_SSLVERSION_MAX_TLSv1_2});
    curl_easy_setopt(slot.easy, CURLOPT_TFTP_NO_OPTIONS, 1L);
    curl_easy_setopt(slot.easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(slot.easy, CURLOPT_PROXY, "");
    curl_easy_setopt(slot.easy, CURLOPT_TIMEOUT, 60L);
    curl_easy_setopt(slot.easy, CURLOPT_WRITEFUNCTION, discard);
    curl_easy_setopt(slot.easy, CURLOPT_OPENSOCKETFUNCTION, &CurlLoop::open);
    curl_easy_setopt(slot.easy, CURLOPT_OPENSOCKETDATA, &slot);
    if (!plan_.trust.empty()) curl_easy_setopt(slot.easy, CURLOPT_CAINFO, plan_.trust.c_str());
    return slot;
  }

  void set_certificate(Slot& slot) {
    if (plan_.certificates.empty()) return;
    const auto stem = plan_.certificates + '/' + mac_of(slot.number);
    curl_easy_setopt(slot.easy, CURLOPT_SSLCERT, (stem + ".pem").c_str());
    curl_easy_setopt(slot.easy, CURLOPT_SSLKEY, (stem + ".key").c_str());
  }

  // Of TCP it is bound where the socket is made.
  void set_source(Slot& slot) const {
    if (plan_.scheme != "tftp" || !plan_.has_sources) return;
    const auto ip = source_of(slot.number);
    const auto text =
        fmt::format("host!127.{}.{}.{}", ip >> 16U & 0xFFU, ip >> 8U & 0xFFU, ip & 0xFFU);
    curl_easy_setopt(slot.easy, CURLOPT_INTERFACE, text.c_str());
  }

  static int on_socket(CURL*, curl_socket_t fd, int what, void* user, void* assigned) {
    auto& loop = *static_cast<CurlLoop*>(user);
    epoll_event event{};
    event.events =
        ((what & CURL_POLL_IN) != 0 ? EPOLLIN : 0U) | ((what & CURL_POLL_OUT) != 0 ? EPOLLOUT : 0U);
    event.data.fd = fd;
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(loop.epoll_, EPOLL_CTL_DEL, fd, &event);
      return 0;
    }
    epoll_ctl(loop.epoll_, assigned == nullptr ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, fd, &event);
    if (assigned == nullptr) curl_multi_assign(loop.multi_, fd, &loop);
    return 0;
  }

  static int on_timer(CURLM*, long milliseconds, void* user) {
    static_cast<CurlLoop*>(user)->deadline_ =
        milliseconds < 0 ? Clock::time_point::max()
                         : Clock::now() + std::chrono::milliseconds(milliseconds);
    return 0;
  }

  int least(int milliseconds) const {
    if (deadline_ == Clock::time_point::max()) return milliseconds;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline_ - Clock::now()).count();
    const int own = left < 0 ? 0 : static_cast<int>(left);
    return milliseconds < 0 ? own : std::min(own, milliseconds);
  }

  void run_due() {
    int running = 0;
    for (int i = 0; i < 8 && deadline_ <= Clock::now(); ++i) {
      deadline_ = Clock::time_point::max();
      curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
    }
  }

  std::uint32_t collect() {
    std::uint32_t ended = 0;
    int left = 0;
    while (const auto* message = curl_multi_info_read(multi_, &left)) {
      Slot* slot = nullptr;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &slot);
      require(message->data.result == CURLE_OK);
      curl_multi_remove_handle(multi_, slot->easy);
      free_.push_back(slot);
      ++ended;
    }
    return ended;
  }

  const Plan& plan_;
  int epoll_;
  CURLM* multi_;
  Clock::time_point deadline_ = Clock::time_point::max();
  std::vector<std::unique_ptr<Slot>> slots_;
  std::vector<Slot*> free_;
};

}  // namespace

void run_curl(const Plan& plan) {
  require(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK);
  CurlLoop loop(plan);
  begin_measured();
  keep_pace(
      plan, [&](std::uint32_t number) { loop.start(number); },
      [&](int milliseconds) { return loop.wait(milliseconds); });
}

}  // namespace provphone::bench::paced
