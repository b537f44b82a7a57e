//! Where a password or a token comes from: the environment, a file, a command, the desktop's keyring, or a person.
//!
//! What is read stays in memory and is wiped when it is let go. It never stands in an error: those name the key of the
//! settings that says where the secret is.

use std::fs;
use std::io;
use std::path::Path;
use std::process::Stdio;

use nix::sys::termios::{LocalFlags, SetArg, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;
use tokio::process::Command;
use tokio::task::spawn_blocking;
use zeroize::Zeroize;

use super::failure::Failure;
use super::{out, prompt};
use crate::config::private;
use crate::config::sign_in::SecretSource;
use crate::foreign::Foreign;

/// What is wanted, and for whom: the words that errors are made of.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    /// The site of the settings.
    pub site: &'a str,
    /// `password` or `token`: the beginning of the keys that say where it is.
    pub what: &'static str,
    /// Whose it is, where that is known.
    pub user: Option<&'a str>,
}

/// Whether the terminal can be asked on and written to: while the console has the screen it is not to be touched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Terminal {
    Free,
    Taken,
}

/// What reading a secret may make use of.
#[derive(Debug, Clone)]
pub struct Means {
    pub terminal: Terminal,
    pub foreign: Foreign,
}

impl Wanted<'_> {
    /// Why there is none, and what to correct.
    pub fn failed(&self, source: &SecretSource, why: impl std::fmt::Display) -> Failure {
        let Self { site, what, .. } = self;
        Failure::failed(format!("no {what} for {site}: {why}"))
            .with(format!("correct {}", self.place(source)))
    }

    /// The place in the settings that says where it is.
    pub fn place(&self, source: &SecretSource) -> String {
        format!("{} of [site.{}]", self.key(source), self.site)
    }

    fn key(&self, source: &SecretSource) -> String {
        let kind = match source {
            SecretSource::Environment(_) => "env",
            SecretSource::File(_) => "file",
            SecretSource::Command(_) => "command",
            SecretSource::Keyring => return "keyring".to_owned(),
        };
        format!("{}_{kind}", self.what)
    }
}

/// The secret a source gives.
pub async fn read(
    source: &SecretSource,
    wanted: Wanted<'_>,
    means: &Means,
) -> Result<SecretString, Failure> {
    let text = match source {
        SecretSource::Environment(variable) => {
            std::env::var(variable).map_err(|_| format!("the variable {variable} is not set"))
        }
        SecretSource::File(file) => {
            let (file, terminal) = (file.clone(), means.terminal);
            blocking(move || file_of(&file, terminal)).await
        }
        SecretSource::Command(line) => printed(line, means).await,
        SecretSource::Keyring => {
            let user = wanted.user.map(str::to_owned);
            blocking(move || kept_by_desktop(user.as_deref())).await
        }
    };
    let secret = text.and_then(|text| first_line(text).ok_or_else(|| "it is empty".to_owned()));
    secret.map_err(|why| wanted.failed(source, why))
}

/// The password a person types, once, unseen.
pub async fn asked(wanted: Wanted<'_>) -> Result<SecretString, Failure> {
    let Wanted { site, what, user } = wanted;
    if !prompt::is_somebody_there() {
        return Err(
            Failure::usage(format!("no {what} for {site}, and nobody here to be asked")).with(format!(
                "say where it is: password_command, password_env, password_file or keyring = true of [site.{site}]"
            )),
        );
    }
    let question = format!("Password of {} for {site}: ", user.unwrap_or("you"));
    let unread = |why: String| Failure::failed(format!("the password could not be read: {why}"));
    let _unseen = Unseen::begin().map_err(|error| unread(error.to_string()))?;
    let typed = match prompt::answer(&question, typed_line).await? {
        Some(Ok(typed)) => first_line(typed),
        Some(Err(error)) => return Err(unread(error.to_string())),
        None => None,
    };
    typed.ok_or_else(|| unread("nothing was typed".to_owned()))
}

/// One line of the terminal, which is set up already: whoever reads it may never wake, and must not touch that.
fn typed_line() -> io::Result<String> {
    let config = rpassword::ConfigBuilder::new();
    let config = config.input_reader(io::stdin()).output_discard();
    rpassword::read_password_with_config(config.build())
}

/// What is typed is not shown until this is dropped: from before there is a question, so that nothing typed at once is
/// seen, to whatever end the question comes.
struct Unseen(Termios);

impl Unseen {
    fn begin() -> io::Result<Self> {
        let kept = tcgetattr(io::stdin())?;
        let mut unseen = kept.clone();
        unseen.local_flags.remove(LocalFlags::ECHO);
        unseen.local_flags.insert(LocalFlags::ECHONL);
        tcsetattr(io::stdin(), SetArg::TCSANOW, &unseen)?;
        Ok(Self(kept))
    }
}

impl Drop for Unseen {
    fn drop(&mut self) {
        // A terminal that has gone needs no echo.
        let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, &self.0);
    }
}

