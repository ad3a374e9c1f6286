//! Serving HTTP: from the gateway's event to a handler and back.

use agenttrace_api::{Access, ErrorBody, ErrorName, Method, Operation};
use agenttrace_auth::Caller;
use lambda_runtime::LambdaEvent;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use crate::authenticate::Admitted;
use crate::request::{HttpEvent, Params, match_bare_path, match_path};
use crate::response::HttpAnswer;
use crate::{Authenticator, Error, Request, Response, telemetry};

/// What a handler gets: who calls, and the request.
#[derive(Debug)]
pub struct Call {
    pub caller: Option<Caller>,
    pub request: Request,
}

impl Call {
    /// The caller's project. Operations with project access always have one.
    pub fn project_id(&self) -> Result<&str, Error> {
        self.caller
            .as_ref()
            .and_then(Caller::project_id)
            .ok_or_else(|| Error::forbidden("This needs a project: send a project key, or the X-AgentTrace-Project-Id header."))
    }

    pub fn caller(&self) -> Result<&Caller, Error> {
        self.caller.as_ref().ok_or_else(|| Error::unauthorized("Sign in, or send an API key."))
    }
}

/// A function's state says how callers are authenticated.
pub trait Authenticate: Send + Sync + 'static {
    /// `None` where every operation is open to anyone.
    fn authenticator(&self) -> Option<&Authenticator>;
}

