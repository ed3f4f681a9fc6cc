import type { components } from "../generated/gateway/api.js";

/** What a refusal says beside its sentence. */
export interface RefusalFacts {
  /** The HTTP status. */
  readonly status: number;
  /** The reason, by which programs tell refusals apart. */
  readonly reason: string;
  /** Whether the same request may succeed later. */
  readonly isRetryable: boolean;
  /** Units that the request can cost, where that is more than may be consumed. */
  readonly needed: bigint | undefined;
  /** The cumulative units of the receipt that would pay for the request, where a receipt would. */
  readonly receiptWanted: bigint | undefined;
  /** By how many units the request can cost more than the voucher has left, where no receipt would pay for it. */
  readonly excess: bigint | undefined;
  /** After how many seconds to ask again, where the gateway says so. */
  readonly retryAfter: number | undefined;
  /** The reason's own figures by their names: units, or counts. */
  readonly figures: Readonly<Record<string, bigint>>;
}

/** A gateway's refusal, in its own words. It changed nothing. */
export class GatewayError extends Error implements RefusalFacts {
  override readonly name = "GatewayError";
  readonly status: number;
  readonly reason: string;
  readonly isRetryable: boolean;
  readonly needed: bigint | undefined;
  readonly receiptWanted: bigint | undefined;
  readonly excess: bigint | undefined;
  readonly retryAfter: number | undefined;
  readonly figures: Readonly<Record<string, bigint>>;

  constructor(message: string, facts: RefusalFacts) {
    super(message);
    this.status = facts.status;
    this.reason = facts.reason;
    this.isRetryable = facts.isRetryable;
    this.needed = facts.needed;
    this.receiptWanted = facts.receiptWanted;
    this.excess = facts.excess;
    this.retryAfter = facts.retryAfter;
    this.figures = facts.figures;
  }
}

/** What of a gateway is not as it must be: whom it serves for, the voucher that it signed, its prices, or an answer. */
export type MismatchFault = "identity" | "voucher" | "terms" | "answer";

/** A gateway is not the one that it must be, or answers what its document rules out. */
export class GatewayMismatch extends Error {
  override readonly name = "GatewayMismatch";

  constructor(
    readonly fault: MismatchFault,
    sentence: string,
  ) {
    super(sentence);
  }
}

/** A gateway does not answer at all. A request that was on its way may have been served. */
export class GatewayUnreachable extends Error {
  override readonly name = "GatewayUnreachable";

  constructor(url: string, cause: unknown) {
    super(`The gateway ${url} does not answer: try again later, or ask the vendor`, { cause });
  }
}

/** What an answer needs to be signed for, and what may be; all in units since the voucher was opened. */
export interface BeyondLimitFacts {
  /** The receipt that the gateway wants: within what its published tariff makes of the question. */
  readonly wanted: bigint;
  /** The most that may be signed for. */
  readonly limit: bigint;
  /** What was consumed before. */
  readonly consumed: bigint;
}

/** An answer needs a higher receipt than whoever pays has allowed. Nothing was signed, and nothing was served. */
export class BeyondLimit extends Error implements BeyondLimitFacts {
  override readonly name = "BeyondLimit";
  readonly wanted: bigint;
  readonly limit: bigint;
  readonly consumed: bigint;

  constructor({ wanted, limit, consumed }: BeyondLimitFacts) {
    super(`The answer needs a receipt for ${wanted} units, and at most ${limit} may be signed for: allow more, or ask for a shorter answer`);
    this.wanted = wanted;
    this.limit = limit;
    this.consumed = consumed;
  }
}

type ErrorBody = components["schemas"]["Error"];
type Details = Readonly<Record<string, unknown>>;

/** The refusal of an answer that is not of success. */
export function refusalOf(response: Response, body: unknown): GatewayError {
  const header = response.headers.get("retry-after");
  const retryAfter = header !== null && /^[0-9]+$/u.test(header) ? Number(header) : undefined;
  const { status, url } = response;
  const nothing = { needed: undefined, receiptWanted: undefined, excess: undefined, figures: {} };
  if (!isErrorBody(body)) {
    const isRetryable = status === 429 || status >= 500;
    return new GatewayError(`${url} answers ${status} without a reason`, { status, reason: "unknown", isRetryable, ...nothing, retryAfter });
  }
  const { message, specie } = body.error;
  const { reason, retryable } = specie;
  return new GatewayError(message, { status, reason, isRetryable: retryable, ...amountsOf(reason, specie), retryAfter, figures: figuresOf(specie) });
}

function amountsOf(reason: string, details: Details): Pick<RefusalFacts, "needed" | "receiptWanted" | "excess"> {
  const [needed, consumed, held, claimable] = ["needed", "consumed", "held", "claimable"].map((name) => unitsOf(details[name]));
  const isExhausted = reason === "voucher_exhausted" && needed !== undefined && consumed !== undefined && held !== undefined && claimable !== undefined;
  return {
    needed,
    receiptWanted: reason === "insufficient_allowance" ? receiptWanted(details["accepts"]) : undefined,
    excess: isExhausted ? consumed + held + needed - claimable : undefined,
  };
}

/** The cumulative units of the receipt that a refusal accepts, as `specie_claims::api::Refusal::receipt_wanted` reads it. */
function receiptWanted(accepts: unknown): bigint | undefined {
  const first: unknown = Array.isArray(accepts) ? accepts[0] : undefined;
  if (typeof first !== "object" || first === null || !("scheme" in first) || first.scheme !== "specie-receipt") return undefined;
  return "cumulative" in first ? unitsOf(first.cumulative) : undefined;
}

/** The whole numbers among a refusal's details: units are texts, counts are numbers. */
function figuresOf(details: Details): Readonly<Record<string, bigint>> {
  const figures = Object.entries(details).flatMap(([name, value]) => {
    const figure = typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? BigInt(value) : unitsOf(value);
    return figure === undefined ? [] : [[name, figure] as const];
  });
  return Object.fromEntries(figures);
}

function unitsOf(value: unknown): bigint | undefined {
  return typeof value === "string" && /^[0-9]{1,20}$/u.test(value) ? BigInt(value) : undefined;
}

/** Whether a JSON value is a refusal: a stream may end with one, too. */
export function isErrorBody(body: unknown): body is ErrorBody {
  if (typeof body !== "object" || body === null || !("error" in body)) return false;
  const { error } = body;
  if (typeof error !== "object" || error === null || !("message" in error) || !("specie" in error)) return false;
  const { message, specie } = error;
  if (typeof message !== "string" || typeof specie !== "object" || specie === null) return false;
  return "reason" in specie && typeof specie.reason === "string" && "retryable" in specie && typeof specie.retryable === "boolean";
}
