//! The certificate the embedded site shows: made once, kept beside the site, so that a pin stays right.

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

use crate::cli::failure::Failure;
use crate::config::{Pin, private};
use crate::provider::transport::trust;

/// A certificate and its key.
#[derive(Debug)]
pub struct Identity {
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// The certificate of a folder; made there if there is none.
    pub fn of(folder: &Path, name: &str) -> Result<Self, Failure> {
        let (certificate, key) = (folder.join("certificate.pem"), folder.join("key.pem"));
        if !certificate.exists() && !key.exists() {
            make(&certificate, &key, name)?;
        }
        let unreadable = |path: &Path, reason: String| {
            Failure::failed(format!("{}: {reason}", path.display())).with(format!(
                "remove {} to have a new certificate made; its pin changes then",
                folder.display()
            ))
        };
        Ok(Self {
            certificate: CertificateDer::from_pem_file(&certificate)
                .map_err(|error| unreadable(&certificate, error.to_string()))?,
            key: PrivateKeyDer::from_pem_file(&key)
                .map_err(|error| unreadable(&key, error.to_string()))?,
        })
    }

    /// What a client pins.
    pub fn fingerprint(&self) -> Pin {
        trust::fingerprint(&self.certificate)
    }

    /// TLS as the embedded site speaks it.
    pub fn into_config(self) -> Result<Arc<ServerConfig>, Failure> {
        let failed = |error: rustls::Error| Failure::failed(format!("TLS: {error}"));
        let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .map_err(failed)?
            .with_no_client_auth()
            .with_single_cert(vec![self.certificate], self.key)
            .map_err(failed)?;
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::new(config))
    }
}

fn make(certificate: &Path, key: &Path, name: &str) -> Result<(), Failure> {
    let failed = |error: &dyn std::fmt::Display| {
        Failure::failed(format!(
            "no certificate could be made at {}: {error}",
            certificate.display()
        ))
    };
    let own_key = KeyPair::generate().map_err(|error| failed(&error))?;
    let mut parameters = CertificateParams::new(names()).map_err(|error| failed(&error))?;
    parameters
        .distinguished_name
        .push(DnType::CommonName, format!("consign {name}"));
    let made = parameters
        .self_signed(&own_key)
        .map_err(|error| failed(&error))?;
    private::replace(key, own_key.serialize_pem().as_bytes())
        .and_then(|()| private::replace(certificate, made.pem().as_bytes()))
        .map_err(|error| failed(&error))
}

/// The names this machine is reached by.
fn names() -> Vec<String> {
    let local = ["localhost", "127.0.0.1", "::1"].map(str::to_owned);
    local.into_iter().chain(host_name().ok()).collect()
}

fn host_name() -> io::Result<String> {
    let name = fs::read_to_string("/proc/sys/kernel/hostname")?;
    Ok(name.trim().to_owned())
}
