"""Pure calculations of sales: prices, taxes, incentives; no store, no clock."""
