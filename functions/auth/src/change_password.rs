//! Changes the user's password, which ends their other sessions. A wrong current password is 400: the session itself is fine.

use std::sync::Arc;

use agenttrace_api::accounts::ChangePasswordBody;
use agenttrace_auth::password;
use agenttrace_kit::{Call, Error, Response, now};

use crate::state::State;
use crate::throttle::Attempt;

pub async fn handle(state: Arc<State>, call: Call) -> Result<Response, Error> {
    let claims = state.authenticator.session(&call.request).await?;
    let body: ChangePasswordBody = call.request.json()?;
    let user = state.records.user(&claims.uid).await?.ok_or_else(|| Error::unauthorized("The account no longer exists."))?;
    password::check_strength(&body.new_password, &user.email).map_err(|weakness| Error::bad_request(weakness.to_string()))?;

    let pepper = state.authenticator.pepper().await?;
    let attempt = Attempt::begin(&state.records, &pepper, &user.email, &call.request, now().0 / 1_000_000).await?;
    if !password::verify(&body.current_password, Some(&user.password_hash)) {
        return Err(Error::bad_request("The current password is not right."));
    }
    attempt.forgive().await;

    let hash = password::hash(&body.new_password).map_err(|e| Error::internal("hash a password", e))?;
    if !state.records.set_password(&user.id, &user.password_hash, &hash, now()).await? {
        return Err(Error::conflict("The password was changed from elsewhere just now. Sign in again."));
    }
    state.records.end_sessions(&user.id, Some(&claims.sid)).await?;
    state.authenticator.forget();
    Ok(Response::empty(204))
}
