import type { Address, ReadonlyUint8Array } from "@solana/kit";
import { FIELDS, HEADER_LENGTH, getStructDecoder, getStructEncoder, type MessageKind } from "./layout.js";

/** A claim on a vendor's compute, as the vault's issuer signs it: the voucher account's own facts. */
export interface VoucherTerms {
  /** The voucher account. */
  readonly voucher: Address;
  /** The vault that owes. */
  readonly vault: Address;
  /** The key that signs receipts. */
  readonly session: Address;
  /** 0 training, 1 inference, 2 fine-tuning. */
  readonly class: number;
  /** Units claimed. */
  readonly units: bigint;
  /** The Standard that it was opened under, in TFLOP per SCU. */
  readonly workPerScu: bigint;
  /** When its account was opened, in Unix seconds. */
  readonly openedAt: bigint;
  /** When it expires, in Unix seconds. */
  readonly expiresAt: bigint;
}

/** What a voucher's session key acknowledges as consumed so far. */
export interface Receipt {
  /** The voucher account. */
  readonly voucher: Address;
  /** When that account was opened: another voucher at the same address is another channel. */
  readonly openedAt: bigint;
  /** Units consumed since opening; only ever rises. */
  readonly cumulative: bigint;
}

/** What the quorum measured of a vault's hardware. */
export interface Capacity {
  readonly currency: Address;
  readonly vault: Address;
  /** SHA-256 of the published inventory of devices. */
  readonly inventoryHash: ReadonlyUint8Array;
  readonly quorumEpoch: number;
  /** Rises with every attestation of this vault. */
  readonly sequence: bigint;
  /** Sustained rate, in TFLOP/s. */
  readonly rate: bigint;
  /** When the hardware leaves the pledge, in Unix seconds. */
  readonly endsAt: bigint;
  /** When it was measured, in Unix seconds. */
  readonly attestedAt: bigint;
}

/** The reference price of one SCU. */
export interface Price {
  readonly currency: Address;
  readonly quorumEpoch: number;
  /** Rises with every price. */
  readonly sequence: bigint;
  /** Collateral base units per SCU. */
  readonly price: bigint;
  /** When it was observed, in Unix seconds. */
  readonly publishedAt: bigint;
}

/** The quorum's decision that units of a voucher were not served. */
export interface Ruling {
  readonly voucher: Address;
  /** SHA-256 of the published evidence. */
  readonly evidenceHash: ReadonlyUint8Array;
  readonly quorumEpoch: number;
  /** Units that were not served; more than remain mean all that remain. */
  readonly units: bigint;
  /** When it was decided, in Unix seconds. */
  readonly ruledAt: bigint;
}

const { address, hash, u8, u32, u64, i64 } = FIELDS;

/** The message `specie.voucher.1`. */
export const VOUCHER: MessageKind<VoucherTerms> = {
  name: "voucher",
  domain: "specie.voucher.1",
  length: HEADER_LENGTH + 129,
  encoder: getStructEncoder([
    ["voucher", address.encoder],
    ["vault", address.encoder],
    ["session", address.encoder],
    ["class", u8.encoder],
    ["units", u64.encoder],
    ["workPerScu", u64.encoder],
    ["openedAt", i64.encoder],
    ["expiresAt", i64.encoder],
  ]),
  decoder: getStructDecoder([
    ["voucher", address.decoder],
    ["vault", address.decoder],
    ["session", address.decoder],
    ["class", u8.decoder],
    ["units", u64.decoder],
    ["workPerScu", u64.decoder],
    ["openedAt", i64.decoder],
    ["expiresAt", i64.decoder],
  ]),
};

/** The message `specie.receipt.1`. */
export const RECEIPT: MessageKind<Receipt> = {
  name: "receipt",
  domain: "specie.receipt.1",
  length: HEADER_LENGTH + 48,
  encoder: getStructEncoder([
    ["voucher", address.encoder],
    ["openedAt", i64.encoder],
    ["cumulative", u64.encoder],
  ]),
  decoder: getStructDecoder([
    ["voucher", address.decoder],
    ["openedAt", i64.decoder],
    ["cumulative", u64.decoder],
  ]),
};

/** The message `specie.capacity1`. */
export const CAPACITY: MessageKind<Capacity> = {
  name: "capacity",
  domain: "specie.capacity1",
  length: HEADER_LENGTH + 132,
  encoder: getStructEncoder([
    ["currency", address.encoder],
    ["vault", address.encoder],
    ["inventoryHash", hash.encoder],
    ["quorumEpoch", u32.encoder],
    ["sequence", u64.encoder],
    ["rate", u64.encoder],
    ["endsAt", i64.encoder],
    ["attestedAt", i64.encoder],
  ]),
  decoder: getStructDecoder([
    ["currency", address.decoder],
    ["vault", address.decoder],
    ["inventoryHash", hash.decoder],
    ["quorumEpoch", u32.decoder],
    ["sequence", u64.decoder],
    ["rate", u64.decoder],
    ["endsAt", i64.decoder],
    ["attestedAt", i64.decoder],
  ]),
};

/** The message `specie.price...1`. */
export const PRICE: MessageKind<Price> = {
  name: "price",
  domain: "specie.price...1",
  length: HEADER_LENGTH + 60,
  encoder: getStructEncoder([
    ["currency", address.encoder],
    ["quorumEpoch", u32.encoder],
    ["sequence", u64.encoder],
    ["price", u64.encoder],
    ["publishedAt", i64.encoder],
  ]),
  decoder: getStructDecoder([
    ["currency", address.decoder],
    ["quorumEpoch", u32.decoder],
    ["sequence", u64.decoder],
    ["price", u64.decoder],
    ["publishedAt", i64.decoder],
  ]),
};

/** The message `specie.ruling..1`. */
export const RULING: MessageKind<Ruling> = {
  name: "ruling",
  domain: "specie.ruling..1",
  length: HEADER_LENGTH + 84,
  encoder: getStructEncoder([
    ["voucher", address.encoder],
    ["evidenceHash", hash.encoder],
    ["quorumEpoch", u32.encoder],
    ["units", u64.encoder],
    ["ruledAt", i64.encoder],
  ]),
  decoder: getStructDecoder([
    ["voucher", address.decoder],
    ["evidenceHash", hash.decoder],
    ["quorumEpoch", u32.decoder],
    ["units", u64.decoder],
    ["ruledAt", i64.decoder],
  ]),
};
