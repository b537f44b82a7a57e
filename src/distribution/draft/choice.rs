//! The choices of the wizard: each value with its word in a distribution file, its label and what it means.
//!
//! What becomes bits of a flag word is chosen among the words of [`sms`](crate::sms); the rest is our own.

use strum::{EnumString, IntoStaticStr};

use super::value::{Answer, Value};

pub use crate::sms::advertisement::Purpose;
pub use crate::sms::choices::{After, FarPoint, NearPoint, Rerun, Rights, RunWhen, Window};

/// One value a person can choose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The word in a distribution file.
    pub word: &'static str,
    /// What the screen says.
    pub label: &'static str,
    /// What choosing it does.
    pub help: &'static str,
}

/// A type whose values are offered as a choice.
pub trait Chosen: Copy + std::str::FromStr + Into<&'static str> {
    /// Every value, in the order it is offered.
    const CHOICES: &'static [Choice];

    /// The word in a distribution file.
    fn word(self) -> &'static str {
        self.into()
    }
}

impl<T: Chosen> Answer for T {
    fn to_value(&self) -> Value {
        Value::Text(self.word().into())
    }

    fn from_value(value: &Value) -> Option<Self> {
        match value {
            Value::Text(word) => word.parse().ok(),
            _ => None,
        }
    }
}

macro_rules! choices {
    ($($name:ty { $($word:literal, $label:literal, $help:literal;)+ })+) => {$(
        impl Chosen for $name {
            const CHOICES: &'static [Choice] = &[$(Choice { word: $word, label: $label, help: $help }),+];
        }
    )+};
}

/// What the distribution is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Intent {
    #[default]
    Install,
    Remove,
    Run,
}

/// Whether a step takes an object that exists or makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Origin {
    Existing,
    New,
}

/// Where the members come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum CollectionOrigin {
    Existing,
    Devices,
    Rule,
}

/// Sending priority of the package's files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Priority {
    High,
    #[default]
    Normal,
    Low,
}

/// How the program reaches the distribution point; the letter is an answer of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum DriveMode {
    #[default]
    Unc,
    AnyLetter,
    Letter,
}

/// What the run waits for before it advertises.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Wait {
    #[default]
    One,
    All,
    /// The word is `none`.
    #[strum(serialize = "none")]
    Never,
}

/// What makes a required advertisement run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "kebab-case")]
pub enum Trigger {
    /// At the deadline.
    Time,
    Asap,
    SignIn,
    SignOut,
}

choices! {
    Intent {
        "install", "Install software", "Puts software on devices.";
        "remove", "Remove software", "Takes software off devices again.";
        "run", "Run a command or script", "Runs something once or more; nothing is installed.";
    }
    Origin {
        "existing", "An existing one", "Nothing is made; what is there is used.";
        "new", "A new one", "It is made when the plan runs.";
    }
    CollectionOrigin {
        "existing", "An existing collection", "Nothing is made; look at its members first.";
        "devices", "New from a list of devices", "A fixed list: each device is named.";
        "rule", "New rule", "A query, or what other collections hold.";
    }
    Priority {
        "high", "High", "Before everyone else's files.";
        "normal", "Normal", "In turn.";
        "low", "Low", "After everyone else's files.";
    }
    Window {
        "normal", "Normal", "The program's window as it opens itself.";
        "minimized", "Minimized", "In the task bar until somebody opens it.";
        "maximized", "Maximized", "Fills the screen.";
        "hidden", "Hidden", "Nobody sees it: right for silent installs.";
    }
    RunWhen {
        "any", "Whether or not a user is signed in", "Runs as soon as it is due.";
        "user", "Only when a user is signed in", "Waits until somebody signs in.";
        "no-user", "Only when no user is signed in", "Waits until everybody has signed out.";
    }
    Rights {
        "administrative", "Administrative rights", "Runs as the system.";
        "user", "The user's rights", "Runs as the person who is signed in; most installers fail.";
    }
    After {
        "nothing", "No action", "Nothing more happens.";
        "restart", "Restart the device", "The client restarts the device.";
        "program-restarts", "The program restarts it", "The program restarts the device by itself.";
        "sign-out", "Sign the user out", "The client signs the user out.";
    }
    DriveMode {
        "unc", "By its network name", "Right for nearly every program.";
        "any-letter", "With any drive letter", "A free letter is connected first.";
        "letter", "With this drive letter", "Does not run where the letter is taken.";
    }
    Wait {
        "one", "At least one point has it", "Devices near other points wait for theirs.";
        "all", "All chosen points have it", "Slowest, and nobody waits afterwards.";
        "none", "Do not wait", "Devices wait for the files instead.";
    }
    Purpose {
        "available", "Available", "People choose to install it.";
        "required", "Required", "It installs by itself.";
    }
    Trigger {
        "time", "At a time", "At the deadline.";
        "asap", "As soon as possible", "As soon as a device hears about it.";
        "sign-in", "When people sign in", "At the next sign-in.";
        "sign-out", "When people sign out", "At the next sign-out.";
    }
    Rerun {
        "if-failed", "Only if it failed before", "Devices where it succeeded skip it.";
        "always", "Always run it again", "Also where it succeeded before.";
        "if-succeeded", "Only if it succeeded before", "Devices where it failed skip it.";
        "never", "Never run it again", "Also where it failed before.";
    }
    NearPoint {
        "download", "Download, then run", "Recommended; the files are checked as well.";
        "run-from", "Run from the server", "Nothing is copied; the server must stay reachable.";
    }
    FarPoint {
        "do-not-run", "Do not run", "Waits until the own area has them.";
        "download", "Download, then run", "Over the slower line.";
        "run-from", "Run from the server", "Over the slower line, from a share.";
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_words<T: Chosen>() {
        for choice in T::CHOICES {
            let value = choice.word.parse::<T>().ok().map(Chosen::word);
            assert_eq!(value, Some(choice.word));
        }
    }

    #[test]
    fn every_word_that_is_offered_names_its_value() {
        assert_words::<Intent>();
        assert_words::<Origin>();
        assert_words::<CollectionOrigin>();
        assert_words::<Priority>();
        assert_words::<Window>();
        assert_words::<RunWhen>();
        assert_words::<Rights>();
        assert_words::<After>();
        assert_words::<DriveMode>();
        assert_words::<Wait>();
        assert_words::<Purpose>();
        assert_words::<Trigger>();
        assert_words::<Rerun>();
        assert_words::<NearPoint>();
        assert_words::<FarPoint>();
    }
}
