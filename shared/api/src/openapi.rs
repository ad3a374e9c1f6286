//! The OpenAPI 3.1 document of all operations, made from their declarations and committed as `openapi.json`.

use schemars::generate::SchemaSettings;
use serde_json::{Map, Value, json};

use crate::operation::{Access, Operation, SchemaOf};

/// The document as JSON. Deterministic: the same declarations give the same bytes.
#[must_use]
pub fn document() -> Value {
    let mut settings = SchemaSettings::draft2020_12();
    settings.definitions_path = "/components/schemas".into();
    settings.meta_schema = None;
    let mut generator = settings.into_generator();
    let mut paths = Map::new();
    for operation in crate::operations() {
        let entry = describe(operation, &mut generator);
        let path = paths.entry(operation.path).or_insert_with(|| json!({}));
        path[operation.method.as_str().to_ascii_lowercase()] = entry;
    }
    generator.subschema_for::<crate::ErrorBody>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "AgentTrace",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Observability for coding agents. Everything under /api/public is what Langfuse's SDKs of every generation expect; docs/api-design.md has the conventions.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": generator.take_definitions(true),
            "securitySchemes": {
                "basic": {"type": "http", "scheme": "basic", "description": "Public key as the user, secret key as the password."},
                "organization": {"type": "http", "scheme": "basic", "description": "A key pair of the organization."},
                "bearer": {"type": "http", "scheme": "bearer", "description": "The secret key; for scores also the public key alone."},
                "session": {"type": "apiKey", "in": "cookie", "name": "__Host-agenttrace", "description": "A signed-in user; with the header X-AgentTrace-Project-Id."},
            },
        },
    })
}

fn describe(operation: &Operation, generator: &mut schemars::SchemaGenerator) -> Value {
    let mut parameters: Vec<Value> = operation
        .path
        .split('/')
        .filter_map(|s| s.strip_prefix('{')?.strip_suffix('}'))
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    if let Some(query) = operation.query {
        parameters.extend(query_parameters(query));
    }
    let mut entry = json!({
        "operationId": operation.id,
        "tags": [operation.tag()],
        "summary": operation.summary,
        "parameters": parameters,
        "security": match operation.access {
            Access::Anyone => json!([]),
            Access::User | Access::OrganizationMember(_) => json!([{"session": []}]),
            Access::Organization(_) | Access::OrganizationOrUser | Access::ManagedProject(_) => {
                json!([{"organization": []}, {"session": []}])
            }
            Access::Project(_) | Access::ProjectOrPublicKey(_) => json!([{"basic": []}, {"bearer": []}, {"session": []}]),
        },
    });
    if let Some(body) = operation.body {
        entry["requestBody"] = json!({"required": true, "content": {"application/json": {"schema": body(generator)}}});
    }
    let mut done = |schema: Option<SchemaOf>| match schema {
        Some(schema) => json!({"description": "Done.", "content": {"application/json": {"schema": schema(generator)}}}),
        None => json!({"description": "Done."}),
    };
    let mut responses = Map::from_iter([(operation.status.to_string(), done(operation.answer))]);
    responses.extend(operation.also.iter().map(|(status, schema)| (status.to_string(), done(Some(*schema)))));
    let error = json!({"description": "What went wrong and what to do.", "content": {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorBody"}}}});
    for status in error_statuses(operation) {
        responses.insert(status.to_owned(), error.clone());
    }
    entry["responses"] = Value::Object(responses);
    entry
}

fn error_statuses(operation: &Operation) -> Vec<&'static str> {
    let mut statuses = vec!["400", "429", "500", "503"];
    if operation.access != Access::Anyone || operation.method == crate::Method::Post {
        statuses.extend(["401", "403"]);
    }
    // Bodies and queries name things too, which may be absent.
    if operation.path.contains('{') || operation.body.is_some() || operation.query.is_some() {
        statuses.push("404");
    }
    if operation.method == crate::Method::Get {
        statuses.push("422"); // too much for one answer, or to compute
    } else {
        statuses.extend(["409", "413", "415", "422"]);
    }
    statuses
}

/// One parameter per property of the query type's schema.
fn query_parameters(query: SchemaOf) -> Vec<Value> {
    let mut settings = SchemaSettings::draft2020_12();
    settings.inline_subschemas = true;
    let schema = query(&mut settings.into_generator()).to_value();
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let Some(properties) = schema["properties"].as_object() else { return Vec::new() };
    properties
        .iter()
        .map(|(name, property)| {
            let mut property = property.clone();
            let description = property.as_object_mut().and_then(|p| p.remove("description"));
            let mut parameter = json!({"name": name, "in": "query", "required": required.contains(&name.as_str()), "schema": property});
            if let Some(description) = description {
                parameter["description"] = description;
            }
            parameter
        })
        .collect()
}

#[cfg(test)]
mod tests {
    /// `UPDATE=1 cargo nextest run -p agenttrace-api openapi` writes the file again.
    #[test]
    fn the_committed_document_is_fresh() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.json");
        let fresh = serde_json::to_string_pretty(&super::document()).expect("the document is JSON") + "\n";
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(path, &fresh).expect("openapi.json can be written");
        }
        let committed = std::fs::read_to_string(path).unwrap_or_default();
        assert!(committed == fresh, "shared/api/openapi.json is stale: run `make generate`");
    }

    #[test]
    fn operation_ids_and_routes_are_unique() {
        let mut ids: Vec<_> = crate::operations().map(|o| o.id).collect();
        let mut routes: Vec<_> = crate::operations().map(|o| (o.method.as_str(), o.path)).collect();
        let (n, m) = (ids.len(), routes.len());
        ids.sort_unstable();
        ids.dedup();
        routes.sort_unstable();
        routes.dedup();
        assert_eq!((ids.len(), routes.len()), (n, m));
    }
}
