// Generated from crates/claims/openapi.json by `npm run generate`: do not edit.

export interface paths {
    "/.well-known/specie": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The gateway's vault, offers and prices */
        get: operations["discover"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/healthz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 503 once only a restart helps */
        get: operations["live"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.json": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** This document */
        get: operations["describe"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** 503, with the reason, while nothing can be served */
        get: operations["ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/chat/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Messages in, a message out */
        post: operations["chat"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/completions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Prompts in, their continuations out */
        post: operations["complete"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/embeddings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Texts in, vectors out */
        post: operations["embed"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leases": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The leases of the session's voucher, the latest first */
        get: operations["listLeases"];
        put?: never;
        /** Leases accelerators for a job, for as long as receipts pay for them */
        post: operations["startLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leases/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One lease */
        get: operations["showLease"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/leases/{id}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Stops a lease; stopping an ended one changes nothing */
        post: operations["stopLease"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The models on offer, with their prices */
        get: operations["listModels"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/models/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One model */
        get: operations["showModel"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Opens a session: a voucher, a proof and a receipt become an API key */
        post: operations["openSession"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** A session and its voucher's account */
        get: operations["showSession"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys below a session's */
        get: operations["listKeys"];
        put?: never;
        /** Mints a key below a session's, with a budget, models and an expiry */
        post: operations["mintKey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/keys/{key}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One key, for its session or for itself */
        get: operations["showKey"];
        put?: never;
        post?: never;
        /** Revokes a key; requests that are being served are completed */
        delete: operations["revokeKey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/receipts": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Raises the allowance; the receipt's signature is the authority */
        post: operations["postReceipt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/sessions/{id}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed record of every charge of the session's voucher, 100 at a time */
        get: operations["listUsage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/vouchers/{address}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The signed voucher of a finalized account */
        post: operations["signVoucher"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Base58 of 32 bytes. */
        Address: string;
        /** @description The background tasks. */
        BackgroundTasks: components["schemas"]["Running"] | {
            [key: string]: components["schemas"]["EndedTask"];
        };
        ChatRequest: {
            /** @description Passed on to the model's server as it is. */
            chat_template_kwargs?: unknown;
            /** @description Passed on to the model's server as it is. */
            enable_thinking?: unknown;
            /** @description Passed on to the model's server as it is. */
            frequency_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            function_call?: unknown;
            /** @description Passed on to the model's server as it is. */
            functions?: unknown;
            /** @description Passed on to the model's server as it is. */
            ignore_eos?: unknown;
            /** @description Passed on to the model's server as it is. */
            length_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            logit_bias?: unknown;
            /** @description Passed on to the model's server as it is. */
            logprobs?: unknown;
            max_completion_tokens?: number | null;
            max_tokens?: number | null;
            messages: {
                content?: string | null | {
                    /** @enum {unknown} */
                    type: "text" | "refusal";
                }[];
            }[];
            /** @description Taken, and not passed on. */
            metadata?: unknown;
            /** @description Passed on to the model's server as it is. */
            min_p?: unknown;
            /** @description Passed on to the model's server as it is. */
            min_tokens?: unknown;
            /** @description Passed on to the model's server as it is. */
            modalities?: unknown;
            model: string;
            n?: number | null;
            /** @description Passed on to the model's server as it is. */
            parallel_tool_calls?: unknown;
            /** @description Passed on to the model's server as it is. */
            presence_penalty?: unknown;
            /** @description Taken, and not passed on. */
            prompt_cache_key?: unknown;
            /** @description Taken, and not passed on. */
            prompt_cache_options?: unknown;
            /** @description Taken, and not passed on. */
            prompt_cache_retention?: unknown;
            /** @description Passed on to the model's server as it is. */
            reasoning?: unknown;
            /** @description Passed on to the model's server as it is. */
            reasoning_effort?: unknown;
            /** @description Passed on to the model's server as it is. */
            repeat_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            repetition_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            response_format?: unknown;
            /** @description Taken, and not passed on. */
            safety_identifier?: unknown;
            /** @description Passed on to the model's server as it is. */
            seed?: unknown;
            /** @description Taken, and not passed on. */
            service_tier?: unknown;
            /** @description Passed on to the model's server as it is. */
            skip_special_tokens?: unknown;
            /** @description Passed on to the model's server as it is. */
            stop?: unknown;
            /** @description Passed on to the model's server as it is. */
            stop_token_ids?: unknown;
            /** @description Taken, and not passed on. */
            store?: unknown;
            stream?: boolean | null;
            /** @description Passed on to the model's server as it is. */
            stream_options?: unknown;
            /** @description Passed on to the model's server as it is. */
            temperature?: unknown;
            /** @description Passed on to the model's server as it is. */
            thinking?: unknown;
            /** @description Passed on to the model's server as it is. */
            thinking_budget?: unknown;
            /** @description Passed on to the model's server as it is. */
            tool_choice?: unknown;
            /** @description Passed on to the model's server as it is. */
            tools?: unknown;
            /** @description Passed on to the model's server as it is. */
            top_a?: unknown;
            /** @description Passed on to the model's server as it is. */
            top_k?: unknown;
            /** @description Passed on to the model's server as it is. */
            top_logprobs?: unknown;
            /** @description Passed on to the model's server as it is. */
            top_p?: unknown;
            /** @description Passed on to the model's server as it is. */
            typical_p?: unknown;
            /** @description Taken, and not passed on. */
            user?: unknown;
            /** @description Passed on to the model's server as it is. */
            verbosity?: unknown;
        };
        /** @description What a voucher is for. The chain gives each a number, and a bit in the classes that a vault offers. */
        Class: "training" | "inference" | "fine-tuning";
        CompletionRequest: {
            best_of?: number | null;
            echo?: boolean | null;
            /** @description Passed on to the model's server as it is. */
            frequency_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            ignore_eos?: unknown;
            /** @description Passed on to the model's server as it is. */
            length_penalty?: unknown;
            /** @description Passed on to the model's server as it is. */
            logit_bias?: unknown;
            /** @description Passed on to the model's server as it is. */
            logprobs?: unknown;
            max_tokens?: number | null;
            /** @description Taken, and not passed on. */
            metadata?: unknown;
            /** @description Passed on to the model's server as it is. */
            min_p?: unknown;
            /** @description Passed on to the model's server as it is. */
            min_tokens?: unknown;
            model: string;
            n?: number | null;
            /** @description Passed on to the model's server as it is. */
            presence_penalty?: unknown;
            /** @description A text, a list of texts, a list of tokens or a list of such lists. */
            prompt: string | unknown[];
            /** @description Taken, and not passed on. */
            prompt_cache_key?: unknown;
            /** @description Taken, and not passed on. */
            prompt_cache_options?: unknown;
            /** @description Taken, and not passed on. */
            prompt_cache_retention?: unknown;
            /** @description Passed on to the model's server as it is. */
            repetition_penalty?: unknown;
            /** @description Taken, and not passed on. */
            safety_identifier?: unknown;
            /** @description Passed on to the model's server as it is. */
            seed?: unknown;
            /** @description Taken, and not passed on. */
            service_tier?: unknown;
            /** @description Passed on to the model's server as it is. */
            skip_special_tokens?: unknown;
            /** @description Passed on to the model's server as it is. */
            stop?: unknown;
            /** @description Passed on to the model's server as it is. */
            stop_token_ids?: unknown;
            /** @description Taken, and not passed on. */
            store?: unknown;
            stream?: boolean | null;
            /** @description Passed on to the model's server as it is. */
            stream_options?: unknown;
            suffix?: string | null;
            /** @description Passed on to the model's server as it is. */
            temperature?: unknown;
            /** @description Passed on to the model's server as it is. */
            top_k?: unknown;
            /** @description Passed on to the model's server as it is. */
            top_p?: unknown;
            /** @description Taken, and not passed on. */
            user?: unknown;
        };
        /** @description What a gateway publishes of itself. All of it is the gateway's word: vault and issuer are checked against the chain. */
        Discovery: {
            /** @description The classes served. A class that only a newer contract has is left out when this is read. */
            classes: components["schemas"]["Class"][];
            /** @description The genesis hash of the vault's cluster. */
            cluster: components["schemas"]["Address"];
            /** @description The vault's currency. */
            currency: components["schemas"]["Address"];
            /** @description The key that signs its vouchers and usage records. */
            issuer: components["schemas"]["Address"];
            /** @description Bounds on what clients may ask. */
            limits: components["schemas"]["Limits"];
            /**
             * @description Accelerators for lease, by the pool's name.
             * @default {}
             */
            pools: {
                [key: string]: components["schemas"]["PoolOffer"];
            };
            /**
             * Format: uint32
             * @description The version of this contract that the gateway speaks where it names no others.
             * @default 1
             */
            specie: number;
            /** @description What each model costs, by its name. */
            tariffs: {
                [key: string]: components["schemas"]["ModelOffer"];
            };
            /**
             * @description The hash of the prices and bounds below: a session keeps those that it was opened under.
             * @default
             */
            terms: string;
            /** @description The vault that the gateway serves for. */
            vault: components["schemas"]["Address"];
            /** @description All versions of this contract that the gateway speaks; without it, `specie` alone. */
            versions?: number[];
        };
        EmbeddingRequest: {
            dimensions?: number | null;
            /** @enum {unknown} */
            encoding_format?: "float" | "base64" | null;
            /** @description A text, a list of texts, a list of tokens or a list of such lists. */
            input: string | unknown[];
            /** @description Taken, and not passed on. */
            metadata?: unknown;
            model: string;
            /** @description Taken, and not passed on. */
            prompt_cache_key?: unknown;
            /** @description Taken, and not passed on. */
            prompt_cache_options?: unknown;
            /** @description Taken, and not passed on. */
            prompt_cache_retention?: unknown;
            /** @description Taken, and not passed on. */
            safety_identifier?: unknown;
            /** @description Taken, and not passed on. */
            service_tier?: unknown;
            /** @description Taken, and not passed on. */
            store?: unknown;
            /** @description Passed on to the model's server as it is. */
            truncate_prompt_tokens?: unknown;
            /** @description Taken, and not passed on. */
            user?: unknown;
        };
        /** @description A background task that ended of late. */
        EndedTask: {
            /**
             * Format: uint32
             * @description How many times in a row it ended.
             */
            ended: number;
            /** @description Whether it runs again. */
            state: components["schemas"]["TaskState"];
            /** @description Why it ended last. */
            why: string;
        };
        /** @description The body of a refusal. */
        Error: {
            /** @description Ways to pay, as clients of x402 read them. */
            accepts?: components["schemas"]["PaymentOption"][];
            /** @description The refusal. */
            error: components["schemas"]["ErrorObject"];
            /**
             * Format: uint32
             * @description The version of x402 whose clients read `accepts`, where a payment would help.
             */
            x402Version?: number | null;
        };
        /** @description What a program goes by. A later gateway may add figures. */
        ErrorDetails: {
            /** @description Receipts of which each would pay for the request. */
            accepts?: components["schemas"]["WantedReceipt"][] | null;
            /** @description The most units that receipts have allowed. */
            allowance?: components["schemas"]["Units"] | null;
            /**
             * Format: uint32
             * @description Accelerators that were asked for.
             */
            asked?: number | null;
            /** @description Units that the request may hold now. */
            available?: components["schemas"]["Units"] | null;
            /** @description The most units that any receipt can allow. */
            claimable?: components["schemas"]["Units"] | null;
            /** @description Units consumed. */
            consumed?: components["schemas"]["Units"] | null;
            /**
             * Format: uint64
             * @description How many more there is room for: requests, or accelerators.
             */
            free?: number | null;
            /** @description Units that other requests hold. */
            held?: components["schemas"]["Units"] | null;
            /** @description Units that are left of the key's budget. */
            left?: components["schemas"]["Units"] | null;
            /**
             * Format: uint64
             * @description The most that is allowed: bytes of a body, receipts in a minute, or requests at a time.
             */
            limit?: number | null;
            /** @description The models that the key may ask. */
            models?: string[] | null;
            /**
             * Format: uint32
             * @description The most accelerators of one lease.
             */
            most?: number | null;
            /** @description Units that the request can cost. */
            needed?: components["schemas"]["Units"] | null;
            /** @description The reason's code. */
            reason: string;
            /** @description Whether the same request may succeed later. */
            retryable: boolean;
            /**
             * Format: uint64
             * @description Requests of the voucher that are being served.
             */
            served?: number | null;
            /** @description The hash of the terms that sessions are opened under now. */
            terms?: string | null;
            /** @description Units that were charged. */
            units?: components["schemas"]["Units"] | null;
        } & {
            [key: string]: unknown;
        };
        /** @description A refusal, as OpenAI's clients read it. */
        ErrorObject: {
            /** @description The reason's code. */
            code: string;
            /** @description For people: what is wrong, with its numbers, and what helps. */
            message: string;
            /** @description The parameter that is wrong, if it is one. */
            param?: string | null;
            /** @description What a program goes by. */
            specie: components["schemas"]["ErrorDetails"];
            /** @description OpenAI's kind of error, such as `invalid_request_error`. */
            type: string;
        };
        /** @description Whether the process is alive: the answer of `GET /healthz`. */
        Health: {
            /** @description Whether the ledger runs. */
            ledger: boolean;
            /** @description Whether all is well. */
            status: components["schemas"]["Status"];
            /** @description `running`, or the background tasks that ended of late, by name. */
            tasks: components["schemas"]["BackgroundTasks"];
        };
        /** @description What a holder asks to run. */
        Job: {
            /** @description The program and its arguments. */
            command: string[];
            /** @description Environment variables besides those that the provisioner sets. */
            env?: {
                [key: string]: string;
            };
            /**
             * @description What the job is sent when it should save its work. Only a job that handles the signal should ask for one: by
             *     default it ends a process.
             */
            warn_signal?: components["schemas"]["WarnSignal"] | null;
        };
        /** @description A key below a session's, as the gateway describes it. */
        Key: {
            /** @description The most units that may be consumed with it. */
            budget: components["schemas"]["Units"];
            /** @description Units consumed with it. */
            consumed: components["schemas"]["Units"];
            /** @description When it was minted. */
            created_at: components["schemas"]["UnixTime"];
            /** @description When it stops working. */
            expires_at: components["schemas"]["UnixTime"];
            /** @description Units held for its requests that are being served. */
            held: components["schemas"]["Units"];
            /** @description Its identity, which is no secret. */
            id: string;
            /** @description Units of its budget that its next request can be held from, as far as the voucher has them. */
            left: components["schemas"]["Units"];
            /** @description The models that it may ask; none = every model that the gateway serves. */
            models: string[];
            /** @description What its session calls it. */
            name: string;
            /** @constant */
            object: "specie.key";
            /** @description When its session has revoked it. */
            revoked_at?: components["schemas"]["UnixTime"] | null;
            /** @description The session that has minted it. */
            session: string;
        };
        /** @description A whole list. */
        KeyList: {
            /** @description The items. */
            data: components["schemas"]["Key"][];
            /** @constant */
            object: "list";
        };
        /** @description What mints a key: the body of `POST /v1/sessions/{id}/keys`. */
        KeyRequest: {
            /** @description The most units that may be consumed with it. */
            budget: string | number;
            /** @description When it stops working: no later than its session, which is also what counts if nothing is named. */
            expires_at?: components["schemas"]["UnixTime"] | null;
            /** @description The models that it may ask; none = every model that the gateway serves. */
            models?: string[];
            /** @description What its session calls it, for people: 1 to 64 printable characters. */
            name: string;
        };
        /** @description A lease, as the gateway describes it. */
        Lease: {
            /**
             * Format: uint32
             * @description Accelerators that it has.
             */
            accelerators: number;
            /** @description Units charged so far. */
            charged: components["schemas"]["Units"];
            /**
             * Format: uint64
             * @description Milliseconds of run time that were charged.
             */
            charged_run_ms: number;
            /** @description What the pool is for. */
            class: components["schemas"]["Class"];
            /**
             * Format: int64
             * @description When it was asked for, in Unix milliseconds.
             */
            created_at_ms: number;
            /** @description What a person should know of that. */
            detail?: string | null;
            /**
             * Format: int64
             * @description When it ended.
             */
            ended_at_ms?: number | null;
            /**
             * Format: int32
             * @description What its program returned; 128 + n if signal n ended it.
             */
            exit_code?: number | null;
            /**
             * Format: uint64
             * @description Milliseconds that a job has to end by itself once it is stopped.
             */
            grace_ms: number;
            /** @description Units held. */
            held: components["schemas"]["Units"];
            /**
             * Format: uint64
             * @description The run time, in milliseconds, up to which it is held.
             */
            held_until_run_ms: number;
            /** @description The lease's identity. */
            id: string;
            /**
             * Format: uint64
             * @description Milliseconds that are held, and charged, at a time.
             */
            interval_ms: number;
            /** @description What runs on them. */
            job: components["schemas"]["Job"];
            /** @description What one more interval takes. */
            next: components["schemas"]["NextInterval"];
            /** @description The pool that it is of. */
            pool: string;
            /** @description The session that began it. */
            session: string;
            /**
             * Format: int64
             * @description When its job began to run, by the provisioner's clock.
             */
            started_at_ms?: number | null;
            /** @description How far it is. */
            state: components["schemas"]["State"];
            /** @description Units for a second of one accelerator. */
            units_per_second: components["schemas"]["Units"];
            /** @description The voucher account, base58. */
            voucher: components["schemas"]["Address"];
            /**
             * Format: uint64
             * @description Milliseconds before the end of what is held at which the next interval is held, or the job is warned.
             */
            warning_ms: number;
            /** @description Why it was warned, is stopping, or ended. */
            why?: components["schemas"]["Why"] | null;
        };
        /** @description A part of a list. */
        LeasePage: {
            /** @description The items. */
            data: components["schemas"]["Lease"][];
            /** @description Whether there are more after the last of these. */
            has_more: boolean;
            /** @constant */
            object: "list";
        };
        /** @description What begins a lease: the body of `POST /v1/leases`. */
        LeaseRequest: {
            /**
             * Format: uint32
             * @description Accelerators that the job gets.
             */
            accelerators: number;
            /** @description What runs on them. */
            job: components["schemas"]["Job"];
            /** @description The pool to lease from. */
            pool: string;
        };
        /** @description Bounds on what clients may ask. A bound that an earlier gateway does not publish reads as 0. */
        Limits: {
            /**
             * Format: uint
             * @description Bytes of a request's body.
             */
            body_bytes: number;
            /**
             * Format: uint64
             * @description Choices of one request.
             */
            choices: number;
            /**
             * Format: uint64
             * @description Inputs of one request for embeddings.
             * @default 0
             */
            inputs: number;
            /**
             * Format: uint32
             * @description Keys below one session's.
             * @default 0
             */
            keys_per_session: number;
            /**
             * Format: uint64
             * @description Seconds that a request may take in all.
             */
            request_seconds: number;
            /**
             * Format: uint64
             * @description Requests of one session in a minute; 0 = no limit.
             * @default 0
             */
            requests_per_minute: number;
            /**
             * Format: int64
             * @description Seconds that an API key works.
             */
            session_seconds: number;
            /**
             * Format: uint32
             * @description Sessions of one voucher.
             * @default 0
             */
            sessions_per_voucher: number;
            /**
             * @description Units of one session in a minute; 0 = no limit.
             * @default 0
             */
            units_per_minute: components["schemas"]["Units"];
        };
        /** @description One usage record of a list. */
        ListedRecord: {
            /**
             * Format: uint64
             * @description Its number within the voucher, from 1.
             */
            number: number;
            /** @description The signed usage record, a JWS. */
            record: string;
            /** @description Units charged. */
            units: components["schemas"]["Units"];
        };
        /** @description A part of a list. */
        ListedRecordPage: {
            /** @description The items. */
            data: components["schemas"]["ListedRecord"][];
            /** @description Whether there are more after the last of these. */
            has_more: boolean;
            /** @constant */
            object: "list";
        };
        /** @description A key below a session's that was just minted: the answer of `POST /v1/sessions/{id}/keys`. */
        MintedKey: {
            /** @description The key. It is shown this once. */
            api_key: string;
            /** @description The most units that may be consumed with it. */
            budget: components["schemas"]["Units"];
            /** @description Units consumed with it. */
            consumed: components["schemas"]["Units"];
            /** @description When it was minted. */
            created_at: components["schemas"]["UnixTime"];
            /** @description When it stops working. */
            expires_at: components["schemas"]["UnixTime"];
            /** @description Units held for its requests that are being served. */
            held: components["schemas"]["Units"];
            /** @description Its identity, which is no secret. */
            id: string;
            /** @description Units of its budget that its next request can be held from, as far as the voucher has them. */
            left: components["schemas"]["Units"];
            /** @description The models that it may ask; none = every model that the gateway serves. */
            models: string[];
            /** @description What its session calls it. */
            name: string;
            /** @constant */
            object: "specie.key";
            /** @description When its session has revoked it. */
            revoked_at?: components["schemas"]["UnixTime"] | null;
            /** @description The session that has minted it. */
            session: string;
        };
        /** @description A model on offer, as OpenAI describes models, with its price beside. */
        Model: {
            /**
             * Format: uint64
             * @description OpenAI's field, of no meaning here: 0.
             */
            created: number;
            /** @description The model's name. */
            id: string;
            /** @constant */
            object: "model";
            /** @description OpenAI's field, of no meaning here: `specie`. */
            owned_by: string;
            /** @description What it costs, and how much it takes. */
            specie: components["schemas"]["ModelOffer"];
        };
        /** @description A whole list. */
        ModelList: {
            /** @description The items. */
            data: components["schemas"]["Model"][];
            /** @constant */
            object: "list";
        };
        /** @description What a model costs, and how much it takes. */
        ModelOffer: {
            /** @description Units for 1,000 tokens read from the upstream's cache. */
            cached_units_per_1000_tokens: components["schemas"]["Units"];
            /**
             * @description The class of vouchers that pay for it: inference.
             * @default inference
             */
            class: components["schemas"]["Class"];
            /**
             * Format: uint64
             * @description Tokens that fit its context.
             */
            context_tokens: number;
            /**
             * @description The endpoints at which it is asked: `chat`, `completions`, `embeddings`.
             * @default []
             */
            endpoints: string[];
            /** @description Units for 1,000 tokens read. */
            input_units_per_1000_tokens: components["schemas"]["Units"];
            /**
             * Format: uint64
             * @description The most tokens of one answer.
             * @default 0
             */
            max_output_tokens: number;
            /** @description Units for 1,000 tokens written. */
            output_units_per_1000_tokens: components["schemas"]["Units"];
            /**
             * Format: uint64
             * @description Tokens that the model's chat template may add to what is sent.
             * @default 0
             */
            template_tokens: number;
            /**
             * @description Units for a second of one accelerator; 0 where time is not charged for.
             * @default 0
             */
            units_per_second: components["schemas"]["Units"];
        };
        /** @description What one more interval takes. */
        NextInterval: {
            /** @description What a receipt must be for, at least, so that it can be held. */
            cumulative: components["schemas"]["Units"];
            /** @description What the interval costs. */
            units: components["schemas"]["Units"];
        };
        /** @description What opens a session: the body of `POST /v1/sessions`. */
        OpenSession: {
            /** @description The session key's proof of possession. */
            proof: string;
            /** @description The first allowance. */
            receipt: components["schemas"]["Receipt"];
            /** @description The terms that it is to be opened under, by the hash that the gateway published: under others it is not opened. */
            terms?: string | null;
            /** @description The signed voucher. */
            voucher: string;
        };
        /** @description A session that was just opened: the answer of `POST /v1/sessions`. */
        OpenedSession: {
            /** @description The highest receipt. */
            allowance: components["schemas"]["Units"];
            /** @description The key that requests carry. It is shown this once. */
            api_key: string;
            /** @description Units that the next request can be held from. */
            available: components["schemas"]["Units"];
            /** @description Whether its owner ended the voucher, or it is gone. */
            closing: boolean;
            /** @description Units consumed since the voucher was opened. */
            consumed: components["schemas"]["Units"];
            /** @description When it was opened. */
            created_at: components["schemas"]["UnixTime"];
            /** @description When its key stops working. */
            expires_at: components["schemas"]["UnixTime"];
            /** @description Units held for requests that are being served. */
            held: components["schemas"]["Units"];
            /** @description The session's identity, which is no secret. */
            id: string;
            /** @constant */
            object: "specie.session";
            /** @description When that account was opened. */
            opened_at: components["schemas"]["UnixTime"];
            /** @description Units settled on chain. */
            settled: components["schemas"]["Units"];
            /** @description The hash of the terms that it was opened under: its prices, until it ends. */
            terms: string;
            /** @description Units that the voucher claims. */
            units: components["schemas"]["Units"];
            /** @description The voucher account, base58. */
            voucher: components["schemas"]["Address"];
            /** @description When the voucher ends by itself. */
            voucher_expires_at: components["schemas"]["UnixTime"];
        };
        /** @description What a scheme needs besides. */
        PaymentExtra: components["schemas"]["VoucherExtra"] | components["schemas"]["ReceiptExtra"];
        /** @description One way to pay, as clients of version 1 read it. */
        PaymentOption: {
            /** @description The currency. */
            asset: components["schemas"]["Address"];
            /** @description What is paid for, for people. */
            description: string;
            /** @description What the scheme needs besides. */
            extra: components["schemas"]["PaymentExtra"];
            /** @description Units that suffice. */
            maxAmountRequired: components["schemas"]["Units"];
            /**
             * Format: uint64
             * @description Seconds for which the offer stands.
             */
            maxTimeoutSeconds: number;
            /** @description The media type of the answer. */
            mimeType: string;
            /** @description The chain, as CAIP-2 writes it. */
            network: string;
            /** @description The vault. */
            payTo: components["schemas"]["Address"];
            /** @description The URL of what is paid for. */
            resource: string;
            /** @description How to pay. */
            scheme: components["schemas"]["PaymentScheme"];
        };
        /** @description How a request can be paid for. */
        PaymentScheme: "specie-voucher" | "specie-receipt";
        /** @description What a pool of accelerators offers. */
        PoolOffer: {
            /**
             * Format: uint32
             * @description Accelerators of the pool.
             */
            accelerators: number;
            /**
             * Format: uint32
             * @description The most accelerators of one lease.
             */
            accelerators_per_lease: number;
            /** @description The class of vouchers that pay for it. */
            class: components["schemas"]["Class"];
            /**
             * Format: uint64
             * @description Milliseconds that a job has to end by itself once it is stopped.
             */
            grace_ms: number;
            /**
             * Format: uint64
             * @description Milliseconds that are held, and charged, at a time.
             */
            interval_ms: number;
            /** @description Units for a second of one accelerator. */
            units_per_second: components["schemas"]["Units"];
            /**
             * Format: uint64
             * @description Milliseconds before the end of what is held at which the next interval is held, or the job is warned.
             */
            warning_ms: number;
        };
        /** @description Whether the gateway serves: the answer of `GET /readyz`. */
        Readiness: {
            /** @description `in step`, or what is wrong with the chain. */
            chain: string;
            /** @description Whether the ledger can be written. */
            ledger: boolean;
            /** @description The code of the reason, where the gateway does not serve for one. */
            reason?: string | null;
            /** @description Whether all is well. */
            status: components["schemas"]["Status"];
            /** @description Whether the gateway was asked to stop. */
            stopping: boolean;
            /** @description `running`, or the background tasks that ended of late, by name. */
            tasks: components["schemas"]["BackgroundTasks"];
        };
        /** @description A receipt as it travels in JSON: the bytes that were signed and their signature, base64url. */
        Receipt: {
            /** @description The message `specie.receipt.1`. */
            message: string;
            /** @description The session key's signature over it. */
            signature: string;
        };
        /** @description The receipt that would suffice, and where to post it. */
        ReceiptExtra: {
            /** @description The genesis hash of the chain. */
            cluster: components["schemas"]["Address"];
            /** @description The cumulative units of the receipt. */
            cumulative: components["schemas"]["Units"];
            /** @description When the voucher's account was opened. */
            openedAt: components["schemas"]["UnixTime"];
            /** @description The URL that takes receipts. */
            receipts: string;
            /** @description What one unit is. */
            unit: string;
            /** @description The voucher's account. */
            voucher: components["schemas"]["Address"];
        };
        /** @description All background tasks run. */
        Running: "running";
        /** @description A session and its voucher's account, as the gateway describes them. */
        Session: {
            /** @description The highest receipt. */
            allowance: components["schemas"]["Units"];
            /** @description Units that the next request can be held from. */
            available: components["schemas"]["Units"];
            /** @description Whether its owner ended the voucher, or it is gone. */
            closing: boolean;
            /** @description Units consumed since the voucher was opened. */
            consumed: components["schemas"]["Units"];
            /** @description When it was opened. */
            created_at: components["schemas"]["UnixTime"];
            /** @description When its key stops working. */
            expires_at: components["schemas"]["UnixTime"];
            /** @description Units held for requests that are being served. */
            held: components["schemas"]["Units"];
            /** @description The session's identity, which is no secret. */
            id: string;
            /** @constant */
            object: "specie.session";
            /** @description When that account was opened. */
            opened_at: components["schemas"]["UnixTime"];
            /** @description Units settled on chain. */
            settled: components["schemas"]["Units"];
            /** @description The hash of the terms that it was opened under: its prices, until it ends. */
            terms: string;
            /** @description Units that the voucher claims. */
            units: components["schemas"]["Units"];
            /** @description The voucher account, base58. */
            voucher: components["schemas"]["Address"];
            /** @description When the voucher ends by itself. */
            voucher_expires_at: components["schemas"]["UnixTime"];
        };
        /** @description How far a lease is. */
        State: "starting" | "running" | "warned" | "stopping" | "ended";
        /** @description Whether all is well. */
        Status: "ok" | "unavailable";
        /** @description The state of a background task that ended of late. */
        TaskState: "down" | "started again";
        /** @description Units of 10^-6 SCU, in decimal. */
        Units: string;
        /**
         * Format: int64
         * @description Seconds since the Unix epoch, as the chain counts them.
         */
        UnixTime: number;
        /** @description A signed voucher: the answer of `POST /v1/vouchers/{address}`. */
        Voucher: {
            /** @description The voucher's account. */
            address: components["schemas"]["Address"];
            /**
             * Format: uint8
             * @description The number of its class on chain.
             */
            class: number;
            /** @description When it ends by itself. */
            expires_at: components["schemas"]["UnixTime"];
            /** @description When its account was opened. */
            opened_at: components["schemas"]["UnixTime"];
            /** @description Units settled on chain. */
            settled: components["schemas"]["Units"];
            /** @description Units that it claims. */
            units: components["schemas"]["Units"];
            /** @description The vault that owes it. */
            vault: components["schemas"]["Address"];
            /** @description The signed voucher, a JWS. */
            voucher: string;
        };
        /** @description Where a voucher becomes a session. */
        VoucherExtra: {
            /** @description The genesis hash of the chain. */
            cluster: components["schemas"]["Address"];
            /** @description The URL of what the gateway publishes of itself. */
            discovery: string;
            /** @description The URL that opens sessions. */
            sessions: string;
            /** @description What one unit is. */
            unit: string;
            /** @description The URL of a signed voucher, with `{address}` for its account. */
            vouchers: string;
        };
        /** @description The receipt that would suffice, as a program that knows Specie reads it among a refusal's figures. */
        WantedReceipt: {
            /** @description The cumulative units of the receipt. */
            cumulative: components["schemas"]["Units"];
            /** @description `solana:` and the genesis hash of the chain. */
            network: string;
            /** @description When the voucher's account was opened. */
            opened_at: components["schemas"]["UnixTime"];
            /** @description The path that takes it. */
            resource: string;
            /** @description How to pay: `specie-receipt`. */
            scheme: components["schemas"]["PaymentScheme"];
            /** @description The voucher's account. */
            voucher: components["schemas"]["Address"];
        };
        /** @description A signal that says: save your work. */
        WarnSignal: "SIGUSR1" | "SIGUSR2";
        /** @description Why a lease was warned, is stopping, or ended. */
        Why: "job_ended" | "stopped_by_holder" | "allowance_exhausted" | "voucher_expired" | "voucher_closing" | "voucher_gone" | "chain_out_of_reach" | "start_refused" | "start_failed" | "start_timed_out" | "job_lost" | "provisioner_silent";
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    discover: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description What the gateway offers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Discovery"];
                };
            };
            /** @description `chain_unexpected`: The RPC node's answer is unexpected. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `chain_out_of_reach`: The chain is out of reach.
             *     `rpc_of_another_cluster`: The RPC node is of another cluster.
             *     `rpc_lags`: The RPC node is behind.
             *     `rpc_disagree`: The RPC nodes disagree.
             *     `chain_unconfirmed`: Readings of the chain do not confirm each other yet.
             *     `clocks_differ`: The gateway's clock and the chain's differ too much.
             *     `issuer_replaced`: The vault has another issuer than the gateway.
             *     `dispute_window_too_short`: The currency's dispute window is too short to settle in.
             *     `issuer_out_of_reach`: The issuer's key host does not answer.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    live: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The gateway is alive. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description Restart the gateway. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
        };
    };
    describe: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description This document. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
        };
    };
    ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The gateway serves. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
            /** @description The gateway does not serve. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Readiness"];
                };
            };
        };
    };
    chat: {
        parameters: {
            query?: never;
            header?: {
                /** @description Serves and charges a repeated request once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description As OpenAI's clients send it. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChatRequest"];
            };
        };
        responses: {
            /** @description The answer, charged. */
            200: {
                headers: {
                    /** @description `true` if the answer was given before under the same key, and cost nothing. */
                    "idempotent-replayed"?: string;
                    /** @description What it cost, in units. */
                    "specie-units"?: string;
                    /** @description The signed usage record, a JWS. */
                    "specie-usage"?: string;
                    /** @description The charge's identity. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/event-stream": string;
                };
            };
            /**
             * @description `ambiguous_api_key`: There is more than one Authorization header.
             *     `body_broken`: The connection ended before the body was complete.
             *     `malformed_body`: The body is not the JSON that the endpoint takes.
             *     `payment_malformed`: An x402 payment header cannot be read.
             *     `parameter_invalid`: A parameter is missing or of the wrong type.
             *     `parameter_not_offered`: The parameter is not offered here.
             *     `parameter_repeated`: A field is there twice.
             *     `content_not_text`: Only text content is offered.
             *     `too_many_tokens`: More output tokens were asked for than the model may write.
             *     `too_many_choices`: More choices were asked for than allowed.
             *     `too_many_inputs`: More inputs were sent than allowed.
             *     `idempotency_key_invalid`: There must be one Idempotency-Key, of visible characters.
             *     `upstream_refused`: The model's server refuses the request.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             *     `revoked_api_key`: The key was revoked by its session.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `voucher_required`: The request needs a voucher: redeem one, open a session and send its API key.
             *     `payment_not_taken`: Payments are not taken in a header.
             *     `voucher_expired`: The voucher has expired.
             *     `voucher_closing`: The voucher's owner asked to close it.
             *     `voucher_exhausted`: The voucher has too little left for this request.
             *     `insufficient_allowance`: A higher receipt pays for this request: `accepts` says for how many units.
             */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `model_not_allowed`: The key may not ask this model.
             *     `voucher_of_another_class`: The voucher's class is not that of the request.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `model_not_found`: No model of that name is on offer.
             *     `model_not_in_terms`: The model was not on offer when the session was opened.
             *     `endpoint_not_served`: No model, or not this one, serves the endpoint.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_slow`: The body took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `idempotency_key_in_use`: The first request with the key is being served.
             *     `answer_not_kept`: The request was charged, and its answer is no longer kept.
             *     `voucher_settled_elsewhere`: Receipts that this gateway does not have were settled: another gateway serves from a ledger of its own.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `length_required`: A body needs a Content-Length. */
            411: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_large`: The body is larger than `limits.body_bytes`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `compressed_body`: Compressed bodies are not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `idempotency_key_reused`: The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `key_budget_held`: The key's budget is held by requests that are being served.
             *     `key_budget_exceeded`: The key's budget has too little left.
             *     `rate_limited`: The session sends requests faster than it may.
             *     `too_many_requests`: The gateway serves as many requests as it can.
             *     `too_many_requests_of_voucher`: The voucher has as many requests being served as its share of the gateway allows.
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `defect`: The gateway failed by a defect of its own; its usage records tell whether the request was charged. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `upstream_out_of_reach`: The model's server does not answer.
             *     `upstream_failed`: The model's server failed.
             *     `chain_unexpected`: The RPC node's answer is unexpected.
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `ledger_unavailable`: The gateway's ledger cannot be written.
             *     `upstream_busy`: The model's server is busy.
             *     `upstream_failing`: The model's servers are ejected after failures.
             *     `chain_out_of_reach`: The chain is out of reach.
             *     `rpc_of_another_cluster`: The RPC node is of another cluster.
             *     `rpc_lags`: The RPC node is behind.
             *     `rpc_disagree`: The RPC nodes disagree.
             *     `chain_unconfirmed`: Readings of the chain do not confirm each other yet.
             *     `clocks_differ`: The gateway's clock and the chain's differ too much.
             *     `issuer_replaced`: The vault has another issuer than the gateway.
             *     `dispute_window_too_short`: The currency's dispute window is too short to settle in.
             *     `issuer_out_of_reach`: The issuer's key host does not answer.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `upstream_too_slow`: The model's server took too long. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    complete: {
        parameters: {
            query?: never;
            header?: {
                /** @description Serves and charges a repeated request once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description As OpenAI's clients send it. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["CompletionRequest"];
            };
        };
        responses: {
            /** @description The answer, charged. */
            200: {
                headers: {
                    /** @description `true` if the answer was given before under the same key, and cost nothing. */
                    "idempotent-replayed"?: string;
                    /** @description What it cost, in units. */
                    "specie-units"?: string;
                    /** @description The signed usage record, a JWS. */
                    "specie-usage"?: string;
                    /** @description The charge's identity. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                    "text/event-stream": string;
                };
            };
            /**
             * @description `ambiguous_api_key`: There is more than one Authorization header.
             *     `body_broken`: The connection ended before the body was complete.
             *     `malformed_body`: The body is not the JSON that the endpoint takes.
             *     `payment_malformed`: An x402 payment header cannot be read.
             *     `parameter_invalid`: A parameter is missing or of the wrong type.
             *     `parameter_not_offered`: The parameter is not offered here.
             *     `parameter_repeated`: A field is there twice.
             *     `content_not_text`: Only text content is offered.
             *     `too_many_tokens`: More output tokens were asked for than the model may write.
             *     `too_many_choices`: More choices were asked for than allowed.
             *     `too_many_inputs`: More inputs were sent than allowed.
             *     `idempotency_key_invalid`: There must be one Idempotency-Key, of visible characters.
             *     `upstream_refused`: The model's server refuses the request.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             *     `revoked_api_key`: The key was revoked by its session.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `voucher_required`: The request needs a voucher: redeem one, open a session and send its API key.
             *     `payment_not_taken`: Payments are not taken in a header.
             *     `voucher_expired`: The voucher has expired.
             *     `voucher_closing`: The voucher's owner asked to close it.
             *     `voucher_exhausted`: The voucher has too little left for this request.
             *     `insufficient_allowance`: A higher receipt pays for this request: `accepts` says for how many units.
             */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `model_not_allowed`: The key may not ask this model.
             *     `voucher_of_another_class`: The voucher's class is not that of the request.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `model_not_found`: No model of that name is on offer.
             *     `model_not_in_terms`: The model was not on offer when the session was opened.
             *     `endpoint_not_served`: No model, or not this one, serves the endpoint.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_slow`: The body took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `idempotency_key_in_use`: The first request with the key is being served.
             *     `answer_not_kept`: The request was charged, and its answer is no longer kept.
             *     `voucher_settled_elsewhere`: Receipts that this gateway does not have were settled: another gateway serves from a ledger of its own.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `length_required`: A body needs a Content-Length. */
            411: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_large`: The body is larger than `limits.body_bytes`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `compressed_body`: Compressed bodies are not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `idempotency_key_reused`: The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `key_budget_held`: The key's budget is held by requests that are being served.
             *     `key_budget_exceeded`: The key's budget has too little left.
             *     `rate_limited`: The session sends requests faster than it may.
             *     `too_many_requests`: The gateway serves as many requests as it can.
             *     `too_many_requests_of_voucher`: The voucher has as many requests being served as its share of the gateway allows.
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `defect`: The gateway failed by a defect of its own; its usage records tell whether the request was charged. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `upstream_out_of_reach`: The model's server does not answer.
             *     `upstream_failed`: The model's server failed.
             *     `chain_unexpected`: The RPC node's answer is unexpected.
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `ledger_unavailable`: The gateway's ledger cannot be written.
             *     `upstream_busy`: The model's server is busy.
             *     `upstream_failing`: The model's servers are ejected after failures.
             *     `chain_out_of_reach`: The chain is out of reach.
             *     `rpc_of_another_cluster`: The RPC node is of another cluster.
             *     `rpc_lags`: The RPC node is behind.
             *     `rpc_disagree`: The RPC nodes disagree.
             *     `chain_unconfirmed`: Readings of the chain do not confirm each other yet.
             *     `clocks_differ`: The gateway's clock and the chain's differ too much.
             *     `issuer_replaced`: The vault has another issuer than the gateway.
             *     `dispute_window_too_short`: The currency's dispute window is too short to settle in.
             *     `issuer_out_of_reach`: The issuer's key host does not answer.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `upstream_too_slow`: The model's server took too long. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    embed: {
        parameters: {
            query?: never;
            header?: {
                /** @description Serves and charges a repeated request once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description As OpenAI's clients send it. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["EmbeddingRequest"];
            };
        };
        responses: {
            /** @description The answer, charged. */
            200: {
                headers: {
                    /** @description `true` if the answer was given before under the same key, and cost nothing. */
                    "idempotent-replayed"?: string;
                    /** @description What it cost, in units. */
                    "specie-units"?: string;
                    /** @description The signed usage record, a JWS. */
                    "specie-usage"?: string;
                    /** @description The charge's identity. */
                    "x-request-id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": Record<string, never>;
                };
            };
            /**
             * @description `ambiguous_api_key`: There is more than one Authorization header.
             *     `body_broken`: The connection ended before the body was complete.
             *     `malformed_body`: The body is not the JSON that the endpoint takes.
             *     `payment_malformed`: An x402 payment header cannot be read.
             *     `parameter_invalid`: A parameter is missing or of the wrong type.
             *     `parameter_not_offered`: The parameter is not offered here.
             *     `parameter_repeated`: A field is there twice.
             *     `content_not_text`: Only text content is offered.
             *     `too_many_tokens`: More output tokens were asked for than the model may write.
             *     `too_many_choices`: More choices were asked for than allowed.
             *     `too_many_inputs`: More inputs were sent than allowed.
             *     `idempotency_key_invalid`: There must be one Idempotency-Key, of visible characters.
             *     `upstream_refused`: The model's server refuses the request.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             *     `revoked_api_key`: The key was revoked by its session.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `voucher_required`: The request needs a voucher: redeem one, open a session and send its API key.
             *     `payment_not_taken`: Payments are not taken in a header.
             *     `voucher_expired`: The voucher has expired.
             *     `voucher_closing`: The voucher's owner asked to close it.
             *     `voucher_exhausted`: The voucher has too little left for this request.
             *     `insufficient_allowance`: A higher receipt pays for this request: `accepts` says for how many units.
             */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `model_not_allowed`: The key may not ask this model.
             *     `voucher_of_another_class`: The voucher's class is not that of the request.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `model_not_found`: No model of that name is on offer.
             *     `model_not_in_terms`: The model was not on offer when the session was opened.
             *     `endpoint_not_served`: No model, or not this one, serves the endpoint.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_slow`: The body took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `idempotency_key_in_use`: The first request with the key is being served.
             *     `answer_not_kept`: The request was charged, and its answer is no longer kept.
             *     `voucher_settled_elsewhere`: Receipts that this gateway does not have were settled: another gateway serves from a ledger of its own.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `length_required`: A body needs a Content-Length. */
            411: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_large`: The body is larger than `limits.body_bytes`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `compressed_body`: Compressed bodies are not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `idempotency_key_reused`: The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `key_budget_held`: The key's budget is held by requests that are being served.
             *     `key_budget_exceeded`: The key's budget has too little left.
             *     `rate_limited`: The session sends requests faster than it may.
             *     `too_many_requests`: The gateway serves as many requests as it can.
             *     `too_many_requests_of_voucher`: The voucher has as many requests being served as its share of the gateway allows.
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `defect`: The gateway failed by a defect of its own; its usage records tell whether the request was charged. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `upstream_out_of_reach`: The model's server does not answer.
             *     `upstream_failed`: The model's server failed.
             *     `chain_unexpected`: The RPC node's answer is unexpected.
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `ledger_unavailable`: The gateway's ledger cannot be written.
             *     `upstream_busy`: The model's server is busy.
             *     `upstream_failing`: The model's servers are ejected after failures.
             *     `chain_out_of_reach`: The chain is out of reach.
             *     `rpc_of_another_cluster`: The RPC node is of another cluster.
             *     `rpc_lags`: The RPC node is behind.
             *     `rpc_disagree`: The RPC nodes disagree.
             *     `chain_unconfirmed`: Readings of the chain do not confirm each other yet.
             *     `clocks_differ`: The gateway's clock and the chain's differ too much.
             *     `issuer_replaced`: The vault has another issuer than the gateway.
             *     `dispute_window_too_short`: The currency's dispute window is too short to settle in.
             *     `issuer_out_of_reach`: The issuer's key host does not answer.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `upstream_too_slow`: The model's server took too long. */
            504: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listLeases: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The leases. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LeasePage"];
                };
            };
            /** @description `ambiguous_api_key`: There is more than one Authorization header. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `session_key_needed`: The endpoint needs the API key of the session itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown_session`: There is no such session, or the API key is not its own. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    startLease: {
        parameters: {
            query?: never;
            header?: {
                /** @description Begins a repeated lease once. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description What to run, on what. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["LeaseRequest"];
            };
        };
        responses: {
            /** @description The lease that the same key began before. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lease"];
                };
            };
            /** @description The lease. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lease"];
                };
            };
            /**
             * @description `ambiguous_api_key`: There is more than one Authorization header.
             *     `body_broken`: The connection ended before the body was complete.
             *     `malformed_body`: The body is not the JSON that the endpoint takes.
             *     `accelerators_invalid`: A lease has at least one accelerator, and at most as many as the pool allows.
             *     `job_invalid`: The job is out of bounds.
             *     `start_refused`: The provisioner refuses the job.
             *     `idempotency_key_invalid`: There must be one Idempotency-Key, of visible characters.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `voucher_expired`: The voucher has expired.
             *     `voucher_closing`: The voucher's owner asked to close it.
             *     `voucher_exhausted`: The voucher has too little left for this request.
             *     `insufficient_allowance`: A higher receipt pays for this request: `accepts` says for how many units.
             */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `session_key_needed`: The endpoint needs the API key of the session itself.
             *     `voucher_of_another_class`: The voucher's class is not that of the request.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `unknown_session`: There is no such session, or the API key is not its own.
             *     `unknown_pool`: There is no such pool.
             *     `pool_not_in_terms`: The pool was not on offer when the session was opened.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_slow`: The body took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `voucher_settled_elsewhere`: Receipts that this gateway does not have were settled: another gateway serves from a ledger of its own. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `length_required`: A body needs a Content-Length. */
            411: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_large`: The body is larger than `limits.body_bytes`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `compressed_body`: Compressed bodies are not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `idempotency_key_reused`: The key was used for another request. */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `provisioner_out_of_reach`: The provisioner does not answer.
             *     `chain_unexpected`: The RPC node's answer is unexpected.
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `ledger_unavailable`: The gateway's ledger cannot be written.
             *     `pool_full`: The pool has too few accelerators free.
             *     `chain_out_of_reach`: The chain is out of reach.
             *     `rpc_of_another_cluster`: The RPC node is of another cluster.
             *     `rpc_lags`: The RPC node is behind.
             *     `rpc_disagree`: The RPC nodes disagree.
             *     `chain_unconfirmed`: Readings of the chain do not confirm each other yet.
             *     `clocks_differ`: The gateway's clock and the chain's differ too much.
             *     `issuer_replaced`: The vault has another issuer than the gateway.
             *     `dispute_window_too_short`: The currency's dispute window is too short to settle in.
             *     `issuer_out_of_reach`: The issuer's key host does not answer.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    showLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lease's identity. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lease. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lease"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `ambiguous_api_key`: There is more than one Authorization header.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `session_key_needed`: The endpoint needs the API key of the session itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `unknown_session`: There is no such session, or the API key is not its own.
             *     `unknown_lease`: There is no such lease of the session's voucher.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    stopLease: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The lease's identity. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The lease. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Lease"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `ambiguous_api_key`: There is more than one Authorization header.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `session_key_needed`: The endpoint needs the API key of the session itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `unknown_session`: There is no such session, or the API key is not its own.
             *     `unknown_lease`: There is no such lease of the session's voucher.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listModels: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The models. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ModelList"];
                };
            };
        };
    };
    showModel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The model's name. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The model. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Model"];
                };
            };
            /** @description `malformed_url`: The path or its parameters cannot be read. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `model_not_found`: No model of that name is on offer. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    openSession: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** @description The voucher, the proof and the first receipt. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["OpenSession"];
            };
        };
        responses: {
            /** @description The session, with its API key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenedSession"];
                };
            };
            /**
             * @description `body_broken`: The connection ended before the body was complete.
             *     `malformed_body`: The body is not the JSON that the endpoint takes.
             *     `voucher_not_signed_here`: The voucher was not signed by this vault's issuer.
             *     `proof_without_identity`: The proof of possession has no identity.
             *     `receipt_malformed`: The receipt's message is not of its fixed form.
             *     `receipt_above_voucher`: The receipt is for more units than the voucher has.
             *     `voucher_too_large`: The voucher claims more units than can be represented.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `voucher_expired`: The voucher has expired.
             *     `voucher_closing`: The voucher's owner asked to close it.
             *     `voucher_consumed`: Nothing is left on the voucher.
             */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `proof_invalid`: The proof of possession is not signed as it must be.
             *     `proof_of_another_voucher`: The proof of possession is of another voucher.
             *     `proof_not_of_now`: The proof of possession was made too early or too late.
             *     `receipt_of_another_cluster`: The receipt is of another cluster.
             *     `receipt_of_another_voucher`: The receipt is of another voucher.
             *     `receipt_of_another_opening`: The receipt is of another opening of the voucher.
             *     `receipt_signature_invalid`: The receipt's signature is not the session key's.
             *     `voucher_of_another_vault`: The voucher is owed by another vault.
             *     `class_not_served`: The vault does not serve the voucher's class.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `voucher_not_finalized`: The voucher's account is not finalized on chain. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_slow`: The body took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `terms_changed`: The terms have changed since they were read.
             *     `proof_used`: The proof of possession was used before.
             *     `receipt_not_higher`: The receipt is not higher than the one that the gateway has.
             *     `voucher_differs_from_chain`: The voucher's account on chain says something else.
             *     `voucher_settled_elsewhere`: Receipts that this gateway does not have were settled: another gateway serves from a ledger of its own.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `length_required`: A body needs a Content-Length. */
            411: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_large`: The body is larger than `limits.body_bytes`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `compressed_body`: Compressed bodies are not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `too_many_sessions`: The voucher has as many sessions as it may.
             *     `too_many_receipts`: More receipts of the voucher were posted than a minute has room for.
             */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `chain_unexpected`: The RPC node's answer is unexpected. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `chain_out_of_reach`: The chain is out of reach.
             *     `rpc_of_another_cluster`: The RPC node is of another cluster.
             *     `rpc_lags`: The RPC node is behind.
             *     `rpc_disagree`: The RPC nodes disagree.
             *     `chain_unconfirmed`: Readings of the chain do not confirm each other yet.
             *     `clocks_differ`: The gateway's clock and the chain's differ too much.
             *     `issuer_replaced`: The vault has another issuer than the gateway.
             *     `dispute_window_too_short`: The currency's dispute window is too short to settle in.
             *     `issuer_out_of_reach`: The issuer's key host does not answer.
             *     `ledger_unavailable`: The gateway's ledger cannot be written.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    showSession: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's identity. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `ambiguous_api_key`: There is more than one Authorization header.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `session_key_needed`: The endpoint needs the API key of the session itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown_session`: There is no such session, or the API key is not its own. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listKeys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's identity. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The keys, the oldest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `ambiguous_api_key`: There is more than one Authorization header.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `session_key_needed`: The endpoint needs the API key of the session itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown_session`: There is no such session, or the API key is not its own. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    mintKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's identity. */
                id: string;
            };
            cookie?: never;
        };
        /** @description What the key may do. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["KeyRequest"];
            };
        };
        responses: {
            /** @description The key, with its API key. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MintedKey"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `ambiguous_api_key`: There is more than one Authorization header.
             *     `body_broken`: The connection ended before the body was complete.
             *     `malformed_body`: The body is not the JSON that the endpoint takes.
             *     `key_invalid`: The key's description is out of bounds.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `session_key_needed`: The endpoint needs the API key of the session itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `unknown_session`: There is no such session, or the API key is not its own.
             *     `model_not_found`: No model of that name is on offer.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_slow`: The body took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `length_required`: A body needs a Content-Length. */
            411: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_large`: The body is larger than `limits.body_bytes`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `compressed_body`: Compressed bodies are not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too_many_keys`: The session has as many keys as it may. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    showKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's identity. */
                id: string;
                /** @description The key's identity. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `ambiguous_api_key`: There is more than one Authorization header.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             *     `revoked_api_key`: The key was revoked by its session.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown_key`: The session has no such key. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    revokeKey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's identity. */
                id: string;
                /** @description The key's identity. */
                key: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The key, revoked. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Key"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `ambiguous_api_key`: There is more than one Authorization header.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `session_key_needed`: The endpoint needs the API key of the session itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `unknown_session`: There is no such session, or the API key is not its own.
             *     `unknown_key`: The session has no such key.
             */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    postReceipt: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The session's identity. */
                id: string;
            };
            cookie?: never;
        };
        /** @description A receipt. */
        requestBody: {
            content: {
                "application/json": components["schemas"]["Receipt"];
            };
        };
        responses: {
            /** @description The session. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Session"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `body_broken`: The connection ended before the body was complete.
             *     `malformed_body`: The body is not the JSON that the endpoint takes.
             *     `receipt_malformed`: The receipt's message is not of its fixed form.
             *     `receipt_above_voucher`: The receipt is for more units than the voucher has.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `receipt_of_another_cluster`: The receipt is of another cluster.
             *     `receipt_of_another_voucher`: The receipt is of another voucher.
             *     `receipt_of_another_opening`: The receipt is of another opening of the voucher.
             *     `receipt_signature_invalid`: The receipt's signature is not the session key's.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown_session`: There is no such session, or the API key is not its own. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_slow`: The body took too long to arrive. */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `receipt_not_higher`: The receipt is not higher than the one that the gateway has. */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `length_required`: A body needs a Content-Length. */
            411: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `body_too_large`: The body is larger than `limits.body_bytes`. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `compressed_body`: Compressed bodies are not accepted. */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too_many_receipts`: More receipts of the voucher were posted than a minute has room for. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `chain_unexpected`: The RPC node's answer is unexpected. */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `chain_out_of_reach`: The chain is out of reach.
             *     `rpc_of_another_cluster`: The RPC node is of another cluster.
             *     `rpc_lags`: The RPC node is behind.
             *     `rpc_disagree`: The RPC nodes disagree.
             *     `chain_unconfirmed`: Readings of the chain do not confirm each other yet.
             *     `clocks_differ`: The gateway's clock and the chain's differ too much.
             *     `issuer_replaced`: The vault has another issuer than the gateway.
             *     `dispute_window_too_short`: The currency's dispute window is too short to settle in.
             *     `issuer_out_of_reach`: The issuer's key host does not answer.
             *     `ledger_unavailable`: The gateway's ledger cannot be written.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    listUsage: {
        parameters: {
            query?: {
                /** @description The number of the last record that is known. */
                after?: number;
            };
            header?: never;
            path: {
                /** @description The session's identity. */
                id: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Records, in the order of their numbers. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ListedRecordPage"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `ambiguous_api_key`: There is more than one Authorization header.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `missing_api_key`: The endpoint needs an API key, and none was sent.
             *     `unknown_api_key`: The API key is not of any session here.
             *     `expired_api_key`: The session or the key below it has expired.
             */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `session_key_needed`: The endpoint needs the API key of the session itself. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `unknown_session`: There is no such session, or the API key is not its own. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `ledger_unavailable`: The gateway's ledger cannot be written. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
    signVoucher: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The voucher account, base58. */
                address: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The signed voucher. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Voucher"];
                };
            };
            /**
             * @description `malformed_url`: The path or its parameters cannot be read.
             *     `not_an_address`: The text is not an address in base58.
             *     `voucher_too_large`: The voucher claims more units than can be represented.
             */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `voucher_expired`: The voucher has expired.
             *     `voucher_closing`: The voucher's owner asked to close it.
             *     `voucher_consumed`: Nothing is left on the voucher.
             */
            402: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `voucher_of_another_vault`: The voucher is owed by another vault.
             *     `class_not_served`: The vault does not serve the voucher's class.
             */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `voucher_not_finalized`: The voucher's account is not finalized on chain. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `method_not_allowed`: The endpoint does not take this method. */
            405: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `voucher_differs_from_chain`: The voucher's account on chain says something else.
             *     `voucher_settled_elsewhere`: Receipts that this gateway does not have were settled: another gateway serves from a ledger of its own.
             */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /** @description `too_many_lookups`: More vouchers are being looked up than the gateway asks its RPC nodes for. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `chain_unexpected`: The RPC node's answer is unexpected.
             *     `issuer_refused`: The issuer's key host refuses to sign.
             *     `issuer_unexpected`: The issuer's key host answers something else.
             */
            502: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
            /**
             * @description `chain_out_of_reach`: The chain is out of reach.
             *     `rpc_of_another_cluster`: The RPC node is of another cluster.
             *     `rpc_lags`: The RPC node is behind.
             *     `rpc_disagree`: The RPC nodes disagree.
             *     `chain_unconfirmed`: Readings of the chain do not confirm each other yet.
             *     `clocks_differ`: The gateway's clock and the chain's differ too much.
             *     `issuer_replaced`: The vault has another issuer than the gateway.
             *     `dispute_window_too_short`: The currency's dispute window is too short to settle in.
             *     `issuer_out_of_reach`: The issuer's key host does not answer.
             */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Error"];
                };
            };
        };
    };
}
