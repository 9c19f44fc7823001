// Inside catalogue: its rows, in two files. Not for callers.
#ifndef FPLAB_FPARITH_CATALOGUE_ROWS_H_
#define FPLAB_FPARITH_CATALOGUE_ROWS_H_

#include <span>

#include "fparith/catalogue.h"

namespace fplab {

std::span<const CatalogueEntry> CatalogueFirstRows();  // 1..44
std::span<const CatalogueEntry> CatalogueLastRows();   // 45..85

}  // namespace fplab

#endif  // FPLAB_FPARITH_CATALOGUE_ROWS_H_