type Answer = Pin<Box<dyn Future<Output = Result<Response, Error>> + Send>>;
type Handler<S> = Box<dyn Fn(Arc<S>, Call) -> Answer + Send + Sync>;
type Route<S> = (&'static Operation, Handler<S>);

/// A function's operations and their handlers.
pub struct Router<S> {
    routes: Vec<Route<S>>,
}

impl<S> Default for Router<S> {
    fn default() -> Self {
        Self { routes: Vec::new() }
    }
}

impl<S: Authenticate> Router<S> {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    #[must_use]
    pub fn on<H, F>(mut self, operation: &'static Operation, handler: H) -> Self
    where
        H: Fn(Arc<S>, Call) -> F + Send + Sync + 'static,
        F: Future<Output = Result<Response, Error>> + Send + 'static,
    {
        self.routes.push((operation, Box::new(move |state, call| Box::pin(handler(state, call)))));
        self
    }

    /// Finds the operation, authenticates, runs, logs one line, and turns every failure into the envelope.
    pub async fn answer(&self, state: &Arc<S>, event: HttpEvent) -> HttpAnswer {
        let began = Instant::now();
        let request_id = event.request_context.request_id.clone();
        let accepts_gzip = event.headers.iter().any(|(k, v)| k.eq_ignore_ascii_case("accept-encoding") && v.contains("gzip"));
        let open = is_open_to_pages(&event.raw_path);
        let (operation, outcome) = if event.request_context.http.method == "OPTIONS" {
            let wanted = event.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("access-control-request-headers"));
            ("preflight", Ok(preflight(&event.raw_path, wanted.map(|(_, value)| value.as_str()))))
        } else {
            self.route(state, event).await
        };
        let mut response = outcome.unwrap_or_else(|error| failure(&error, operation, &request_id));
        if open {
            response = response.header("access-control-allow-origin", "*");
        }
        let status = response.status;
        let bytes = response.body.len();
        #[allow(clippy::cast_possible_truncation)]
        let duration_ms = began.elapsed().as_millis() as u64;
        tracing::info!(operation, status, bytes, duration_ms, request_id, "answered");
        response.into_answer(accepts_gzip).unwrap_or_else(|| too_large_to_answer(accepts_gzip))
    }

    async fn route(&self, state: &Arc<S>, event: HttpEvent) -> (&'static str, Result<Response, Error>) {
        let mut request = match Request::from_event(event) {
            Ok(request) => request,
            Err(error) => return ("none", Err(error)),
        };
        // A fixed segment is more particular than a parameter, so the path with fewer of those wins.
        let mut best: Option<(&Route<S>, Params)> = None;
        for route in self.routes.iter().filter(|r| Some(r.0.method) == request.method) {
            let Some(params) = match_path(route.0.path, &request.path) else { continue };
            if best.as_ref().is_none_or(|(_, fewest)| params.len() < fewest.len()) {
                best = Some((route, params));
            }
        }
        if best.is_none() {
            let routes = self.routes.iter().filter(|r| Some(r.0.method) == request.method);
            let found = routes.filter_map(|r| Some((r, match_bare_path(r.0.path, &request.path, request.path_is_decoded)?)));
            best = found.max_by_key(|(r, _)| r.0.path.split('/').count());
        }
        let Some(((operation, handler), params)) = best else { return ("none", unrouted(&request.path, request.method)) };
        request.params = params;
        if operation.access == Access::Anyone {
            return (operation.id, handler(Arc::clone(state), Call { caller: None, request }).await);
        }
        let Some(authenticator) = state.authenticator() else {
            return (operation.id, Err(Error::internal("authenticate", anyhow::anyhow!("the function has no authenticator"))));
        };
        let Admitted { caller, chores } = match authenticator.admit(&request, operation).await {
            Ok(admitted) => admitted,
            Err(error) => return (operation.id, Err(error)),
        };
        let answer = handler(Arc::clone(state), Call { caller: Some(caller), request });
        let (outcome, ()) = tokio::join!(answer, authenticator.note(chores));
        (operation.id, outcome)
    }
}

/// What no handler serves: 405 with the methods that the path takes, wherever they are served, else 404.
fn unrouted(path: &str, method: Option<Method>) -> Result<Response, Error> {
    let allowed = allowed_methods(path);
    // A gateway may fail to see a route in a name with a line break: then the method is fine, and nothing has that name.
    if allowed.is_empty() || method.is_some_and(|m| allowed.split(", ").any(|a| a == m.as_str())) {
        return Err(Error::not_found(format!("There is nothing at {path}.")));
    }
    let body = ErrorBody {
        message: format!("This address does not take this method, but {allowed}."),
        error: ErrorName::MethodNotAllowedError,
        request_id: None,
    };
    Ok(Response::json(405, &body).header("allow", allowed))
}

/// `GET, POST`: by all declared operations, of this function or another.
fn allowed_methods(path: &str) -> String {
    let known = |method: &Method| agenttrace_api::operations().any(|o| o.method == *method && match_path(o.path, path).is_some());
    let methods = [Method::Get, Method::Post, Method::Put, Method::Patch, Method::Delete];
    methods.iter().filter(|m| known(m)).map(|m| m.as_str()).collect::<Vec<_>>().join(", ")
}

/// Pages of any origin may call the public API with a key of theirs: the browser SDK does. Without credentials of ours, so a session is of no use there.
fn is_open_to_pages(path: &str) -> bool {
    path.starts_with("/api/public/") || path.starts_with("/v1/")
}

/// The answer to a browser that asks whether a page may send what it wants to send.
fn preflight(path: &str, wanted_headers: Option<&str>) -> Response {
    let allowed = allowed_methods(path);
    if !is_open_to_pages(path) || allowed.is_empty() {
        return unrouted(path, None).unwrap_or_else(|error| failure(&error, "none", ""));
    }
    let plain = |text: &&str| text.len() <= 1_000 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_, ".contains(&b));
    Response::empty(204)
        .header("access-control-allow-methods", allowed)
        .header("access-control-allow-headers", wanted_headers.filter(plain).unwrap_or("authorization, content-type"))
        .header("access-control-max-age", "86400")
}

fn failure(error: &Error, operation: &str, request_id: &str) -> Response {
    let body = |name, message: &str, request_id: Option<&str>| ErrorBody {
        message: message.to_owned(),
        error: name,
        request_id: request_id.map(str::to_owned),
    };
    match error {
        Error::Refused { name, status, message, retry_after } => {
            // A 401 carries no WWW-Authenticate: browsers would ask for a password of their own in front of the sign-in page.
            let response = Response::json(*status, &body(*name, message, None));
            match retry_after {
                Some(seconds) => response.header("retry-after", seconds.to_string()),
                None => response,
            }
        }
        Error::Limited { class, limit, retry_after, reset } => {
            let message = format!("The key has used its {limit} requests of this minute ({class}). Come again in {retry_after} s.");
            Response::json(429, &body(ErrorName::RateLimitError, &message, None))
                .header("retry-after", retry_after.to_string())
                .header("x-ratelimit-limit", limit.to_string())
                .header("x-ratelimit-remaining", "0")
                .header("x-ratelimit-reset", reset.to_string())
        }
        Error::Unavailable { .. } => {
            tracing::warn!(operation, request_id, error = telemetry::chain(error), "a service is away");
            Response::json(
                503,
                &body(ErrorName::ServiceUnavailableError, "A service behind this one is away for the moment. Try again shortly.", None),
            )
            .header("retry-after", "2")
        }
        Error::Internal { .. } => {
            tracing::error!(operation, request_id, error = telemetry::chain(error), "the operation failed");
            Response::json(
                500,
                &body(
                    ErrorName::InternalServerError,
                    "Something failed on our side. The logs have more under the request id.",
                    Some(request_id),
                ),
            )
        }
    }
}

fn too_large_to_answer(accepts_gzip: bool) -> HttpAnswer {
    let hint = if accepts_gzip { "" } else { " Accept-Encoding: gzip makes room for more." };
    let body = ErrorBody {
        message: format!("The answer is larger than 6 MB. Ask for fewer rows (`limit`) or fewer fields (`fields`).{hint}"),
        error: ErrorName::PayloadTooLargeError,
        request_id: None,
    };
    let small = Response::json(422, &body);
    HttpAnswer {
        status_code: 422,
        headers: serde_json::Map::from_iter([("content-type".to_owned(), "application/json".into())]),
        cookies: Vec::new(),
        body: String::from_utf8_lossy(&small.body).into_owned(),
        is_base64_encoded: false,
    }
}

/// What `main` returns.
pub type Exit = Result<(), lambda_runtime::Error>;

/// Runs a function that serves HTTP. `init` makes the clients, once at cold start.
pub fn serve<S, I, F>(init: I, router: Router<S>) -> Exit
where
    S: Authenticate,
    I: FnOnce() -> F,
    F: Future<Output = Result<S, Error>>,
{
    telemetry::start();
    runtime()?.block_on(async {
        let state =
            Arc::new(init().await.inspect_err(|error| tracing::error!(error = telemetry::chain(error), "the function could not start"))?);
        let router = Arc::new(router);
        lambda_runtime::run(lambda_runtime::service_fn(|event: LambdaEvent<HttpEvent>| {
            let (state, router) = (Arc::clone(&state), Arc::clone(&router));
            async move { Ok::<_, lambda_runtime::Error>(router.answer(&state, event.payload).await) }
        }))
        .await
    })
}

/// One thread: a function serves one event at a time, and small memory sizes have less than one core.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, std::io::Error> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_path_says_which_methods_it_takes() {
        for (path, expected) in [
            ("/api/public/projects", "GET, POST"),
            ("/api/public/projects/p", "PUT, DELETE"),
            ("/v1/traces", "POST"),
            ("/api/public/nothing", ""),
            ("/api/public/projects/p/q/r/s", ""),
        ] {
            assert_eq!(allowed_methods(path), expected, "{path}");
        }
    }

    #[test]
    fn pages_of_any_origin_may_call_the_public_api_alone() {
        for (path, wanted, status, headers) in [
            ("/api/public/scores", Some("authorization,x-langfuse-sdk-name"), 204, Some("authorization,x-langfuse-sdk-name")),
            ("/api/public/scores", Some("a\r\nset-cookie: x"), 204, Some("authorization, content-type")),
            ("/api/auth/sign-in", None, 405, None),
            ("/api/public/nothing", None, 404, None),
        ] {
            let answer = preflight(path, wanted);
            let found = answer.headers.iter().find(|(name, _)| *name == "access-control-allow-headers").map(|(_, value)| value.as_str());
            assert_eq!((answer.status, found), (status, headers), "{path}");
        }
    }
}
