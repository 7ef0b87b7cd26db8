#include "client/transport/detail/engine.hpp"

#include "client/transport/detail/answer_headers.hpp"
#include "client/transport/detail/easy.hpp"
#include "client/transport/detail/errors.hpp"

#include <boost/asio/post.hpp>

#include <mutex>
#include <utility>

namespace provphone::client::transport::detail {
namespace {

constexpr std::uint32_t last_generation = (1U << 30U) - 1;

void take_connection(Transfer& transfer) {
  // One that is not curl's leads nowhere by curl's ways.
  auto kept = std::dynamic_pointer_cast<CurlConnection>(transfer.request.connection);
  if (kept) transfer.connection = std::move(kept);
  if (!transfer.connection) transfer.connection = std::make_shared<CurlConnection>();
  transfer.connection->transfer = &transfer;
}

// One that nobody else holds has nothing open, and serves the next exchange.
void give_back_connection(Transfer& transfer) {
  curl_easy_setopt(transfer.easy, CURLOPT_SHARE, nullptr);
  transfer.connection->transfer = nullptr;
  if (transfer.connection.use_count() > 1) transfer.connection.reset();
}

void start_curl_once() {
  static std::once_flag once;
  std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
}

}  // namespace

// The generation counts from 1, so no id is 0; the topmost bits of an id are the fetcher's.
Fetcher::Id id_of(const Transfer& transfer) {
  return Fetcher::Id{transfer.generation} << 32 | transfer.index;
}

Engine::Engine(boost::asio::io_context& loop, const Targets& targets, NameService& names,
               Stamps& last)
    : loop_(loop), targets_(targets), names_(names), last_(last), alarm_(loop) {
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
    curl_slist_free_all(transfer->resolve);
    if (transfer->connection) transfer->connection->transfer = nullptr;
  }
  curl_multi_cleanup(multi_);
  transfers_.clear();
  sockets_.clear();
  alarm_.close();
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
  take_connection(transfer);
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
    in_begin_ = true;
    begin(*transfer);
    if (!open_) return;
    in_begin_ = false;
  }
  beginning_.clear();
  settle();
}

void Engine::begin(Transfer& transfer) {
  if (auto ready = set_options(transfer); !ready) {
    end(transfer, tl::unexpected(std::move(ready).error()));
    return;
  }
  transfer.begun = Clock::now();
  const auto& request = transfer.request;
  const auto& host = host_asked(request);
  const auto literal = address_in(host);
  if (literal && uses(request.naming.families, *literal)) return run(transfer);
  transfer.phase = Phase::naming;
  silence_deadline_ = std::min(silence_deadline_, next_look(transfer, transfer.begun));
  names_.find(host, request.naming,
              [weak = weak_from_this(), id = id_of(transfer)](const Result<Addresses>& addresses) {
                const auto self = weak.lock();
                if (self && self->open_) self->named(id, addresses);
              });
}

// From within begin() where the name is known.
void Engine::named(Fetcher::Id id, const Result<Addresses>& addresses) {
  Transfer* const transfer = find(id);
  if (transfer == nullptr || transfer->phase != Phase::naming) return;
  if (!addresses) {
    end(*transfer, tl::unexpected(addresses.error()));
  } else {
    transfer->addresses = *addresses;
    set_next_address(*transfer);
    run(*transfer);
  }
  if (open_ && !in_begin_) settle();
}

void Engine::run(Transfer& transfer) {
  transfer.phase = Phase::running;
  transfer.named = Clock::now();
  transfer.last_activity = transfer.named;
  silence_deadline_ = std::min(silence_deadline_, next_look(transfer, transfer.named));
  hand_over(transfer);
}

void Engine::hand_over(Transfer& transfer) {
  transfer.handed = Clock::now();
  transfer.last_activity = transfer.handed;
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
    const bool is_done =
        is_challenge_to_connect(*transfer) || (code == CURLE_OK && !is_cut_short(*transfer));
    if (is_done) {
      end(*transfer, take_response(*transfer));
    } else if (code == CURLE_OK) {
      end(*transfer, tl::unexpected(explain_cut(*transfer)));
    } else if (!transfer->notes.tls.name_to_look_up.empty()) {
      look_up_and_repeat(*transfer);
    } else if (may_try_next_address(*transfer, code)) {
      curl_multi_remove_handle(multi_, transfer->easy);
      set_next_address(*transfer);
      hand_over(*transfer);
    } else {
      end(*transfer, tl::unexpected(explain_failure(*transfer, code)));
    }
  }
}

void Engine::look_up_and_repeat(Transfer& transfer) {
  curl_multi_remove_handle(multi_, transfer.easy);
  auto name = std::exchange(transfer.notes.tls.name_to_look_up, {});
  names_.find(
      name, transfer.request.naming,
      [weak = weak_from_this(), name, id = id_of(transfer)](const Result<Addresses>& found) {
        const auto self = weak.lock();
        if (!self || !self->open_) return;
        // It may have been cancelled meanwhile.
        Transfer* const waiting = self->find(id);
        if (waiting != nullptr) self->repeat(*waiting, {name, found ? *found : Addresses{}});
      });
}

// Before any request was sent, so that nothing is asked twice.
void Engine::repeat(Transfer& transfer, CertificateName answer) {
  transfer.certificate_name = std::move(answer);
  transfer.notes = Notes{};
  transfer.error_text[0] = '\0';
  transfer.last_activity = Clock::now();
  curl_multi_add_handle(multi_, transfer.easy);
}

void Engine::end(Transfer& transfer, Result<Response> result) {
  // All that is needed leaves the transfer before it is retired: the call-back may start an
  // exchange that takes the very same one.
  const auto on_done = std::move(transfer.on_done);
  last_ = stamps_of(transfer);
  if (result) result->stamps = last_;
  if (result && may_be_followed(result->status)) result->connection = transfer.connection;
  retire(transfer);
  if (on_done) on_done(std::move(result));
}

void Engine::retire(Transfer& transfer) {
  if (transfer.phase == Phase::running || transfer.phase == Phase::doomed)
    curl_multi_remove_handle(multi_, transfer.easy);
  curl_easy_reset(transfer.easy);
  give_back_connection(transfer);
  curl_slist_free_all(std::exchange(transfer.headers, nullptr));
  curl_slist_free_all(std::exchange(transfer.proxy_headers, nullptr));
  curl_slist_free_all(std::exchange(transfer.resolve, nullptr));
  transfer.phase = Phase::free;
  // From here on the old id finds nothing.
  transfer.generation = transfer.generation == last_generation ? 1 : transfer.generation + 1;
  transfer.on_resolved = nullptr;
  transfer.on_done = nullptr;
  transfer.request = Request{};
  transfer.response = Response{};
  transfer.addresses.clear();
  transfer.next_address = 0;
  transfer.notes = Notes{};
  transfer.certificate_name.reset();
  transfer.error_text[0] = '\0';
  free_transfers_.push_back(transfer.index);
}

}  // namespace provphone::client::transport::detail
