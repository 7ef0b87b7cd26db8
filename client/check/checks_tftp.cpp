#include "client/check/detail/facts.hpp"

#include <fmt/format.h>

// What TFTP servers get wrong (behaviour rules R-TFTP-*).
namespace provphone::client::check::detail {
namespace {

constexpr std::size_t block = 512;

template <class Judge>
Outcome over_tftp(const Facts& facts, Judge judge) {
  if (!facts.seen.is_tftp()) return not_applicable();
  if (!facts.gets_file() || !facts.seen.tftp) return not_asked(facts, "the phone gets no file");
  return judge(*facts.seen.tftp);
}

Outcome judge_options(const Facts& facts) {
  return over_tftp(facts, [&](const TftpSeen& seen) {
    if (!seen.options) return not_asked(facts, "no request with options was made");
    switch (*seen.options) {
      case TftpSeen::Options::acknowledged:
        return passed("acknowledged: " + seen.options_text);
      case TftpSeen::Options::passed_over:
        return passed("passed over, which is allowed");
      case TftpSeen::Options::refused:
        return found(seen.options_text);
      case TftpSeen::Options::unanswered:
        break;
    }
    return found("a request with options got no answer");
  });
}

Outcome judge_other_port(const Facts& facts) {
  return over_tftp(facts, [&](const TftpSeen& seen) {
    if (!seen.stranger) return not_asked(facts, "the file is too short to interfere with");
    switch (*seen.stranger) {
      case TftpSeen::Stranger::told_off:
        return passed("error 5, and the transfer went on");
      case TftpSeen::Stranger::ignored:
        return passed("no answer, and the transfer went on");
      case TftpSeen::Stranger::obeyed:
        break;
    }
    return found("an error packet from another port ended the transfer");
  });
}

// A phone does not get a file that has no end, so that this is not to wait for one.
Outcome judge_last(const Facts& facts) {
  if (!facts.seen.is_tftp()) return not_applicable();
  if (!facts.seen.tftp) return not_asked(facts, "the phone gets no file");
  const auto& seen = *facts.seen.tftp;
  if (!seen.file_size) return not_asked(facts, "the file was not read to its end");
  const auto size = *seen.file_size;
  // R-TFTP-03: only a size of whole blocks needs an empty block behind them.
  if (size % block != 0)
    return not_made(fmt::format("the file has {} octets, no multiple of {}", size, block));
  if (seen.last_block == 0U) return passed("an empty block ended the file");
  return found(fmt::format("{} octets came, and no empty block behind them", size));
}

Outcome judge_wrap(const Facts& facts) {
  return over_tftp(facts, [](const TftpSeen&) {
    // 65 535 blocks of 512 octets.
    return not_made("it takes a file of more than 32 MB, which is not asked for");
  });
}

Outcome judge_silence(const Facts& facts) {
  return over_tftp(facts, [&](const TftpSeen&) {
    const auto* unknown = find(facts.seen, ProbeTarget::absent_file, ClientRole::own);
    if (unknown == nullptr) unknown = find(facts.seen, ProbeTarget::unknown_file, ClientRole::own);
    if (unknown == nullptr) return not_asked(facts, "no absent file was asked for");
    // R-TFTP-06: a phone asks five times before it knows.
    const bool was_silent = unknown->error && (unknown->error->code == Errc::connect_timeout ||
                                               unknown->error->code == Errc::transfer_stalled ||
                                               unknown->error->code == Errc::transfer_timeout);
    return was_silent ? found(format(*unknown->error)) : passed(in_words(*unknown));
  });
}

constexpr Check tftp_catalogue[] = {
    {"CHK-TFTP-OPTIONS", Severity::low, "a request with options is not understood",
     "It sends none; other devices do, and get nothing.", nothing,
     "Acknowledge options or pass them over, as RFC 2347 says.", judge_options, Scope::server},
    {"CHK-TFTP-TID", Severity::medium, "packets of strangers end a transfer",
     "It waits for a block that does not come, and fails.",
     "Break every transfer by guessing port numbers, without being seen.",
     "Answer packets from other ports with error 5 and go on, as RFC 1350 says.", judge_other_port,
     Scope::server},
    {"CHK-TFTP-LAST", Severity::high, "files of whole blocks have no end",
     "It waits for the empty block that says that the file is complete, and fails.", nothing,
     "Send an empty block behind the last full one, or pad the file.", judge_last, Scope::server},
    {"CHK-TFTP-WRAP", Severity::medium, "block numbers do not go on behind 65535",
     "It does not get firmware of more than 32 MB.", nothing,
     "Let the number go on with 0, or serve firmware over HTTP.", judge_wrap, Scope::server},
    {"CHK-TFTP-SILENT", Severity::medium, "an absent file gets no answer",
     "It asks five times before it gives up, and takes the server for dead.", nothing,
     "Answer error 1 for what is not there.", judge_silence, Scope::server},
};

}  // namespace

std::span<const Check> tftp_checks() {
  return tftp_catalogue;
}

}  // namespace provphone::client::check::detail
