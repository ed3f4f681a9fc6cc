/** Why something was refused or failed, in sentences that name the remedy. */
export { explain, type Explanation, type Failure } from "./explain.js";
export { REFUSALS, Refusal, type RefusalCode, type RefusalName } from "./refusal.js";
export { REMEDIES } from "./remedies.js";
export type { Cause } from "./sentences.js";
