//! The fingerprint of a certificate.

use std::fmt;
use std::str::FromStr;

/// SHA-256 of a certificate, as ssh shows fingerprints and as browsers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Pin(pub [u8; 32]);

/// A fingerprint that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a fingerprint is 64 hexadecimal digits")]
pub struct NotAPin;

impl FromStr for Pin {
    type Err = NotAPin;

    fn from_str(text: &str) -> Result<Self, NotAPin> {
        let text = text.trim();
        let digits = match text.get(..7) {
            Some(scheme) if scheme.eq_ignore_ascii_case("sha256:") => &text[7..],
            _ => text,
        };
        let digits: Vec<u8> = digits
            .bytes()
            .filter(|byte| !matches!(byte, b':' | b' '))
            .collect();
        let mut pin = [0; 32];
        if digits.len() != 64 {
            return Err(NotAPin);
        }
        for (byte, pair) in pin.iter_mut().zip(digits.chunks_exact(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| NotAPin)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| NotAPin)?;
        }
        Ok(Self(pin))
    }
}

impl fmt::Display for Pin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SHA256")?;
        self.0.iter().try_for_each(|byte| write!(f, ":{byte:02x}"))
    }
}
