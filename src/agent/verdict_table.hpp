// SPDX-License-Identifier: Apache-2.0
// The verdicts that the hub was told last, by which it is told no more than what is new.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "benchmark/judge.hpp"
#include "uplink/messages.hpp"

namespace agent {

class VerdictTable {
 public:
  explicit VerdictTable(const benchmark::Benchmark& benchmark);

  // Takes the place of all that was known of the control. As it is told in a whole assessment.
  uplink::ControlResult set(const benchmark::ControlResult& result);
  // The same, as the difference from what was known; nothing where there is none.
  std::optional<uplink::ControlResult> change(const benchmark::ControlResult& result);
  // One container alone; no verdict: it is gone. The rest of the control stands.
  std::optional<uplink::ControlResult> change_container(const benchmark::Control& control, const std::string& id,
                                                        const std::string& name, const benchmark::Verdict* verdict);
  // Whether the host answers for the control in place of containers (there is none, or they could not be listed).
  bool is_answered_by_host(const benchmark::Control& control) const;

 private:
  struct Known {
    benchmark::Status status = benchmark::Status::error;
    std::uint32_t evidence = 0;  // checksum
  };
  using Resources = std::map<std::string, Known, std::less<>>;  // by "scope/id"

  std::size_t index_of(const benchmark::Control& control) const;
  void summarise(const Resources& resources, uplink::ControlResult& out) const;

  const benchmark::Benchmark& benchmark_;
  std::vector<Resources> known_;  // in the order of the benchmark's controls
};

}  // namespace agent
