import { getBase58Decoder, getBase64Decoder, getBase64Encoder, type Address, type MessagePartialSigner, type ReadonlyUint8Array } from "@solana/kit";
import { isSignedBy, signBytesBy } from "./signing.js";

/** More than any token of Specie's; a longer one is not read. */
const LENGTH_MAX = 4096;

/** Why a text is not the token that was expected. */
export type TokenFault = "malformed" | "header" | "signature";

const SENTENCES: Readonly<Record<TokenFault, string>> = {
  malformed: "The token is not a compact JWS",
  header: "The token's header is not that of the expected kind",
  signature: "The token's signature is not by the expected key",
};

/** A text is not the token that was expected. */
export class TokenError extends Error {
  override readonly name = "TokenError";

  constructor(readonly fault: TokenFault) {
    super(SENTENCES[fault]);
  }
}

/** Bytes as JSON has them everywhere: base64url without padding. */
export const encodeBase64Url = (bytes: ReadonlyUint8Array): string =>
  getBase64Decoder().decode(bytes).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");

/** Reads what {@link encodeBase64Url} writes, and no other spelling of it; undefined for anything else. */
export function decodeBase64Url(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9_-]*$/u.test(text) || text.length % 4 === 1) return undefined;
  const padded = text.replaceAll("-", "+").replaceAll("_", "/").padEnd(Math.ceil(text.length / 4) * 4, "=");
  const bytes = Uint8Array.from(getBase64Encoder().encode(padded));
  return encodeBase64Url(bytes) === text ? bytes : undefined;
}

/** An object as JSON gives it: nothing of it is known yet. */
export type JsonObject = Readonly<Record<string, unknown>>;

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readPart(part: string): JsonObject {
  const bytes = decodeBase64Url(part);
  if (bytes === undefined) throw new TokenError("malformed");
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
    if (isObject(value)) return value;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  throw new TokenError("malformed");
}

const writePart = (value: object): string => encodeBase64Url(new TextEncoder().encode(JSON.stringify(value)));

/** Signs claims as a token of the kind `typ`. The same claims and key give the same token. */
export async function signToken(typ: string, claims: object, signer: MessagePartialSigner): Promise<string> {
  const signed = `${writePart({ alg: "EdDSA", typ, kid: signer.address })}.${writePart(claims)}`;
  return `${signed}.${encodeBase64Url(await signBytesBy(signer, new TextEncoder().encode(signed)))}`;
}

/** The delegation in a token's header, if there is one. Nothing is verified yet. */
export function delegationOf(token: string): string | undefined {
  const { header } = split(token);
  const { delegation } = readPart(header);
  if (delegation === undefined || delegation === null) return undefined;
  if (typeof delegation !== "string") throw new TokenError("malformed");
  return delegation;
}

function split(token: string): { readonly header: string; readonly claims: string; readonly signature: string } {
  const [header, claims, signature, ...rest] = token.length > LENGTH_MAX ? [] : token.split(".");
  if (header === undefined || claims === undefined || signature === undefined || rest.length > 0) throw new TokenError("malformed");
  return { header, claims, signature };
}

/** Reads the claims of a token of the kind `typ` that `key` must have signed. */
export async function verifyToken(token: string, typ: string, key: Address): Promise<JsonObject> {
  const parts = split(token);
  const header = readPart(parts.header);
  if (header["alg"] !== "EdDSA" || header["typ"] !== typ || (header["crit"] ?? undefined) !== undefined) throw new TokenError("header");
  const signature = decodeBase64Url(parts.signature);
  if (signature?.length !== 64) throw new TokenError("malformed");
  const signed = new TextEncoder().encode(`${parts.header}.${parts.claims}`);
  if (!(await isSignedBy(key, signed, signature))) throw new TokenError("signature");
  return readPart(parts.claims);
}

/** Random characters for a token's identity: 128 bits, base58. */
export const randomIdentity = (): string => {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return getBase58Decoder().decode(bytes).padStart(16, "1");
};
