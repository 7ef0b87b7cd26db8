#include "test/client/check/gallery.hpp"

#include <chrono>

// TFTP asks nobody who he is, proves nothing and has no word for "slow down" but silence: so much
// is found at the most careful server.
namespace provphone::test::gallery {
namespace {

using namespace std::chrono_literals;

const std::string always = "CHK-OPEN CHK-ENUM-RATE CHK-PLAIN";

Set following(const std::function<void(TftpScript&)>& change) {
  return [change](Stage& stage) {
    careful_tftp(stage);
    change(stage.tftp);
  };
}

// A server that says nothing is waited for, no longer than it takes to tell, and not for guesses.
Set silent(const std::function<void(TftpScript&)>& change) {
  return [change](Stage& stage) {
    following(change)(stage);
    stage.audit.may_create = false;
    stage.audit.patience = {1s, 1s, 1s};
  };
}

}  // namespace

std::vector<Entry> tftp_entries() {
  return {
      {"careful", always, careful_tftp},
      {"options are refused", always + " CHK-TFTP-OPTIONS",
       following([](TftpScript& script) { script.refuses_options = true; })},
      {"strangers are obeyed", "CHK-OPEN CHK-PLAIN CHK-TFTP-TID",
       silent([](TftpScript& script) { script.obeys_strangers = true; })},
      // No phone gets a file that does not end.
      {"whole blocks, and no end", "CHK-FETCH CHK-TFTP-LAST",
       silent([](TftpScript& script) { script.is_without_end = true; })},
      {"silence about what is not there", "CHK-OPEN CHK-PLAIN CHK-TFTP-SILENT",
       silent([](TftpScript& script) { script.is_silent_about_others = true; })},
  };
}

}  // namespace provphone::test::gallery
