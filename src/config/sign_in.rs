//! How a site learns who asks, and where the secret for it comes from. The secret itself never stands in a file of ours.
//!
//! ```toml
//! auth = "auto"                            # auto | kerberos | ntlm | bearer
//! user = "ada@CORP.EXAMPLE"                # or 'CORP\\ada'; without it, whoever has a ticket
//! password_command = "pass show corp/ada"  # or password_env, password_file, keyring = true; without any, consign asks
//! token_file = "prod.token"                # or token_env, token_command: for bearer
//! ```

use std::path::{Path, PathBuf};

use super::site::beside;
use super::toml_file::{Section, TomlFile};

/// As whom a site is asked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInSettings {
    pub way: Way,
    /// `user@REALM` or `DOMAIN\user`.
    pub user: Option<String>,
    pub password: Option<SecretSource>,
    pub token: Option<SecretSource>,
}

/// How one signs in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Way {
    /// A token where one is named, else Kerberos with a ticket that exists, else Kerberos by password.
    #[default]
    Auto,
    Kerberos,
    /// Never tried unless it is asked for; sites from version 2509 refuse it.
    Ntlm,
    Bearer,
}

/// Where a secret comes from, asked anew for every start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecretSource {
    /// The environment variable of that name.
    Environment(String),
    /// A file readable by its owner alone.
    File(PathBuf),
    /// The first line a command prints.
    Command(String),
    /// The keyring of the desktop.
    Keyring,
}

const WAYS: &[(&str, Way)] = &[
    ("auto", Way::Auto),
    ("kerberos", Way::Kerberos),
    ("ntlm", Way::Ntlm),
    ("bearer", Way::Bearer),
];

impl SignInSettings {
    /// The environment variables that hold its secrets.
    pub(super) fn secret_variables(&self) -> impl Iterator<Item = &str> {
        let sources = [&self.password, &self.token].into_iter().flatten();
        sources.filter_map(|source| match source {
            SecretSource::Environment(variable) => Some(variable.as_str()),
            _ => None,
        })
    }

    pub(super) fn take(file: &mut TomlFile<'_>, section: &mut Section<'_>, path: &Path) -> Self {
        let way = section.choice(file, "auth", WAYS).unwrap_or_default();
        let user = section.text(file, "user").map(toml::Spanned::into_inner);
        let mut passwords = Sources::default();
        let (env, kept, command) = ("password_env", "password_file", "password_command");
        passwords.take(file, section, path, [env, kept, command]);
        if section.truth(file, "keyring").unwrap_or_default() {
            passwords.add("keyring", SecretSource::Keyring);
        }
        let mut tokens = Sources::default();
        tokens.take(
            file,
            section,
            path,
            ["token_env", "token_file", "token_command"],
        );
        Self {
            way,
            user,
            password: passwords.only(file, section),
            token: tokens.only(file, section),
        }
    }
}

/// Every source that is named; one is enough and two are a riddle.
#[derive(Default)]
struct Sources(Vec<(&'static str, SecretSource)>);

impl Sources {
    /// The keys for the environment, a file and a command, in this order.
    fn take(
        &mut self,
        file: &mut TomlFile<'_>,
        section: &mut Section<'_>,
        path: &Path,
        [env, kept, command]: [&'static str; 3],
    ) {
        if let Some(variable) = section.text(file, env) {
            self.add(env, SecretSource::Environment(variable.into_inner()));
        }
        if let Some(place) = beside(file, section, path, kept) {
            self.add(kept, SecretSource::File(place));
        }
        if let Some(line) = section.text(file, command) {
            self.add(command, SecretSource::Command(line.into_inner()));
        }
    }

    fn add(&mut self, key: &'static str, source: SecretSource) {
        self.0.push((key, source));
    }

    fn only(self, file: &mut TomlFile<'_>, section: &Section<'_>) -> Option<SecretSource> {
        if let [(first, _), (second, _), ..] = self.0.as_slice() {
            let what = format!("`{first}` and `{second}` both say where the secret is");
            file.fault(section.span(), what, "keep one of them");
        }
        self.0.into_iter().next().map(|(_, source)| source)
    }
}
