//! A plain HTTPS request to an address that AWS handed out (a presigned one), with the SDK's own client.

use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use aws_smithy_runtime_api::client::http::{HttpClient, HttpConnector, HttpConnectorSettings};
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::http::Request;
use aws_smithy_types::body::SdkBody;
use std::time::Duration;

use crate::Error;

/// Puts a text to a presigned address. No content type is sent: presigned addresses of CloudFormation are signed without one.
pub async fn put(url: &str, body: String) -> Result<(), Error> {
    let permanent = |source: Box<dyn std::error::Error + Send + Sync>| Error::Permanent { attempt: "put to a presigned address", source };
    let components = RuntimeComponentsBuilder::for_tests().build().map_err(|e| permanent(Box::new(e)))?;
    let settings = HttpConnectorSettings::builder().connect_timeout(Duration::from_secs(2)).read_timeout(Duration::from_secs(10)).build();
    let client = if url.starts_with("https://") {
        Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https()
    } else {
        Builder::new().build_http()
    };
    let mut request = Request::new(SdkBody::from(body));
    request.set_method("PUT").map_err(|e| permanent(Box::new(e)))?;
    request.set_uri(url).map_err(|e| permanent(Box::new(e)))?;
    let connector = client.http_connector(&settings, &components);
    let answer = connector
        .call(request)
        .await
        .map_err(|source| Error::Temporary { attempt: "put to a presigned address", source: Box::new(source) })?;
    if answer.status().is_success() { Ok(()) } else { Err(permanent(format!("the answer was {}", answer.status().as_u16()).into())) }
}
