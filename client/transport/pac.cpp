#include "client/transport/pac.hpp"

#include "client/transport/detail/pac_child.hpp"
#include "profile/hash.hpp"
#include "resync/request_target.hpp"

#include <openssl/crypto.h>

#include <condition_variable>
#include <deque>
#include <future>
#include <map>
#include <mutex>
#include <thread>
#include <utility>

namespace provphone::client::transport {
namespace {

// A fleet has one script and few servers; whoever has more of both asks again.
constexpr std::size_t most_answers = 1024;

// One thread, which waits for one child at a time. It lives as long as the process, and begins with
// the first question.
class PacAnswers {
 public:
  // The thread uses OpenSSL, whose end therefore has to come behind the thread's: what begins first
  // ends last.
  PacAnswers() { OPENSSL_init_crypto(OPENSSL_INIT_LOAD_CONFIG, nullptr); }
  PacAnswers(const PacAnswers&) = delete;
  PacAnswers& operator=(const PacAnswers&) = delete;
  ~PacAnswers() {
    {
      const std::lock_guard lock(mutex_);
      is_over_ = true;
    }
    something_.notify_one();
    if (thread_.joinable()) thread_.join();
  }

  void ask(std::shared_ptr<const std::string> script, const macro::Url& url, OnPacSaid on_said) {
    const std::lock_guard lock(mutex_);
    questions_.push_back({std::move(script), url, std::move(on_said)});
    if (!thread_.joinable()) thread_ = std::thread([this] { answer_all(); });
    something_.notify_one();
  }

 private:
  struct Question {
    std::shared_ptr<const std::string> script;
    macro::Url url;
    OnPacSaid on_said;
  };

  void answer_all() {
    while (true) {
      std::unique_lock lock(mutex_);
      something_.wait(lock, [this] { return is_over_ || !questions_.empty(); });
      if (is_over_) return;
      const auto question = std::move(questions_.front());
      questions_.pop_front();
      lock.unlock();
      question.on_said(answer_to(question));
    }
  }

  // Of this thread alone, as the answers are.
  const Result<std::string>& answer_to(const Question& question) {
    const auto& url = question.url;
    const auto origin =
        std::string(name(url.scheme)) + "://" + resync::authority(url.host, url.port) + "/";
    const auto key = profile::hash_hex(profile::Hash::sha256, *question.script) + origin;
    if (const auto known = answers_.find(key); known != answers_.end()) return known->second;
    if (answers_.size() >= most_answers) answers_.clear();
    return answers_.emplace(key, detail::run_pac(*question.script, origin, url.host)).first->second;
  }

  std::mutex mutex_;
  std::condition_variable something_;
  std::deque<Question> questions_;
  std::map<std::string, Result<std::string>> answers_;
  std::thread thread_;
  bool is_over_ = false;
};

}  // namespace

void ask_pac(std::shared_ptr<const std::string> script, const macro::Url& url, OnPacSaid on_said) {
  static PacAnswers answers;
  answers.ask(std::move(script), url, std::move(on_said));
}

Result<std::string> pac_says(std::shared_ptr<const std::string> script, const macro::Url& url) {
  std::promise<Result<std::string>> said;
  ask_pac(std::move(script), url,
          [&said](Result<std::string> answer) { said.set_value(std::move(answer)); });
  return said.get_future().get();
}

}  // namespace provphone::client::transport
