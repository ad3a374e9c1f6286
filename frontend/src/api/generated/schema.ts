// Generated from shared/api/openapi.json by `npm run generate`. Do not edit.

export interface paths {
    "/api/auth/me": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The signed-in user, with organizations and projects. */
        get: operations["get_me"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Change the password; ends the user's other sessions. */
        post: operations["change_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/refresh": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Renew the session by its refresh cookie; sets new cookies. */
        post: operations["refresh_session"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-in": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start a session; sets cookies. 429 after many failures. */
        post: operations["sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-out": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End the session, if there is one; clears the cookies. */
        post: operations["sign_out"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/auth/sign-out-everywhere": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** End every session of the user. */
        post: operations["sign_out_everywhere"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create an event (first generation of SDKs). */
        post: operations["create_event"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/generations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a generation (first generation of SDKs). */
        post: operations["create_generation"];
        delete?: never;
        options?: never;
        head?: never;
        /** Change a generation by `generationId` (first generation of SDKs). */
        patch: operations["update_generation"];
        trace?: never;
    };
    "/api/public/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Alive, and which version. */
        get: operations["get_health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/ingestion": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take a batch of typed events; each is answered for itself. */
        post: operations["ingest_batch"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/metrics/daily": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Traces, observations, cost and usage by model of each day (UTC), newest first. */
        get: operations["get_daily_metrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/observations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Observations, a numbered page, newest first. */
        get: operations["list_observations"];
        put?: never;
        /** Create an observation of any type. */
        post: operations["create_observation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/observations/{observationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One observation with its texts. */
        get: operations["get_observation"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        /** Change fields of an observation; `traceId` is required. */
        patch: operations["update_observation"];
        trace?: never;
    };
    "/api/public/otel/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** The same at Langfuse's address. */
        post: operations["export_traces_langfuse"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/projects": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The caller's project, as the only entry. */
        get: operations["list_projects"];
        put?: never;
        /** Create a project; for administrators of the organization. */
        post: operations["create_project"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/projects/{projectId}/apiKeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The project's API keys, newest first, without secrets. */
        get: operations["list_api_keys"];
        put?: never;
        /** Create an API key. The secret is shown this once. */
        post: operations["create_api_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/projects/{projectId}/apiKeys/{apiKeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revoke an API key. It is refused everywhere within 60 seconds. */
        delete: operations["delete_api_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/ready": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Able to serve: the stores answer. 503 otherwise. */
        get: operations["get_ready"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/scores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scores of traces and observations, a numbered page, newest first. */
        get: operations["list_scores"];
        put?: never;
        /** Create or overwrite one score, or a list of them. */
        post: operations["create_score"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/scores/{scoreId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One score of a trace or observation. */
        get: operations["get_score"];
        put?: never;
        post?: never;
        /** Delete a score. Done within minutes. */
        delete: operations["delete_score"];
        options?: never;
        head?: never;
        /** Change fields of a score. */
        patch: operations["update_score"];
        trace?: never;
    };
    "/api/public/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions, a numbered page, newest first. */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session with its traces. */
        get: operations["get_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/spans": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Create a span (first generation of SDKs). */
        post: operations["create_span"];
        delete?: never;
        options?: never;
        head?: never;
        /** Change a span by `spanId` (first generation of SDKs). */
        patch: operations["update_span"];
        trace?: never;
    };
    "/api/public/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Traces, a numbered page, newest first. */
        get: operations["list_traces"];
        put?: never;
        /** Create a trace or add to it. */
        post: operations["create_trace"];
        /** Delete up to 1000 traces, with their observations and scores. */
        delete: operations["delete_traces"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/traces/{traceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One trace with everything in it. */
        get: operations["get_trace"];
        put?: never;
        post?: never;
        /** Delete a trace, its observations and scores. Done within minutes. */
        delete: operations["delete_trace"];
        options?: never;
        head?: never;
        /** Change fields of a trace; `tags` replaces the set. */
        patch: operations["update_trace"];
        trace?: never;
    };
    "/api/public/v2/observations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Observations by cursor, with the field groups asked for. */
        get: operations["list_observations_v2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v2/scores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scores of traces, sessions and dataset runs, a numbered page, newest first. */
        get: operations["list_scores_v2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v2/scores/{scoreId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One score of any subject. */
        get: operations["get_score_v2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v2/sessions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rows of the session list, by cursor. */
        get: operations["list_sessions_v2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v2/sessions/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session's sums. */
        get: operations["get_session_v2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v2/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Rows of the trace list, with previews and sums, by cursor. */
        get: operations["list_traces_v2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v2/traces/count": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many traces the same filters find. */
        get: operations["count_traces_v2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v2/traces/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The 50 most frequent values of a column. */
        get: operations["list_trace_facets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v2/traces/{traceId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One trace with every observation, without their texts. */
        get: operations["get_trace_v2"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/public/v3/scores": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Scores by cursor, with values typed by their data type. */
        get: operations["list_scores_v3"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/traces": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take spans as OTLP/HTTP, protobuf or JSON, gzip or not. */
        post: operations["export_traces"];
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
        ApiKeyEntry: {
            createdAt: string;
            /** @description The e-mail address of the user who created it. */
            createdBy?: string | null;
            /** @description `sk-at-…abcd`. */
            displaySecretKey: string;
            expiresAt?: string | null;
            id: string;
            /** @description Within about a minute; null when never used. */
            lastUsedAt?: string | null;
            note?: string | null;
            publicKey: string;
        };
        ApiKeyList: {
            apiKeys: components["schemas"]["ApiKeyEntry"][];
        };
        BatchAnswer: {
            errors: components["schemas"]["BatchFailure"][];
            successes: components["schemas"]["BatchSuccess"][];
        };
        /** @description The envelope of a batch; each event's body depends on its type. */
        BatchBody: {
            batch: components["schemas"]["BatchEvent"][];
        };
        BatchEvent: {
            body: unknown;
            /** @description The event's own id: answers refer to it. */
            id: string;
            timestamp: string;
            type: string;
        };
        BatchFailure: {
            error: string;
            id: string;
            message: string;
            /** Format: uint16 */
            status: number;
        };
        BatchSuccess: {
            id: string;
            /** Format: uint16 */
            status: number;
        };
        ChangePasswordBody: {
            currentPassword: string;
            /** @description 12 to 128 characters. */
            newPassword: string;
        };
        CountAnswer: {
            /** @description The count is a lower bound: counting all would take too long. */
            atLeast: boolean;
            /** Format: uint64 */
            count: number;
        };
        CreateApiKeyBody: {
            /** @description After this time the key is refused. */
            expiresAt?: string | null;
            /** @description At most 200 characters. */
            note?: string | null;
            /** @description A key pair that exists elsewhere, taken over as it is: both halves or neither. */
            publicKey?: string | null;
            secretKey?: string | null;
        };
        CreateProjectBody: {
            metadata?: {
                [key: string]: unknown;
            } | null;
            /** @description 1 to 60 characters. */
            name: string;
            organizationId: string;
        };
        /** @description A new API key with its secret. */
        CreatedApiKey: {
            createdAt: string;
            /** @description The e-mail address of the user who created it. */
            createdBy?: string | null;
            /** @description `sk-at-…abcd`. */
            displaySecretKey: string;
            expiresAt?: string | null;
            id: string;
            /** @description Within about a minute; null when never used. */
            lastUsedAt?: string | null;
            note?: string | null;
            publicKey: string;
            secretKey: string;
        };
        CreatedProject: {
            id: string;
            name: string;
        };
        /** @description `meta` of a page with a cursor; none means that this is the last page. */
        CursorMeta: {
            cursor?: string | null;
        };
        /** @description A page with a cursor. */
        CursorPage: {
            data: components["schemas"]["TraceRow"][];
            meta: components["schemas"]["CursorMeta"];
        };
        /** @description A page with a cursor. */
        CursorPage2: {
            data: components["schemas"]["ObservationV2"][];
            meta: components["schemas"]["CursorMeta"];
        };
        /** @description A page with a cursor. */
        CursorPage3: {
            data: components["schemas"]["SessionRow"][];
            meta: components["schemas"]["CursorMeta"];
        };
        /** @description One day. Days without traces are left out. */
        DailyMetrics: {
            /** Format: uint64 */
            countObservations: number;
            /** Format: uint64 */
            countTraces: number;
            /** @description `2026-01-31`. */
            date: string;
            /**
             * Format: double
             * @description USD.
             */
            totalCost: number;
            usage: components["schemas"]["ModelUsage"][];
        };
        DeleteTracesBody: {
            /** @description 1 to 1000 ids. */
            traceIds: string[];
        };
        Deleted: {
            success: boolean;
        };
        /** @description The body of every error. */
        ErrorBody: {
            error: components["schemas"]["ErrorName"];
            /** @description A sentence that says what to do. */
            message: string;
            /** @description Only on 500: what to look for in the logs. */
            requestId?: string | null;
        };
        /**
         * @description The class names of `facts`: clients match on them.
         * @enum {string}
         */
        ErrorName: "InvalidRequestError" | "UnauthorizedError" | "ForbiddenError" | "LangfuseNotFoundError" | "MethodNotAllowedError" | "LangfuseConflictError" | "PayloadTooLargeError" | "UnsupportedMediaTypeError" | "RateLimitError" | "UnprocessableContentError" | "InternalServerError" | "ServiceUnavailableError";
        Facet: {
            /** Format: uint64 */
            count: number;
            value: string;
        };
        FacetsAnswer: {
            data: components["schemas"]["Facet"][];
        };
        Health: {
            /** @description `OK`, or `UNAVAILABLE` with 503. */
            status: string;
            version: string;
        };
        /** @description The id of what was created or changed. */
        IdAnswer: {
            id: string;
        };
        /** @description The signed-in user. */
        Me: {
            /** @description Those that the user is a member of, by name. */
            organizations: components["schemas"]["MeOrganization"][];
            user: components["schemas"]["MeUser"];
        };
        MeOrganization: {
            id: string;
            name: string;
            /** @description Those that the user has a role in, by name. */
            projects: components["schemas"]["MeProject"][];
            /** @enum {string} */
            role: "NONE" | "VIEWER" | "MEMBER" | "ADMIN" | "OWNER";
        };
        MeProject: {
            id: string;
            name: string;
            /** @enum {string} */
            role: "NONE" | "VIEWER" | "MEMBER" | "ADMIN" | "OWNER";
        };
        MeUser: {
            email: string;
            id: string;
            name: string;
        };
        /** @description What was asked for was taken on. */
        MessageAnswer: {
            message: string;
        };
        /** @description The steps of one model on one day. */
        ModelUsage: {
            /** Format: uint64 */
            countObservations: number;
            /** Format: uint64 */
            countTraces: number;
            /** Format: uint64 */
            inputUsage: number;
            model?: string | null;
            /** Format: uint64 */
            outputUsage: number;
            /**
             * Format: double
             * @description USD.
             */
            totalCost: number;
            /** Format: uint64 */
            totalUsage: number;
        };
        NodeUsage: {
            /** Format: uint64 */
            input: number;
            /** Format: uint64 */
            output: number;
            /** Format: uint64 */
            total: number;
        };
        /** @description An observation as Langfuse's v1 shows it. */
        Observation: {
            /** Format: double */
            calculatedInputCost?: number | null;
            /** Format: double */
            calculatedOutputCost?: number | null;
            /** Format: double */
            calculatedTotalCost?: number | null;
            completionStartTime?: string | null;
            /** Format: uint64 */
            completionTokens: number;
            /** @description USD by usage key, and `total`. */
            costDetails: {
                [key: string]: number;
            };
            createdAt: string;
            endTime?: string | null;
            environment: string;
            id: string;
            input: unknown;
            /**
             * Format: double
             * @description USD a unit, as this observation was priced.
             */
            inputPrice?: number | null;
            /**
             * Format: double
             * @description Seconds.
             */
            latency?: number | null;
            /** @description DEBUG, DEFAULT, WARNING or ERROR. */
            level: string;
            metadata: unknown;
            model?: string | null;
            modelId?: string | null;
            modelParameters: unknown;
            name?: string | null;
            output: unknown;
            /** Format: double */
            outputPrice?: number | null;
            parentObservationId?: string | null;
            projectId: string;
            promptId?: string | null;
            promptName?: string | null;
            /** Format: uint64 */
            promptTokens: number;
            /** Format: uint32 */
            promptVersion?: number | null;
            startTime: string;
            statusMessage?: string | null;
            /**
             * Format: double
             * @description Seconds.
             */
            timeToFirstToken?: number | null;
            /** Format: double */
            totalPrice?: number | null;
            /** Format: uint64 */
            totalTokens: number;
            traceId?: string | null;
            /** @description SPAN, GENERATION, EVENT, AGENT, TOOL, CHAIN, RETRIEVER, EVALUATOR, EMBEDDING or GUARDRAIL. */
            type: string;
            unit?: string | null;
            updatedAt: string;
            usage: components["schemas"]["Usage"];
            usageDetails: {
                [key: string]: number;
            };
            version?: string | null;
        };
        /** @description A node of the dashboard's tree: an observation without its texts. */
        ObservationNode: {
            completionStartTime?: string | null;
            /** @description USD by usage key, and `total`. */
            costDetails: {
                [key: string]: number;
            };
            endTime?: string | null;
            environment: string;
            id: string;
            /**
             * Format: uint64
             * @description Bytes.
             */
            inputLength: number;
            /** @description At most 120 characters. */
            inputPreview?: string | null;
            /**
             * Format: double
             * @description Seconds.
             */
            latency?: number | null;
            level: string;
            /** @description The price entry that matched. */
            model?: string | null;
            name?: string | null;
            /**
             * Format: uint64
             * @description Bytes.
             */
            outputLength: number;
            parentObservationId?: string | null;
            promptName?: string | null;
            /** Format: uint32 */
            promptVersion?: number | null;
            /** @description The name that the client gave. */
            providedModel?: string | null;
            startTime: string;
            statusMessage?: string | null;
            /**
             * Format: double
             * @description Seconds.
             */
            timeToFirstToken?: number | null;
            /**
             * Format: double
             * @description USD. `null` when the price is unknown.
             */
            totalCost?: number | null;
            type: string;
            usage: components["schemas"]["NodeUsage"];
            usageDetails: {
                [key: string]: number;
            };
            version?: string | null;
        };
        /** @description An observation as Langfuse's v2 shows it: fields of groups that were not asked for are absent. */
        ObservationV2: {
            bookmarked?: boolean;
            completionStartTime?: string | null;
            costDetails?: {
                [key: string]: number;
            };
            createdAt?: string;
            endTime?: string | null;
            environment?: string;
            id: string;
            input?: string | null;
            /** @description A decimal text. */
            inputPrice?: string | null;
            internalModelId?: string | null;
            isRootObservation?: boolean;
            /**
             * Format: double
             * @description Seconds.
             */
            latency?: number | null;
            level?: string;
            metadata?: {
                [key: string]: unknown;
            } | null;
            model?: string | null;
            /** @description `null` unless the model group was asked for, like the three prices. */
            modelId?: string | null;
            modelParameters?: unknown;
            name?: string | null;
            output?: string | null;
            outputPrice?: string | null;
            parentObservationId?: string | null;
            projectId: string;
            promptId?: string | null;
            promptName?: string | null;
            /** Format: uint32 */
            promptVersion?: number | null;
            public?: boolean;
            release?: string | null;
            sessionId?: string | null;
            startTime: string;
            statusMessage?: string | null;
            tags?: string[];
            /** Format: double */
            timeToFirstToken?: number | null;
            /** Format: double */
            totalCost?: number | null;
            totalPrice?: string | null;
            traceId?: string | null;
            traceName?: string | null;
            type: string;
            updatedAt?: string;
            usageDetails?: {
                [key: string]: number;
            };
            usagePricingTierName?: string | null;
            userId?: string | null;
            version?: string | null;
        };
        /** @description A numbered page. */
        Page: {
            data: components["schemas"]["TraceWithDetails"][];
            meta: components["schemas"]["PageMeta"];
        };
        /** @description A numbered page. */
        Page2: {
            data: components["schemas"]["Observation"][];
            meta: components["schemas"]["PageMeta"];
        };
        /** @description A numbered page. */
        Page3: {
            data: components["schemas"]["Session"][];
            meta: components["schemas"]["PageMeta"];
        };
        /** @description A numbered page. */
        Page4: {
            data: components["schemas"]["ScoreInList"][];
            meta: components["schemas"]["PageMeta"];
        };
        /** @description A numbered page. */
        Page5: {
            data: components["schemas"]["DailyMetrics"][];
            meta: components["schemas"]["PageMeta"];
        };
        /** @description `meta` of a numbered page. */
        PageMeta: {
            /** Format: uint64 */
            limit: number;
            /** Format: uint64 */
            page: number;
            /** Format: uint64 */
            totalItems: number;
            /** Format: uint64 */
            totalPages: number;
        };
        /** @description A project as Langfuse's SDKs read it. */
        ProjectEntry: {
            id: string;
            metadata: {
                [key: string]: unknown;
            };
            name: string;
            organization: components["schemas"]["ProjectOrganization"];
            /**
             * Format: uint32
             * @description Absent when traces are kept.
             */
            retentionDays?: number | null;
        };
        ProjectList: {
            data: components["schemas"]["ProjectEntry"][];
        };
        ProjectOrganization: {
            id: string;
            name: string;
        };
        /** @description A score of any subject (v2). */
        Score: {
            authorUserId?: string | null;
            comment?: string | null;
            configId?: string | null;
            createdAt: string;
            /** @description NUMERIC, BOOLEAN, CATEGORICAL, TEXT or CORRECTION. */
            dataType: string;
            datasetRunId?: string | null;
            environment: string;
            id: string;
            metadata: unknown;
            name: string;
            observationId?: string | null;
            projectId: string;
            queueId?: string | null;
            sessionId?: string | null;
            /** @description API, EVAL or ANNOTATION. */
            source: string;
            stringValue?: string | null;
            timestamp: string;
            traceId?: string | null;
            updatedAt: string;
            /** Format: double */
            value?: number | null;
        };
        /** @description A score in a list, with what its trace says. */
        ScoreInList: {
            authorUserId?: string | null;
            comment?: string | null;
            configId?: string | null;
            createdAt: string;
            /** @description NUMERIC, BOOLEAN, CATEGORICAL, TEXT or CORRECTION. */
            dataType: string;
            datasetRunId?: string | null;
            environment: string;
            id: string;
            metadata: unknown;
            name: string;
            observationId?: string | null;
            projectId: string;
            queueId?: string | null;
            sessionId?: string | null;
            /** @description API, EVAL or ANNOTATION. */
            source: string;
            stringValue?: string | null;
            timestamp: string;
            /** @description Absent when the group was not asked for, `null` when the score has no trace. */
            trace?: components["schemas"]["ScoreTrace"] | null;
            traceId?: string | null;
            updatedAt: string;
            /** Format: double */
            value?: number | null;
        };
        /** @description What a score judges. */
        ScoreSubject: {
            id: string;
            /** @constant */
            kind: "trace";
        } | {
            id: string;
            /** @constant */
            kind: "observation";
            traceId: string;
        } | {
            id: string;
            /** @constant */
            kind: "session";
        } | {
            id: string;
            /** @constant */
            kind: "experiment";
        };
        ScoreTrace: {
            environment: string;
            sessionId?: string | null;
            tags: string[];
            userId?: string | null;
        };
        /** @description A score of a trace or an observation (v1). `value` is absent for TEXT, `stringValue` for NUMERIC. */
        ScoreV1: {
            authorUserId?: string | null;
            comment?: string | null;
            configId?: string | null;
            createdAt: string;
            /** @description NUMERIC, BOOLEAN, CATEGORICAL, TEXT or CORRECTION. */
            dataType: string;
            environment: string;
            id: string;
            metadata: unknown;
            name: string;
            observationId?: string | null;
            projectId: string;
            queueId?: string | null;
            /** @description API, EVAL or ANNOTATION. */
            source: string;
            stringValue?: string | null;
            timestamp: string;
            traceId: string;
            updatedAt: string;
            /** Format: double */
            value?: number | null;
        };
        /** @description A score (v3): number, boolean or text as its data type says. Fields of groups that were not asked for are absent. */
        ScoreV3: {
            authorUserId?: string | null;
            comment?: string | null;
            configId?: string | null;
            createdAt: string;
            dataType: string;
            environment: string;
            id: string;
            metadata?: unknown;
            name: string;
            projectId: string;
            queueId?: string | null;
            source: string;
            subject?: components["schemas"]["ScoreSubject"] | null;
            timestamp: string;
            updatedAt: string;
            value: unknown;
        };
        /** @description A page of scores (v3). */
        ScoresV3: {
            data: components["schemas"]["ScoreV3"][];
            meta: components["schemas"]["ScoresV3Meta"];
        };
        ScoresV3Meta: {
            cursor?: string | null;
            /** Format: uint64 */
            limit: number;
        };
        /** @description A session as Langfuse shows it. */
        Session: {
            /** @description The time of its first trace. */
            createdAt: string;
            environment: string;
            id: string;
            projectId: string;
        };
        /** @description A row of the session list. */
        SessionRow: {
            /** @description The time of its first trace. */
            createdAt: string;
            /**
             * Format: double
             * @description From the first trace's begin to the last one's end.
             */
            durationSeconds: number;
            environment: string;
            /** Format: uint64 */
            errorCount: number;
            id: string;
            models: string[];
            tags: string[];
            /**
             * Format: double
             * @description USD. `null` when no step has a price.
             */
            totalCost?: number | null;
            /** Format: uint64 */
            totalTokens: number;
            /** Format: uint64 */
            traceCount: number;
            /** @description The time of its newest trace's end. */
            updatedAt: string;
            /** @description At most 20. */
            userIds: string[];
        };
        /** @description A session as Langfuse shows it. */
        SessionWithTraces: {
            /** @description The time of its first trace. */
            createdAt: string;
            environment: string;
            id: string;
            projectId: string;
            traces: components["schemas"]["Trace"][];
        };
        SignInBody: {
            email: string;
            password: string;
        };
        /** @description A trace as Langfuse shows it. */
        Trace: {
            bookmarked: boolean;
            createdAt: string;
            environment: string;
            externalId?: string | null;
            id: string;
            input: unknown;
            metadata: unknown;
            name?: string | null;
            output: unknown;
            projectId: string;
            public: boolean;
            release?: string | null;
            sessionId?: string | null;
            tags: string[];
            timestamp: string;
            updatedAt: string;
            userId?: string | null;
            version?: string | null;
        };
        /** @description A row of the trace list. */
        TraceDetail: {
            bookmarked: boolean;
            /** Format: uint64 */
            cachedTokens: number;
            environment: string;
            /** Format: uint64 */
            errorCount: number;
            id: string;
            input: unknown;
            /** @description At most 300 characters. */
            inputPreview?: string | null;
            /** Format: uint64 */
            inputTokens: number;
            /**
             * Format: double
             * @description Seconds.
             */
            latency?: number | null;
            /** @description The highest level of its steps: DEBUG, DEFAULT, WARNING or ERROR. */
            level: string;
            metadata: unknown;
            models: string[];
            name?: string | null;
            /** Format: uint64 */
            observationCount: number;
            output: unknown;
            /** @description At most 300 characters. */
            outputPreview?: string | null;
            /** Format: uint64 */
            outputTokens: number;
            public: boolean;
            release?: string | null;
            sessionId?: string | null;
            tags: string[];
            timestamp: string;
            /**
             * Format: double
             * @description USD. `null` when no step has a price.
             */
            totalCost?: number | null;
            /** Format: uint64 */
            totalTokens: number;
            /**
             * Format: uint64
             * @description Steps with a model whose price is unknown: the cost is incomplete by them.
             */
            unpricedCount: number;
            updatedAt: string;
            userId?: string | null;
            version?: string | null;
            /** Format: uint64 */
            warningCount: number;
        };
        /** @description A row of the trace list. */
        TraceRow: {
            bookmarked: boolean;
            /** Format: uint64 */
            cachedTokens: number;
            environment: string;
            /** Format: uint64 */
            errorCount: number;
            id: string;
            /** @description At most 300 characters. */
            inputPreview?: string | null;
            /** Format: uint64 */
            inputTokens: number;
            /**
             * Format: double
             * @description Seconds.
             */
            latency?: number | null;
            /** @description The highest level of its steps: DEBUG, DEFAULT, WARNING or ERROR. */
            level: string;
            models: string[];
            name?: string | null;
            /** Format: uint64 */
            observationCount: number;
            /** @description At most 300 characters. */
            outputPreview?: string | null;
            /** Format: uint64 */
            outputTokens: number;
            public: boolean;
            release?: string | null;
            sessionId?: string | null;
            tags: string[];
            timestamp: string;
            /**
             * Format: double
             * @description USD. `null` when no step has a price.
             */
            totalCost?: number | null;
            /** Format: uint64 */
            totalTokens: number;
            /**
             * Format: uint64
             * @description Steps with a model whose price is unknown: the cost is incomplete by them.
             */
            unpricedCount: number;
            updatedAt: string;
            userId?: string | null;
            version?: string | null;
            /** Format: uint64 */
            warningCount: number;
        };
        /** @description A trace and its tree. */
        TraceTree: {
            /** @description In the order in which they began. */
            observations: components["schemas"]["ObservationNode"][];
            scores: components["schemas"]["ScoreV1"][];
            trace: components["schemas"]["TraceDetail"];
            /** @description There are more observations than were sent (20,000). */
            truncated: boolean;
        };
        /** @description A trace in a list: with the ids of its parts. */
        TraceWithDetails: {
            bookmarked: boolean;
            createdAt: string;
            environment: string;
            externalId?: string | null;
            htmlPath: string;
            id: string;
            input: unknown;
            /**
             * Format: double
             * @description Seconds. -1 when `metrics` was not asked for.
             */
            latency: number;
            metadata: unknown;
            name?: string | null;
            observations: string[];
            output: unknown;
            projectId: string;
            public: boolean;
            release?: string | null;
            scores: string[];
            sessionId?: string | null;
            tags: string[];
            timestamp: string;
            /**
             * Format: double
             * @description USD; 0 when no step has a price, because the first SDKs demand a number. -1 when `metrics` was not asked for.
             */
            totalCost: number;
            updatedAt: string;
            userId?: string | null;
            version?: string | null;
        };
        /** @description A trace with its parts whole. */
        TraceWithFullDetails: {
            bookmarked: boolean;
            createdAt: string;
            environment: string;
            externalId?: string | null;
            htmlPath: string;
            id: string;
            input: unknown;
            /**
             * Format: double
             * @description Seconds. -1 when `metrics` was not asked for.
             */
            latency: number;
            metadata: unknown;
            name?: string | null;
            observations: components["schemas"]["Observation"][];
            output: unknown;
            projectId: string;
            public: boolean;
            release?: string | null;
            scores: components["schemas"]["ScoreV1"][];
            sessionId?: string | null;
            tags: string[];
            timestamp: string;
            /**
             * Format: double
             * @description USD; 0 when no step has a price, because the first SDKs demand a number. -1 when `metrics` was not asked for.
             */
            totalCost: number;
            updatedAt: string;
            userId?: string | null;
            version?: string | null;
        };
        /** @description Counts of tokens on each side. */
        Usage: {
            /** Format: uint64 */
            input: number;
            /** Format: uint64 */
            output: number;
            /** Format: uint64 */
            total: number;
            unit?: string | null;
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
    get_me: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePasswordBody"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    refresh_session: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Me"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_out_everywhere: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_event: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_generation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_generation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_health: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    ingest_batch: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BatchBody"];
            };
        };
        responses: {
            /** @description Done. */
            207: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BatchAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_daily_metrics: {
        parameters: {
            query?: {
                /** @description Repeatable: traces of any of them. */
                environment?: string[] | null;
                fromTimestamp?: string | null;
                /** @description 1 to 100 days, 50 when absent. */
                limit?: number | null;
                /** @description From 1. */
                page?: number | null;
                /** @description Repeatable: traces that hold all of them. */
                tags?: string[] | null;
                toTimestamp?: string | null;
                traceName?: string | null;
                userId?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page5"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_observations: {
        parameters: {
            query?: {
                /** @description Repeatable: observations of any of them. */
                environment?: string[] | null;
                /** @description JSON array of filters; takes the place of the single parameters. */
                filter?: string | null;
                fromStartTime?: string | null;
                level?: string | null;
                /** @description 1 to 100, 50 when absent. */
                limit?: number | null;
                name?: string | null;
                /** @description From 1. */
                page?: number | null;
                parentObservationId?: string | null;
                toStartTime?: string | null;
                traceId?: string | null;
                type?: string | null;
                userId?: string | null;
                version?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page2"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_observation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_observation: {
        parameters: {
            query?: {
                /** @description Where it is known, the observation is found faster, and the right one of two with the same id. */
                traceId?: string | null;
            };
            header?: never;
            path: {
                observationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Observation"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_observation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                observationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    export_traces_langfuse: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_projects: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProjectList"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_project: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateProjectBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedProject"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_api_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ApiKeyList"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateApiKeyBody"];
            };
        };
        responses: {
            /** @description Done. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedApiKey"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_api_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                projectId: string;
                apiKeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Deleted"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_ready: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Health"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_scores: {
        parameters: {
            query?: {
                configId?: string | null;
                dataType?: string | null;
                datasetRunId?: string | null;
                /** @description Repeatable: scores of any of them. */
                environment?: string[] | null;
                /** @description Comma list of score, trace. Both when absent. */
                fields?: string | null;
                /** @description JSON array of filters. */
                filter?: string | null;
                fromTimestamp?: string | null;
                /** @description 1 to 100, 50 when absent. */
                limit?: number | null;
                name?: string | null;
                /** @description Comma list. */
                observationId?: string | null;
                /** @description `<`, `>`, `<=`, `>=`, `!=` or `=`; compares with `value`. */
                operator?: string | null;
                /** @description From 1. */
                page?: number | null;
                queueId?: string | null;
                /** @description Comma list. */
                scoreIds?: string | null;
                sessionId?: string | null;
                /** @description API, EVAL or ANNOTATION. */
                source?: string | null;
                toTimestamp?: string | null;
                traceId?: string | null;
                /** @description Repeatable: scores of traces that hold all of them. */
                traceTags?: string[] | null;
                /** @description Of the score's trace. */
                userId?: string | null;
                value?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page4"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_score: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_score: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                scoreId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScoreV1"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_score: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                scoreId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_score: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                scoreId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description Repeatable: sessions of any of them. */
                environment?: string[] | null;
                /** @description Sessions created from this time on. */
                fromTimestamp?: string | null;
                /** @description 1 to 100, 50 when absent. */
                limit?: number | null;
                /** @description From 1. */
                page?: number | null;
                /** @description Sessions created before this time. */
                toTimestamp?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page3"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionWithTraces"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_span: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_span: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_traces: {
        parameters: {
            query?: {
                /** @description Repeatable: traces of any of them. */
                environment?: string[] | null;
                /** @description Comma list of core, io, scores, observations, metrics. All when absent. What is left out is an empty list, or -1 for latency and cost. */
                fields?: string | null;
                /** @description JSON array of filters; takes the place of the single parameters. */
                filter?: string | null;
                /** @description Traces from this time on. */
                fromTimestamp?: string | null;
                /** @description 1 to 100, 50 when absent. */
                limit?: number | null;
                name?: string | null;
                /** @description `<column>.asc` or `<column>.desc` of id, timestamp, name, userId, release, version, public, bookmarked, sessionId. */
                orderBy?: string | null;
                /** @description From 1. */
                page?: number | null;
                release?: string | null;
                sessionId?: string | null;
                /** @description Repeatable: traces that hold all of them. */
                tags?: string[] | null;
                /** @description Traces before this time. */
                toTimestamp?: string | null;
                userId?: string | null;
                version?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_trace: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_traces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["DeleteTracesBody"];
            };
        };
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_trace: {
        parameters: {
            query?: {
                /** @description Comma list of core, io, scores, observations, metrics. All when absent. */
                fields?: string | null;
            };
            header?: never;
            path: {
                traceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceWithFullDetails"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    delete_trace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                traceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MessageAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    update_trace: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                traceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IdAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_observations_v2: {
        parameters: {
            query?: {
                cursor?: string | null;
                /** @description Repeatable: observations of any of them. */
                environment?: string[] | null;
                /** @description Comma list of metadata keys whose values are not cut at 200 characters. */
                expandMetadata?: string | null;
                /** @description Comma list of core, basic, time, io, metadata, model, usage, prompt, metrics, trace_context. core and basic when absent. */
                fields?: string | null;
                /** @description JSON array of filters; takes the place of the single parameters. */
                filter?: string | null;
                fromStartTime?: string | null;
                isRootObservation?: boolean | null;
                level?: string | null;
                /** @description 1 to 1000, 50 when absent. */
                limit?: number | null;
                name?: string | null;
                /** @description An empty value finds observations without a parent. */
                parentObservationId?: string | null;
                /** @description Only false: input and output are raw text. */
                parseIoAsJson?: boolean | null;
                sessionId?: string | null;
                toStartTime?: string | null;
                traceId?: string | null;
                type?: string | null;
                userId?: string | null;
                version?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CursorPage2"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_scores_v2: {
        parameters: {
            query?: {
                configId?: string | null;
                dataType?: string | null;
                datasetRunId?: string | null;
                /** @description Repeatable: scores of any of them. */
                environment?: string[] | null;
                /** @description Comma list of score, trace. Both when absent. */
                fields?: string | null;
                /** @description JSON array of filters. */
                filter?: string | null;
                fromTimestamp?: string | null;
                /** @description 1 to 100, 50 when absent. */
                limit?: number | null;
                name?: string | null;
                /** @description Comma list. */
                observationId?: string | null;
                /** @description `<`, `>`, `<=`, `>=`, `!=` or `=`; compares with `value`. */
                operator?: string | null;
                /** @description From 1. */
                page?: number | null;
                queueId?: string | null;
                /** @description Comma list. */
                scoreIds?: string | null;
                sessionId?: string | null;
                /** @description API, EVAL or ANNOTATION. */
                source?: string | null;
                toTimestamp?: string | null;
                traceId?: string | null;
                /** @description Repeatable: scores of traces that hold all of them. */
                traceTags?: string[] | null;
                /** @description Of the score's trace. */
                userId?: string | null;
                value?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Page4"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_score_v2: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                scoreId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Score"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_sessions_v2: {
        parameters: {
            query?: {
                cursor?: string | null;
                /** @description JSON array of filters. */
                filter?: string | null;
                /** @description Sessions with a trace from this time on. */
                fromTimestamp?: string | null;
                /** @description 1 to 200, 50 when absent. */
                limit?: number | null;
                /** @description `<column>.asc` or `<column>.desc` of createdAt, updatedAt, traceCount, totalCost, durationSeconds. */
                orderBy?: string | null;
                /** @description A part of a session's or user's id. */
                search?: string | null;
                /** @description Sessions with a trace before this time. */
                toTimestamp?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CursorPage3"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_session_v2: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionRow"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_traces_v2: {
        parameters: {
            query?: {
                cursor?: string | null;
                /** @description JSON array of filters. */
                filter?: string | null;
                fromTimestamp?: string | null;
                /** @description 1 to 200, 50 when absent. */
                limit?: number | null;
                /** @description `<column>.asc` or `<column>.desc` of timestamp, name, latency, totalCost, totalTokens, observationCount, errorCount. */
                orderBy?: string | null;
                /** @description Words, all of which must be found. */
                search?: string | null;
                /** @description Comma list of ids (name, id, user, session, tags), input, output. All when absent. */
                searchIn?: string | null;
                toTimestamp?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CursorPage"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    count_traces_v2: {
        parameters: {
            query?: {
                filter?: string | null;
                fromTimestamp?: string | null;
                search?: string | null;
                searchIn?: string | null;
                toTimestamp?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CountAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_trace_facets: {
        parameters: {
            query: {
                /** @description name, userId, sessionId, environment, tags, release, version, level or models. */
                column: string;
                fromTimestamp?: string | null;
                /** @description Values that contain this text, in any case. */
                search?: string | null;
                toTimestamp?: string | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FacetsAnswer"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_trace_v2: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                traceId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TraceTree"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_scores_v3: {
        parameters: {
            query?: {
                authorUserId?: string | null;
                configId?: string | null;
                cursor?: string | null;
                dataType?: string | null;
                environment?: string | null;
                experimentId?: string | null;
                /** @description Comma list of details, subject, annotation. */
                fields?: string | null;
                fromTimestamp?: string | null;
                /** @description Comma list, like all that follow but the times and bounds. */
                id?: string | null;
                /** @description 1 to 100, 50 when absent. */
                limit?: number | null;
                name?: string | null;
                /** @description Needs `traceId`. */
                observationId?: string | null;
                queueId?: string | null;
                sessionId?: string | null;
                source?: string | null;
                toTimestamp?: string | null;
                traceId?: string | null;
                /** @description Needs exactly one of NUMERIC, BOOLEAN, CATEGORICAL as `dataType`. */
                value?: string | null;
                /** @description Needs `dataType=NUMERIC`. */
                valueMax?: number | null;
                /** @description Needs `dataType=NUMERIC`. */
                valueMin?: number | null;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ScoresV3"];
                };
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    export_traces: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description What went wrong and what to do. */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            401: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            403: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            429: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description What went wrong and what to do. */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
