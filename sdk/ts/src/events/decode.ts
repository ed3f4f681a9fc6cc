import { getBase64Encoder, isFixedSize, type Decoder, type ReadonlyUint8Array } from "@solana/kit";
import { SPECIE_PROGRAM_ADDRESS } from "../generated/index.js";
import { EVENTS, type SpecieEvent, type SpecieEventName } from "../generated/tables/events.js";
import { readFrames } from "../logs/frames.js";

export { EVENTS, type SpecieEvent, type SpecieEventName };

const DISCRIMINATOR_LENGTH = 8;
/** A settlement's event without its receipts: vault, balances, and how many receipts follow. */
const SETTLED_LENGTH = 92;
const RECEIPT_LENGTH = 40;
const RECEIPTS_MAX = 5;

/** What a transaction's log says that the program did. */
export interface LoggedEvents {
  /** In the order in which they happened. */
  readonly events: readonly SpecieEvent[];
  /** Whether the log was cut off: then events may be missing, and the instructions say what was asked for. */
  readonly isTruncated: boolean;
  /** How many of the program's own lines are no event that this SDK knows: a newer program's. */
  readonly unknown: number;
}

/** The program's events in a transaction's log. Only lines count that the program itself wrote. */
export function decodeEvents(logs: readonly string[]): LoggedEvents {
  const { lines, isTruncated } = readFrames(logs);
  const own = lines.flatMap((line) => (line.kind === "data" && line.program === SPECIE_PROGRAM_ADDRESS ? [line.fields] : []));
  const decoded = own.map(([field, ...more]) => (field === undefined || more.length > 0 ? undefined : decodeField(field)));
  const events = decoded.filter((event) => event !== undefined);
  return { events, isTruncated, unknown: decoded.length - events.length };
}

function decodeField(field: string): SpecieEvent | undefined {
  const isBase64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/u.test(field);
  return isBase64 ? decodeEvent(getBase64Encoder().encode(field)) : undefined;
}

/** Reads an event's bytes, discriminator first; undefined for what is not one of them, to the byte. */
export function decodeEvent(data: ReadonlyUint8Array): SpecieEvent | undefined {
  const discriminator = Array.from(data.slice(0, DISCRIMINATOR_LENGTH), (byte) => byte.toString(16).padStart(2, "0")).join("");
  if (!isKnown(discriminator)) return undefined;
  const { name, decoder } = EVENTS[discriminator];
  const body = data.slice(DISCRIMINATOR_LENGTH);
  if (!hasLength(name, decoder(), body)) return undefined;
  // The table gives each name its own decoder, which the compiler does not follow through the union.
  return { name, data: decoder().decode(body) } as SpecieEvent;
}

function isKnown(discriminator: string): discriminator is keyof typeof EVENTS {
  return Object.hasOwn(EVENTS, discriminator);
}

/** Whether an event's body is as long as its kind: all but one are of fixed length, and that says how long it is. */
function hasLength(name: SpecieEventName, decoder: Decoder<object>, body: ReadonlyUint8Array): boolean {
  if (isFixedSize(decoder)) return body.length === decoder.fixedSize;
  const receipts = (body.length - SETTLED_LENGTH) / RECEIPT_LENGTH;
  const count = new DataView(Uint8Array.from(body).buffer);
  return name === "Settled" && Number.isInteger(receipts) && receipts >= 1 && receipts <= RECEIPTS_MAX && count.getUint32(SETTLED_LENGTH - 4, true) === receipts;
}
