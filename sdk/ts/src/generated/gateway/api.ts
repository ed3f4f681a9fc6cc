// Generated from crates/specie-gateway/openapi.json by `npm run generate`: do not edit.

export interface paths {
    readonly "/.well-known/specie": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** Who this gateway serves for, what it offers, at which prices */
        readonly get: operations["discover"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/openapi.json": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** This document */
        readonly get: operations["describe"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/vouchers/{address}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** The signed voucher of a finalized account */
        readonly post: operations["signVoucher"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** A voucher, a proof and a receipt become an API key */
        readonly post: operations["openSession"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How a session's voucher stands */
        readonly get: operations["showSession"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/{id}/receipts": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Raises the allowance; the receipt's signature is the authority */
        readonly post: operations["postReceipt"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/{id}/usage": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The signed record of every charge of the session's voucher, 100 at a time */
        readonly get: operations["listUsage"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/{id}/keys": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The keys that a session has minted below its own */
        readonly get: operations["listKeys"];
        readonly put?: never;
        /** Mints a key below a session's own, with a budget, models and an end */
        readonly post: operations["mintKey"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/sessions/{id}/keys/{key}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** How a key stands, to its session or to itself */
        readonly get: operations["showKey"];
        readonly put?: never;
        readonly post?: never;
        /** Revokes a key, at once for whatever is not being served */
        readonly delete: operations["revokeKey"];
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The models on offer, with their prices */
        readonly get: operations["listModels"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/models/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One model */
        readonly get: operations["showModel"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/chat/completions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Messages in, a message out */
        readonly post: operations["chat"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/completions": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Prompts in, their continuations out */
        readonly post: operations["complete"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/embeddings": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Texts in, vectors out */
        readonly post: operations["embed"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/leases": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** The leases of the session's voucher, the latest first */
        readonly get: operations["listLeases"];
        readonly put?: never;
        /** Accelerators for a job, for as long as receipts pay for them */
        readonly post: operations["startLease"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/leases/{id}": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** One lease */
        readonly get: operations["showLease"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/v1/leases/{id}/stop": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly get?: never;
        readonly put?: never;
        /** Stops a lease; stopping what has ended changes nothing */
        readonly post: operations["stopLease"];
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/healthz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** 503 once only a restart helps */
        readonly get: operations["live"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
    readonly "/readyz": {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** 503, with the reason, while nothing can be served */
        readonly get: operations["ready"];
        readonly put?: never;
        readonly post?: never;
        readonly delete?: never;
        readonly options?: never;
        readonly head?: never;
        readonly patch?: never;
        readonly trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A refusal, in OpenAI's shape. It changed nothing. */
        readonly Error: {
            readonly error: {
                readonly message: string;
                readonly type: string;
                readonly param: string | null;
                /** @description The reason. */
                readonly code: string;
                readonly specie: {
                    readonly reason: string;
                    /** @description Whether the same request may succeed later. */
                    readonly retryable: boolean;
                };
            };
            /** @constant */
            readonly x402Version?: 1;
            readonly accepts?: readonly Record<string, never>[];
        };
        readonly Health: {
            /** @enum {unknown} */
            readonly status: "ok" | "unavailable";
            readonly ledger: boolean;
        };
        readonly Readiness: {
            /** @enum {unknown} */
            readonly status: "ok" | "unavailable";
            readonly ledger: boolean;
            readonly chain: string;
            readonly reason?: string;
            readonly stopping: boolean;
        };
        readonly Discovery: {
            /** @constant */
            readonly specie: 1;
            readonly vault: components["schemas"]["Address"];
            readonly issuer: components["schemas"]["Address"];
            readonly currency: components["schemas"]["Address"];
            readonly cluster: components["schemas"]["Address"];
            readonly classes: readonly components["schemas"]["Class"][];
            /** @description What prices and bounds are known by: a session keeps those that it was opened under. */
            readonly terms: string;
            readonly tariffs: {
                readonly [key: string]: components["schemas"]["Prices"];
            };
            readonly pools?: Record<string, never>;
            readonly limits: Record<string, never>;
        };
        /** @description Base58. */
        readonly Address: string;
        /** @enum {unknown} */
        readonly Class: "training" | "inference" | "fine-tuning";
        /** @description Units of 10^-6 SCU, in decimal. */
        readonly Units: string;
        readonly Prices: {
            readonly class: components["schemas"]["Class"];
            readonly endpoints?: readonly ("chat" | "completions" | "embeddings")[];
            readonly input_units_per_1000_tokens: components["schemas"]["Units"];
            readonly cached_units_per_1000_tokens: components["schemas"]["Units"];
            readonly output_units_per_1000_tokens: components["schemas"]["Units"];
            readonly units_per_second?: components["schemas"]["Units"];
            readonly context_tokens: number;
            readonly max_output_tokens: number;
            readonly template_tokens?: number;
        };
        readonly Model: {
            readonly id: string;
            /** @constant */
            readonly object: "model";
            readonly created: number;
            readonly owned_by: string;
            readonly specie: components["schemas"]["Prices"];
        };
        readonly Models: {
            /** @constant */
            readonly object: "list";
            readonly data: readonly components["schemas"]["Model"][];
        };
        readonly Voucher: {
            /** @description The signed voucher, a JWS. */
            readonly voucher: string;
            readonly address: components["schemas"]["Address"];
            readonly vault: components["schemas"]["Address"];
            readonly class: number;
            readonly units: components["schemas"]["Units"];
            readonly settled: components["schemas"]["Units"];
            readonly opened_at: number;
            readonly expires_at: number;
        };
        readonly Receipt: {
            /** @description The 96 bytes of specie.receipt.1, base64url. */
            readonly message: string;
            /** @description The session key's signature over them, base64url. */
            readonly signature: string;
        };
        readonly OpenSession: {
            /** @description The signed voucher, a JWS. */
            readonly voucher: string;
            /** @description The session key's proof of possession, a JWS. */
            readonly proof: string;
            readonly receipt: components["schemas"]["Receipt"];
            /** @description The published terms to be opened under; under others it is refused. */
            readonly terms?: string;
        };
        readonly Session: {
            readonly id: string;
            /** @constant */
            readonly object: "specie.session";
            /** @description Shown once, where the session is opened. */
            readonly api_key?: string;
            readonly created_at: number;
            readonly expires_at: number;
            /** @description The terms that it was opened under. */
            readonly terms: string;
            readonly voucher: components["schemas"]["Address"];
            readonly opened_at: number;
            readonly voucher_expires_at: number;
            readonly units: components["schemas"]["Units"];
            readonly allowance: components["schemas"]["Units"];
            readonly consumed: components["schemas"]["Units"];
            readonly held: components["schemas"]["Units"];
            readonly available: components["schemas"]["Units"];
            readonly settled: components["schemas"]["Units"];
            readonly closing: boolean;
        };
        readonly UsageRecords: {
            /** @constant */
            readonly object: "list";
            readonly has_more: boolean;
            readonly data: readonly {
                readonly number: number;
                readonly units: components["schemas"]["Units"];
                /** @description The signed usage record, a JWS. */
                readonly record: string;
            }[];
        };
        readonly KeyRequest: {
            /** @description For people: letters, digits, signs and spaces. */
            readonly name: string;
            /** @description The most units that may be consumed with it. Nothing is set aside for it. */
            readonly budget: string | number;
            /** @description The models that it may ask; none is every one. */
            readonly models?: readonly string[];
            /** @description No later than its session, which is also what counts if nothing is named. */
            readonly expires_at?: number | null;
        };
        readonly Key: {
            readonly id: string;
            /** @constant */
            readonly object: "specie.key";
            /** @description Shown once, where the key is minted. */
            readonly api_key?: string;
            readonly session: string;
            readonly name: string;
            /** @description None is every one. */
            readonly models: readonly string[];
            readonly budget: components["schemas"]["Units"];
            readonly consumed: components["schemas"]["Units"];
            readonly held: components["schemas"]["Units"];
            readonly left: components["schemas"]["Units"];
            readonly created_at: number;
            readonly expires_at: number;
            readonly revoked_at: number | null;
        };
        readonly Keys: {
            /** @constant */
            readonly object: "list";
            readonly data: readonly components["schemas"]["Key"][];
        };
        readonly ChatRequest: {
            readonly model: string;
            readonly messages: readonly {
                readonly content?: string | null | readonly {
                    /** @enum {unknown} */
                    readonly type: "text" | "refusal";
                }[];
            }[];
            readonly stream?: boolean | null;
            readonly max_tokens?: number | null;
            readonly max_completion_tokens?: number | null;
            readonly n?: number | null;
            /** @description Passed on to the model's server as it is. */
            readonly stream_options?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly temperature?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly top_p?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly top_k?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly min_p?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly seed?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly stop?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly stop_token_ids?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly ignore_eos?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly min_tokens?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly presence_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly frequency_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly repetition_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly length_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly logit_bias?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly logprobs?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly skip_special_tokens?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly top_logprobs?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly response_format?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly tools?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly tool_choice?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly parallel_tool_calls?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly reasoning_effort?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly verbosity?: unknown;
            /** @description Taken, and not passed on. */
            readonly user?: unknown;
            /** @description Taken, and not passed on. */
            readonly safety_identifier?: unknown;
            /** @description Taken, and not passed on. */
            readonly metadata?: unknown;
            /** @description Taken, and not passed on. */
            readonly store?: unknown;
        };
        readonly CompletionRequest: {
            readonly model: string;
            /** @description A text, a list of texts, a list of tokens or a list of such lists. */
            readonly prompt: string | readonly unknown[];
            readonly suffix?: string | null;
            readonly echo?: boolean | null;
            readonly stream?: boolean | null;
            readonly max_tokens?: number | null;
            readonly n?: number | null;
            readonly best_of?: number | null;
            /** @description Passed on to the model's server as it is. */
            readonly stream_options?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly temperature?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly top_p?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly top_k?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly min_p?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly seed?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly stop?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly stop_token_ids?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly ignore_eos?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly min_tokens?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly presence_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly frequency_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly repetition_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly length_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly logit_bias?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly logprobs?: unknown;
            /** @description Passed on to the model's server as it is. */
            readonly skip_special_tokens?: unknown;
            /** @description Taken, and not passed on. */
            readonly user?: unknown;
            /** @description Taken, and not passed on. */
            readonly safety_identifier?: unknown;
            /** @description Taken, and not passed on. */
            readonly metadata?: unknown;
            /** @description Taken, and not passed on. */
            readonly store?: unknown;
        };
        readonly EmbeddingRequest: {
            readonly model: string;
            /** @description A text, a list of texts, a list of tokens or a list of such lists. */
            readonly input: string | readonly unknown[];
            /** @enum {unknown} */
            readonly encoding_format?: "float" | "base64" | null;
            readonly dimensions?: number | null;
            /** @description Passed on to the model's server as it is. */
            readonly truncate_prompt_tokens?: unknown;
            /** @description Taken, and not passed on. */
            readonly user?: unknown;
            /** @description Taken, and not passed on. */
            readonly safety_identifier?: unknown;
            /** @description Taken, and not passed on. */
            readonly metadata?: unknown;
            /** @description Taken, and not passed on. */
            readonly store?: unknown;
        };
        /** @description The model's server's answer, byte for byte. */
        readonly Answer: Record<string, never>;
        readonly Job: {
            readonly command: readonly string[];
            readonly env?: {
                readonly [key: string]: string;
            };
            /** @enum {unknown} */
            readonly warn_signal?: "SIGUSR1" | "SIGUSR2" | null;
        };
        readonly LeaseRequest: {
            readonly pool: string;
            readonly accelerators: number;
            readonly job: components["schemas"]["Job"];
        };
        readonly Lease: {
            readonly id: string;
            readonly session: string;
            readonly voucher: components["schemas"]["Address"];
            readonly pool: string;
            readonly class: components["schemas"]["Class"];
            readonly accelerators: number;
            readonly job: components["schemas"]["Job"];
            /** @enum {unknown} */
            readonly state: "starting" | "running" | "warned" | "stopping" | "ended";
            readonly why: string | null;
            readonly detail?: string | null;
            readonly exit_code: number | null;
            readonly created_at_ms?: number;
            readonly started_at_ms?: number | null;
            readonly ended_at_ms?: number | null;
            readonly units_per_second?: components["schemas"]["Units"];
            readonly interval_ms?: number;
            readonly warning_ms?: number;
            readonly grace_ms?: number;
            readonly charged_run_ms?: number;
            readonly held_until_run_ms?: number;
            readonly charged: components["schemas"]["Units"];
            readonly held: components["schemas"]["Units"];
            readonly next: {
                readonly units: components["schemas"]["Units"];
                readonly cumulative: components["schemas"]["Units"];
            };
        };
        readonly Leases: {
            /** @constant */
            readonly object: "list";
            readonly data: readonly components["schemas"]["Lease"][];
            readonly has_more: boolean;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    readonly discover: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description What it offers. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Discovery"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly describe: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description This document. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": Record<string, never>;
                };
            };
        };
    };
    readonly signVoucher: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The voucher account, base58. */
                readonly address: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The voucher. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Voucher"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Another voucher or a higher receipt is needed; the answer says which. */
            readonly 402: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server, a provisioner or the chain did not answer as it must. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly openSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description What opens a session. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["OpenSession"];
            };
        };
        readonly responses: {
            /** @description The session, with its API key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Another voucher or a higher receipt is needed; the answer says which. */
            readonly 402: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body took too long to arrive. */
            readonly 408: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description It conflicts with what was done before. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A body needs a Content-Length. */
            readonly 411: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Compressed bodies are not accepted. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too much is asked at a time. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server, a provisioner or the chain did not answer as it must. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly showSession: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The session's identity. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The session. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly postReceipt: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The session's identity. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description A receipt. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["Receipt"];
            };
        };
        readonly responses: {
            /** @description The session. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Session"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Another voucher or a higher receipt is needed; the answer says which. */
            readonly 402: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body took too long to arrive. */
            readonly 408: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description It conflicts with what was done before. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A body needs a Content-Length. */
            readonly 411: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Compressed bodies are not accepted. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly listUsage: {
        readonly parameters: {
            readonly query?: {
                /** @description The number of the last record that is known. */
                readonly after?: number;
            };
            readonly header?: never;
            readonly path: {
                /** @description The session's identity. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Records, in the order of their numbers. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["UsageRecords"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly listKeys: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The session's identity. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The keys, the first one first. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Keys"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly mintKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The session's identity. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        /** @description What the key may do. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["KeyRequest"];
            };
        };
        readonly responses: {
            /** @description The key, with its API key. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Key"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body took too long to arrive. */
            readonly 408: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A body needs a Content-Length. */
            readonly 411: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Compressed bodies are not accepted. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too much is asked at a time. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly showKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The session's identity. */
                readonly id: string;
                /** @description The key's identity. */
                readonly key: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The key. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Key"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly revokeKey: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The session's identity. */
                readonly id: string;
                /** @description The key's identity. */
                readonly key: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The key, revoked. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Key"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly listModels: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The models. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Models"];
                };
            };
        };
    };
    readonly showModel: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The model's name. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The model. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Model"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly chat: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Serves and charges a repeated request once. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description As OpenAI's clients send it. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["ChatRequest"];
            };
        };
        readonly responses: {
            /** @description The answer, charged. */
            readonly 200: {
                headers: {
                    /** @description The charge's identity. */
                    readonly "x-request-id"?: string;
                    /** @description What it cost, in units. */
                    readonly "specie-units"?: string;
                    /** @description The signed usage record, a JWS. */
                    readonly "specie-usage"?: string;
                    /** @description `true` if the answer was given before under the same key, and cost nothing. */
                    readonly "idempotent-replayed"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Answer"];
                    readonly "text/event-stream": string;
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Another voucher or a higher receipt is needed; the answer says which. */
            readonly 402: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body took too long to arrive. */
            readonly 408: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description It conflicts with what was done before. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A body needs a Content-Length. */
            readonly 411: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Compressed bodies are not accepted. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The idempotency key was used for another request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too much is asked at a time, or the key's budget has too little left. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The gateway failed; nothing was charged. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server, a provisioner or the chain did not answer as it must. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server took too long. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly complete: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Serves and charges a repeated request once. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description As OpenAI's clients send it. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["CompletionRequest"];
            };
        };
        readonly responses: {
            /** @description The answer, charged. */
            readonly 200: {
                headers: {
                    /** @description The charge's identity. */
                    readonly "x-request-id"?: string;
                    /** @description What it cost, in units. */
                    readonly "specie-units"?: string;
                    /** @description The signed usage record, a JWS. */
                    readonly "specie-usage"?: string;
                    /** @description `true` if the answer was given before under the same key, and cost nothing. */
                    readonly "idempotent-replayed"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Answer"];
                    readonly "text/event-stream": string;
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Another voucher or a higher receipt is needed; the answer says which. */
            readonly 402: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body took too long to arrive. */
            readonly 408: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description It conflicts with what was done before. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A body needs a Content-Length. */
            readonly 411: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Compressed bodies are not accepted. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The idempotency key was used for another request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too much is asked at a time, or the key's budget has too little left. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The gateway failed; nothing was charged. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server, a provisioner or the chain did not answer as it must. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server took too long. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly embed: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Serves and charges a repeated request once. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description As OpenAI's clients send it. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["EmbeddingRequest"];
            };
        };
        readonly responses: {
            /** @description The answer, charged. */
            readonly 200: {
                headers: {
                    /** @description The charge's identity. */
                    readonly "x-request-id"?: string;
                    /** @description What it cost, in units. */
                    readonly "specie-units"?: string;
                    /** @description The signed usage record, a JWS. */
                    readonly "specie-usage"?: string;
                    /** @description `true` if the answer was given before under the same key, and cost nothing. */
                    readonly "idempotent-replayed"?: string;
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Answer"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Another voucher or a higher receipt is needed; the answer says which. */
            readonly 402: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body took too long to arrive. */
            readonly 408: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description It conflicts with what was done before. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A body needs a Content-Length. */
            readonly 411: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Compressed bodies are not accepted. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The idempotency key was used for another request. */
            readonly 422: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too much is asked at a time, or the key's budget has too little left. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The gateway failed; nothing was charged. */
            readonly 500: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server, a provisioner or the chain did not answer as it must. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server took too long. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly listLeases: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description Leases. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Leases"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly startLease: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: {
                /** @description Begins a repeated lease once. */
                readonly "Idempotency-Key"?: string;
            };
            readonly path?: never;
            readonly cookie?: never;
        };
        /** @description What to run, on what. */
        readonly requestBody: {
            readonly content: {
                readonly "application/json": components["schemas"]["LeaseRequest"];
            };
        };
        readonly responses: {
            /** @description The lease that the same key began before. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Lease"];
                };
            };
            /** @description The lease. */
            readonly 201: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Lease"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Another voucher or a higher receipt is needed; the answer says which. */
            readonly 402: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body took too long to arrive. */
            readonly 408: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description It conflicts with what was done before. */
            readonly 409: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description A body needs a Content-Length. */
            readonly 411: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The body is too large. */
            readonly 413: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Compressed bodies are not accepted. */
            readonly 415: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Too much is asked at a time. */
            readonly 429: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server, a provisioner or the chain did not answer as it must. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server took too long. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly showLease: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The lease's identity. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The lease. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Lease"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly stopLease: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path: {
                /** @description The lease's identity. */
                readonly id: string;
            };
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description The lease. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Lease"];
                };
            };
            /** @description The request is not what it must be. */
            readonly 400: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The API key is missing, unknown, expired or revoked. */
            readonly 401: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description What was presented is of something or somebody else. */
            readonly 403: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description There is no such thing. */
            readonly 404: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The endpoint is not for this method. */
            readonly 405: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server, a provisioner or the chain did not answer as it must. */
            readonly 502: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description Nothing can be served now; the reason says why. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
            /** @description The model's server took too long. */
            readonly 504: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    readonly live: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It lives. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Restart it. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    readonly ready: {
        readonly parameters: {
            readonly query?: never;
            readonly header?: never;
            readonly path?: never;
            readonly cookie?: never;
        };
        readonly requestBody?: never;
        readonly responses: {
            /** @description It serves. */
            readonly 200: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description It does not serve. */
            readonly 503: {
                headers: {
                    readonly [name: string]: unknown;
                };
                content: {
                    readonly "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
}