fn file_of(file: &Path, terminal: Terminal) -> Result<String, String> {
    let told = |error: io::Error| format!("{}: {error}", file.display());
    if private::is_open_to_others(file).map_err(told)? {
        let warning = format!("{} can be read by others; chmod 600 it", file.display());
        match terminal {
            Terminal::Free => out::say(format_args!("consign: {warning}")),
            Terminal::Taken => tracing::warn!(warning),
        }
    }
    fs::read_to_string(file).map_err(told)
}

/// What a command prints. A command nobody waits for any more is ended.
///
/// Where it fails, what it printed is never told. What it says on standard error is, but to a free terminal and to nobody
/// else: a script that traces itself shows secrets there, and an error goes on into log and journal.
async fn printed(line: &str, means: &Means) -> Result<String, String> {
    let mut command = Command::from(means.foreign.shell(line));
    let (input, words) = match means.terminal {
        Terminal::Free => (Stdio::inherit(), Stdio::piped()),
        Terminal::Taken => (Stdio::null(), Stdio::null()),
    };
    command.kill_on_drop(true).stdin(input).stderr(words);
    let running = command.stdout(Stdio::piped()).spawn();
    let lost = |error: io::Error| format!("the command could not be run: {error}");
    let ended = running.map_err(lost)?.wait_with_output().await;
    let mut ended = ended.map_err(lost)?;
    if !ended.status.success() {
        ended.stdout.zeroize();
        let words = String::from_utf8_lossy(&ended.stderr);
        let words = words.trim().replace(|sign: char| sign.is_control(), " ");
        if !words.is_empty() {
            out::say(format_args!("consign: the command says: {words}"));
        }
        return Err(format!("the command failed ({})", ended.status));
    }
    String::from_utf8(ended.stdout).map_err(|error| {
        error.into_bytes().zeroize();
        "what the command printed is no text".to_owned()
    })
}

#[cfg(feature = "keyring")]
fn kept_by_desktop(user: Option<&str>) -> Result<String, String> {
    use keyring::v1::{Entry, Error};
    let user = user.ok_or("`user` says whose it is, and is not set")?;
    if let Err(error) = Entry::store_status() {
        return Err(format!("the keyring cannot be reached: {error}"));
    }
    let entry = Entry::new("consign", user).map_err(|error| error.to_string())?;
    entry.get_password().map_err(|error| match error {
        Error::NoEntry => format!(
            "the keyring has none of {user}; `secret-tool store --label=consign service consign username {user}` asks \
             for it and keeps it there"
        ),
        // A text that is no text would be shown with its bytes.
        Error::BadEncoding(_) => "what the keyring has is no text".to_owned(),
        error => error.to_string(),
    })
}

#[cfg(not(feature = "keyring"))]
fn kept_by_desktop(_: Option<&str>) -> Result<String, String> {
    Err("this consign was built without the keyring (cargo feature `keyring`)".to_owned())
}

async fn blocking<T: Send + 'static>(
    call: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let called = spawn_blocking(call).await;
    called.map_err(|error| error.to_string())?
}

/// The first line, without its end; nothing where it is empty. The text is wiped.
fn first_line(mut text: String) -> Option<SecretString> {
    let line = text.lines().next().filter(|line| !line.is_empty());
    let secret = line.map(|line| SecretString::from(line.to_owned()));
    text.zeroize();
    secret
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use secrecy::ExposeSecret;

    use super::*;

    const WANTED: Wanted<'static> = Wanted {
        site: "prod",
        what: "password",
        user: Some("ada"),
    };

    async fn of(source: SecretSource) -> Result<String, Failure> {
        read_on(Terminal::Free, source).await
    }

    async fn read_on(terminal: Terminal, source: SecretSource) -> Result<String, Failure> {
        let means = Means {
            terminal,
            foreign: Foreign::default(),
        };
        let secret = read(&source, WANTED, &means).await?;
        Ok(secret.expose_secret().to_owned())
    }

    #[tokio::test]
    async fn only_the_first_line_counts_and_spaces_are_part_of_it() {
        let command = SecretSource::Command("printf ' pass word \\r\\nurl: x\\n'".into());
        assert_eq!(of(command).await.unwrap(), " pass word ");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, "of a file\n").unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(of(SecretSource::File(file)).await.unwrap(), "of a file");
    }

    #[tokio::test]
    async fn a_command_that_fails_is_told_without_any_word_of_it() {
        let line = "echo half-a-secret; set -x; : half-a-secret; exit 3";
        for terminal in [Terminal::Free, Terminal::Taken] {
            let command = SecretSource::Command(line.into());
            let failure = read_on(terminal, command).await.unwrap_err();
            assert_eq!(
                failure.brief(),
                "no password for prod: the command failed (exit status: 3); correct password_command of [site.prod]"
            );
        }
    }

    #[tokio::test]
    async fn what_is_not_there_is_told_with_the_key_that_names_it() {
        for (source, said) in [
            (
                SecretSource::Environment("CONSIGN_NO_SUCH_THING".into()),
                "password_env",
            ),
            (
                SecretSource::File("/nowhere/at/all".into()),
                "password_file",
            ),
            (SecretSource::Command("true".into()), "it is empty"),
        ] {
            let told = of(source).await.unwrap_err().to_string();
            assert!(told.contains(said), "{told}");
        }
    }
}
