import type { Address, MessagePartialSigner } from "@solana/kit";
import type { Voucher } from "../generated/index.js";
import { object, text } from "./claims.js";
import { TokenError, decodeBase64Url, encodeBase64Url, randomIdentity, signToken, verifyToken } from "./jws.js";
import { RECEIPT, VOUCHER, type Receipt, type VoucherTerms } from "./kinds.js";
import { MessageError, decodeMessage, encodeMessage } from "./layout.js";
import { isSignedBy, signBytesBy } from "./signing.js";

/** The `typ` of a signed voucher. */
export const VOUCHER_TYP = "specie-voucher+jwt";
/** The `typ` of a proof of possession. */
export const PROOF_TYP = "specie-session+jwt";

/** The terms that a vault's issuer signs for the voucher account at an address. */
export function termsOf(address: Address, account: Voucher): VoucherTerms {
  const { vault, session, class: number, units, workPerScu, openedAt, expiresAt } = account;
  return { voucher: address, vault, session, class: number, units, workPerScu, openedAt, expiresAt };
}

/** A signed voucher that was read: its terms, and the issuer's signature over their message, which answers a challenge. */
export interface SignedVoucher {
  readonly terms: VoucherTerms;
  readonly signature: Uint8Array;
}

/**
 * Reads a signed voucher, which `issuer` must have signed for the cluster. The message within is what counts; throws a
 * {@link TokenError} for anything else.
 */
export async function readVoucher(token: string, issuer: Address, cluster: Address): Promise<SignedVoucher> {
  const specie = object(await verifyToken(token, VOUCHER_TYP, issuer), "specie");
  const message = decodeBase64Url(text(specie, "message"));
  const signature = decodeBase64Url(text(specie, "signature"));
  if (message === undefined || signature === undefined) throw new TokenError("malformed");
  if (!(await isSignedBy(issuer, message, signature))) throw new TokenError("signature");
  try {
    return { terms: decodeMessage(VOUCHER, cluster, message), signature };
  } catch (error) {
    if (error instanceof MessageError) throw new TokenError("malformed");
    throw error;
  }
}

/** A proof's moment and identity; both are made where they are missing. */
export interface ProofOptions {
  /** When the proof is made, in Unix seconds: a gateway takes it within a minute of that. */
  readonly now?: bigint;
  /** 16 to 64 characters of chance, so that no proof is presented twice. */
  readonly identity?: string;
}

/** Proves to the vault's gateway that whoever opens a session holds the voucher's session key. */
export function signProof(terms: VoucherTerms, cluster: Address, session: MessagePartialSigner, options: ProofOptions = {}): Promise<string> {
  const now = options.now ?? BigInt(Math.floor(Date.now() / 1_000));
  const claims = {
    aud: terms.vault,
    sub: terms.voucher,
    cluster,
    opened_at: Number(terms.openedAt),
    iat: Number(now),
    jti: options.identity ?? randomIdentity(),
  };
  return signToken(PROOF_TYP, claims, session);
}

/** A receipt as it travels in JSON: the bytes that were signed and their signature, base64url. */
export interface SentReceipt {
  readonly message: string;
  readonly signature: string;
}

/** Signs that `cumulative` units of a voucher were consumed, or may be, since it was opened. */
export async function signReceipt(
  terms: Pick<VoucherTerms, "voucher" | "openedAt">,
  cumulative: bigint,
  cluster: Address,
  session: MessagePartialSigner,
): Promise<SentReceipt> {
  const receipt: Receipt = { voucher: terms.voucher, openedAt: terms.openedAt, cumulative };
  const message = encodeMessage(RECEIPT, cluster, receipt);
  return { message: encodeBase64Url(message), signature: encodeBase64Url(await signBytesBy(session, message)) };
}
