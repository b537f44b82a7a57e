//! Kerberos by password on a machine without a Kerberos library: the exchange is made here, and the Kerberos server is
//! asked from here.
//!
//! Not bound to the TLS session: `sspi` 0.23 writes the mark of a bound request in a way that MIT's acceptor does not
//! read (two bytes where the specification wants four). A server that insists on a binding refuses; with the system's
//! library it does not come to that.

use std::time::Duration;

use secrecy::ExposeSecret;
use sspi::generator::{GeneratorState, NetworkRequest};
use sspi::kerberos::config::KdcResolution;
use sspi::{
    AuthIdentity, BufferType, ClientRequestFlags, CredentialUse, Credentials, CredentialsBuffers,
    DataRepresentation, KerberosConfig, Negotiate, NegotiateConfig, SecurityBuffer, SecurityStatus,
    Sspi, SspiImpl, Username,
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::kerberos::is_final;
use super::kerberos_words;
use super::password::{Password, Trial};
use crate::error::SignInCause;
use crate::provider::transport::TransportError;

/// How long a Kerberos server may take for one answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// Longer than any ticket with all its groups.
const LONGEST_ANSWER: u32 = 1024 * 1024;

/// One sign-in under way. Until the Kerberos server has taken the password nobody else tries it.
pub(in crate::provider::transport) struct Exchange {
    negotiate: Box<Negotiate>,
    credentials: Option<CredentialsBuffers>,
    target: String,
    trial: Trial,
    user: String,
    is_done: bool,
}

impl Exchange {
    pub(super) async fn begin(password: &Password, host: &str) -> Result<Self, TransportError> {
        let trial = password.try_it().await?;
        let user = password.user.to_string();
        let username =
            Username::parse(&down_level(&user)?).map_err(|error| unreadable(&user, &error))?;
        let kerberos = KerberosConfig {
            kdc_resolution: KdcResolution::KdcUrl(None),
            client_computer_name: "consign".to_owned(),
        };
        let config = NegotiateConfig::new(
            Box::new(kerberos),
            Some("kerberos,!ntlm,!pku2u".to_owned()),
            "consign".to_owned(),
        );
        let mut negotiate =
            Negotiate::new_client(config).map_err(|error| Failed::Kerberos(error).told())?;
        let identity = Credentials::AuthIdentity(AuthIdentity {
            username,
            password: password.secret.expose_secret().to_owned().into(),
        });
        let acquired = negotiate
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Outbound)
            .with_auth_data(&identity)
            .execute(&mut negotiate)
            .map_err(|error| Failed::Kerberos(error).told())?;
        Ok(Self {
            negotiate: Box::new(negotiate),
            credentials: acquired.credentials_handle,
            target: format!("HTTP/{host}"),
            trial,
            user,
            is_done: false,
        })
    }

    /// The next token; asks the Kerberos server for what it takes.
    pub async fn step(&mut self, from_server: Vec<u8>) -> Result<Vec<u8>, TransportError> {
        let is_answering = !from_server.is_empty();
        let stepped = self.stepped(from_server).await;
        if stepped.is_ok() {
            self.trial.accept();
        }
        stepped.map_err(|failed| match failed {
            Failed::Kerberos(error) if is_answering => {
                told(kerberos_words::of_server(&error.to_string()))
            }
            failed => {
                let error = failed.told();
                if is_final(&error) {
                    self.trial.refuse(&error);
                }
                error
            }
        })
    }

    async fn stepped(&mut self, from_server: Vec<u8>) -> Result<Vec<u8>, Failed> {
        let mut input = vec![SecurityBuffer::new(from_server, BufferType::Token)];
        let mut output = vec![SecurityBuffer::new(Vec::new(), BufferType::Token)];
        let status = {
            let mut builder = self
                .negotiate
                .initialize_security_context()
                .with_credentials_handle(&mut self.credentials)
                .with_context_requirements(
                    ClientRequestFlags::MUTUAL_AUTH | ClientRequestFlags::ALLOCATE_MEMORY,
                )
                .with_target_data_representation(DataRepresentation::Native)
                .with_target_name(&self.target)
                .with_input(&mut input)
                .with_output(&mut output);
            let begun = self
                .negotiate
                .initialize_security_context_impl(&mut builder);
            let mut generator = begun.map_err(Failed::Kerberos)?;
            let mut state = generator.start();
            loop {
                match state {
                    GeneratorState::Completed(ended) => {
                        break ended.map_err(Failed::Kerberos)?;
                    }
                    GeneratorState::Suspended(request) => {
                        state =
                            generator.resume(Ok(answer(&request).await.map_err(Failed::Told)?));
                    }
                }
            }
            .status
        };
        self.is_done = status == SecurityStatus::Ok;
        Ok(output.swap_remove(0).buffer)
    }

    /// As whom one signed in, once the server has proved itself.
    pub fn proven(&self) -> Option<&str> {
        self.is_done.then_some(&self.user)
    }
}

/// `sspi` sends `user@REALM` as a name that only Active Directory maps; the realm in front is sent as it is.
fn down_level(user: &str) -> Result<String, TransportError> {
    if user.contains('\\') {
        return Ok(user.to_owned());
    }
    let parts = user.split_once('@');
    let whole = parts.map(|(account, realm)| format!("{}\\{account}", realm.to_uppercase()));
    whole.ok_or_else(|| {
        unreadable(
            user,
            &"without a Kerberos library its realm has to be named",
        )
    })
}

fn unreadable(user: &str, why: &dyn std::fmt::Display) -> TransportError {
    TransportError::SignIn {
        reason: format!("the user {user} cannot be used: {why}"),
        cause: SignInCause::UnknownUser,
    }
}

/// What a Kerberos server answers, with the length in front that both sides write.
async fn answer(request: &NetworkRequest) -> Result<Vec<u8>, TransportError> {
    let server = format!(
        "{}:{}",
        request.url.host_str().unwrap_or_default(),
        request.url.port().unwrap_or(88)
    );
    let unreached = |why: String| TransportError::SignIn {
        reason: format!("no Kerberos server answers at {server} ({why})"),
        cause: SignInCause::NoKdc,
    };
    match timeout(PATIENCE, asked(&server, &request.data)).await {
        Ok(answer) => answer.map_err(|error| unreached(error.to_string())),
        Err(_) => Err(unreached(format!("not within {} s", PATIENCE.as_secs()))),
    }
}

async fn asked(server: &str, message: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(message).await?;
    let length = stream.read_u32().await?;
    if length > LONGEST_ANSWER {
        return Err(std::io::Error::other("its answer is too long"));
    }
    let mut answer = length.to_be_bytes().to_vec();
    stream.take(length.into()).read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Why there is no next token.
enum Failed {
    Kerberos(sspi::Error),
    Told(TransportError),
}

impl Failed {
    fn told(self) -> TransportError {
        match self {
            Self::Kerberos(error) => told(kerberos_words::meaning(&error.to_string())),
            Self::Told(error) => error,
        }
    }
}

fn told((reason, cause): (String, SignInCause)) -> TransportError {
    TransportError::SignIn { reason, cause }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_realm_goes_in_front_and_has_to_be_named() {
        assert_eq!(down_level("ada@corp.example").unwrap(), "CORP.EXAMPLE\\ada");
        assert_eq!(down_level("CORP\\ada").unwrap(), "CORP\\ada");
        assert!(down_level("ada").is_err());
    }
}
