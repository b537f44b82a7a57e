//! One `[site.NAME]` of the settings file: where a site is, who is believed to be it, who asks, and what is allowed.
//!
//! ```toml
//! [site.prod]
//! url = "https://sccm01.corp.example"
//! ca_file = "corp-root.pem"          # or pin = "SHA256:5f:..."; without both, the system's authorities and known sites
//! auth = "auto"                      # see `sign_in`
//! profile = "helpdesk"
//! banner = "PRODUCTION"
//! readonly = true
//! scopes = ["Berlin"]                # security scopes of packages made here
//! folders = { packages = "Software/Tools", collections = "Software" }
//! ```

use std::path::{Path, PathBuf};

use directories::BaseDirs;
use url::Url;

use super::limits::Limits;
use super::pin::Pin;
use super::placement::Placement;
use super::profile::Profile;
use super::sign_in::SignInSettings;
use super::toml_file::{Section, TomlFile};

/// One `[site.NAME]`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteSettings {
    /// Absent for the embedded site of that name.
    pub url: Option<Url>,
    /// As whom, and how that is shown.
    pub sign_in: SignInSettings,
    /// The one certificate that is trusted.
    pub pin: Option<Pin>,
    /// Certificates of the authorities that are trusted.
    pub ca_file: Option<PathBuf>,
    /// `pin` or `ca_file` stand there and cannot be read: nobody may be believed in their stead.
    pub is_trust_unclear: bool,
    /// Hides every changing action. Holds as well where anything of the entry cannot be read: what was to protect the site
    /// may be among it.
    pub readonly: bool,
    /// Whom the console is for.
    pub profile: Profile,
    /// Words that stand on every screen, such as PRODUCTION.
    pub banner: Option<String>,
    /// Those of the profile, with the general limits and then those of `[site.NAME.limits]` over them.
    pub limits: Limits,
}

/// Whether a word may name a site: it becomes a folder and a table of the settings file.
pub fn is_site_name(name: &str) -> bool {
    let fits = (1..=32).contains(&name.len()) && !name.starts_with('-');
    fits && name
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
}

impl SiteSettings {
    pub(super) fn take(
        file: &mut TomlFile<'_>,
        mut section: Section<'_>,
        path: &Path,
        general: &dyn Fn(Profile) -> Limits,
    ) -> Self {
        let names_url = section.has("url");
        let (names_pin, names_ca) = (section.has("pin"), section.has("ca_file"));
        let faults = file.fault_count();
        let mut site = Self {
            url: url(file, &mut section),
            sign_in: SignInSettings::take(file, &mut section, path),
            pin: pin(file, &mut section),
            ca_file: beside(file, &mut section, path, "ca_file"),
            is_trust_unclear: false,
            readonly: section.truth(file, "readonly").unwrap_or_default(),
            profile: Profile::take(file, &mut section),
            banner: section.text(file, "banner").map(toml::Spanned::into_inner),
            limits: Limits::default(),
        };
        site.limits = general(site.profile);
        site.limits.house.placement = Placement::take(file, &mut section);
        if let Some(limits) = section.section(file, "limits") {
            site.limits.take(file, limits);
        }
        let remote = site.sign_in != SignInSettings::default()
            || site.pin.is_some()
            || site.ca_file.is_some();
        if remote && !names_url {
            let way_out = "add url = \"https://server.name\"";
            file.fault(section.span(), "this site has no `url`", way_out);
        }
        section.finish(file);
        site.is_trust_unclear =
            (names_pin && site.pin.is_none()) || (names_ca && site.ca_file.is_none());
        site.readonly |= file.fault_count() > faults;
        site
    }
}

fn url(file: &mut TomlFile<'_>, section: &mut Section<'_>) -> Option<Url> {
    let text = section.text(file, "url")?;
    match site_url(text.get_ref()) {
        Ok(url) => Some(url),
        Err(what) => {
            let way_out = "write it as url = \"https://server.name\"";
            file.fault(text.span(), what, way_out);
            None
        }
    }
}

/// Only what a site can be reached by: TLS always, no names or passwords inside.
pub fn site_url(text: &str) -> Result<Url, String> {
    let url: Url = text
        .parse()
        .map_err(|error| format!("`url` is no address: {error}"))?;
    if url.scheme() != "https" || url.host().is_none() {
        return Err("`url` must begin with https:// and name a server".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("`url` holds a name or a password, which never stand in this file".into());
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err("`url` must end with the server or a folder on it".into());
    }
    Ok(url)
}

fn pin(file: &mut TomlFile<'_>, section: &mut Section<'_>) -> Option<Pin> {
    let text = section.text(file, "pin")?;
    let pin = text.get_ref().parse();
    if pin.is_err() {
        let way_out = "copy the fingerprint as `consign serve` prints it";
        file.fault(
            text.span(),
            "`pin` is not a SHA-256 fingerprint of 64 hexadecimal digits",
            way_out,
        );
    }
    pin.ok()
}

/// A path of the settings file: relative to its folder, `~/` is the person's own.
pub(super) fn beside(
    file: &mut TomlFile<'_>,
    section: &mut Section<'_>,
    settings: &Path,
    key: &'static str,
) -> Option<PathBuf> {
    let text = section.text(file, key)?;
    let text = text.get_ref();
    let own = text
        .strip_prefix("~/")
        .and_then(|rest| Some(BaseDirs::new()?.home_dir().join(rest)));
    Some(own.unwrap_or_else(|| settings.parent().unwrap_or(Path::new(".")).join(text)))
}
