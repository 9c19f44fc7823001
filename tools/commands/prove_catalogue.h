// fplab prove --catalogue: a table of answers, statement by statement, that can be interrupted and gone on with.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_TOOLS_COMMANDS_PROVE_CATALOGUE_H_
#define FPLAB_TOOLS_COMMANDS_PROVE_CATALOGUE_H_

#include <string>

#include <fplab/fparith/proof/prove.h>

namespace fplab::tools {

struct CatalogueTable {
  std::string formats;  // joined by commas
  std::string journal;  // a file of the rows so far, one JSON object a line; empty: none is kept
  std::string rows;     // "1-85"; empty: all
  bool json = false;
  proof::ProveOptions prove;  // of the four flushing modes
};

// Prints a line a statement, or the rows as JSON, and how many of each answer there are by format. Rows that the
// journal has, of the same statement, format and limits, are taken from there; others are added to it as they are done.
// Returns the exit status. Throws Error for a format and for a journal that can't be read or written, or is none.
int ProveCatalogue(const CatalogueTable& table);

}  // namespace fplab::tools

#endif  // FPLAB_TOOLS_COMMANDS_PROVE_CATALOGUE_H_
