//! Whose certificate is believed: one that is pinned, or those authorities vouch for.
//!
//! Whatever is believed, the server proves in the handshake that it owns the certificate's key: a pin without that
//! proof would prove nothing. A pin decides alone, as with ssh: dates and names of a pinned certificate are shown by
//! `site check` and stop nobody. What is not believed is told with what was shown, so that a person can compare it.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, OtherError, RootCertStore,
    SignatureScheme,
};
use thiserror::Error;

use super::TransportError;
use super::certificate::{Certificate, day};
use crate::config::Pin;
use crate::error::Doubt;

/// Whose certificate is believed.
#[derive(Debug, Clone)]
pub enum Trust {
    /// The one the settings name and no other, whoever signed it.
    Pinned(Pin),
    /// The one a person trusted when the site was first met, and no other.
    Known(Pin),
    /// Certificates these authorities signed for the server's name.
    Authorities(Arc<RootCertStore>),
    /// None: every handshake ends with what was shown.
    Nobody,
}

/// A file of authorities that cannot be used.
#[derive(Debug, Error)]
#[error("{path}: {reason}")]
pub struct AuthoritiesError {
    path: String,
    reason: String,
}

impl Trust {
    /// The authorities of the system.
    pub fn system() -> Self {
        Self::Authorities(Arc::new(system_roots()))
    }

    /// The authorities of the system, and those of a PEM file beside them.
    pub fn authorities(file: &Path) -> Result<Self, AuthoritiesError> {
        let failed = |reason: String| AuthoritiesError {
            path: file.display().to_string(),
            reason,
        };
        let mut roots = system_roots();
        let certificates =
            CertificateDer::pem_file_iter(file).map_err(|error| failed(error.to_string()))?;
        let mut added = 0;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| failed(error.to_string()))?;
            let root = roots.add(certificate);
            root.map_err(|error| failed(error.to_string()))?;
            added += 1;
        }
        if added == 0 {
            return Err(failed("no certificate stands in it".into()));
        }
        Ok(Self::Authorities(Arc::new(roots)))
    }

    /// TLS as every connection to a site uses it: 1.2 or 1.3, and HTTP/1.1 only, because Windows sign-in is bound to a
    /// connection and HTTP/2 would share one.
    pub(super) fn client_config(&self) -> Result<ClientConfig, TransportError> {
        config_with(Arc::new(Judge::new(self)?))
    }
}

/// The configuration every handshake uses, with one who decides about certificates.
pub(super) fn config_with(decider: Arc<dyn Decides>) -> Result<ClientConfig, TransportError> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(Verifier {
        decider,
        provider: Arc::clone(&provider),
    });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| unusable(&error))?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

fn unusable(error: &dyn std::fmt::Display) -> TransportError {
    TransportError::Lost {
        reason: format!("TLS cannot be set up: {error}"),
        after_sending: false,
    }
}

/// What the system trusts. A machine without any is one where every certificate is met for the first time.
fn system_roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    let found = rustls_native_certs::load_native_certs();
    for error in &found.errors {
        tracing::warn!(%error, "some of the system's authorities cannot be read");
    }
    let (used, passed_over) = roots.add_parsable_certificates(found.certs);
    tracing::debug!(used, passed_over, "authorities of the system");
    roots
}

/// SHA-256 of a certificate.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> Pin {
    Certificate::of(certificate).fingerprint
}

/// A certificate that is not believed, as it comes out of a failed handshake.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct Distrust {
    pub doubt: Doubt,
    pub reason: String,
    pub shown: Certificate,
}

/// What a failed handshake says, if it was about the certificate.
pub(super) fn distrust(error: &std::io::Error) -> Option<TransportError> {
    let rustls::Error::Other(OtherError(inner)) = error.get_ref()?.downcast_ref()? else {
        return None;
    };
    let distrust = inner.downcast_ref::<Distrust>()?;
    Some(distrust.told())
}

impl Distrust {
    /// As an error: the reason, and what was shown unless the reason names it already.
    fn told(&self) -> TransportError {
        let reason = match self.doubt {
            Doubt::Unproven => format!(
                "{}; shown was {}, {}",
                self.reason,
                self.shown.brief(),
                self.shown.fingerprint
            ),
            Doubt::Changed | Doubt::OtherThanSet => self.reason.clone(),
        };
        TransportError::Untrusted {
            reason,
            fingerprint: self.shown.fingerprint.to_string(),
            doubt: self.doubt,
        }
    }
}

/// What a server shows in a handshake.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shown<'a> {
    pub leaf: &'a CertificateDer<'a>,
    pub between: &'a [CertificateDer<'a>],
    /// The name it was asked for by.
    pub name: &'a ServerName<'a>,
    pub ocsp: &'a [u8],
    pub now: UnixTime,
}

