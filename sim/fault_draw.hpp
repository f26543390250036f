#pragma once
// How long and how strong faults are, drawn from the catalogue's ranges.

#include "sim/physics.hpp"

namespace coldvigil::sim {

struct drawn_fault {
  fault_kind kind;
  millis length{};
  double magnitude = 1;
};

/// `number` is the chance; `factor` makes the fault stronger (> 1) or weaker than the catalogue has it.
[[nodiscard]] drawn_fault draw_fault(fault_kind kind, unit_class of, std::uint64_t number, double factor);

/// A unit without defrosts has no defrost that could be stuck.
[[nodiscard]] bool can_have(const unit_design& unit, fault_kind kind);

} // namespace coldvigil::sim
