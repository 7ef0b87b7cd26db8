#include "client/transport/detail/easy.hpp"
#include "client/transport/detail/engine.hpp"
#include "client/transport/detail/errors.hpp"

#include <algorithm>

namespace provphone::client::transport::detail {
namespace {

using std::chrono::milliseconds;

// Many silent exchanges are looked at together rather than each in its own microsecond.
constexpr milliseconds least_look{5};

// Timers that are due at once are run at once, but not for ever.
constexpr int most_timer_runs = 8;

milliseconds idle_limit(const Transfer& transfer) {
  const milliseconds idle = transfer.request.timeouts.idle;
  return idle <= milliseconds::zero() ? milliseconds(std::chrono::hours(24)) : idle;
}

// R-HTTP-11: a look-up is part of connecting. Where there is no limit it has curl's own.
milliseconds naming_limit(const Transfer& transfer) {
  constexpr milliseconds longest{300'000};
  const Timeouts& timeouts = transfer.request.timeouts;
  auto limit = longest;
  for (const auto each : {timeouts.connect, timeouts.total}) {
    if (each > milliseconds::zero()) limit = std::min(limit, each);
  }
  return limit;
}

// Before that the time to connect is what counts.
bool is_answerable(const Transfer& transfer) {
  curl_off_t us = 0;
  curl_easy_getinfo(transfer.easy, CURLINFO_PRETRANSFER_TIME_T, &us);
  return us > 0;
}

}  // namespace

int Engine::on_socket_changed(CURL* easy, curl_socket_t fd, int what, void* user, void* assigned) {
  auto& engine = *static_cast<Engine*>(user);
  auto* socket = static_cast<Socket*>(assigned);
  if (what == CURL_POLL_REMOVE) {
    if (socket != nullptr) engine.give_back(*socket);
    return 0;
  }
  if (socket == nullptr) {
    socket = &engine.take_socket(fd);
    curl_multi_assign(engine.multi_, fd, socket);
  }
  Transfer* transfer = nullptr;
  curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
  engine.watch(*socket, transfer, what);
  return 0;
}

int Engine::on_timer_changed(CURLM* /*multi*/, long timeout_ms, void* user) {
  auto& engine = *static_cast<Engine*>(user);
  engine.curl_deadline_ =
      timeout_ms < 0 ? Clock::time_point::max() : Clock::now() + milliseconds(timeout_ms);
  return 0;
}

Engine::Socket& Engine::take_socket(curl_socket_t fd) {
  if (free_sockets_.empty()) {
    free_sockets_.push_back(&sockets_.emplace_back(loop_.get_executor()));
  }
  Socket& socket = *free_sockets_.back();
  free_sockets_.pop_back();
  boost::system::error_code ignored;  // a descriptor that cannot be watched runs into its time-out
  socket.descriptor.assign(fd, ignored);
  return socket;
}

// curl closes the descriptor by itself, hence release() and not close().
void Engine::give_back(Socket& socket) {
  if (socket.descriptor.is_open()) socket.descriptor.release();
  ++socket.generation;
  socket.transfer = nullptr;
  socket.wanted = CURL_POLL_NONE;
  socket.reading = false;
  socket.writing = false;
  free_sockets_.push_back(&socket);
}

void Engine::watch(Socket& socket, Transfer* transfer, int what) {
  socket.transfer = transfer;
  if ((what & CURL_POLL_IN) != 0) transfer->notes.is_listening = true;
  socket.wanted = what;
  wait_again(socket);
}

void Engine::wait_again(Socket& socket) {
  if ((socket.wanted & CURL_POLL_IN) != 0 && !socket.reading) {
    socket.reading = true;
    wait_for(socket, Descriptor::wait_read, CURL_CSELECT_IN);
  }
  if ((socket.wanted & CURL_POLL_OUT) != 0 && !socket.writing) {
    socket.writing = true;
    wait_for(socket, Descriptor::wait_write, CURL_CSELECT_OUT);
  }
}

template <class Wait>
void Engine::wait_for(Socket& socket, Wait what, int mask) {
  socket.descriptor.async_wait(
      what, [self = shared_from_this(), &socket, generation = socket.generation,
             mask](const boost::system::error_code& failed) {
        if (!self->open_ || failed || socket.generation != generation) return;
        (mask == CURL_CSELECT_IN ? socket.reading : socket.writing) = false;
        self->ready(socket, mask);
      });
}

void Engine::ready(Socket& socket, int mask) {
  const bool wanted =
      (socket.wanted & (mask == CURL_CSELECT_IN ? CURL_POLL_IN : CURL_POLL_OUT)) != 0;
  if (!wanted) return;
  // curl may be done with the socket by the time act() returns.
  const std::uint64_t generation = socket.generation;
  if (socket.transfer != nullptr) socket.transfer->last_activity = Clock::now();
  act(socket.descriptor.native_handle(), mask);
  if (socket.generation == generation) wait_again(socket);
  settle();
}

void Engine::act(curl_socket_t fd, int mask) {
  int running = 0;
  in_curl_ = true;
  curl_multi_socket_action(multi_, fd, mask, &running);
  in_curl_ = false;
}

// After every entry into curl: what is due is run, what is finished is reported, the timer is set.
void Engine::settle() {
  for (int i = 0; i < most_timer_runs && curl_deadline_ <= Clock::now(); ++i) {
    curl_deadline_ = Clock::time_point::max();
    act(CURL_SOCKET_TIMEOUT, 0);
  }
  bury_doomed();
  collect_finished();
  if (open_) alarm_.ring_by(std::min(curl_deadline_, silence_deadline_), *this);
}

void Engine::on_alarm() {
  if (!open_) return;
  const auto now = Clock::now();
  if (silence_deadline_ <= now) look_for_silence(now);
  if (open_) settle();
}

// When a running exchange next needs to be looked at: where its silence would last too long.
Clock::time_point Engine::next_look(const Transfer& transfer, Clock::time_point now) const {
  if (transfer.phase == Phase::naming) return transfer.begun + naming_limit(transfer);
  const auto limit = idle_limit(transfer);
  auto look = transfer.last_activity + limit;
  if (look <= now && !is_answerable(transfer)) look = now + limit;
  return look;
}

void Engine::look_for_silence(Clock::time_point now) {
  // Ending an exchange calls back, which may change `transfers_`; hence first a list, then the
  // ends.
  silence_deadline_ = Clock::time_point::max();
  silent_.clear();
  for (const auto& transfer : transfers_) {
    if (transfer->phase != Phase::running && transfer->phase != Phase::naming) continue;
    const auto look = next_look(*transfer, now);
    if (look <= now) silent_.push_back(id_of(*transfer));
    silence_deadline_ = std::min(silence_deadline_, std::max(look, now + least_look));
  }
  for (std::size_t i = 0; i < silent_.size() && open_; ++i) {
    Transfer* const transfer = find(silent_[i]);
    if (transfer == nullptr) continue;
    if (transfer->phase == Phase::naming && next_look(*transfer, now) <= now)
      end(*transfer, tl::unexpected(explain_nameless(*transfer)));
    else if (transfer->phase == Phase::running)
      handle_silence(*transfer, now);
  }
}

void Engine::handle_silence(Transfer& transfer, Clock::time_point now) {
  const bool stalled = now - transfer.last_activity >= idle_limit(transfer);
  if (stalled && is_answerable(transfer)) end(transfer, tl::unexpected(explain_stall(transfer)));
}

}  // namespace provphone::client::transport::detail
