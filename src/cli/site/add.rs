//! `consign site add`: the way to a real site is tried, and then written into the settings, for looking only.

use std::path::Path;

use toml_edit::Value;

use super::super::arguments::Add;
use super::super::compose::{self, Background, Chosen, FIRST_SITE};
use super::super::exit::Exit;
use super::super::failure::Failure;
use super::super::secrets::Terminal;
use super::super::surroundings::Surroundings;
use super::super::{out, prompt};
use super::address::{address, is_numeric, told};
use super::trust::Meeting;
use crate::config::{Fault, Settings, SettingsEdit, is_site_name};
use crate::error::Doubt;
use crate::sms::site::IdentificationRow;

pub async fn run(add: Add, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let path = surroundings.home.settings_file();
    let mut edit = SettingsEdit::read(&path)?;
    let name = named(add.name.clone()).await?;
    free(&name, &edit, surroundings)?;
    let mut entry = entries(&add, &name).await?;
    edit.add_site(&name, entry.clone())?;
    let mut surroundings = with(&edit, &path, surroundings)?;
    let chosen = compose::choose(&surroundings, Some(&name))?;
    match tried(&add, chosen, &mut surroundings).await {
        // Who was asked for goes in too, so that nobody is asked again.
        Ok(Some(user)) if !entry.iter().any(|(key, _)| *key == "user") => {
            entry.insert(1, ("user", user.into()));
        }
        Ok(_) => {}
        Err(failure) if add.anyway => out::say(&failure),
        Err(failure) => {
            return Err(failure.with(format!(
                "the settings were not changed; `--anyway` writes [site.{name}] all the same"
            )));
        }
    }
    // All this took a while, and somebody may have changed the file meanwhile.
    SettingsEdit::change(&path, |edit| {
        free(&name, edit, &surroundings)?;
        edit.add_site(&name, entry)?;
        if add.default {
            edit.set_default_site(Some(&name));
        }
        Ok::<(), Failure>(())
    })?;
    out::say(format_args!(
        "[site.{name}] is in {}, for looking only (readonly = true)\n`consign --site {name}` opens it; `consign site \
         check {name}` looks at every step of the way to it",
        path.display()
    ));
    Ok(Exit::Done)
}

/// What was said, or what a person answers.
async fn said(said: Option<String>, what: &str, question: &str) -> Result<String, Failure> {
    if let Some(said) = said {
        return Ok(said);
    }
    let missing = || Failure::usage(format!("{what} is missing: consign site add NAME URL"));
    if !prompt::is_somebody_there() {
        return Err(missing());
    }
    let typed = prompt::ask(question).await?;
    typed.filter(|typed| !typed.is_empty()).ok_or_else(missing)
}

async fn named(name: Option<String>) -> Result<String, Failure> {
    let name = said(
        name,
        "the name",
        "What is the site to be called here, for example prod?",
    )
    .await?;
    if is_site_name(&name) {
        return Ok(name);
    }
    let what = format!("'{name}' cannot name a site");
    Err(Failure::usage(what).with("use up to 32 letters, digits, `-` and `_`"))
}

/// A name that means something already is not given away.
fn free(name: &str, edit: &SettingsEdit, surroundings: &Surroundings) -> Result<(), Failure> {
    let taken = if edit.has_site(name) {
        format!("there is a [site.{name}] in the settings file")
    } else if name == FIRST_SITE || surroundings.home.site_dir(name).is_dir() {
        format!("{name} is an embedded site")
    } else {
        return Ok(());
    };
    Err(Failure::usage(taken).with("choose another name, or `consign site remove` it first"))
}

