#include "client/drive/real.hpp"
#include "client/serve/server.hpp"
#include "client/transport/fetcher.hpp"
#include "test/bench/bench.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <curl/curl.h>
#include <stdlib.h>
#include <unistd.h>

#include <array>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sys/prctl.h>
#include <sys/wait.h>

namespace provphone::bench {
namespace {

using namespace client;

void require(bool held) {
  if (!held) std::abort();
}

// The embedded server in a process of its own, so that its CPU time is not ours.
class ServerProcess {
 public:
  ServerProcess() {
    require(mkdtemp(directory_.data()) != nullptr);
    std::ofstream(directory_ + "/a.xml") << "<flat-profile><GPP_A>unchanged</GPP_A></flat-profile>";
    std::ofstream(directory_ + "/40kb.bin") << std::string(40'000, 'x');
    std::array<int, 2> pipe_ends{};
    require(pipe(pipe_ends.data()) == 0);
    child_ = fork();
    require(child_ >= 0);
    if (child_ == 0) serve(pipe_ends[1]);
    require(read(pipe_ends[0], ports_.data(), sizeof ports_) == sizeof ports_);
    close(pipe_ends[0]);
    close(pipe_ends[1]);
  }
  ~ServerProcess() {
    kill(child_, SIGTERM);
    waitpid(child_, nullptr, 0);
    std::filesystem::remove_all(directory_);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::string http() const { return "http://127.0.0.1:" + std::to_string(ports_[0]); }
  std::string tftp() const { return "tftp://127.0.0.1:" + std::to_string(ports_[1]); }
  std::uint16_t tftp_port() const { return ports_[1]; }

 private:
  [[noreturn]] void serve(int to_parent) const {
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    boost::asio::io_context loop;
    serve::Options options;
    options.directory = directory_;
    options.http_port = options.tftp_port = std::uint16_t{0};
    const auto server = serve::Server::start(loop, options, [](const serve::Served&) {});
    require(server.has_value());
    const std::array<std::uint16_t, 2> ports{(*server)->http_port(), (*server)->tftp_port()};
    require(write(to_parent, ports.data(), sizeof ports) == sizeof ports);
    loop.run();
    _exit(0);
  }

  std::string directory_ =
      (std::filesystem::temp_directory_path() / "provphone-bench-XXXXXX").string();
  pid_t child_ = -1;
  std::array<std::uint16_t, 2> ports_{};
};

// One phone that makes `passes` passes, one after the other.
class Resyncs {
 public:
  Resyncs(const std::string& rule, int passes) : passes_(passes) {
    drive::RealRun plan;
    drive::DrivenPhone setup;
    setup.device.parameters.set(*profile::find_parameter("Profile_Rule"), rule);
    plan.phones = drive::kept_phones({std::move(setup)});
    plan.trace = [this](const trace::TraceEvent& event) {
      failed_ = failed_ || event.event == trace::EventKind::pass_failed;
    };
    plan.on_pass_over = [this](std::size_t) {
      if (++made_ == passes_) return loop_.stop();
      boost::asio::post(loop_, [this] { driver_->request_resync_of_running(0); });
    };
    driver_ = std::make_unique<drive::RealDriver>(loop_, std::move(plan));
  }

  void run() {
    made_ = 0;
    loop_.restart();
    driver_->request_resync_of_running(0);
    loop_.run();
    require(!failed_);
  }

 private:
  boost::asio::io_context loop_;
  std::unique_ptr<drive::RealDriver> driver_;
  int passes_;
  int made_ = 0;
  bool failed_ = false;
};

// The transport alone: one file after the other.
void fetch_all(const macro::Url& url, int fetches) {
  boost::asio::io_context loop;
  const transport::Targets targets;
  transport::Fetcher fetcher(loop, targets);
  int left = fetches;
  const std::function<void()> next = [&] {
    transport::Request request;
    request.url = url;
    request.keep = transport::Keep::size;  // as the comparison does
    fetcher.start(std::move(request), nullptr, [&](const Result<transport::Response>& response) {
      require(response.has_value());
      if (--left == 0) return loop.stop();
      next();
    });
  };
  next();
  loop.run();
}

std::size_t discard(char*, std::size_t size, std::size_t count, void*) {
  return size * count;
}

// The comparison: one easy handle on a multi handle, a fresh connection each time.
void bare_curl(const std::string& url, int fetches) {
  auto* multi = curl_multi_init();
  auto* easy = curl_easy_init();
  for (int i = 0; i < fetches; ++i) {
    curl_easy_reset(easy);
    curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
    curl_easy_setopt(easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(easy, CURLOPT_FORBID_REUSE, 1L);
    curl_easy_setopt(easy, CURLOPT_TFTP_NO_OPTIONS, 1L);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, discard);
    curl_multi_add_handle(multi, easy);
    for (int running = 1; running != 0;) {
      require(curl_multi_perform(multi, &running) == CURLM_OK);
      if (running != 0) curl_multi_poll(multi, nullptr, 0, 1000, nullptr);
    }
    int left = 0;
    const auto* message = curl_multi_info_read(multi, &left);
    require(message != nullptr && message->data.result == CURLE_OK);
    curl_multi_remove_handle(multi, easy);
  }
  curl_easy_cleanup(easy);
  curl_multi_cleanup(multi);
}

void bench_unchanged(const std::string& scheme, const std::string& base, int passes) {
  Resyncs resyncs(base + "/a.xml", passes);
  compare({.title = "A pass over " + scheme +
                    " whose profile has not changed, one phone, connection after connection",
           .unit = "pass",
           .units = passes,
           .ours = {"provphone: rule, fetch, hash, schedule", [&] { resyncs.run(); }},
           .theirs = {"a bare libcurl multi loop", [&] { bare_curl(base + "/a.xml", passes); }},
           .budget = 1.25});
}

void bench_transfers(const ServerProcess& server, const std::string& path, int fetches) {
  const auto text = server.tftp() + path;
  const macro::Url url{macro::Scheme::tftp, "127.0.0.1", server.tftp_port(), path};
  compare({.title = "The transfer of " + path + " over TFTP alone, one after the other",
           .unit = "transfer",
           .units = fetches,
           .ours = {"provphone: the fetcher", [&] { fetch_all(url, fetches); }},
           .theirs = {"a bare libcurl multi loop", [&] { bare_curl(text, fetches); }},
           .budget = 1.0});
}

}  // namespace

void bench_fetch() {
  const ServerProcess server;
  bench_unchanged("HTTP", server.http(), 1000);
  bench_unchanged("TFTP", server.tftp(), 300);
  bench_transfers(server, "/a.xml", 1000);
  bench_transfers(server, "/40kb.bin", 100);
}

}  // namespace provphone::bench
