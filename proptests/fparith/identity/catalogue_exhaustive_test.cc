// The catalogue of identities: what it says to be known over all operands, asked of all operands of small formats.
// SPDX-License-Identifier: Apache-2.0
#include <fplab/fparith/identity/catalogue.h>

#include <gtest/gtest.h>

#include "proptests/fparith/identity/catalogue_verdicts.h"

namespace fplab::identity {
namespace {

TEST(CatalogueExhaustive, VerdictsOfStatementsOfOneNumberAreProvedOnBinary16) {
  for (const CatalogueEntry& entry : Catalogue()) ExpectVerdictsOfSmallFormats(entry, 1);
}

TEST(CatalogueExhaustive, VerdictsOfStatementsOfTwoNumbersAreProvedOnASmallFormat) {
  for (const CatalogueEntry& entry : Catalogue()) ExpectVerdictsOfSmallFormats(entry, 2);
}

TEST(CatalogueExhaustive, VerdictsOfStatementsOfThreeNumbersAreProvedOnASmallFormat) {
  for (const CatalogueEntry& entry : Catalogue()) ExpectVerdictsOfSmallFormats(entry, 3);
}

TEST(CatalogueExhaustive, WhatIsSaidToBeExhaustedInFormatsOfItsOwnIs) {
  for (const CatalogueEntry& entry : Catalogue()) {
    if (!OwnFormat(entry) || entry.known != Known::kExhausted) continue;
    ExpectVerdicts(entry, *OwnFormat(entry), Options(statement::Target::kModel, 1 << 17), true);
  }
}

}  // namespace
}  // namespace fplab::identity
