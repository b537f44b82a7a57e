//! The choices of the wizard: each value with its word in a distribution file, its label and what it means.

use serde::{Deserialize, Serialize};

use super::value::{Answer, Value};

/// One value a person can choose.
#[derive(Debug, PartialEq, Eq)]
pub struct Choice {
    /// The word in a distribution file.
    pub word: &'static str,
    /// What the screen says.
    pub label: &'static str,
    /// What choosing it does.
    pub help: &'static str,
}

macro_rules! choices {
    ($($(#[$meta:meta])* $name:ident { $($(#[$vmeta:meta])* $variant:ident = $word:literal, $label:literal, $help:literal;)+ })+) => {$(
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
        pub enum $name { $($(#[$vmeta])* #[serde(rename = $word)] $variant,)+ }

        impl $name {
            /// Every value, in the order it is offered.
            pub const CHOICES: &'static [Choice] = &[$(Choice { word: $word, label: $label, help: $help }),+];

            /// The word in a distribution file.
            pub fn word(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            /// The value of a word.
            pub fn of(word: &str) -> Option<Self> {
                match word { $($word => Some(Self::$variant),)+ _ => None }
            }
        }

        impl Answer for $name {
            fn to_value(&self) -> Value {
                Value::Text(self.word().into())
            }

            fn from_value(value: &Value) -> Option<Self> {
                match value { Value::Text(word) => Self::of(word), _ => None }
            }
        }
    )+};
}

choices! {
    /// What the distribution is for.
    Intent {
        #[default]
        Install = "install", "Install software", "Puts software on devices.";
        Remove = "remove", "Remove software", "Takes software off devices again.";
        Run = "run", "Run a command or script", "Runs something once or more; nothing is installed.";
    }

    /// Whether a step takes an object that exists or makes one.
    Origin {
        Existing = "existing", "An existing one", "Nothing is made; what is there is used.";
        #[default]
        New = "new", "A new one", "It is made when the plan runs.";
    }

    /// Where the members come from.
    CollectionOrigin {
        #[default]
        Existing = "existing", "An existing collection", "Nothing is made; look at its members first.";
        Devices = "devices", "New from a list of devices", "A fixed list: each device is named.";
        Rule = "rule", "New from a rule", "A query, or what other collections hold.";
    }

    /// Sending priority of the package's files.
    Priority {
        High = "high", "High", "Before everyone else's files.";
        #[default]
        Normal = "normal", "Normal", "In turn.";
        Low = "low", "Low", "After everyone else's files.";
    }

    /// What the signed-in user sees of the program.
    Window {
        #[default]
        Normal = "normal", "Normal", "The program's window as it opens itself.";
        Minimized = "minimized", "Minimized", "In the task bar until somebody opens it.";
        Maximized = "maximized", "Maximized", "Fills the screen.";
        Hidden = "hidden", "Hidden", "Nobody sees it: right for silent installs.";
    }

    /// Who must be signed in for the program to run.
    RunWhen {
        #[default]
        User = "user", "Only when a user is signed in", "Waits until somebody signs in.";
        NoUser = "no-user", "Only when no user is signed in", "Waits until everybody has signed out.";
        Any = "any", "Whether or not a user is signed in", "Runs as soon as it is due.";
    }

    /// Whose rights the program has.
    Rights {
        Administrative = "administrative", "Administrative rights", "Runs as the system.";
        #[default]
        User = "user", "The user's rights", "Runs as the person who is signed in; most installers fail.";
    }

    /// What happens when the program has finished successfully.
    After {
        #[default]
        Nothing = "nothing", "No action", "Nothing more happens.";
        Restart = "restart", "Restart the device", "The client restarts the device.";
        ProgramRestarts = "program-restarts", "The program restarts it", "The program restarts the device by itself.";
        SignOut = "sign-out", "Sign the user out", "The client signs the user out.";
    }

    /// How the program reaches the distribution point.
    DriveMode {
        #[default]
        Unc = "unc", "By its network name", "Right for nearly every program.";
        Any = "any-letter", "With any drive letter", "A free letter is connected first.";
        Given = "letter", "With this drive letter", "Does not run where the letter is taken.";
    }

    /// What the run waits for before it advertises.
    Wait {
        #[default]
        One = "one", "At least one point has it", "Devices near other points wait for theirs.";
        All = "all", "All chosen points have it", "Slowest, and nobody waits afterwards.";
        Never = "none", "Do not wait", "Devices wait for the files instead.";
    }

    /// Whether people choose, or it runs by itself.
    Purpose {
        Required = "required", "Required", "It installs by itself.";
        #[default]
        Available = "available", "Available", "People choose to install it.";
    }

    /// What makes a required advertisement run.
    Trigger {
        #[default]
        Time = "time", "At a time", "At the deadline.";
        Asap = "asap", "As soon as possible", "As soon as a device hears about it.";
        SignIn = "sign-in", "When people sign in", "At the next sign-in.";
        SignOut = "sign-out", "When people sign out", "At the next sign-out.";
    }

    /// What devices do that ran the program before.
    Rerun {
        Always = "always", "Always run it again", "Also where it succeeded before.";
        Never = "never", "Never run it again", "Also where it failed before.";
        #[default]
        IfFailed = "if-failed", "Only if it failed before", "Devices where it succeeded skip it.";
        IfSucceeded = "if-succeeded", "Only if it succeeded before", "Devices where it failed skip it.";
    }

    /// How files are used from a distribution point in the device's own area.
    Fast {
        #[default]
        Download = "download", "Download, then run", "Recommended; the files are checked as well.";
        RunFrom = "run", "Run from the server", "Nothing is copied; the server must stay reachable.";
    }

    /// What happens when only a distribution point outside the device's own area has the files.
    Slow {
        #[default]
        Wait = "wait", "Do not run", "Waits until the own area has them.";
        Download = "download", "Download, then run", "Over the slower line.";
        RunFrom = "run", "Run from the server", "Over the slower line, from a share.";
    }
}
