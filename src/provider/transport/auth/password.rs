//! A user and a password, and whether they may still be tried: a password that was refused is not tried again, because
//! a few more tries would lock the account.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::provider::transport::TransportError;

/// A user and a password. Clones share what became of them.
#[derive(Clone)]
pub struct Password {
    pub(super) user: Arc<str>,
    pub(super) secret: Arc<SecretString>,
    refused: Arc<Mutex<Option<TransportError>>>,
}

/// The right to try a password: whoever else wants to waits for what comes of it.
pub(in crate::provider::transport) struct Trial(OwnedMutexGuard<Option<TransportError>>);

impl Password {
    /// `user@REALM` or `DOMAIN\user`, and the password.
    pub fn new(user: &str, secret: SecretString) -> Self {
        Self {
            user: user.into(),
            secret: Arc::new(secret),
            refused: Arc::default(),
        }
    }

    /// One try at a time, and none after a refusal.
    pub(super) async fn try_it(&self) -> Result<Trial, TransportError> {
        let trial = Trial(Arc::clone(&self.refused).lock_owned().await);
        match &*trial.0 {
            Some(refused) => Err(refused.clone()),
            None => Ok(trial),
        }
    }
}

impl Trial {
    /// From now on the password is not tried any more.
    pub fn refuse(&mut self, error: &TransportError) {
        *self.0 = Some(error.clone());
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Password of {}", self.user)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::SignInCause;

    #[tokio::test]
    async fn a_refused_password_is_never_tried_again() {
        let password = Password::new("ada", SecretString::from("wrong"));
        let refused = TransportError::SignIn {
            reason: "no".into(),
            cause: SignInCause::WrongPassword,
        };
        drop(password.try_it().await.unwrap());
        password.try_it().await.unwrap().refuse(&refused);
        let other = password.clone();
        assert_eq!(other.try_it().await.err(), Some(refused));
        assert!(!format!("{password:?}").contains("wrong"));
    }
}
