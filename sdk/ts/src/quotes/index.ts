/** What purchases, redemptions and every other step come to, and why the program would refuse them, to the unit. */
export * from "./governing.js";
export * from "./health.js";
export * from "./issuing.js";
export * from "./liquidating.js";
export {
  BPS_WHOLE,
  PRICE_MEMORY,
  REWARD_PERIOD,
  UNITS_PER_SCU,
  backingOf,
  backingParts,
  isFull,
  leastTokens,
  mostTokens,
  mulDiv,
  unitsOf,
  valueOf,
  workOf,
  type Holders,
  type Rounding,
} from "./math.js";
export * from "./price.js";
export { valueOrThrow, type Quote, type Snapshot, type VaultSnapshot } from "./quote.js";
export * from "./redeeming.js";
export { attestedWork, owedUnits, owedWork, withPendingPromoted, workPerScuToCover } from "./solvency.js";
export * from "./staking.js";
export * from "./vouchers.js";
export * from "./withdrawing.js";
