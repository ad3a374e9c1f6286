//! One SDK configuration for all clients: plain rustls, and time limits that fit inside a client's 5 seconds.

pub use aws_config::SdkConfig;
use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::{Provider, rustls_provider::CryptoMode};
use std::time::Duration;

/// Region, credentials and endpoints come from the environment, as Lambda sets them. No network call is made here.
pub async fn sdk_config() -> SdkConfig {
    // TLS only where an endpoint may need it: loading the certificate store is the dearest part of a cold start.
    let all_plain = std::env::var("AWS_ENDPOINT_URL").is_ok_and(|url| url.starts_with("http://"));
    let client =
        if all_plain { Builder::new().build_http() } else { Builder::new().tls_provider(Provider::Rustls(CryptoMode::Ring)).build_https() };
    aws_config::from_env()
        .http_client(client)
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(Duration::from_millis(1_000))
                .operation_attempt_timeout(Duration::from_millis(2_500))
                .operation_timeout(Duration::from_millis(4_500))
                .build(),
        )
        .retry_config(
            RetryConfig::standard()
                .with_max_attempts(3)
                .with_initial_backoff(Duration::from_millis(50))
                .with_max_backoff(Duration::from_millis(500)),
        )
        .load()
        .await
}
