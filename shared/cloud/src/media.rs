//! The media bucket: files of users, by keys that say nothing of their content.
//!
//! Clients send and fetch the bytes themselves, by addresses signed here. An upload's address binds type, length and SHA-256, so that S3
//! refuses other bytes; a download's address fixes the type that browsers see and makes them save instead of show. Addresses name
//! `MEDIA_ENDPOINT` where clients reach the bucket by another host than functions do.

use std::time::Duration;

use aws_config::SdkConfig;
use aws_sdk_s3::Client;
use aws_sdk_s3::config::RequestChecksumCalculation;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::ChecksumMode;
use bytes::Bytes;

use crate::Error;

/// How long an address is good for.
pub const URL_SECONDS: u64 = 3_600;

#[derive(Debug, Clone)]
pub struct MediaBucket {
    client: Client,
    /// Signs addresses for clients; never sends anything.
    signer: Client,
    bucket: String,
}

impl MediaBucket {
    /// `endpoint` is where clients reach S3, when it is not AWS's own.
    #[must_use]
    pub fn new(config: &SdkConfig, bucket: String, endpoint: Option<String>) -> Self {
        // Emulators know only the path style; AWS takes both.
        let own_endpoint = config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
        let settings = || {
            aws_sdk_s3::config::Builder::from(config)
                .force_path_style(own_endpoint || endpoint.is_some())
                .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        };
        let client = Client::from_conf(settings().build());
        let signer = match &endpoint {
            Some(endpoint) => Client::from_conf(settings().endpoint_url(endpoint).build()),
            None => client.clone(),
        };
        Self { client, signer, bucket }
    }

    /// Where a client may PUT exactly these bytes: with this type, this length (in bytes) and this SHA-256 (base64).
    pub async fn upload_url(&self, key: &str, content_type: &str, content_length: u64, sha256: &str) -> Result<String, Error> {
        let put = self
            .signer
            .put_object()
            .bucket(&self.bucket)
            .key(key)
            .content_type(content_type)
            .content_length(i64::try_from(content_length).unwrap_or(i64::MAX))
            .checksum_sha256(sha256);
        let signed = put.presigned(for_an_hour()?).await.map_err(|e| Error::from_sdk("sign an upload's address", e))?;
        Ok(signed.uri().to_owned())
    }

    /// Where a client may GET the object as `content_type`; browsers save it as `name`.
    pub async fn download_url(&self, key: &str, content_type: &str, name: &str) -> Result<String, Error> {
        let get = self
            .signer
            .get_object()
            .bucket(&self.bucket)
            .key(key)
            .response_content_type(shown_as(content_type))
            .response_content_disposition(format!("attachment; filename=\"{name}.{}\"", extension(content_type)))
            .response_cache_control("private, max-age=3600");
        let signed = get.presigned(for_an_hour()?).await.map_err(|e| Error::from_sdk("sign a download's address", e))?;
        Ok(signed.uri().to_owned())
    }

    /// Does the bucket hold these very bytes under the key? S3 checked the checksum that it tells when they came.
    pub async fn holds(&self, key: &str, content_length: u64, sha256: &str) -> Result<bool, Error> {
        const ATTEMPT: &str = "look at an uploaded object";
        let head = self.client.head_object().bucket(&self.bucket).key(key).checksum_mode(ChecksumMode::Enabled).send().await;
        let head = match head {
            Ok(head) => head,
            Err(e) if e.as_service_error().is_some_and(|e| e.is_not_found()) => return Ok(false),
            Err(e) => return Err(Error::from_sdk(ATTEMPT, e)),
        };
        let length = head.content_length().and_then(|l| u64::try_from(l).ok());
        Ok(length == Some(content_length) && head.checksum_sha256() == Some(sha256))
    }

    /// Stores bytes whose SHA-256 (base64) S3 checks.
    pub async fn put(&self, key: &str, body: impl Into<Bytes>, content_type: &str, sha256: &str) -> Result<(), Error> {
        let put = self.client.put_object().bucket(&self.bucket).key(key).content_type(content_type).checksum_sha256(sha256);
        put.body(ByteStream::from(body.into())).send().await.map(drop).map_err(|e| Error::from_sdk("store media", e))
    }

    /// The bytes of an object, `None` when there is none. One that is larger than `most` is none of ours.
    pub async fn get(&self, key: &str, most: u64) -> Result<Option<Bytes>, Error> {
        const ATTEMPT: &str = "read an uploaded object";
        let object = match self.client.get_object().bucket(&self.bucket).key(key).send().await {
            Ok(object) => object,
            Err(e) if e.as_service_error().is_some_and(|e| e.is_no_such_key()) => return Ok(None),
            Err(e) => return Err(Error::from_sdk(ATTEMPT, e)),
        };
        if object.content_length().and_then(|length| u64::try_from(length).ok()).is_none_or(|length| length > most) {
            return Ok(None);
        }
        let body = object.body.collect().await.map_err(|source| Error::Temporary { attempt: ATTEMPT, source: Box::new(source) })?;
        Ok(Some(body.into_bytes()))
    }

