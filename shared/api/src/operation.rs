//! What an operation is.

use schemars::{JsonSchema, Schema, SchemaGenerator};

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    Get,
    Post,
    Put,
    Patch,
    Delete,
}

impl Method {
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Put => "PUT",
            Self::Patch => "PATCH",
            Self::Delete => "DELETE",
        }
    }
}

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Anyone.
    Anyone,
    /// A project key, or a signed-in member of the project whose role holds the scope.
    Project(agenttrace_auth::Scope),
    /// As `Project`, and the public key alone (`Authorization: Bearer pk-…`), for the browser SDK.
    ProjectOrPublicKey(agenttrace_auth::Scope),
    /// A signed-in user, of any project.
    User,
    /// An organization's key, or a signed-in member whose role in the organization holds the scope. A user names the organization in
    /// `X-AgentTrace-Organization-Id`, or one of its projects in the project header.
    Organization(agenttrace_auth::Scope),
    /// As `Organization`, without keys: what only people do.
    OrganizationMember(agenttrace_auth::Scope),
    /// An organization's key, or any signed-in user; the body names the organization and the operation looks at the role.
    OrganizationOrUser,
    /// An organization's key for the project `{projectId}` of the path, or a signed-in member of it whose role in it holds the scope.
    ManagedProject(agenttrace_auth::Scope),
}

/// Which of a key's limits an operation counts against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateClass {
    /// What sends telemetry.
    Ingestion,
    /// Reading prompts: what every process of an application does, again and again.
    Prompts,
    /// Other reads.
    Reads,
    /// Other writes.
    Others,
}

impl RateClass {
    pub const ALL: [Self; 4] = [Self::Ingestion, Self::Prompts, Self::Reads, Self::Others];

    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ingestion => "ingestion",
            Self::Prompts => "prompts",
            Self::Reads => "reads",
            Self::Others => "others",
        }
    }
}

/// Makes the JSON schema of a wire type.
pub type SchemaOf = fn(&mut SchemaGenerator) -> Schema;

/// The schema of `T`, for a declaration.
pub fn schema<T: JsonSchema>(generator: &mut SchemaGenerator) -> Schema {
    generator.subschema_for::<T>()
}

/// One method on one path.
#[derive(Debug, Clone, Copy)]
pub struct Operation {
    /// `get_trace`: names the handler's file, the test and the OpenAPI operation.
    pub id: &'static str,
    pub method: Method,
    /// With `{name}` for one segment. Names that may hold `/` are decoded from the untouched path.
    pub path: &'static str,
    /// The function (crate, binary and template resource) that serves it.
    pub function: &'static str,
    pub access: Access,
    pub summary: &'static str,
    /// Query parameters: an object schema, one property each.
    pub query: Option<SchemaOf>,
    pub body: Option<SchemaOf>,
    pub status: u16,
    pub answer: Option<SchemaOf>,
    /// Other answers to what went well, where it depends on what was sent.
    pub also: &'static [(u16, SchemaOf)],
}

impl Operation {
    /// A declaration with the usual rest: no query, no body, 200, an unspecified answer.
    #[must_use]
    pub const fn new(
        id: &'static str,
        method: Method,
        path: &'static str,
        function: &'static str,
        access: Access,
        summary: &'static str,
    ) -> Self {
        Self { id, method, path, function, access, summary, query: None, body: None, status: 200, answer: None, also: &[] }
    }

    #[must_use]
    pub const fn query(self, query: SchemaOf) -> Self {
        Self { query: Some(query), ..self }
    }

    #[must_use]
    pub const fn body(self, body: SchemaOf) -> Self {
        Self { body: Some(body), ..self }
    }

    #[must_use]
    pub const fn answers(self, status: u16, answer: SchemaOf) -> Self {
        Self { status, answer: Some(answer), ..self }
    }

    #[must_use]
    pub const fn also(self, also: &'static [(u16, SchemaOf)]) -> Self {
        Self { also, ..self }
    }

    #[must_use]
    pub const fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The limit that calls by API keys count against.
    #[must_use]
    pub fn rate_class(&self) -> RateClass {
        if self.function == "ingest" || self.path.starts_with("/api/public/media") {
            RateClass::Ingestion
        } else if self.method != Method::Get {
            RateClass::Others
        } else if self.path.starts_with("/api/public/v2/prompts") {
            RateClass::Prompts
        } else {
            RateClass::Reads
        }
    }

    /// The resource's tag in the OpenAPI document: the first segment after `/api/public` and a version.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        let path = self.path.trim_start_matches("/api/public").trim_start_matches("/api").trim_start_matches('/');
        path.split('/').find(|s| !matches!(*s, "v1" | "v2" | "v3" | "otel")).unwrap_or("api")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_count_against_the_limit_of_their_kind() {
        for (function, method, path, expected) in [
            ("ingest", Method::Post, "/v1/traces", RateClass::Ingestion),
            ("ingest", Method::Patch, "/api/public/scores/{scoreId}", RateClass::Ingestion),
            ("media", Method::Post, "/api/public/media", RateClass::Ingestion),
            ("prompts", Method::Get, "/api/public/v2/prompts/{promptName}", RateClass::Prompts),
            ("prompts", Method::Post, "/api/public/v2/prompts", RateClass::Others),
            ("traces", Method::Get, "/api/public/traces", RateClass::Reads),
            ("traces", Method::Delete, "/api/public/traces", RateClass::Others),
        ] {
            let operation = Operation::new("x", method, path, function, Access::Anyone, "");
            assert_eq!(operation.rate_class(), expected, "{} {path}", method.as_str());
        }
    }
}
