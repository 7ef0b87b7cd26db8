#include "client/expect/known_documents.hpp"

#include "client/expect/detail/text_hash.hpp"

#include <utility>

namespace provphone::client::expect {

KnownDocuments::KnownDocuments(std::shared_ptr<const Identities> identities)
    : identities_(std::move(identities)) {}

std::vector<Incident> KnownDocuments::foreign_in(std::uint32_t phone, std::string_view document) {
  const auto hash = detail::document_hash(document);
  auto& known = known_[hash % known_.size()];
  if (known.hash != hash || known.size != document.size())
    known = {hash, document.size(), identities_->named_in(document)};
  return foreign_to(phone, known.mentions);
}

}  // namespace provphone::client::expect
