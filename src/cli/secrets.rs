//! Where a password or a token comes from: the environment, a file, a command, the desktop's keyring, or a person.
//!
//! What is read stays in memory and is wiped when it is let go. It never stands in an error: those name the key of the
//! settings that says where the secret is.

use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};

use nix::sys::termios::{SetArg, Termios, tcgetattr, tcsetattr};
use secrecy::SecretString;
use tokio::task::spawn_blocking;
use zeroize::Zeroize;

use super::exit::Exit;
use super::failure::Failure;
use super::{out, prompt};
use crate::config::private;
use crate::config::sign_in::SecretSource;

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

impl Wanted<'_> {
    fn failed(&self, key: &str, why: impl std::fmt::Display) -> Failure {
        let Self { site, what, .. } = self;
        Failure::failed(format!("no {what} for {site}: {why}"))
            .with(format!("correct {key} of [site.{site}]"))
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
pub async fn read(source: &SecretSource, wanted: Wanted<'_>) -> Result<SecretString, Failure> {
    let key = wanted.key(source);
    let text = match source {
        SecretSource::Environment(variable) => std::env::var(variable)
            .map_err(|_| wanted.failed(&key, format_args!("the variable {variable} is not set")))?,
        SecretSource::File(file) => file_of(file)
            .map_err(|error| wanted.failed(&key, format_args!("{}: {error}", file.display())))?,
        SecretSource::Command(line) => {
            let line = line.clone();
            blocking(move || printed(&line))
                .await
                .map_err(|why| wanted.failed(&key, why))?
        }
        SecretSource::Keyring => {
            let user = wanted.user.map(str::to_owned);
            blocking(move || kept_by_desktop(user.as_deref()))
                .await
                .map_err(|why| wanted.failed(&key, why))?
        }
    };
    let secret = first_line(text);
    match secret {
        Some(secret) => Ok(secret),
        None => Err(wanted.failed(&key, "it is empty")),
    }
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
    let interrupted = || Failure::new(Exit::Interrupted, "interrupted");
    let unread = |why: String| Failure::failed(format!("the password could not be read: {why}"));
    let _echo = Echo::kept();
    let typed = tokio::select! {
        typed = spawn_blocking(move || rpassword::prompt_password(question)) => typed,
        _ = tokio::signal::ctrl_c() => return Err(interrupted()),
    };
    let typed = typed.map_err(|error| unread(error.to_string()))?;
    let typed = typed.map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => interrupted(),
        _ => unread(error.to_string()),
    })?;
    first_line(typed).ok_or_else(|| unread("nothing was typed".to_owned()))
}

/// The terminal shows what is typed again, also when the question is left by an interrupt: whoever reads it then is a
/// thread that never wakes.
struct Echo(Option<Termios>);

impl Echo {
    fn kept() -> Self {
        Self(tcgetattr(io::stdin()).ok())
    }
}

impl Drop for Echo {
    fn drop(&mut self) {
        if let Some(kept) = &self.0 {
            // A terminal that has gone needs no echo.
            let _ = tcsetattr(io::stdin(), SetArg::TCSANOW, kept);
        }
    }
}

fn file_of(file: &Path) -> io::Result<String> {
    if private::is_open_to_others(file)? {
        out::say(format_args!(
            "consign: {} can be read by others; chmod 600 it",
            file.display()
        ));
    }
    fs::read_to_string(file)
}

/// What a command prints. What it says on standard error is shown where it fails, and what it printed never.
fn printed(line: &str) -> Result<String, String> {
    let mut command = Command::new("sh");
    command.args(["-c", line]).stdin(Stdio::inherit());
    let ended = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output();
    let mut ended = ended.map_err(|error| format!("the command could not be started: {error}"))?;
    if !ended.status.success() {
        ended.stdout.zeroize();
        let said = String::from_utf8_lossy(&ended.stderr);
        let said = said.trim().replace(|sign: char| sign.is_control(), " ");
        return Err(format!("the command failed ({}): {said}", ended.status));
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
        Error::NoEntry => format!("the keyring has none of {user} for the service consign"),
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
        let secret = read(&source, WANTED).await?;
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
    async fn a_command_that_fails_is_told_by_its_words_and_never_by_what_it_printed() {
        let command = "echo half-a-secret; echo the store is locked >&2; exit 3";
        let failure = of(SecretSource::Command(command.into())).await.unwrap_err();
        let told = failure.to_string();
        assert!(told.contains("the store is locked"), "{told}");
        assert!(told.contains("password_command of [site.prod]"), "{told}");
        assert!(!told.contains("half-a-secret"), "{told}");
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
