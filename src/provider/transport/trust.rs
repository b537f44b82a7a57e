//! Whose certificate is believed: one that is pinned, or those of chosen authorities.
//!
//! Whatever is believed, the server proves in the handshake that it owns the certificate's key: a pin without that
//! proof would prove nothing. Who is not believed is named with the fingerprint, so that a person can compare it.

use std::path::Path;
use std::sync::Arc;

use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, OtherError, RootCertStore, SignatureScheme};
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::TransportError;
use crate::config::Pin;

/// Whose certificate is believed.
#[derive(Debug, Clone)]
pub enum Trust {
    /// This certificate and no other, whoever signed it.
    Pinned(Pin),
    /// Certificates these authorities signed for the server's name.
    Authorities(Arc<RootCertStore>),
    /// None: every handshake ends with the fingerprint of what was shown.
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
    /// The authorities of a PEM file.
    pub fn authorities(file: &Path) -> Result<Self, AuthoritiesError> {
        let failed = |reason: String| AuthoritiesError {
            path: file.display().to_string(),
            reason,
        };
        let mut roots = RootCertStore::empty();
        let certificates =
            CertificateDer::pem_file_iter(file).map_err(|error| failed(error.to_string()))?;
        for certificate in certificates {
            let certificate = certificate.map_err(|error| failed(error.to_string()))?;
            let added = roots.add(certificate);
            added.map_err(|error| failed(error.to_string()))?;
        }
        if roots.is_empty() {
            return Err(failed("no certificate stands in it".into()));
        }
        Ok(Self::Authorities(Arc::new(roots)))
    }

    /// TLS as every connection to a site uses it: 1.2 or 1.3, and HTTP/1.1 only, because Windows sign-in is bound to a
    /// connection and HTTP/2 would share one.
    pub(super) fn client_config(&self) -> Result<ClientConfig, TransportError> {
        let provider = Arc::new(ring::default_provider());
        let unusable = |error: &dyn std::fmt::Display| TransportError::Lost {
            reason: format!("TLS cannot be set up: {error}"),
            after_sending: false,
        };
        let judge = Judge::new(self, &provider).map_err(|error| unusable(&error))?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| unusable(&error))?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(judge))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }
}

/// SHA-256 of a certificate.
pub fn fingerprint(certificate: &CertificateDer<'_>) -> Pin {
    Pin(Sha256::digest(certificate).into())
}

/// A certificate that is not believed, as it comes out of a failed handshake.
#[derive(Debug, Clone, Error)]
#[error("{reason}")]
struct Distrust {
    reason: String,
    shown: Pin,
}

/// What a failed handshake says, if it was about the certificate.
pub(super) fn distrust(error: &std::io::Error) -> Option<TransportError> {
    let rustls::Error::Other(OtherError(inner)) = error.get_ref()?.downcast_ref()? else {
        return None;
    };
    let distrust = inner.downcast_ref::<Distrust>()?;
    Some(TransportError::Untrusted {
        reason: distrust.reason.clone(),
        fingerprint: distrust.shown.to_string(),
    })
}

#[derive(Debug)]
struct Judge {
    pin: Option<Pin>,
    authorities: Option<Arc<WebPkiServerVerifier>>,
    provider: Arc<CryptoProvider>,
}

impl Judge {
    fn new(
        trust: &Trust,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, rustls::client::VerifierBuilderError> {
        let mut judge = Self {
            pin: None,
            authorities: None,
            provider: Arc::clone(provider),
        };
        match trust {
            Trust::Nobody => {}
            Trust::Pinned(pin) => judge.pin = Some(*pin),
            Trust::Authorities(roots) => {
                let verifier = WebPkiServerVerifier::builder_with_provider(
                    Arc::clone(roots),
                    Arc::clone(provider),
                );
                judge.authorities = Some(verifier.build()?);
            }
        }
        Ok(judge)
    }

    fn verdict(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<(), String> {
        if let Some(authorities) = &self.authorities {
            return authorities
                .verify_server_cert(leaf, between, name, ocsp, now)
                .map(|_| ())
                .map_err(|error| error.to_string());
        }
        match self.pin {
            Some(pin) if pin == fingerprint(leaf) => Ok(()),
            Some(pin) => Err(format!(
                "the server shows {} where {pin} is pinned",
                fingerprint(leaf)
            )),
            None => Err(format!(
                "the server shows {}, which is not pinned",
                fingerprint(leaf)
            )),
        }
    }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        leaf: &CertificateDer<'_>,
        between: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        match self.verdict(leaf, between, name, ocsp, now) {
            Ok(()) => Ok(ServerCertVerified::assertion()),
            Err(reason) => {
                let shown = fingerprint(leaf);
                let distrust = Arc::new(Distrust { reason, shown });
                Err(rustls::Error::Other(OtherError(distrust)))
            }
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
