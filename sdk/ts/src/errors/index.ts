/** Why something was refused or failed, in sentences that name the remedy. */
export { REFUSALS, Refusal, type RefusalCode, type RefusalName } from "./refusal.js";
