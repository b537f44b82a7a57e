//! As whom a site is asked: what the settings say becomes something to show.
//!
//! Decided once, before the console takes the screen, because a person may have to be asked. A ticket that exists comes
//! before a password, so that nobody is asked for what is not needed. NTLM is never a way out of anything. A token alone
//! is read again later, when the site refuses it.

use std::sync::Arc;

use futures_util::future::BoxFuture;
use secrecy::SecretString;

use super::failure::Failure;
use super::prompt;
use super::secrets::{self, Means, Terminal, Wanted};
use crate::config::sign_in::{SecretSource, SignInSettings, Way};
use crate::provider::transport::auth::{
    Kerberos, Password, SignIn, Token, TokenSource, has_ticket,
};

/// What a site is shown.
pub async fn sign_in(
    site: &str,
    settings: &SignInSettings,
    means: &Means,
) -> Result<SignIn, Failure> {
    match settings.way {
        Way::Auto if settings.token.is_some() => bearer(site, settings, means).await,
        Way::Bearer => bearer(site, settings, means).await,
        Way::Auto | Way::Kerberos => kerberos(site, settings, means).await,
        Way::Ntlm => {
            let user = settings.user.as_deref();
            let password = password(site, user, settings, means).await?;
            Ok(SignIn::Ntlm(password))
        }
    }
}

/// Whether a person would have to be asked who they are, or for a password, which cannot be while the console has the
/// screen.
pub async fn asks(settings: &SignInSettings) -> bool {
    let is_asked = settings.password.is_none();
    match settings.way {
        Way::Auto if settings.token.is_some() => false,
        Way::Bearer => false,
        Way::Ntlm => is_asked && settings.user.is_some(),
        Way::Auto | Way::Kerberos => is_asked && !has_ticket(settings.user.as_deref()).await,
    }
}

async fn bearer(site: &str, settings: &SignInSettings, means: &Means) -> Result<SignIn, Failure> {
    let Some(source) = &settings.token else {
        return Err(Failure::usage(format!("no token for {site}")).with(format!(
            "add token_file, token_env or token_command to [site.{site}]"
        )));
    };
    let place = TokenPlace {
        site: site.to_owned(),
        user: settings.user.clone(),
        source: source.clone(),
        means: Means {
            terminal: Terminal::Taken,
            ..means.clone()
        },
    };
    let wanted = place.wanted();
    let secret = secrets::read(source, wanted, means).await?;
    let token = match source {
        // The environment is what it was when consign was started.
        SecretSource::Environment(_) => Token::fixed(&secret),
        _ => Token::renewable(&secret, Arc::new(place.clone())),
    };
    let token = token.map_err(|none| wanted.failed(source, none))?;
    Ok(SignIn::Bearer(token))
}

/// Where a token of the settings is read again: as if the console had the screen, which it may.
#[derive(Debug, Clone)]
struct TokenPlace {
    site: String,
    user: Option<String>,
    source: SecretSource,
    means: Means,
}

impl TokenPlace {
    fn wanted(&self) -> Wanted<'_> {
        Wanted {
            site: &self.site,
            what: "token",
            user: self.user.as_deref(),
        }
    }
}

impl TokenSource for TokenPlace {
    fn name(&self) -> String {
        self.wanted().place(&self.source)
    }

    fn is_command(&self) -> bool {
        matches!(self.source, SecretSource::Command(_))
    }

    fn read(&self) -> BoxFuture<'_, Result<SecretString, String>> {
        Box::pin(async move {
            let read = secrets::read(&self.source, self.wanted(), &self.means).await;
            read.map_err(|failure| failure.brief())
        })
    }
}

/// With the ticket there is; else by password, if somebody or something gives one. Else the first request says what is
/// missing, and goes on after `kinit`.
async fn kerberos(site: &str, settings: &SignInSettings, means: &Means) -> Result<SignIn, Failure> {
    let user = settings.user.as_deref();
    let by_ticket = || SignIn::Kerberos(Kerberos::by_ticket(user));
    let is_alone = !prompt::is_somebody_there();
    if has_ticket(user).await || (settings.password.is_none() && is_alone) {
        return Ok(by_ticket());
    }
    let named = match user {
        None if settings.password.is_none() => asked_who(site).await?,
        named => named.map(str::to_owned),
    };
    if named.is_none() && settings.password.is_none() {
        return Ok(by_ticket());
    }
    let password = password(site, named.as_deref(), settings, means).await?;
    Ok(SignIn::Kerberos(Kerberos::by_password(password)))
}

/// Whoever has no ticket and is not named may say who they are, or nothing.
async fn asked_who(site: &str) -> Result<Option<String>, Failure> {
    let question = format!("No Kerberos ticket. Sign in to {site} as (user@REALM):");
    let typed = prompt::ask(&question).await?;
    Ok(typed.filter(|typed| !typed.is_empty()))
}

async fn password(
    site: &str,
    user: Option<&str>,
    settings: &SignInSettings,
    means: &Means,
) -> Result<Password, Failure> {
    let Some(user) = user else {
        let form = match settings.way {
            Way::Ntlm => r"'CORP\ada'",
            _ => "\"ada@CORP.EXAMPLE\"",
        };
        return Err(
            Failure::usage(format!("nobody is named to sign in to {site} as"))
                .with(format!("add user = {form} to [site.{site}]")),
        );
    };
    let wanted = Wanted {
        site,
        what: "password",
        user: Some(user),
    };
    let secret = match &settings.password {
        Some(source) => secrets::read(source, wanted, means).await?,
        None => secrets::asked(wanted).await?,
    };
    Ok(Password::new(user, secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::foreign::Foreign;

    async fn signed_in(settings: &SignInSettings) -> Result<SignIn, Failure> {
        let means = Means {
            terminal: Terminal::Free,
            foreign: Foreign::default(),
        };
        sign_in("prod", settings, &means).await
    }

    async fn failure(settings: &SignInSettings) -> String {
        signed_in(settings).await.unwrap_err().to_string()
    }

    #[tokio::test]
    async fn a_token_that_cannot_travel_is_refused_without_being_told() {
        let two = "printf 'half-a-\\001secret'";
        let settings = SignInSettings {
            token: Some(SecretSource::Command(two.into())),
            ..SignInSettings::default()
        };
        let told = failure(&settings).await;
        assert!(told.contains("characters that no token has"), "{told}");
        assert!(told.contains("token_command of [site.prod]"), "{told}");
        assert!(!told.contains("half-a-"), "{told}");
    }

    #[tokio::test]
    async fn a_token_that_is_named_comes_first_and_a_missing_one_is_told() {
        let settings = SignInSettings {
            token: Some(SecretSource::Command("echo open".into())),
            ..SignInSettings::default()
        };
        let found = signed_in(&settings).await.unwrap();
        assert!(matches!(found, SignIn::Bearer(_)));
        let none = SignInSettings {
            way: Way::Bearer,
            ..SignInSettings::default()
        };
        let told = failure(&none).await;
        assert!(told.contains("token_command to [site.prod]"), "{told}");
    }

    #[tokio::test]
    async fn ntlm_needs_a_user_and_is_never_taken_unasked() {
        let ntlm = SignInSettings {
            way: Way::Ntlm,
            ..SignInSettings::default()
        };
        let told = failure(&ntlm).await;
        assert!(told.contains("user = "), "{told}");
        let unknown = SignInSettings::default();
        let unknown = signed_in(&unknown).await.unwrap();
        assert!(matches!(unknown, SignIn::Kerberos(_)));
    }
}
