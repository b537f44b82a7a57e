//! Kerberos: with the ticket there is, else by password, through the system's library.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;

use super::binding::Binding;
use super::gssapi::{self, Context, Credential, GssError};
use super::password::Password;
use super::{Mechanism, SignedIn, kerberos_words};
use crate::error::SignInCause;
use crate::provider::transport::TransportError;

/// A ticket for a password is got anew so long before it ends.
const BEFORE_THE_END: Duration = Duration::from_mins(5);

/// Who signs in with Kerberos.
#[derive(Debug, Clone, Default)]
pub struct Kerberos {
    /// Whose ticket is wanted; whosever there is where nobody is named.
    user: Option<Arc<str>>,
    /// Where there is no ticket.
    pub(super) password: Option<Password>,
    /// The ticket that was got for the password.
    got: Arc<Mutex<Option<Got>>>,
}

struct Got {
    credential: Arc<Credential>,
    until: Instant,
}

impl std::fmt::Debug for Got {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Got")
    }
}

impl Kerberos {
    /// The ticket there is, of this user where one is named.
    pub fn by_ticket(user: Option<&str>) -> Self {
        Self {
            user: user.map(|user| principal(user).into()),
            ..Self::default()
        }
    }

    /// A ticket that is got for a password.
    pub fn by_password(password: Password) -> Self {
        Self {
            user: Some(principal(&password.user).into()),
            password: Some(password),
            ..Self::default()
        }
    }

    /// The password, where there is one and no library that would do it.
    pub(super) async fn password_without_library(&self) -> Option<&Password> {
        let password = self.password.as_ref()?;
        (!has_library().await).then_some(password)
    }

    /// Begins to sign in to `HTTP/host`.
    pub(super) async fn begin(
        &self,
        host: &str,
        binding: Option<Binding>,
    ) -> Result<Exchange, TransportError> {
        let (credential, mechanism) = match &self.password {
            None => (self.ticket().await?, Mechanism::KerberosTicket),
            Some(password) => (self.got(password).await?, Mechanism::KerberosPassword),
        };
        let (host, is_bound) = (host.to_owned(), binding.is_some());
        let begun = blocking(move || Context::new(credential, &host, binding)).await?;
        Ok(Exchange {
            context: begun.map_err(|error| told(&error))?,
            mechanism,
            is_bound,
        })
    }

    /// Asked anew each time: a fresh `kinit` holds at once.
    async fn ticket(&self) -> Result<Arc<Credential>, TransportError> {
        let user = self.user.clone();
        let ticket = blocking(move || Credential::of_ticket(user.as_deref())).await?;
        ticket.map(Arc::new).map_err(|error| told(&error))
    }

    async fn got(&self, password: &Password) -> Result<Arc<Credential>, TransportError> {
        let mut got = self.got.lock().await;
        if let Some(got) = &*got
            && Instant::now() < got.until
        {
            return Ok(Arc::clone(&got.credential));
        }
        let mut trial = password.try_it().await?;
        let (user, secret) = (
            self.user.clone().unwrap_or_default(),
            Arc::clone(&password.secret),
        );
        // The verdict is noted where the password is spent: whoever asked may have given up by then.
        let acquired = blocking(move || match Credential::of_password(&user, &secret) {
            Ok(credential) => {
                trial.accept();
                Ok(credential)
            }
            Err(error) => {
                let told = told(&error);
                if is_final(&told) {
                    trial.refuse(&told);
                }
                Err(told)
            }
        });
        let credential = Arc::new(acquired.await??);
        let holds = Duration::from_secs(credential.seconds.into());
        *got = Some(Got {
            credential: Arc::clone(&credential),
            until: Instant::now() + holds.saturating_sub(BEFORE_THE_END),
        });
        Ok(credential)
    }
}

/// Whether there is a ticket that holds now, of this user where one is named.
pub async fn has_ticket(user: Option<&str>) -> bool {
    let user = user.map(principal);
    let ticket = blocking(move || Credential::of_ticket(user.as_deref())).await;
    matches!(ticket, Ok(Ok(_)))
}

/// Whether this machine has a Kerberos library.
pub async fn has_library() -> bool {
    blocking(gssapi::is_there).await.unwrap_or_default()
}

/// One sign-in under way.
pub(in crate::provider::transport) struct Exchange {
    context: Context,
    mechanism: Mechanism,
    /// To the TLS session it travels in.
    pub is_bound: bool,
}

impl Exchange {
    /// The next token, and this exchange with whether it awaits another one from the server.
    pub async fn step(
        mut self,
        from_server: Vec<u8>,
    ) -> Result<(Self, gssapi::Step), TransportError> {
        let is_answering = !from_server.is_empty();
        let (exchange, step) = blocking(move || {
            let step = self.context.step(&from_server);
            (self, step)
        })
        .await?;
        let step = step.map_err(|error| match &error {
            GssError::Failed(words) if is_answering => {
                let (reason, cause) = kerberos_words::of_server(words);
                TransportError::SignIn { reason, cause }
            }
            error => told(error),
        })?;
        Ok((exchange, step))
    }

    /// Who signed in, once the server has proved that it is who it should be.
    pub fn proven(&self) -> Option<SignedIn> {
        self.context.is_mutual().then(|| SignedIn {
            mechanism: self.mechanism,
            user: self.context.user(),
        })
    }
}

/// The library waits for the network and reads files.
async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> T + Send + 'static,
) -> Result<T, TransportError> {
    spawn_blocking(call)
        .await
        .map_err(|error| TransportError::SignIn {
            reason: format!("Kerberos broke off: {error}"),
            cause: SignInCause::Other,
        })
}

/// A user as Kerberos writes one: realms are capitals. A domain in front is a realm where it has the form of one; a short
/// one says nothing to Kerberos, and is left in front: no such user is better than somebody else's account.
pub(super) fn principal(user: &str) -> String {
    if let Some((domain, account)) = user.split_once('\\') {
        return if domain.contains('.') {
            format!("{account}@{}", domain.to_uppercase())
        } else {
            user.to_owned()
        };
    }
    match user.split_once('@') {
        Some((account, realm)) => format!("{account}@{}", realm.to_uppercase()),
        None => user.to_owned(),
    }
}

/// Whether the same user and password would fail again.
pub(super) fn is_final(error: &TransportError) -> bool {
    use SignInCause::{AccountClosed, UnknownUser, WrongPassword};
    matches!(
        error,
        TransportError::SignIn {
            cause: AccountClosed | UnknownUser | WrongPassword,
            ..
        }
    )
}

fn told(error: &GssError) -> TransportError {
    let (reason, cause) = match error {
        GssError::Absent(reason) => (
            format!("no Kerberos library on this machine ({reason})"),
            SignInCause::NoLibrary,
        ),
        GssError::Expired => (
            "the Kerberos ticket has expired".to_owned(),
            SignInCause::TicketExpired,
        ),
        GssError::Failed(words) => kerberos_words::meaning(words),
    };
    TransportError::SignIn { reason, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_user_is_written_as_kerberos_writes_one() {
        assert_eq!(principal("ada@corp.example"), "ada@CORP.EXAMPLE");
        assert_eq!(principal("corp.example\\ada"), "ada@CORP.EXAMPLE");
        assert_eq!(
            principal("CORP\\ada"),
            "CORP\\ada",
            "never the default realm's ada"
        );
        assert_eq!(principal("ada"), "ada");
    }
}
