/** Instructions for what holders, stakers, vendors and governors do: one transaction each, nothing fetched and nothing sent. */
export * from "./cluster.js";
export * from "./disputes.js";
export * from "./governance.js";
export * from "./holder.js";
export * from "./margin.js";
export { asInstructionPlan, tokenAccountOf, withComputeBudget, withSlippage, type ComputeBudget, type Plan } from "./plan.js";
export * from "./signed.js";
export * from "./staking.js";
export * from "./vendor.js";
