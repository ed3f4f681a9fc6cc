/** A vendor's gateway: sessions, and chat with the record of what each answer cost. */
export type { components, paths } from "../generated/gateway/api.js";
export * from "./chat.js";
export { bodyOf, connectGateway, type Gateway, type GatewayOptions, type Schemas } from "./client.js";
export { GatewayError, GatewayMismatch } from "./error.js";
export * from "./session.js";
