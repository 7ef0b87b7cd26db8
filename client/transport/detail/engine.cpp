#include "client/transport/detail/engine.hpp"

#include "client/transport/detail/easy.hpp"
#include "client/transport/detail/errors.hpp"

#include <boost/asio/post.hpp>

#include <mutex>
#include <utility>

namespace provphone::client::transport::detail {
namespace {

void start_curl_once() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

// The generation counts from 1, so no id is 0.
Fetcher::Id id_of(const Transfer& transfer) {
  return Fetcher::Id{transfer.generation} << 32 | transfer.index;
}

Engine::Engine(boost::asio::io_context& loop, const Targets& targets)
    : loop_(loop), targets_(targets), timer_(loop) {
  start_curl_once();
  multi_ = curl_multi_init();
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Engine::on_socket_changed);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Engine::on_timer_changed);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_PIPELINING, long{CURLPIPE_NOTHING});
}

Engine::~Engine() {
  close();
}

void Engine::close() {
  if (!std::exchange(open_, false)) return;
  // Taking a handle from curl gives its sockets back, so these go last.
  for (const auto& transfer : transfers_) {
    if (transfer->phase == Phase::running) curl_multi_remove_handle(multi_, transfer->easy);
    curl_easy_cleanup(transfer->easy);
    curl_slist_free_all(transfer->headers);
    curl_slist_free_all(transfer->proxy_headers);
  }
  curl_multi_cleanup(multi_);
  transfers_.clear();
  sockets_.clear();
  timer_.reset();
}

Transfer* Engine::find(Fetcher::Id id) {
  const std::size_t index = id & 0xFFFFFFFFU;
  if (index >= transfers_.size()) return nullptr;
  Transfer& transfer = *transfers_[index];
  return transfer.generation == id >> 32 && transfer.phase != Phase::free ? &transfer : nullptr;
}

Transfer& Engine::take_transfer() {
  if (!free_transfers_.empty()) {
    Transfer& transfer = *transfers_[free_transfers_.back()];
    free_transfers_.pop_back();
    return transfer;
  }
  auto transfer = std::make_unique<Transfer>();
  transfer->index = static_cast<std::uint32_t>(transfers_.size());
  transfer->generation = 1;
  transfer->easy = curl_easy_init();
  transfer->targets = &targets_;
  return *transfers_.emplace_back(std::move(transfer));
}

Fetcher::Id Engine::start(Request request, Fetcher::OnResolved on_resolved,
                          Fetcher::OnDone on_done) {
  Transfer& transfer = take_transfer();
  transfer.phase = Phase::waiting;
  transfer.request = std::move(request);
  transfer.on_resolved = std::move(on_resolved);
  transfer.on_done = std::move(on_done);
  transfer.started = Clock::now();
  waiting_.push_back(id_of(transfer));
  schedule_begin();
  return waiting_.back();
}

void Engine::schedule_begin() {
  if (std::exchange(begin_scheduled_, true)) return;
  boost::asio::post(loop_, [self = shared_from_this()] { self->begin_waiting(); });
}

void Engine::cancel(Fetcher::Id id) {
  Transfer* const transfer = find(id);
  if (transfer == nullptr || transfer->phase == Phase::doomed) return;
  if (transfer->phase == Phase::running && in_curl_) {
    transfer->phase = Phase::doomed;
    transfer->on_done = nullptr;
    doomed_.push_back(id);
    return;
  }
  retire(*transfer);
}

void Engine::bury_doomed() {
  for (const Fetcher::Id id : std::exchange(doomed_, {})) {
    if (Transfer* const transfer = find(id)) retire(*transfer);
  }
}

// Takes what has been started since; what a call-back starts meanwhile is for the next turn of the
// loop.
void Engine::begin_waiting() {
  if (!open_) return;
  begin_scheduled_ = false;
  beginning_.swap(waiting_);
  for (std::size_t i = 0; i < beginning_.size(); ++i) {
    Transfer* const transfer = find(beginning_[i]);
    if (transfer == nullptr || transfer->phase != Phase::waiting) continue;
    begin(*transfer);
    if (!open_) return;
  }
  beginning_.clear();
  settle();
}

void Engine::begin(Transfer& transfer) {
  if (auto ready = set_options(transfer); !ready) {
    end(transfer, tl::unexpected(std::move(ready).error()));
    return;
  }
  transfer.phase = Phase::running;
  transfer.begun = Clock::now();
  transfer.last_activity = transfer.begun;
  silence_deadline_ = std::min(silence_deadline_, next_look(transfer, transfer.begun));
  curl_multi_add_handle(multi_, transfer.easy);
}

void Engine::collect_finished() {
  int left = 0;
  while (open_) {
    const CURLMsg* const message = curl_multi_info_read(multi_, &left);
    if (message == nullptr) return;
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    Transfer* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    if (is_challenge_to_connect(*transfer)) {
      end(*transfer, take_response(*transfer));
    } else if (code == CURLE_OK && is_cut_short(*transfer)) {
      end(*transfer, tl::unexpected(explain_cut(*transfer)));
    } else if (code == CURLE_OK) {
      end(*transfer, take_response(*transfer));
    } else {
      end(*transfer, tl::unexpected(explain_failure(*transfer, code)));
    }
  }
}

void Engine::end(Transfer& transfer, Result<Response> result) {
  // All that is needed leaves the transfer before it is retired: the call-back may start an
  // exchange that takes the very same one.
  const auto on_done = std::move(transfer.on_done);
  stamps_ = stamps_of(transfer);
  if (result) result->stamps = stamps_;
  retire(transfer);
  if (on_done) on_done(std::move(result));
}

void Engine::retire(Transfer& transfer) {
  if (transfer.phase == Phase::running || transfer.phase == Phase::doomed) {
    curl_multi_remove_handle(multi_, transfer.easy);
    curl_easy_reset(transfer.easy);
    curl_slist_free_all(std::exchange(transfer.headers, nullptr));
    curl_slist_free_all(std::exchange(transfer.proxy_headers, nullptr));
  }
  transfer.phase = Phase::free;
  // From here on the old id finds nothing.
  ++transfer.generation;
  transfer.on_resolved = nullptr;
  transfer.on_done = nullptr;
  transfer.request = Request{};
  transfer.response = Response{};
  transfer.body_sent = 0;
  transfer.notes = Notes{};
  transfer.first_byte = {};
  transfer.error_text[0] = '\0';
  free_transfers_.push_back(transfer.index);
}

}  // namespace provphone::client::transport::detail
