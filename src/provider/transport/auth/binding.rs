//! What ties a sign-in to the TLS session it travels in: a token that is passed on by somebody in between is worth nothing.
//!
//! `tls-server-end-point` of RFC 5929: the hash of the server's certificate, under the hash of the certificate's own
//! signature; MD5 and SHA-1 are replaced by SHA-256.

use rustls::pki_types::CertificateDer;
use sha2::{Digest, Sha256, Sha384, Sha512};
use x509_parser::certificate::X509Certificate;
use x509_parser::oid_registry::{
    OID_NIST_HASH_SHA384, OID_NIST_HASH_SHA512, OID_PKCS1_SHA384WITHRSA, OID_PKCS1_SHA512WITHRSA,
    OID_SIG_ECDSA_WITH_SHA384, OID_SIG_ECDSA_WITH_SHA512, OID_SIG_ED448, OID_SIG_ED25519, Oid,
};
use x509_parser::prelude::FromDer;
use x509_parser::signature_algorithm::SignatureAlgorithm;

/// The channel binding of one TLS session.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::provider::transport) struct Binding(Vec<u8>);

impl Binding {
    /// The binding to a server's certificate; none where the certificate cannot be read, or is signed in a way that
    /// names no single hash (RFC 5929 4.1 leaves those undefined).
    pub fn to(leaf: &CertificateDer<'_>) -> Option<Self> {
        let (_, certificate) = X509Certificate::from_der(leaf).ok()?;
        let signed = &certificate.signature_algorithm;
        let oid = match SignatureAlgorithm::try_from(signed) {
            Ok(SignatureAlgorithm::RSASSA_PSS(of)) => of.hash_algorithm_oid().to_id_string(),
            _ => signed.algorithm.to_id_string(),
        };
        let is = |oids: &[Oid<'_>]| oids.iter().any(|one| one.to_id_string() == oid);
        if is(&[OID_SIG_ED25519, OID_SIG_ED448]) {
            return None;
        }
        let sha384 = [
            OID_PKCS1_SHA384WITHRSA,
            OID_SIG_ECDSA_WITH_SHA384,
            OID_NIST_HASH_SHA384,
        ];
        let sha512 = [
            OID_PKCS1_SHA512WITHRSA,
            OID_SIG_ECDSA_WITH_SHA512,
            OID_NIST_HASH_SHA512,
        ];
        let mut words = b"tls-server-end-point:".to_vec();
        if is(&sha384) {
            words.extend(Sha384::digest(leaf));
        } else if is(&sha512) {
            words.extend(Sha512::digest(leaf));
        } else {
            words.extend(Sha256::digest(leaf));
        }
        Some(Self(words))
    }

    /// As the system's GSSAPI takes it: the application data of its bindings.
    pub fn application_data(&self) -> &[u8] {
        &self.0
    }

    /// As SSPI takes it: behind a header of eight little-endian words, all zero but the last two, length and place.
    pub fn sec_channel_bindings(&self) -> Vec<u8> {
        const HEADER: u32 = 32;
        let length = u32::try_from(self.0.len()).unwrap_or_default();
        let mut words = vec![0; 24];
        words.extend(length.to_le_bytes());
        words.extend(HEADER.to_le_bytes());
        words.extend(&self.0);
        words
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{
        CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ECDSA_P384_SHA384, PKCS_ED25519,
        SignatureAlgorithm,
    };

    use super::*;

    fn leaf(algorithm: &'static SignatureAlgorithm) -> CertificateDer<'static> {
        let key = KeyPair::generate_for(algorithm).unwrap();
        let parameters = CertificateParams::new(["cm01.lab.example".to_owned()]).unwrap();
        parameters.self_signed(&key).unwrap().der().clone()
    }

    #[test]
    fn a_certificate_is_hashed_as_it_was_signed() {
        let small = leaf(&PKCS_ECDSA_P256_SHA256);
        let large = leaf(&PKCS_ECDSA_P384_SHA384);
        let words = |hash: &[u8]| [b"tls-server-end-point:", hash].concat();
        assert_eq!(
            Binding::to(&small).unwrap().application_data(),
            words(&Sha256::digest(&small))
        );
        assert_eq!(
            Binding::to(&large).unwrap().application_data(),
            words(&Sha384::digest(&large))
        );
    }

    #[test]
    fn a_signature_without_a_hash_of_its_own_binds_nothing() {
        assert_eq!(Binding::to(&leaf(&PKCS_ED25519)), None);
        assert_eq!(Binding::to(&CertificateDer::from(vec![1, 2, 3])), None);
    }

    #[test]
    fn the_header_says_where_the_words_begin_and_how_long_they_are() {
        let binding = Binding(b"tls-server-end-point:x".to_vec());
        let words = binding.sec_channel_bindings();
        assert_eq!(words[..24], [0; 24]);
        assert_eq!(words[24..32], [22, 0, 0, 0, 32, 0, 0, 0]);
        assert_eq!(&words[32..], binding.application_data());
    }
}
