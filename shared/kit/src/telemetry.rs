//! Logs: JSON lines on standard output, which is where Lambda takes them from. No payloads, keys or personal data.

use tracing_subscriber::EnvFilter;

/// Starts logging at `LOG_LEVEL` (`info`). Call once, first thing.
pub fn start() {
    let level = std::env::var("LOG_LEVEL").unwrap_or_else(|_| "info".to_owned());
    let filter = EnvFilter::try_new(format!("{level},aws_config=warn,aws_smithy_runtime=warn,hyper=warn"))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let subscriber = tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false)
        .with_env_filter(filter)
        .finish();
    // A second call in one process (a test) keeps the first subscriber.
    let _ = tracing::subscriber::set_global_default(subscriber);
}

/// The whole chain of an error in one line.
#[must_use]
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
