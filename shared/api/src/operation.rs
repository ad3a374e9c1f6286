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
        Self { id, method, path, function, access, summary, query: None, body: None, status: 200, answer: None }
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
    pub const fn status(self, status: u16) -> Self {
        Self { status, ..self }
    }

    /// The resource's tag in the OpenAPI document: the first segment after `/api/public` and a version.
    #[must_use]
    pub fn tag(&self) -> &'static str {
        let path = self.path.trim_start_matches("/api/public").trim_start_matches("/api").trim_start_matches('/');
        path.split('/').find(|s| !matches!(*s, "v1" | "v2" | "v3" | "otel")).unwrap_or("api")
    }
}
