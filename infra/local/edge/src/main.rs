//! Plays CloudFront on one machine: the dashboard's files and the API on one origin, `http://localhost:3000`.
//!
//! It promises what `infra/edge.yaml` promises on AWS: the same security headers, the same pages for the same paths, and
//! the untouched path in `x-agenttrace-raw-path`. It also refuses what API Gateway refuses (10 MB, 10 KB of headers, 30 s).
//! It does not terminate TLS, cache, or listen on anything but the loopback interface.

mod api;
mod headers;
mod site;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::rc::Rc;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpListener;

/// A body that came from a file, from here or from the API.
pub type Body = BoxBody<Bytes, hyper::Error>;

/// Both things that a request can be for.
struct Edge {
    api: api::Api,
    site: site::Site,
    api_headers: headers::Ready,
    site_headers: headers::Ready,
}

fn main() -> Result<()> {
    let port: u16 = variable("EDGE_PORT")?.parse().context("EDGE_PORT is not a port")?;
    let media_origin = variable("EDGE_MEDIA")?;
    let ready = |wanted| headers::ready(wanted, &media_origin).context("EDGE_MEDIA is not an origin");
    let edge = Rc::new(Edge {
        api: api::Api::new(&variable("EDGE_API")?)?,
        site: site::Site::new(variable("EDGE_SITE")?.into()),
        api_headers: ready(headers::API)?,
        site_headers: ready(headers::SITE)?,
    });
    // One thread: forwarding costs microseconds, and the cores belong to the functions.
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let local = tokio::task::LocalSet::new();
    local.block_on(&runtime, serve(edge, port))
}

fn variable(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set"))
}

async fn serve(edge: Rc<Edge>, port: u16) -> Result<()> {
    let main = listen(IpAddr::V4(Ipv4Addr::LOCALHOST), port).await.with_context(|| format!("listening on 127.0.0.1:{port}"))?;
    // Browsers may try ::1 first for localhost; a machine without IPv6 does without.
    if let Ok(also) = listen(IpAddr::V6(Ipv6Addr::LOCALHOST), port).await {
        tokio::task::spawn_local(accept(also, Rc::clone(&edge)));
    }
    println!("edge ready on 127.0.0.1:{port}");
    let mut end = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        () = accept(main, edge) => {}
        _ = end.recv() => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(())
}

async fn listen(address: IpAddr, port: u16) -> std::io::Result<TcpListener> {
    TcpListener::bind(SocketAddr::new(address, port)).await
}

async fn accept(listener: TcpListener, edge: Rc<Edge>) {
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // Out of file descriptors, most likely: some will be free again soon.
                eprintln!("accepting a connection: {error}");
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue;
            }
        };
        let _ = stream.set_nodelay(true);
        let edge = Rc::clone(&edge);
        tokio::task::spawn_local(async move {
            let service = service_fn(move |request| {
                let edge = Rc::clone(&edge);
                async move { Ok::<_, std::convert::Infallible>(answer(&edge, request, peer.ip()).await) }
            });
            // A client that goes away in the middle is its own business.
            let _ =
                hyper::server::conn::http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
        });
    }
}

async fn answer(edge: &Edge, request: Request<Incoming>, peer: IpAddr) -> Response<Body> {
    let path = request.uri().path();
    if path.starts_with("/api/") || path.starts_with("/v1/") {
        let mut response = edge.api.forward(request, peer).await;
        headers::add(response.headers_mut(), &edge.api_headers);
        response
    } else if path == "/.edge/health" {
        text(StatusCode::OK, "text/plain", "ok\n")
    } else if matches!(*request.method(), Method::GET | Method::HEAD) {
        let mut response = edge.site.answer(&request);
        headers::add(response.headers_mut(), &edge.site_headers);
        response
    } else {
        text(StatusCode::METHOD_NOT_ALLOWED, "text/plain", "only GET and HEAD outside /api/ and /v1/\n")
    }
}

/// A short answer of the edge's own.
pub fn text(status: StatusCode, kind: &'static str, body: impl Into<Bytes>) -> Response<Body> {
    let mut response = Response::new(full(body));
    *response.status_mut() = status;
    response.headers_mut().insert(http::header::CONTENT_TYPE, http::HeaderValue::from_static(kind));
    response
}

/// A body that is there in full.
pub fn full(body: impl Into<Bytes>) -> Body {
    Full::new(body.into()).map_err(|never| match never {}).boxed()
}