/// The lines of the new entry, in the order they are written.
async fn entries(add: &Add, name: &str) -> Result<Vec<(&'static str, Value)>, Failure> {
    let question =
        "Which server is its SMS Provider? Its full name, for example sccm01.corp.example:";
    let url = said(add.url.clone(), "the url", question).await?;
    let url = address(&url).map_err(Failure::usage)?;
    let token = &add.token;
    let ways = [&token.token_file, &token.token_env, &token.token_command];
    let has_token = ways.iter().any(|way| way.is_some());
    let by_name = !matches!(add.auth.as_deref(), Some("bearer" | "ntlm"));
    if is_numeric(&url) && by_name && !has_token {
        out::say(format_args!(
            "consign: {} is an address; Kerberos knows servers by their full names only",
            url.host_str().unwrap_or_default()
        ));
    }
    let mut token_file = token.token_file.clone();
    if add.auth.as_deref() == Some("bearer") && !has_token {
        let question = "Which file holds the token?";
        token_file = Some(said(None, "the token (--token-file FILE)", question).await?);
    }
    let mut user = add.user.clone();
    if add.auth.as_deref() == Some("ntlm") {
        let question = r"Who signs in? With the domain in front, for example CORP\ada:";
        user = Some(said(user, "the user (--user NAME)", question).await?);
    }
    let mut entries: Vec<(&'static str, Value)> = vec![("url", told(&url).into())];
    let texts = [
        ("auth", add.auth.clone()),
        ("user", user),
        ("token_file", token_file.as_deref().map(absolute)),
        ("token_env", token.token_env.clone()),
        ("token_command", token.token_command.clone()),
        ("ca_file", add.ca_file.as_deref().map(absolute)),
        ("profile", add.profile.clone()),
        ("banner", add.banner.clone()),
    ];
    let texts = texts.into_iter();
    entries.extend(texts.filter_map(|(key, text)| Some((key, text?.into()))));
    entries.push(("readonly", true.into()));
    tracing::info!(name, url = told(&url), "a site is being added");
    Ok(entries)
}

/// A path that was typed here means the same in the settings file, which lies elsewhere.
fn absolute(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    whole.display().to_string()
}

/// The surroundings as they will be: what is tried is exactly what will be written.
fn with(
    edit: &SettingsEdit,
    path: &Path,
    surroundings: &Surroundings,
) -> Result<Surroundings, Failure> {
    let (settings, faults) = Settings::parse(path, &edit.text());
    if let Some(new) = faults.iter().find(|fault| {
        // Lines move when one is added.
        let is_old = |old: &Fault| old.what == fault.what;
        !surroundings.faults.iter().any(is_old)
    }) {
        return Err(Failure::usage(new.to_string()).with("nothing was written"));
    }
    Ok(Surroundings {
        settings,
        ..surroundings.clone()
    })
}

/// Goes the whole way to the site once: certificate, sign-in, and which site answers. Gives back who signed in by password.
async fn tried(
    add: &Add,
    mut chosen: Chosen,
    surroundings: &mut Surroundings,
) -> Result<Option<String>, Failure> {
    let meeting = Meeting::with(&chosen)?;
    let greeting = meeting.greet().await?;
    chosen.known = match &greeting.verdict {
        // Known from before, under a name that is no longer in the settings.
        Err(distrust) if distrust.doubt == Doubt::Changed => {
            meeting
                .replace(distrust, add.fingerprint, &surroundings.home)
                .await?
        }
        _ => {
            let settled = meeting.settled(&greeting, add.fingerprint).await?;
            if let Some(pin) = settled {
                meeting.learn(pin, &surroundings.home)?;
            }
            settled.or(chosen.known)
        }
    };
    let sign_in = chosen.sign_in(Terminal::Free).await?;
    let user = sign_in.user().map(str::to_owned);
    let opened = chosen.open_as(sign_in, Background::Leave).await?;
    let identity = opened.provider.list::<IdentificationRow>(None).await?;
    let Some(site) = identity.first() else {
        return Err(Failure::new(
            Exit::Refused,
            "the server answers, and does not say which site it is",
        )
        .with("is this account an administrative user of the site?"));
    };
    out::say(format_args!(
        "{} answers: site {} ({}), version {}",
        chosen.name,
        site.this_site_code,
        out::plain(&site.this_site_name),
        out::plain(&site.sms_version)
    ));
    Ok(user)
}
