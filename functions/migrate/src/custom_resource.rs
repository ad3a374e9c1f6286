//! CloudFormation's side of a custom resource: the answer is put to a presigned address.

use agenttrace_kit::Error;
use serde_json::{Value, json};

/// A create, update or delete of the resource.
pub struct Request {
    kind: String,
    response_url: String,
    echo: Value,
}

impl Request {
    /// `None` for an event that CloudFormation did not send.
    pub fn of(event: &Value) -> Option<Self> {
        let text = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
        let physical_id = text("PhysicalResourceId").unwrap_or_else(|| "agenttrace-schema".to_owned());
        let echo = json!({
            "StackId": event.get("StackId"),
            "RequestId": event.get("RequestId"),
            "LogicalResourceId": event.get("LogicalResourceId"),
            "PhysicalResourceId": physical_id,
        });
        Some(Self { kind: text("RequestType")?, response_url: text("ResponseURL")?, echo })
    }

    pub fn is_delete(&self) -> bool {
        self.kind == "Delete"
    }

    /// Tells CloudFormation how it went; `reason` is given for a failure only.
    pub async fn answer(&self, reason: Option<&str>) -> Result<(), Error> {
        let mut body = self.echo.clone();
        body["Status"] = if reason.is_some() { "FAILED" } else { "SUCCESS" }.into();
        body["Reason"] = reason.unwrap_or("").chars().take(500).collect::<String>().into();
        agenttrace_cloud::http::put(&self.response_url, body.to_string()).await.map_err(Error::from)
    }
}
