import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "../generated/gateway/api.js";
import { GatewayMismatch, GatewayUnreachable, refusalOf } from "./error.js";

/** The bodies that the gateway's OpenAPI document defines. */
export type Schemas = components["schemas"];

/** A gateway to ask. */
export interface Gateway {
  /** Where it is, without a slash at the end. */
  readonly url: string;
  /** Every endpoint of the document, typed. */
  readonly api: Client<paths>;
  readonly fetch: typeof globalThis.fetch;
}

/** How a gateway is asked. */
export interface GatewayOptions {
  /** What sends requests; the platform's `fetch` without it. */
  readonly fetch?: typeof globalThis.fetch;
}

/** A gateway at a URL, which must be HTTPS unless it is on this machine: API keys travel in a header. */
export function connectGateway(url: string, options: GatewayOptions = {}): Gateway {
  const { protocol, hostname, href, username, search, hash } = new URL(url);
  const isLocal = ["localhost", "127.0.0.1", "[::1]"].includes(hostname);
  if (protocol !== "https:" && !(protocol === "http:" && isLocal)) {
    throw new TypeError(`The gateway ${url} is not reached by HTTPS: keys would travel in the clear; ask the vendor for an https:// address`);
  }
  if (username !== "" || search !== "" || hash !== "") throw new TypeError(`The gateway's address ${url} must name only a host and a path`);
  const base = href.replace(/\/+$/u, "");
  const send: typeof globalThis.fetch = options.fetch ?? ((...request) => globalThis.fetch(...request));
  // What `fetch` throws says neither who did not answer nor what would help; a request that was given up is no news.
  const fetch: typeof globalThis.fetch = (...request) =>
    send(...request).catch((error: unknown) => {
      throw error instanceof TypeError ? new GatewayUnreachable(base, error) : error;
    });
  // Redirects would carry the key to whoever they name, and no gateway knows cookies.
  return { url: base, fetch, api: createClient<paths>({ baseUrl: base, fetch: (request: Request) => fetch(request), redirect: "error", credentials: "omit" }) };
}

/** What openapi-fetch returns of a request. */
interface Answered<T> {
  readonly data?: T;
  readonly error?: unknown;
  readonly response: Response;
}

/** The body of a successful answer; throws a `GatewayError` for any other. */
export async function bodyOf<T>(answering: Promise<Answered<T>>): Promise<T> {
  const { data, error, response } = await answering;
  if (!response.ok) throw refusalOf(response, error);
  if (data === undefined) throw new GatewayMismatch("answer", `${response.url} answers ${response.status} without a body`);
  return data;
}

/** The header that names an API key. */
export const authorization = (apiKey: string): { readonly authorization: string } => ({ authorization: `Bearer ${apiKey}` });
