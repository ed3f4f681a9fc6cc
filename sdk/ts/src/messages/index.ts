/** The messages that are signed, what travels with them over HTTP, and the check of what a vendor charged. */
export * from "./ed25519.js";
export { TokenError, decodeBase64Url, encodeBase64Url, randomIdentity, signToken, verifyToken, type TokenFault } from "./jws.js";
export * from "./kinds.js";
export { MessageError, decodeMessage, encodeMessage, type MessageKind } from "./layout.js";
export * from "./signing.js";
export * from "./tariff.js";
export * from "./usage.js";
export * from "./voucher.js";
