//! The AWS services by role: [`stream`] (Kinesis), [`blobs`] and [`media`] (S3), [`queue`] (SQS), [`secrets`] (Secrets Manager), [`seal`] (KMS), and the [`record`] format that
//! travels on the stream. DynamoDB is `agenttrace-records`'.

pub mod blobs;
pub mod error;
pub mod failed;
pub mod http;
pub mod media;
pub mod queue;
pub mod record;
pub mod sdk;
pub mod seal;
pub mod secrets;
pub mod stream;

pub use blobs::Blobs;
pub use error::Error;
pub use media::MediaBucket;
pub use queue::Queue;
pub use sdk::{SdkConfig, sdk_config};
pub use seal::{Belongs, Sealer};
pub use secrets::Secrets;
pub use stream::Stream;
