//! As whom a site is asked: what the settings say becomes something to show.
//!
//! Decided once, before the console takes the screen, because a person may have to be asked. A ticket that exists comes
//! before a password, so that nobody is asked for what is not needed. NTLM is never a way out of anything.

use super::failure::Failure;
use super::prompt;
use super::secrets::{self, Wanted};
use crate::config::sign_in::{SignInSettings, Way};
use crate::provider::transport::auth::{Kerberos, Password, SignIn, has_ticket};

use secrecy::ExposeSecret;

/// What a site is shown.
pub async fn sign_in(site: &str, settings: &SignInSettings) -> Result<SignIn, Failure> {
    match settings.way {
        Way::Auto if settings.token.is_some() => bearer(site, settings).await,
        Way::Bearer => bearer(site, settings).await,
        Way::Auto | Way::Kerberos => kerberos(site, settings).await,
        Way::Ntlm => {
            let user = settings.user.as_deref();
            Ok(SignIn::Ntlm(password(site, user, settings).await?))
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

async fn bearer(site: &str, settings: &SignInSettings) -> Result<SignIn, Failure> {
    let Some(source) = &settings.token else {
        return Err(Failure::usage(format!("no token for {site}")).with(format!(
            "add token_file, token_env or token_command to [site.{site}]"
        )));
    };
    let wanted = Wanted {
        site,
        what: "token",
        user: settings.user.as_deref(),
    };
    let token = secrets::read(source, wanted).await?;
    Ok(SignIn::bearer(token.expose_secret()))
}

/// With the ticket there is; else by password, if somebody or something gives one. Else the first request says what is
/// missing, and goes on after `kinit`.
async fn kerberos(site: &str, settings: &SignInSettings) -> Result<SignIn, Failure> {
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
    let password = password(site, named.as_deref(), settings).await?;
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
) -> Result<Password, Failure> {
    let Some(user) = user else {
        return Err(
            Failure::usage(format!("nobody is named to sign in to {site} as"))
                .with(format!("add user = \"ada@CORP.EXAMPLE\" to [site.{site}]")),
        );
    };
    let wanted = Wanted {
        site,
        what: "password",
        user: Some(user),
    };
    let secret = match &settings.password {
        Some(source) => secrets::read(source, wanted).await?,
        None => secrets::asked(wanted).await?,
    };
    Ok(Password::new(user, secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sign_in::SecretSource;

    #[tokio::test]
    async fn a_token_that_is_named_comes_first_and_a_missing_one_is_told() {
        let settings = SignInSettings {
            token: Some(SecretSource::Command("echo open".into())),
            ..SignInSettings::default()
        };
        let found = sign_in("prod", &settings).await.unwrap();
        assert!(matches!(found, SignIn::Bearer(token) if token.expose_secret() == "open"));
        let none = SignInSettings {
            way: Way::Bearer,
            ..SignInSettings::default()
        };
        let told = sign_in("prod", &none).await.unwrap_err().to_string();
        assert!(told.contains("token_command to [site.prod]"), "{told}");
    }

    #[tokio::test]
    async fn ntlm_needs_a_user_and_is_never_taken_unasked() {
        let ntlm = SignInSettings {
            way: Way::Ntlm,
            ..SignInSettings::default()
        };
        let told = sign_in("prod", &ntlm).await.unwrap_err().to_string();
        assert!(told.contains("user = "), "{told}");
        let unknown = sign_in("prod", &SignInSettings::default()).await.unwrap();
        assert!(matches!(unknown, SignIn::Kerberos(_)));
    }
}
