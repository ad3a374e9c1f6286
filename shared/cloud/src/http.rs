//! A plain request to an address that AWS handed out (a presigned one).

use bytes::Bytes;
use http_body_util::Full;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::Client;
use hyper_util::rt::TokioExecutor;
use std::time::Duration;

use crate::Error;

/// Puts a text to a presigned address. No content type is sent: presigned addresses of CloudFormation are signed without one.
pub async fn put(url: &str, body: String) -> Result<(), Error> {
    const ATTEMPT: &str = "put to a presigned address";
    let connector = HttpsConnectorBuilder::new().with_webpki_roots().https_or_http().enable_http1().build();
    let client = Client::builder(TokioExecutor::new()).build(connector);
    let request = http::Request::put(url)
        .body(Full::new(Bytes::from(body)))
        .map_err(|source| Error::Permanent { attempt: ATTEMPT, source: Box::new(source) })?;
    let answer = tokio::time::timeout(Duration::from_secs(10), client.request(request))
        .await
        .map_err(|source| Error::Temporary { attempt: ATTEMPT, source: Box::new(source) })?
        .map_err(|source| Error::Temporary { attempt: ATTEMPT, source: Box::new(source) })?;
    if answer.status().is_success() {
        Ok(())
    } else {
        Err(Error::Permanent { attempt: ATTEMPT, source: format!("the answer was {}", answer.status().as_u16()).into() })
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    #[tokio::test]
    async fn the_body_arrives_without_a_content_type() {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/x?signature=1", listener.local_addr().expect("an address"));
        let server = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut seen = Vec::new();
            while !seen.ends_with(b"{\"Status\":\"SUCCESS\"}") {
                socket.read_buf(&mut seen).await.expect("bytes");
            }
            socket.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.expect("an answer");
            String::from_utf8_lossy(&seen).to_ascii_lowercase()
        });

        super::put(&url, "{\"Status\":\"SUCCESS\"}".to_owned()).await.expect("taken");

        let seen = server.await.expect("the server ends");
        assert!(seen.starts_with("put /x?signature=1 http/1.1"), "{seen}");
        assert!(!seen.contains("content-type"), "{seen}");
    }
}
