// The JSON form of a training configuration: config.json, and the "config" of a checkpoint and of a sweep's cells.
//
// {"format": 2, ...} has the fields of FieldsOf(config), those of its estimator included and of no other. Format 1,
// which has no "format", is flat: it has the fields of every estimator, and those of others than its own are dropped.
// SPDX-License-Identifier: Apache-2.0
#ifndef FPLAB_NETS_TRAINING_CONFIG_JSON_H_
#define FPLAB_NETS_TRAINING_CONFIG_JSON_H_

#include <string>
#include <string_view>
#include <vector>

#include <fplab/fparith/float/export.h>
#include <fplab/nets/files/ordered_json.h>
#include <fplab/nets/training/train_config.h>

namespace fplab::nets {

// Of what is written: 2, or the latest format in which a field was new.
FPLAB_EXPORT int ConfigFormat();

// Inverse of each other. FromJson throws Error that begins with `source` (where the JSON came from) and names the field
// that is missing, unknown, another estimator's, of the wrong type or makes no sense. A field that is newer than the
// format of the JSON may be missing: it has its default.
FPLAB_EXPORT OrderedJson ToJson(const TrainConfig& config);
FPLAB_EXPORT TrainConfig TrainConfigFromJson(const OrderedJson& json, std::string_view source);

// Fields in which two configurations differ, and their values there: null where a configuration lacks the field.
struct ConfigDifference {
  std::string name;
  OrderedJson first, second;
};
FPLAB_EXPORT std::vector<ConfigDifference> Differences(const TrainConfig& first, const TrainConfig& second);

}  // namespace fplab::nets

#endif  // FPLAB_NETS_TRAINING_CONFIG_JSON_H_
