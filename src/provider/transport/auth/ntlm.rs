//! NTLM: only where the settings ask for it. Three messages, bound to the connection they travel on.

use http::StatusCode;
use secrecy::ExposeSecret;
use sspi::{
    AuthIdentity, AuthIdentityBuffers, BufferType, ClientRequestFlags, CredentialUse,
    DataRepresentation, Ntlm, SecurityBuffer, Sspi, SspiImpl, Username,
};

use super::binding::Binding;
use super::password::{Password, Trial};
use crate::error::SignInCause;
use crate::provider::transport::TransportError;

/// One sign-in under way.
pub(in crate::provider::transport) struct Exchange {
    ntlm: Ntlm,
    credentials: Option<AuthIdentityBuffers>,
    target: String,
    binding: Option<Vec<u8>>,
    trial: Trial,
    user: String,
    /// The message with the password's proof has been made.
    pub has_answered: bool,
}

impl Exchange {
    pub(super) async fn begin(
        password: &Password,
        host: &str,
        binding: Option<Binding>,
    ) -> Result<Self, TransportError> {
        let trial = password.try_it().await?;
        let mut ntlm = Ntlm::new();
        let identity = AuthIdentity {
            username: Username::parse(&password.user).map_err(|error| TransportError::SignIn {
                reason: format!("the user {} cannot be read: {error}", password.user),
                cause: SignInCause::UnknownUser,
            })?,
            password: password.secret.expose_secret().to_owned().into(),
        };
        let acquired = ntlm
            .acquire_credentials_handle()
            .with_credential_use(CredentialUse::Outbound)
            .with_auth_data(&identity)
            .execute(&mut ntlm)
            .map_err(|error| broken(&error))?;
        Ok(Self {
            credentials: acquired.credentials_handle,
            ntlm,
            target: format!("HTTP/{host}"),
            binding: binding.map(|binding| binding.sec_channel_bindings()),
            trial,
            user: password.user.to_string(),
            has_answered: false,
        })
    }

    /// The next message: the first without anything from the server, the last from its challenge.
    pub fn step(&mut self, challenge: Option<Vec<u8>>) -> Result<Vec<u8>, TransportError> {
        self.has_answered = challenge.is_some();
        if self.has_answered {
            self.trial.send();
        }
        let mut input = Vec::new();
        if let Some(challenge) = challenge {
            input.push(SecurityBuffer::new(challenge, BufferType::Token));
        }
        if let Some(binding) = &self.binding {
            input.push(SecurityBuffer::new(
                binding.clone(),
                BufferType::ChannelBindings,
            ));
        }
        let mut output = vec![SecurityBuffer::new(Vec::new(), BufferType::Token)];
        let mut builder = self
            .ntlm
            .initialize_security_context()
            .with_credentials_handle(&mut self.credentials)
            .with_context_requirements(ClientRequestFlags::ALLOCATE_MEMORY)
            .with_target_data_representation(DataRepresentation::Native)
            .with_target_name(&self.target)
            .with_input(&mut input)
            .with_output(&mut output);
        self.ntlm
            .initialize_security_context_impl(&mut builder)
            .and_then(|mut generator| generator.resolve_to_result())
            .map_err(|error| broken(&error))?;
        Ok(output.swap_remove(0).buffer)
    }

    /// The server said no. Before it saw the password's proof it refuses NTLM itself.
    pub fn refused(mut self) -> TransportError {
        if !self.has_answered {
            return TransportError::SignIn {
                reason: "the server does not take NTLM".to_owned(),
                cause: SignInCause::NtlmRefused,
            };
        }
        let bond = match &self.binding {
            Some(_) => "sees that TLS was opened on the way (channel binding)",
            None => "wants a channel binding, and its certificate is signed in a way that has none",
        };
        let refused = TransportError::SignIn {
            reason: format!(
                "the password of {} is wrong, or the server refuses NTLM from it (sites from version 2509 refuse it \
                 always) or {bond}",
                self.user
            ),
            cause: SignInCause::WrongPassword,
        };
        self.trial.refuse(&refused);
        refused
    }

    /// Whether this answer, which is no 401, says that the server knows who asks: it has seen the proof of the password,
    /// and did not turn the request away at the door.
    pub fn is_known(&self, status: StatusCode) -> bool {
        let is_away = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
        self.has_answered && !is_away
    }

    /// Nobody looked at what was sent.
    pub fn unheard(mut self) {
        self.trial.withdraw();
    }

    /// The server said yes; answers to whom.
    pub fn accepted(mut self) -> String {
        self.trial.accept();
        std::mem::take(&mut self.user)
    }
}

fn broken(error: &sspi::Error) -> TransportError {
    TransportError::SignIn {
        reason: format!("NTLM broke off: {error}"),
        cause: SignInCause::Other,
    }
}
