//! A user and a password, and whether they may still be tried: a password that was refused is not tried again, because
//! a few more tries would lock the account.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use secrecy::SecretString;
use tokio::sync::{Mutex as Turns, OwnedMutexGuard};

use crate::error::SignInCause;
use crate::provider::transport::TransportError;

/// A user and a password. Clones share what became of them.
#[derive(Clone)]
pub struct Password {
    pub(super) user: Arc<str>,
    pub(super) secret: Arc<SecretString>,
    standing: Arc<Mutex<Standing>>,
    turns: Arc<Turns<()>>,
}

/// What became of a password so far.
#[derive(Default)]
struct Standing {
    refused: Option<TransportError>,
    /// It was taken before.
    is_right: bool,
    /// How often it was sent and no verdict came back.
    unsettled: u32,
}

/// The right to try a password. Until it is known to be right, whoever else wants to waits for what comes of it.
pub(in crate::provider::transport) struct Trial {
    standing: Arc<Mutex<Standing>>,
    turn: Option<OwnedMutexGuard<()>>,
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
            turns: Arc::default(),
        }
    }

    /// One try at a time until it was taken, and none after a refusal.
    pub(super) async fn try_it(&self) -> Result<Trial, TransportError> {
        let turn = if standing(&self.standing).is_right {
            None
        } else {
            Some(Arc::clone(&self.turns).lock_owned().await)
        };
        let found = standing(&self.standing);
        match &found.refused {
            Some(refused) => Err(refused.clone()),
            None => Ok(Trial {
                standing: Arc::clone(&self.standing),
                turn: turn.filter(|_| !found.is_right),
                is_out: false,
            }),
        }
    }
}

fn standing(shared: &Mutex<Standing>) -> MutexGuard<'_, Standing> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Trial {
    /// From now on the password is not tried any more.
    pub fn refuse(&mut self, error: &TransportError) {
        self.is_out = false;
        standing(&self.standing).refused = Some(error.clone());
    }

    /// The proof of the password leaves.
    pub fn send(&mut self) {
        self.is_out = true;
    }

    /// The password is right.
    pub fn accept(&mut self) {
        self.is_out = false;
        standing(&self.standing).is_right = true;
        self.turn = None;
    }

    /// Nobody looked at the proof: it counts for nothing.
    pub fn withdraw(&mut self) {
        self.is_out = false;
    }
}

impl Drop for Trial {
    fn drop(&mut self) {
        let mut standing = standing(&self.standing);
        // Whoever hangs up on a password that was right before has other reasons.
        if !self.is_out || standing.is_right {
            return;
        }
        standing.unsettled += 1;
        if standing.unsettled >= MOST_UNSETTLED {
            standing.refused = Some(TransportError::SignIn {
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
            let mut unseen = password.try_it().await.unwrap();
            unseen.send();
            unseen.withdraw();
        }
        for _ in 0..2 {
            password.try_it().await.unwrap().send();
        }
        assert!(password.try_it().await.is_err());
    }

    #[tokio::test]
    async fn one_that_was_taken_is_tried_by_several_and_outlives_a_bad_line() {
        let password = Password::new("ada", SecretString::from("right"));
        let mut first = password.try_it().await.unwrap();
        let waiting = tokio::spawn({
            let password = password.clone();
            async move { password.try_it().await.is_ok() }
        });
        tokio::task::yield_now().await;
        assert!(!waiting.is_finished());
        first.send();
        first.accept();
        assert!(waiting.await.unwrap());
        for _ in 0..3 {
            let mut lost = password.try_it().await.unwrap();
            lost.send();
            let beside = password.try_it().await;
            assert!(beside.is_ok());
        }
        assert!(password.try_it().await.is_ok());
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
