//! The two cookies. Over TLS they carry the `__Host-` prefix, which browsers keep to this host, to TLS and to the path `/`; on a plain
//! origin (one machine, `http://localhost`) browsers would refuse that, so there they go without.

use super::{ACCESS_SECONDS, IDLE_SECONDS};

/// Names and attributes for one kind of origin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    Tls,
    Plain,
}

impl Origin {
    #[must_use]
    pub const fn access_name(self) -> &'static str {
        match self {
            Self::Tls => "__Host-agenttrace",
            Self::Plain => "agenttrace",
        }
    }

    #[must_use]
    pub const fn refresh_name(self) -> &'static str {
        match self {
            Self::Tls => "__Host-agenttrace-refresh",
            Self::Plain => "agenttrace-refresh",
        }
    }

    /// `Set-Cookie` values that start or renew a session.
    #[must_use]
    pub fn set(self, access: &str, refresh: &str) -> [String; 2] {
        [self.cookie(self.access_name(), access, ACCESS_SECONDS), self.cookie(self.refresh_name(), refresh, IDLE_SECONDS)]
    }

    /// `Set-Cookie` values that end one.
    #[must_use]
    pub fn clear(self) -> [String; 2] {
        [self.cookie(self.access_name(), "", 0), self.cookie(self.refresh_name(), "", 0)]
    }

    fn cookie(self, name: &str, value: &str, max_age: i64) -> String {
        let secure = match self {
            Self::Tls => "; Secure",
            Self::Plain => "",
        };
        format!("{name}={value}; Path=/; Max-Age={max_age}; HttpOnly; SameSite=Strict{secure}")
    }
}
