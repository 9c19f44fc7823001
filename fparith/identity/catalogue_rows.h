// Inside catalogue: its rows, in two files. Not for callers.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_FPARITH_IDENTITY_CATALOGUE_ROWS_H_
#define FPLAB_FPARITH_IDENTITY_CATALOGUE_ROWS_H_

#include <span>

#include <fplab/fparith/identity/catalogue.h>

namespace fplab::identity {

std::span<const CatalogueEntry> CatalogueFirstRows();  // 1..44
std::span<const CatalogueEntry> CatalogueLastRows();   // 45..85

}  // namespace fplab::identity

#endif  // FPLAB_FPARITH_IDENTITY_CATALOGUE_ROWS_H_
