//! Serving HTTP: from the gateway's event to a handler and back.

use agenttrace_api::{Access, ErrorBody, ErrorName, Operation};
use agenttrace_auth::Caller;
use lambda_runtime::LambdaEvent;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Instant;

use crate::request::{HttpEvent, Params, match_path};
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
        let (operation, outcome) = self.route(state, event).await;
        let response = outcome.unwrap_or_else(|error| failure(&error, operation, &request_id));
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
        let mut path_known = false;
        // A fixed segment is more particular than a parameter, so the path with fewer of those wins.
        let mut best: Option<(&Route<S>, Params)> = None;
        for route in &self.routes {
            let Some(params) = match_path(route.0.path, &request.path) else { continue };
            path_known = true;
            if Some(route.0.method) == request.method && best.as_ref().is_none_or(|(_, fewest)| params.len() < fewest.len()) {
                best = Some((route, params));
            }
        }
        let Some(((operation, handler), params)) = best else {
            return ("none", Err(unrouted(path_known, &request.path)));
        };
        request.params = params;
        let caller = match (operation.access, state.authenticator()) {
            (Access::Anyone, _) => None,
            (_, None) => return (operation.id, Err(Error::internal("authenticate", anyhow::anyhow!("the function has no authenticator")))),
            (access, Some(authenticator)) => match authenticator.caller(&request, access).await {
                Ok(caller) => Some(caller),
                Err(error) => return (operation.id, Err(error)),
            },
        };
        (operation.id, handler(Arc::clone(state), Call { caller, request }).await)
    }
}

fn unrouted(path_known: bool, path: &str) -> Error {
    if path_known {
        Error::refused(ErrorName::MethodNotAllowedError, "This address does not take this method.")
    } else {
        Error::not_found(format!("There is nothing at {path}."))
    }
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
