// SPDX-License-Identifier: Apache-2.0
// The members of an assessment.
#pragma once

#include "uplink/form.hpp"
#include "uplink/messages.hpp"

namespace uplink {

inline constexpr std::size_t kMostControls = 1'000;
inline constexpr std::size_t kMostResources = 50'000;  // of one control

template <typename Form, Like<ResourceResult> Value>
void describe(Form& form, Value& resource) {
  form.required("scope", resource.scope);
  form.text("id", resource.id);
  form.text("name", resource.name);
  form.required("status", resource.status);
  form.any("evidence", resource.evidence);
}

template <typename Form, Like<ControlCounts> Value>
void describe(Form& form, Value& counts) {
  form.number("pass", counts.pass);
  form.number("fail", counts.fail);
  form.number("manual", counts.manual);
  form.number("notApplicable", counts.not_applicable);
  form.number("error", counts.error);
}

template <typename Form, Like<ControlResult> Value>
void describe(Form& form, Value& control) {
  form.required("id", control.id);
  form.required("status", control.status);
  form.member("counts", control.counts);
  form.list("resources", control.resources, kMostResources);
  form.texts("settled", control.settled, kMostResources);
}

template <typename Form, Like<Assessment> Value>
void describe(Form& form, Value& assessment) {
  form.flag("whole", assessment.whole);
  form.flag("more", assessment.more);
  form.required("id", assessment.id);
  form.text("benchmark", assessment.benchmark);
  form.text("benchmarkVersion", assessment.benchmark_version);
  form.text("cause", assessment.cause);
  form.number("tookMs", assessment.took_ms);
  form.list("controls", assessment.controls, kMostControls);
}

template <typename Form, Like<Packages> Value>
void describe(Form& form, Value& packages) {
  form.text("imageId", packages.image_id);
  form.any("inventory", packages.inventory);
}

}  // namespace uplink