    /// Up to 1,000 keys under a prefix.
    pub async fn list(&self, prefix: &str) -> Result<Vec<String>, Error> {
        let answer = self.client.list_objects_v2().bucket(&self.bucket).prefix(prefix).send().await;
        let answer = answer.map_err(|e| Error::from_sdk("list media", e))?;
        Ok(answer.contents.unwrap_or_default().into_iter().filter_map(|o| o.key).collect())
    }

    pub async fn delete(&self, key: &str) -> Result<(), Error> {
        self.client.delete_object().bucket(&self.bucket).key(key).send().await.map(drop).map_err(|e| Error::from_sdk("delete media", e))
    }
}

fn for_an_hour() -> Result<PresigningConfig, Error> {
    PresigningConfig::expires_in(Duration::from_secs(URL_SECONDS))
        .map_err(|source| Error::Permanent { attempt: "sign an address", source: Box::new(source) })
}

/// What a browser is told: the type itself where it can only be shown, and nothing that it would run. An SVG is no picture here.
fn shown_as(content_type: &str) -> &str {
    let is_plain = content_type.starts_with("text/");
    let is_passive = ["image/", "audio/", "video/"].iter().any(|kind| content_type.starts_with(kind)) && content_type != "image/svg+xml";
    match content_type {
        _ if is_plain => "text/plain; charset=utf-8",
        "application/pdf" | "application/json" => content_type,
        _ if is_passive => content_type,
        _ => "application/octet-stream",
    }
}

/// The usual end of a file's name.
fn extension(content_type: &str) -> &'static str {
    match content_type {
        "image/jpeg" | "image/jpg" => "jpg",
        "image/svg+xml" => "svg",
        "image/png" => "png",
        "image/webp" => "webp",
        "image/gif" => "gif",
        "image/tiff" => "tiff",
        "image/bmp" => "bmp",
        "image/avif" => "avif",
        "image/heic" => "heic",
        "audio/mpeg" | "audio/mp3" => "mp3",
        "audio/wav" => "wav",
        "audio/ogg" | "audio/oga" => "ogg",
        "audio/aac" => "aac",
        "audio/mp4" => "m4a",
        "audio/flac" => "flac",
        "audio/opus" => "opus",
        "audio/webm" | "video/webm" => "webm",
        "video/mp4" => "mp4",
        "video/ogg" => "ogv",
        "video/mpeg" => "mpg",
        "video/quicktime" => "mov",
        "video/x-msvideo" => "avi",
        "video/x-matroska" => "mkv",
        "text/plain" => "txt",
        "text/html" => "html",
        "text/css" => "css",
        "text/csv" => "csv",
        "text/markdown" => "md",
        "text/x-python" => "py",
        "application/javascript" => "js",
        "text/x-typescript" => "ts",
        "application/x-yaml" => "yaml",
        "application/pdf" => "pdf",
        "application/msword" => "doc",
        "application/vnd.ms-excel" => "xls",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => "xlsx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => "docx",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation" => "pptx",
        "application/zip" => "zip",
        "application/json" => "json",
        "application/xml" => "xml",
        "application/rtf" => "rtf",
        "application/x-ndjson" => "ndjson",
        "application/vnd.apache.parquet" => "parquet",
        "application/gzip" => "gz",
        "application/x-tar" => "tar",
        "application/x-7z-compressed" => "7z",
        _ => "bin",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_runs_is_shown_as_itself() {
        for (content_type, expected) in [
            ("image/png", "image/png"),
            ("video/mp4", "video/mp4"),
            ("image/svg+xml", "application/octet-stream"),
            ("text/html", "text/plain; charset=utf-8"),
            ("application/xml", "application/octet-stream"),
            ("application/javascript", "application/octet-stream"),
            ("application/pdf", "application/pdf"),
        ] {
            assert_eq!(shown_as(content_type), expected, "{content_type}");
        }
    }

    #[tokio::test]
    async fn an_uploads_address_binds_what_is_sent() {
        let credentials = aws_credential_types::Credentials::for_tests();
        let config = SdkConfig::builder()
            .region(aws_config::Region::new("us-east-1"))
            .behavior_version(aws_config::BehaviorVersion::latest())
            .credentials_provider(aws_credential_types::provider::SharedCredentialsProvider::new(credentials))
            .build();
        let bucket = MediaBucket::new(&config, "files".into(), Some("http://127.0.0.1:9".into()));

        let url = bucket.upload_url("p/m/1", "image/png", 7, "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=").await.expect("an address");

        assert!(url.starts_with("http://127.0.0.1:9/files/p/m/1?"), "{url}");
        let signed = url.split('&').find_map(|p| p.strip_prefix("X-Amz-SignedHeaders=")).unwrap_or_default();
        assert_eq!(signed, "content-length%3Bcontent-type%3Bhost%3Bx-amz-checksum-sha256", "{url}");
        assert!(!url.contains("checksum-crc32"), "{url}");
    }
}
