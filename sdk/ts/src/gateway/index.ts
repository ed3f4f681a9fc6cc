/** A vendor's gateway: what it offers, sessions, and chat with the record of what each answer cost. */
export type { components, paths } from "../generated/gateway/api.js";
export { REASONS, type Reason } from "../generated/tables/reasons.js";
export * from "./chat.js";
export { bodyOf, connectGateway, type Gateway, type GatewayOptions, type Schemas } from "./client.js";
export * from "./consume.js";
export * from "./discovery.js";
export { BeyondLimit, GatewayError, GatewayMismatch, GatewayUnreachable, type BeyondLimitFacts, type MismatchFault, type RefusalFacts } from "./error.js";
export * from "./session.js";
export * from "./statement.js";
