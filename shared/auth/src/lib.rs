//! Who is calling and what may they do: key formats and hashes, passwords, session tokens, signatures of webhooks, scopes and roles. Pure checks;
//! what is stored where belongs to `agenttrace-records`, the clock and the secrets are passed in.

pub mod caller;
pub mod credentials;
pub mod invitation;
pub mod keys;
pub mod password;
pub mod session;
pub mod webhook;

pub use caller::{Caller, Role, Scope};
