//! Sessions go out in cookies: starting, renewing and ending them sets or clears the same two.

use agenttrace_auth::session::{Claims, RefreshToken, Signer};
use agenttrace_kit::{Error, Request, Response, authenticate};

/// Adds the cookies of a session that starts or goes on at `now` (Unix seconds).
pub fn with_session(response: Response, request: &Request, signer: &Signer, refresh: &RefreshToken, now: i64) -> Result<Response, Error> {
    let claims = Claims::new(&refresh.user_id, &refresh.session_id, now);
    let access = signer.sign(&claims).map_err(|e| Error::internal("sign a session token", e))?;
    let cookies = authenticate::origin(request).set(&access, &refresh.to_text());
    Ok(cookies.into_iter().fold(response, Response::cookie))
}

/// Clears them.
pub fn without_session(response: Response, request: &Request) -> Response {
    authenticate::origin(request).clear().into_iter().fold(response, Response::cookie)
}

/// The refresh token that the request brings.
pub fn refresh_token(request: &Request) -> Option<RefreshToken> {
    RefreshToken::parse(request.cookie(authenticate::origin(request).refresh_name())?)
}
