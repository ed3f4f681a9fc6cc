import type { components } from "../generated/gateway/api.js";

/** A gateway's refusal, in its own words. It changed nothing. */
export class GatewayError extends Error {
  override readonly name = "GatewayError";

  constructor(
    message: string,
    /** The HTTP status. */
    readonly status: number,
    /** The reason, by which programs tell refusals apart. */
    readonly reason: string,
    /** Whether the same request may succeed later. */
    readonly isRetryable: boolean,
    /** Units that must be signed for in all, where that would help. */
    readonly needed: bigint | undefined,
    /** After how many seconds to ask again, where the gateway says so. */
    readonly retryAfter: number | undefined,
  ) {
    super(message);
  }
}

/** A gateway is not the one that it must be, or answers what its document rules out. */
export class GatewayMismatch extends Error {
  override readonly name = "GatewayMismatch";
}

type ErrorBody = components["schemas"]["Error"];

/** The refusal of an answer that is not of success. */
export function refusalOf(response: Response, body: unknown): GatewayError {
  const header = response.headers.get("retry-after");
  const retryAfter = header !== null && /^[0-9]+$/u.test(header) ? Number(header) : undefined;
  if (!isErrorBody(body)) {
    const isRetryable = response.status === 429 || response.status >= 500;
    return new GatewayError(`${response.url} answers ${response.status} without a reason`, response.status, "unknown", isRetryable, undefined, retryAfter);
  }
  const { message, specie } = body.error;
  const needed = "needed" in specie ? specie.needed : undefined;
  const units = typeof needed === "string" && /^[0-9]+$/u.test(needed) ? BigInt(needed) : undefined;
  return new GatewayError(message, response.status, specie.reason, specie.retryable, units, retryAfter);
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
