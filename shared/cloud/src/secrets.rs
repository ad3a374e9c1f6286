//! Secrets, read once and kept for five minutes, so that a rotated one is picked up without a deployment.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use serde::Deserialize;

use crate::Error;

const KEEP: Duration = Duration::from_secs(300);

#[derive(Debug, Clone)]
pub struct Secrets {
    client: Client,
    cache: Arc<Mutex<HashMap<String, Kept>>>,
}

/// A value and when it was read.
type Kept = (Instant, Arc<str>);

/// A user of ClickHouse, as its secret holds it.
#[derive(Clone, Deserialize)]
pub struct UserSecret {
    pub username: String,
    pub password: String,
}

impl Secrets {
    #[must_use]
    pub fn new(config: &SdkConfig) -> Self {
        Self { client: Client::new(config), cache: Arc::default() }
    }

    /// The secret's text. When Secrets Manager is away a value read before goes on serving.
    pub async fn get(&self, arn: &str) -> Result<Arc<str>, Error> {
        let kept = self.cache.lock().unwrap_or_else(std::sync::PoisonError::into_inner).get(arn).cloned();
        if let Some((at, value)) = &kept
            && at.elapsed() < KEEP
        {
            return Ok(Arc::clone(value));
        }
        match self.client.get_secret_value().secret_id(arn).send().await {
            Ok(answer) => {
                let value: Arc<str> = answer.secret_string.unwrap_or_default().into();
                self.cache
                    .lock()
                    .unwrap_or_else(std::sync::PoisonError::into_inner)
                    .insert(arn.to_owned(), (Instant::now(), Arc::clone(&value)));
                Ok(value)
            }
            Err(error) => match kept {
                Some((_, value)) => Ok(value),
                None => Err(Error::from_sdk("read a secret", error)),
            },
        }
    }

    /// A secret that holds a user name and a password.
    pub async fn user(&self, arn: &str) -> Result<UserSecret, Error> {
        let text = self.get(arn).await?;
        serde_json::from_str(&text).map_err(|source| Error::Permanent { attempt: "read the user in a secret", source: Box::new(source) })
    }

    /// Replaces the secret's text.
    pub async fn put(&self, arn: &str, text: &str) -> Result<(), Error> {
        self.client.put_secret_value().secret_id(arn).secret_string(text).send().await.map_err(|e| Error::from_sdk("write a secret", e))?;
        self.cache.lock().unwrap_or_else(std::sync::PoisonError::into_inner).remove(arn);
        Ok(())
    }
}
