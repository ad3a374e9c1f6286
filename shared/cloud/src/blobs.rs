//! Objects in the data bucket, by key.

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::primitives::ByteStream;
use bytes::Bytes;

use crate::Error;

#[derive(Debug, Clone)]
pub struct Blobs {
    client: Client,
    bucket: String,
}

impl Blobs {
    #[must_use]
    pub fn new(config: &SdkConfig, bucket: String) -> Self {
        // Emulators know only the path style; AWS takes both.
        let path_style = config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
        let settings = aws_sdk_s3::config::Builder::from(config).force_path_style(path_style).build();
        Self { client: Client::from_conf(settings), bucket }
    }

    pub async fn put(&self, key: &str, body: impl Into<Bytes>, content_type: &str) -> Result<(), Error> {
        let sent = self
            .client
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .body(ByteStream::from(body.into()))
            .send()
            .await;
        sent.map(drop).map_err(|e| Error::from_sdk("store an object", e))
    }

    pub async fn get(&self, key: &str) -> Result<Bytes, Error> {
        let answer = self.client.get_object().bucket(&self.bucket).key(key).send().await.map_err(|e| match e.as_service_error() {
            Some(s) if s.is_no_such_key() => Error::Missing { what: format!("the object {key}") },
            _ => Error::from_sdk("read an object", e),
        })?;
        let body =
            answer.body.collect().await.map_err(|source| Error::Temporary { attempt: "read an object", source: Box::new(source) })?;
        Ok(body.into_bytes())
    }

    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        self.client.delete_object().bucket(&self.bucket).key(key).send().await.map(drop).map_err(|e| Error::from_sdk("delete an object", e))
    }

    /// Up to 1,000 keys under a prefix, in order, after `after`.
    pub async fn list(&self, prefix: &str, after: Option<&str>) -> Result<Vec<String>, Error> {
        let answer = self
            .client
            .list_objects_v2()
            .bucket(&self.bucket)
            .prefix(prefix)
            .set_start_after(after.map(str::to_owned))
            .send()
            .await
            .map_err(|e| Error::from_sdk("list objects", e))?;
        Ok(answer.contents.unwrap_or_default().into_iter().filter_map(|o| o.key).collect())
    }
}
