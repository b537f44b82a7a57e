//! A user and a password, and whether they may still be tried: a password that was refused is not tried again, because
//! a few more tries would lock the account.

use std::fmt;
use std::sync::Arc;

use secrecy::SecretString;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::error::SignInCause;
use crate::provider::transport::TransportError;

/// A user and a password. Clones share what became of them.
#[derive(Clone)]
pub struct Password {
    pub(super) user: Arc<str>,
    pub(super) secret: Arc<SecretString>,
    standing: Arc<Mutex<Standing>>,
}

/// What became of a password so far.
#[derive(Default)]
struct Standing {
    refused: Option<TransportError>,
    /// How often in a row it was sent and no verdict came back.
    unsettled: u32,
}

/// The right to try a password: whoever else wants to waits for what comes of it.
pub(in crate::provider::transport) struct Trial {
    standing: OwnedMutexGuard<Standing>,
    /// Its proof is on the way, and no verdict is back.
    is_out: bool,
}

/// A server that takes the proof and hangs up has counted it all the same.
const MOST_UNSETTLED: u32 = 2;

impl Password {
    /// `user@REALM` or `DOMAIN\user`, and the password.
    pub fn new(user: &str, secret: SecretString) -> Self {
        Self {
            user: user.into(),
            secret: Arc::new(secret),
            standing: Arc::default(),
        }
    }

    /// One try at a time, and none after a refusal.
    pub(super) async fn try_it(&self) -> Result<Trial, TransportError> {
        let trial = Trial {
            standing: Arc::clone(&self.standing).lock_owned().await,
            is_out: false,
        };
        match &trial.standing.refused {
            Some(refused) => Err(refused.clone()),
            None => Ok(trial),
        }
    }
}

impl Trial {
    /// From now on the password is not tried any more.
    pub fn refuse(&mut self, error: &TransportError) {
        self.is_out = false;
        self.standing.refused = Some(error.clone());
    }

    /// The proof of the password leaves.
    pub fn send(&mut self) {
        self.is_out = true;
    }

    /// The password is right.
    pub fn accept(&mut self) {
        self.is_out = false;
        self.standing.unsettled = 0;
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        if !self.is_out {
            return;
        }
        self.standing.unsettled += 1;
        if self.standing.unsettled >= MOST_UNSETTLED {
            self.standing.refused = Some(TransportError::SignIn {
                reason: "the password was sent twice, and the server did not say what became of it"
                    .to_owned(),
                cause: SignInCause::WrongPassword,
            });
        }
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

    #[tokio::test]
    async fn a_password_nobody_judges_is_sent_twice_at_most() {
        let password = Password::new("ada", SecretString::from("right"));
        for _ in 0..3 {
            let mut lost = password.try_it().await.unwrap();
            lost.send();
            drop(lost);
            let mut taken = password.try_it().await.unwrap();
            taken.send();
            taken.accept();
        }
        for _ in 0..2 {
            password.try_it().await.unwrap().send();
        }
        assert!(password.try_it().await.is_err());
    }

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