/// Who says whether a handshake goes on with what is shown.
pub(super) trait Decides: fmt::Debug + Send + Sync {
    fn decide(&self, shown: Shown<'_>) -> Result<(), Distrust>;
}

/// Decides about certificates.
#[derive(Debug)]
pub(super) struct Judge {
    pin: Option<(Pin, Doubt)>,
    authorities: Option<Arc<WebPkiServerVerifier>>,
}

impl Judge {
    pub(super) fn new(trust: &Trust) -> Result<Self, TransportError> {
        let mut judge = Self {
            pin: None,
            authorities: None,
        };
        match trust {
            Trust::Pinned(pin) => judge.pin = Some((*pin, Doubt::OtherThanSet)),
            Trust::Known(pin) => judge.pin = Some((*pin, Doubt::Changed)),
            Trust::Authorities(roots) if !roots.is_empty() => {
                let verifier = WebPkiServerVerifier::builder_with_provider(
                    Arc::clone(roots),
                    Arc::new(ring::default_provider()),
                );
                judge.authorities = Some(verifier.build().map_err(|error| unusable(&error))?);
            }
            Trust::Authorities(_) | Trust::Nobody => {}
        }
        Ok(judge)
    }
}

impl Decides for Judge {
    /// Whether the certificate is believed; if not, why, and what was shown.
    fn decide(
        &self,
        Shown {
            leaf,
            between,
            name,
            ocsp,
            now,
        }: Shown<'_>,
    ) -> Result<(), Distrust> {
        let shown = Certificate::of(leaf);
        let (doubt, reason) = match (self.pin, &self.authorities) {
            (Some((pin, _)), _) if pin == shown.fingerprint => return Ok(()),
            (Some((pin, doubt)), _) => (doubt, changed(pin, &shown, doubt)),
            (None, Some(authorities)) => {
                match authorities.verify_server_cert(leaf, between, name, ocsp, now) {
                    Ok(_) => return Ok(()),
                    Err(error) => (Doubt::Unproven, unproven(&error, &shown, name)),
                }
            }
            (None, None) => (Doubt::Unproven, unknown_issuer(&shown)),
        };
        Err(Distrust {
            doubt,
            reason,
            shown,
        })
    }
}

fn changed(pin: Pin, shown: &Certificate, doubt: Doubt) -> String {
    let pinned = match doubt {
        Doubt::OtherThanSet => "the settings pin",
        Doubt::Unproven | Doubt::Changed => "it has changed: known is",
    };
    format!("{pinned} {pin}, and the server shows {}", shown.fingerprint)
}

/// Why authorities do not vouch for a certificate, each reason in words of its own.
fn unproven(error: &rustls::Error, shown: &Certificate, name: &ServerName<'_>) -> String {
    let rustls::Error::InvalidCertificate(error) = error else {
        return error.to_string();
    };
    match error {
        CertificateError::UnknownIssuer => unknown_issuer(shown),
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => {
            let until = shown.words.as_ref().map(|words| day(words.until));
            match until {
                Some(until) => format!("it expired on {until}"),
                None => "it has expired".to_owned(),
            }
        }
        CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
            let from = shown.words.as_ref().map(|words| day(words.from));
            let today = day(Timestamp::now());
            match from {
                Some(from) => format!("it is not valid before {from}, and here it is {today}"),
                None => format!("it is not valid yet, and here it is {today}"),
            }
        }
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
            shown.other_name(&name.to_str())
        }
        CertificateError::InvalidPurpose | CertificateError::InvalidPurposeContext { .. } => {
            "it is not made for servers".to_owned()
        }
        CertificateError::BadSignature => match &shown.words {
            Some(words) if !words.is_self_signed => {
                format!(
                    "it names {} as its issuer, who did not sign it",
                    words.issuer
                )
            }
            _ => "its signature is wrong".to_owned(),
        },
        CertificateError::Revoked => "it was revoked".to_owned(),
        // An authority's own certificate in a server's place, as openssl makes them by default: the rules for
        // authorities do not take it, whoever vouches.
        CertificateError::Other(_) if shown.is_self_signed() => {
            "it is signed by itself, and as an authority's own it can be trusted by its fingerprint alone"
                .to_owned()
        }
        other => other.to_string(),
    }
}

fn unknown_issuer(shown: &Certificate) -> String {
    match &shown.words {
        Some(words) if words.is_self_signed => {
            "it is signed by itself, and not known here".to_owned()
        }
        Some(words) => format!("nobody here knows who issued it, {}", words.issuer),
        None => "it cannot be read, and is not known here".to_owned(),
    }
}

/// Asks one who decides, and has the server prove in any case that it owns the certificate's key.
#[derive(Debug)]
struct Verifier {
    decider: Arc<dyn Decides>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for Verifier {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let shown = Shown {
            leaf,
            between,
            name,
            ocsp,
            now,
        };
        match self.decider.decide(shown) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(distrust) => Err(rustls::Error::Other(OtherError(Arc::new(distrust)))),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, leaf, signature, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        leaf: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, leaf, signature, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider
            .signature_verification_algorithms
            .supported_schemes()
    }
}

#[cfg(test)]
mod tests;
