//! Flag words read as the choices a console offers.
//!
//! Each choice reads its own bits and writes its own bits and leaves all others alone, named or not. Reading gives
//! `None` where the bits contradict each other; writing always leaves them consistent. The texts are those of a
//! distribution file.

use strum::{EnumString, IntoStaticStr, VariantArray};

use super::advertisement_flags::{AdvertFlags, RemoteClientFlags};
use super::program_flags::ProgramFlags;

/// Declares a choice: its texts, and which bits of a word each variant sets among those the choice owns.
macro_rules! choice {
    ($(#[$meta:meta])* pub enum $name:ident of $word:ident {
        $($(#[$vmeta:meta])* $variant:ident $text:literal => $bits:expr),+ $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantArray)]
        #[strum(ascii_case_insensitive)]
        pub enum $name {
            $($(#[$vmeta])* #[strum(serialize = $text)] $variant),+
        }

        impl $name {
            /// The bits this choice owns.
            pub const OWN: $word = $word::empty()$(.union($bits))+;

            /// The choice these bits make; `None` where they contradict each other.
            pub fn from_flags(flags: $word) -> Option<Self> {
                let own = flags.intersection(Self::OWN);
                Self::VARIANTS.iter().copied().find(|choice| choice.bits() == own)
            }

            /// Writes this choice into a word.
            pub fn write_into(self, flags: &mut $word) {
                flags.remove(Self::OWN);
                flags.insert(self.bits());
            }

            /// The text of this choice in a distribution file.
            pub fn as_str(self) -> &'static str {
                self.into()
            }

            fn bits(self) -> $word {
                match self {
                    $(Self::$variant => $bits),+
                }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

choice! {
    /// What a signed-in user sees of the program.
    pub enum Window of ProgramFlags {
        Normal "normal" => ProgramFlags::empty(),
        Minimized "minimized" => ProgramFlags::RUNMINIMIZED,
        Maximized "maximized" => ProgramFlags::RUNMAXIMIZED,
        Hidden "hidden" => ProgramFlags::HIDEWINDOW,
    }
}

choice! {
    /// Who must, or must not, be signed in for the program to run.
    pub enum RunWhen of ProgramFlags {
        /// Whether or not a user is signed in.
        Any "any" => ProgramFlags::empty(),
        User "user" => ProgramFlags::USERCONTEXT,
        NoUser "no-user" => ProgramFlags::NOUSERLOGGEDIN,
    }
}

choice! {
    /// Whose rights the program runs with.
    pub enum Rights of ProgramFlags {
        Administrative "administrative" => ProgramFlags::ADMINRIGHTS,
        User "user" => ProgramFlags::empty(),
    }
}

choice! {
    /// What happens when the program has finished successfully.
    pub enum After of ProgramFlags {
        Nothing "nothing" => ProgramFlags::empty(),
        /// The client restarts the device.
        Restart "restart" => ProgramFlags::OKTOREBOOT,
        /// The program restarts the device itself.
        ProgramRestarts "program-restarts" => ProgramFlags::OKTOQUIT,
        SignOut "sign-out" => ProgramFlags::OKTOLOGOFF,
    }
}

/// How the program reaches its files on a distribution point.
///
/// Not a plain choice of bits: which letter stands in `DriveLetter`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DriveMode {
    Unc,
    AnyLetter,
    Letter(char),
}

impl DriveMode {
    pub fn from_flags(flags: ProgramFlags, drive_letter: &str) -> Self {
        if flags.contains(ProgramFlags::USEUNCPATH) {
            return Self::Unc;
        }
        match drive_letter.chars().next() {
            Some(letter) => Self::Letter(letter.to_ascii_lowercase()),
            None => Self::AnyLetter,
        }
    }

    /// Writes the mode into the word and tells the `DriveLetter` to go with it.
    ///
    /// A UNC path has no drive mapping to keep, so that bit goes as well.
    #[must_use = "the letter goes into DriveLetter"]
    pub fn write_into(self, flags: &mut ProgramFlags) -> String {
        flags.set(ProgramFlags::USEUNCPATH, self == Self::Unc);
        if self == Self::Unc {
            flags.remove(ProgramFlags::PERSISTCONNECTION);
        }
        match self {
            Self::Letter(letter) => letter.to_ascii_lowercase().to_string(),
            Self::Unc | Self::AnyLetter => String::new(),
        }
    }
}

choice! {
    /// What a device does that ran the program before.
    ///
    /// A new advertisement carries no such bit at all until one is chosen; then this reads `None`.
    pub enum Rerun of RemoteClientFlags {
        Always "always" => RemoteClientFlags::RERUN_ALWAYS,
        Never "never" => RemoteClientFlags::RERUN_NEVER,
        IfFailed "if-failed" => RemoteClientFlags::RERUN_IF_FAILED,
        IfSucceeded "if-succeeded" => RemoteClientFlags::RERUN_IF_SUCCEEDED,
    }
}

choice! {
    /// How devices get the files from a distribution point near them.
    pub enum NearPoint of RemoteClientFlags {
        Download "download" => RemoteClientFlags::DOWNLOAD_FROM_LOCAL_DISPPOINT,
        RunFrom "run-from" => RemoteClientFlags::RUN_FROM_LOCAL_DISPPOINT,
    }
}

choice! {
    /// What devices do when only a distribution point far from them has the files.
    pub enum FarPoint of RemoteClientFlags {
        DoNotRun "do-not-run" => RemoteClientFlags::DONT_RUN_NO_LOCAL_DISPPOINT,
        Download "download" => RemoteClientFlags::DOWNLOAD_FROM_REMOTE_DISPPOINT,
        RunFrom "run-from" => RemoteClientFlags::RUN_FROM_REMOTE_DISPPOINT,
    }
}

/// Whether the user sees and answers the program. Running unattended is the opposite bit.
pub fn interacts(flags: ProgramFlags) -> bool {
    !flags.contains(ProgramFlags::UNATTENDED)
}

/// Whether devices without an area may use the site's default distribution points.
///
/// The class page names two bits that forbid it and does not say which one a client obeys: either one counts when
/// reading, the one seen on live values is written.
pub fn may_fall_back(advert: AdvertFlags, remote: RemoteClientFlags) -> bool {
    !advert.contains(AdvertFlags::DONOT_FALLBACK)
        && !remote.contains(RemoteClientFlags::DONT_FALLBACK)
}

/// Writes whether devices may fall back; allowing it clears both bits that forbid it.
pub fn write_fall_back(allowed: bool, advert: &mut AdvertFlags, remote: &mut RemoteClientFlags) {
    advert.set(AdvertFlags::DONOT_FALLBACK, !allowed);
    if allowed {
        remote.remove(RemoteClientFlags::DONT_FALLBACK);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Every choice is read back, with its bits and its text, and touches no bit it does not own.
    macro_rules! keeps_to_its_bits {
        ($test:ident, $choice:ident, $word:ident) => {
            proptest! {
                #[test]
                fn $test(word in any::<u32>()) {
                    for choice in $choice::VARIANTS.iter().copied() {
                        let mut flags = $word::from_bits_retain(word);
                        choice.write_into(&mut flags);
                        prop_assert_eq!($choice::from_flags(flags), Some(choice));
                        let own = $choice::OWN.bits();
                        prop_assert_eq!(flags.bits() & !own, word & !own);
                        prop_assert_eq!(choice.as_str().parse::<$choice>(), Ok(choice));
                    }
                }
            }
        };
    }

    keeps_to_its_bits!(window_keeps_to_its_bits, Window, ProgramFlags);
    keeps_to_its_bits!(run_when_keeps_to_its_bits, RunWhen, ProgramFlags);
    keeps_to_its_bits!(rights_keep_to_their_bits, Rights, ProgramFlags);
    keeps_to_its_bits!(after_keeps_to_its_bits, After, ProgramFlags);
    keeps_to_its_bits!(rerun_keeps_to_its_bits, Rerun, RemoteClientFlags);
    keeps_to_its_bits!(near_point_keeps_to_its_bits, NearPoint, RemoteClientFlags);
    keeps_to_its_bits!(far_point_keeps_to_its_bits, FarPoint, RemoteClientFlags);

    #[test]
    fn a_silent_install_reads_as_the_console_shows_it() {
        let flags = ProgramFlags::SILENT | ProgramFlags::HIDEWINDOW;
        assert_eq!(Window::from_flags(flags), Some(Window::Hidden));
        assert_eq!(RunWhen::from_flags(flags), Some(RunWhen::Any));
        assert_eq!(Rights::from_flags(flags), Some(Rights::Administrative));
        assert_eq!(After::from_flags(flags), Some(After::Nothing));
        assert_eq!(DriveMode::from_flags(flags, ""), DriveMode::Unc);
        assert!(!interacts(flags));
    }

    #[test]
    fn contradicting_bits_are_no_choice() {
        let both = ProgramFlags::USERCONTEXT | ProgramFlags::NOUSERLOGGEDIN;
        assert_eq!(RunWhen::from_flags(both), None);
        let windows = ProgramFlags::RUNMINIMIZED | ProgramFlags::HIDEWINDOW;
        assert_eq!(Window::from_flags(windows), None);
        assert_eq!(Rerun::from_flags(RemoteClientFlags::CLASS_DEFAULT), None);
    }

    #[test]
    fn the_default_of_an_advertisement_downloads_near_and_waits_far() {
        let flags = RemoteClientFlags::CLASS_DEFAULT;
        assert_eq!(NearPoint::from_flags(flags), Some(NearPoint::Download));
        assert_eq!(FarPoint::from_flags(flags), Some(FarPoint::DoNotRun));
    }

    #[test]
    fn texts_are_those_of_a_distribution_file() {
        assert_eq!("no-user".parse(), Ok(RunWhen::NoUser));
        assert_eq!("Administrative".parse(), Ok(Rights::Administrative));
        let texts: Vec<_> = RunWhen::VARIANTS
            .iter()
            .map(|choice| choice.as_str())
            .collect();
        assert_eq!(texts, ["any", "user", "no-user"]);
        assert!("sometimes".parse::<RunWhen>().is_err());
    }

    #[test]
    fn a_drive_letter_goes_with_its_mode() {
        let mut flags = ProgramFlags::SILENT;
        assert_eq!(DriveMode::Letter('Q').write_into(&mut flags), "q");
        assert!(!flags.contains(ProgramFlags::USEUNCPATH));
        flags |= ProgramFlags::PERSISTCONNECTION;
        assert_eq!(DriveMode::from_flags(flags, "Q"), DriveMode::Letter('q'));
        assert_eq!(DriveMode::from_flags(flags, ""), DriveMode::AnyLetter);
        assert_eq!(DriveMode::Unc.write_into(&mut flags), "");
        assert_eq!(flags, ProgramFlags::SILENT);
    }

    #[test]
    fn either_bit_forbids_to_fall_back_and_one_is_written() {
        let (mut advert, mut remote) = (AdvertFlags::empty(), RemoteClientFlags::DONT_FALLBACK);
        assert!(!may_fall_back(advert, remote));
        assert!(!may_fall_back(
            AdvertFlags::DONOT_FALLBACK,
            RemoteClientFlags::empty()
        ));
        write_fall_back(true, &mut advert, &mut remote);
        assert!(may_fall_back(advert, remote));
        write_fall_back(false, &mut advert, &mut remote);
        assert_eq!(
            (advert, remote),
            (AdvertFlags::DONOT_FALLBACK, RemoteClientFlags::empty())
        );
    }
}
