//! The AWS services by role: [`stream`] (Kinesis), [`blobs`] (S3), [`queue`] (SQS), [`secrets`] (Secrets Manager), and the [`record`] format that
//! travels on the stream. DynamoDB is `agenttrace-records`'.

pub mod blobs;
pub mod error;
pub mod http;
pub mod queue;
pub mod record;
pub mod sdk;
pub mod secrets;
pub mod stream;

pub use blobs::Blobs;
pub use error::Error;
pub use queue::Queue;
pub use sdk::sdk_config;
pub use secrets::Secrets;
pub use stream::Stream;
