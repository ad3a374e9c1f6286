//! Every environment variable that a function reads, once each with what it means. `template.yaml` sets them.

use crate::Error;

/// One environment variable.
#[derive(Debug, Clone, Copy)]
pub struct Variable {
    pub name: &'static str,
    pub about: &'static str,
}

macro_rules! variables {
    ($($name:ident: $about:literal),* $(,)?) => {
        $( #[doc = $about] pub const $name: Variable = Variable { name: stringify!($name), about: $about }; )*
        /// All of them, for the reference page.
        pub const ALL: &[Variable] = &[$($name),*];
    };
}

variables! {
    TABLE_NAME: "The DynamoDB table with the metadata.",
    STREAM_NAME: "The Kinesis stream between ingest and the writer.",
    STREAM_BUCKETS: "Into how many partitions the traces of one request are spread (1 to 256; 4).",
    DATA_BUCKET: "The S3 bucket with `overflow/`, `failed/` and `prompts/`.",
    MEDIA_BUCKET: "The S3 bucket of files that users attached.",
    MEDIA_ENDPOINT: "Where clients reach S3 to send and fetch media, when it is not AWS's own address.",
    MEDIA_MAX_BYTES: "The largest file that may be attached, in bytes (1,000,000,000).",
    REPRICE_QUEUE_URL: "The SQS queue of recalculations.",
    DELETE_QUEUE_URL: "The SQS queue of deletions.",
    CLICKHOUSE_URL: "ClickHouse's HTTP address, such as `https://abc.eu-west-1.aws.clickhouse.cloud:8443`.",
    CLICKHOUSE_DATABASE: "The database that holds our tables (`agenttrace`).",
    QUERY_MAX_BYTES: "Memory that ClickHouse may take for one query, in bytes (3,000,000,000). What needs more is refused with 422.",
    CLICKHOUSE_SECRET_ARN: "The secret with this function's ClickHouse user: {\"username\", \"password\"}.",
    CLICKHOUSE_WRITER_SECRET_ARN: "For `migrate`: the secret of the writer's user, which it makes on ClickHouse Cloud.",
    CLICKHOUSE_READER_SECRET_ARN: "For `migrate`: the secret of the reader's user, which it makes on ClickHouse Cloud.",
    JWT_SECRET_ARN: "The secret that signs session tokens.",
    KEY_PEPPER_SECRET_ARN: "The secret under which API keys are hashed.",
    FIRST_ACCESS_SECRET_ARN: "The secret into which the first login and key pair are written.",
    OWNER_EMAIL: "The e-mail address of the first owner.",
    RATE_LIMIT_INGESTION: "Requests a minute with one API key that send telemetry; 0 is no limit.",
    RATE_LIMIT_PROMPTS: "Requests a minute with one API key that read prompts; 0 is no limit.",
    RATE_LIMIT_READS: "Other reads a minute with one API key; 0 is no limit.",
    RATE_LIMIT_OTHERS: "Other writes a minute with one API key; 0 is no limit.",
    SECRETS_KEY_ARN: "The KMS key under which secrets that users entrust to us are sealed.",
    ALLOW_PRIVATE_HOSTS: "`true` lets users name hosts of the own network, such as models that run there (`false`).",
    LOG_LEVEL: "How much is logged: error, warn, info, debug (`info`).",
}

impl Variable {
    /// The value, or a sentence that names the variable.
    pub fn require(self) -> Result<String, Error> {
        self.get().ok_or_else(|| {
            Error::internal("read the configuration", anyhow::anyhow!("the environment variable {} is not set: {}", self.name, self.about))
        })
    }

    #[must_use]
    pub fn get(self) -> Option<String> {
        std::env::var(self.name).ok().filter(|v| !v.is_empty())
    }

    /// The value as a number within bounds, or the default.
    pub fn number(self, default: u64, min: u64, max: u64) -> Result<u64, Error> {
        match self.get() {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|n| (min..=max).contains(n)).ok_or_else(|| {
                Error::internal(
                    "read the configuration",
                    anyhow::anyhow!("{} must be a number from {min} to {max}, not {text:?}", self.name),
                )
            }),
        }
    }
}
