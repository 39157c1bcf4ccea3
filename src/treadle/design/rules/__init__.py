"""Pure calculations of design: models, conditions, effectivity; no store, no clock."""
