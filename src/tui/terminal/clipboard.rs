//! Copy through the terminal itself (OSC 52), so that it works over ssh.

use base64::prelude::{BASE64_STANDARD, Engine};

/// The bytes that put text on the clipboard. Inside tmux they are wrapped, so that tmux hands them on.
pub fn copy_sequence(text: &str, in_tmux: bool) -> Vec<u8> {
    let plain = format!("\x1b]52;c;{}\x07", BASE64_STANDARD.encode(text));
    if in_tmux {
        format!("\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")).into_bytes()
    } else {
        plain.into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_travels_encoded() {
        assert_eq!(
            copy_sequence("LAB00014", false),
            b"\x1b]52;c;TEFCMDAwMTQ=\x07"
        );
    }

    #[test]
    fn tmux_gets_it_wrapped_with_every_escape_doubled() {
        assert_eq!(
            copy_sequence("a", true),
            b"\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\"
        );
    }
}
