// Inside catalogue: its rows, a file a topic. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_CATALOGUE_ROWS_H_
#define FPLAB_FPARITH_IDENTITY_CATALOGUE_ROWS_H_

#include <span>

#include <fplab/fparith/identity/catalogue.h>

namespace fplab::identity {

std::span<const CatalogueEntry> CatalogueFirstRows();        // 1..44
std::span<const CatalogueEntry> CatalogueLastRows();         // 45..85
std::span<const CatalogueEntry> CatalogueRewritesRows();     // 86..137
std::span<const CatalogueEntry> CatalogueComparisonsRows();  // 138..181
std::span<const CatalogueEntry> CatalogueMinimumRows();      // 182..208
std::span<const CatalogueEntry> CatalogueConversionsRows();  // 209..261
std::span<const CatalogueEntry> CatalogueRoundingRows();     // 262..302
std::span<const CatalogueEntry> CatalogueErrorFreeRows();    // 303..329
std::span<const CatalogueEntry> CatalogueGeometryRows();     // 330..363
std::span<const CatalogueEntry> CatalogueBitsRows();         // 364..405

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_CATALOGUE_ROWS_H_
