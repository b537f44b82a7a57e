//! `settings.toml`: the sites a person knows, which one is meant without a name, and the safety limits.
//!
//! ```toml
//! default_site = "prod"
//!
//! [site.prod]
//! url = "https://sccm01.corp.example"
//! readonly = true                  # and more: see `site`
//!
//! [limits]
//! confirm_members = 50
//! reason_required = true           # and what it looks like: # is a digit, * is anything
//! reason_like = "CHG####"
//! ```

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::fault::Fault;
use super::limits::Limits;
use super::profile::Profile;
use super::site::{SiteSettings, is_site_name};
use super::toml_file::TomlText;

/// What the settings file says; the defaults where it says nothing or nothing that can be understood.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// The site meant where none is named.
    pub default_site: Option<String>,
    pub sites: BTreeMap<String, SiteSettings>,
    /// Limits of every site that has none of its own.
    pub limits: Limits,
}

impl Settings {
    /// Reads the settings file; a missing one is an empty one, and what is wrong in it comes beside what is right.
    pub fn read(path: &Path) -> (Self, Vec<Fault>) {
        match std::fs::read(path) {
            Ok(bytes) => match String::from_utf8(bytes) {
                Ok(text) => Self::parse(path, &text),
                Err(_) => unreadable(path, "is not UTF-8 text", "save it as UTF-8"),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Default::default(),
            Err(error) => unreadable(path, &error.to_string(), "make it readable for you"),
        }
    }

    /// Reads a text as the settings file at that path.
    pub fn parse(path: &Path, text: &str) -> (Self, Vec<Fault>) {
        let text = TomlText::new(path, text);
        let (mut file, mut top) = text.read();
        let mut settings = Self::default();
        if let Some(limits) = top.section(&mut file, "limits") {
            settings.limits.take(&mut file, limits);
        }
        let general = |profile| general_limits(&text, profile);
        let default_site = top.text(&mut file, "default_site");
        if let Some(mut sites) = top.section(&mut file, "site") {
            for (name, section) in sites.named_sections(&mut file) {
                if !is_site_name(name.get_ref()) {
                    let what = format!("`{}` cannot name a site", name.get_ref());
                    let way_out = "use up to 32 letters, digits, `-` and `_`";
                    file.fault(name.span(), what, way_out);
                }
                let site = SiteSettings::take(&mut file, section, path, &general);
                settings.sites.insert(name.into_inner(), site);
            }
        }
        if let Some(name) = default_site {
            if is_site_name(name.get_ref()) {
                settings.default_site = Some(name.into_inner());
            } else {
                let what = format!("`default_site` names \"{}\"", name.get_ref());
                file.fault(
                    name.span(),
                    what,
                    "name a site of this file or an embedded one",
                );
            }
        }
        top.finish(&mut file);
        (settings, file.into_faults())
    }
}

impl Settings {
    /// The environment variables that hold secrets of any site.
    pub fn secret_variables(&self) -> impl Iterator<Item = &str> {
        let sites = self.sites.values();
        sites.flat_map(|site| site.sign_in.secret_variables())
    }
}

/// The general limits over those of a profile. What is wrong in them was told when they were read the first time.
fn general_limits(text: &TomlText, profile: Profile) -> Limits {
    let mut limits = Limits::of(profile);
    let (mut file, mut top) = text.read();
    if let Some(section) = top.section(&mut file, "limits") {
        limits.take(&mut file, section);
    }
    limits
}

fn unreadable(path: &Path, what: &str, way_out: &str) -> (Settings, Vec<Fault>) {
    let fault = Fault {
        file: path.to_owned(),
        line: None,
        what: what.to_owned(),
        way_out: way_out.to_owned(),
    };
    (Settings::default(), vec![fault])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sign_in::{SecretSource, Way};
    use crate::config::{NotAPin, PilotFirst, Pin, Rule};

    const PIN: &str = "SHA256:00:01:02:03:04:05:06:07:08:09:0a:0b:0c:0d:0e:0f:\
                       10:11:12:13:14:15:16:17:18:19:1a:1b:1c:1d:1e:1f";

    fn parse(text: &str) -> (Settings, Vec<String>) {
        let (settings, faults) = Settings::parse(Path::new("/c/settings.toml"), text);
        (settings, faults.iter().map(Fault::to_string).collect())
    }

    #[test]
    fn a_whole_file_is_read() {
        let (settings, faults) = parse(&format!(
            r#"
            default_site = "prod"
            [site.prod]
            url = "https://sccm01.corp.example"
            pin = "{PIN}"
            token_file = "prod.token"
            readonly = true
            [site.prod.limits]
            warn_members = 20
            [limits]
            confirm_members = 50
            builtin = "block"
            pilot_first = "require"
            freeze_windows = [{{ from = 2026-12-20, until = "2027-01-04T06:00" }}]
            "#
        ));
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(settings.default_site.as_deref(), Some("prod"));
        let prod = &settings.sites["prod"];
        let token = SecretSource::File("/c/prod.token".into());
        assert_eq!(prod.sign_in.token, Some(token));
        assert_eq!(prod.pin.unwrap().to_string(), PIN);
        assert!(prod.readonly);
        assert_eq!(
            prod.limits.confirm_members, 50,
            "the general limit holds below"
        );
        assert_eq!(prod.limits.warn_members, 20);
        assert_eq!(settings.limits.warn_members, 100);
        assert_eq!(settings.limits.builtin, Rule::Block);
        assert_eq!(settings.limits.pilot_first, PilotFirst::Require);
        let holidays = &settings.limits.freeze_windows[0];
        assert!(holidays.contains("2026-12-20T00:00".parse().unwrap()));
        assert!(!holidays.contains("2027-01-04T06:00".parse().unwrap()));
    }

    #[test]
    fn a_site_says_who_asks_and_what_is_allowed() {
        let (settings, faults) = parse(
            r#"
            [site.prod]
            url = "https://sccm01.corp.example"
            auth = "kerberos"
            user = "ada@CORP.EXAMPLE"
            password_command = "pass show corp/ada"
            profile = "helpdesk"
            banner = "PRODUCTION"
            scopes = ["Berlin"]
            folders = { packages = "Software/Tools" }
            "#,
        );
        assert_eq!(faults, Vec::<String>::new());
        let prod = &settings.sites["prod"];
        assert_eq!(prod.sign_in.way, Way::Kerberos);
        assert_eq!(prod.sign_in.user.as_deref(), Some("ada@CORP.EXAMPLE"));
        let command = SecretSource::Command("pass show corp/ada".into());
        assert_eq!(prod.sign_in.password, Some(command));
        assert_eq!(prod.profile, Profile::Helpdesk);
        assert_eq!(prod.banner.as_deref(), Some("PRODUCTION"));
        let placement = &prod.limits.house.placement;
        assert_eq!(placement.scopes, ["Berlin"]);
        assert_eq!(placement.packages.as_deref(), Some("Software/Tools"));
        assert_eq!(placement.collections, None);
    }

    #[test]
    fn what_was_to_protect_a_site_protects_it_although_it_cannot_be_read() {
        for wrong in [
            "readonly = \"yes\"",
            "profile = \"viewr\"",
            "read_only = true",
            "[site.prod.limits]\nbuiltin = \"blok\"",
        ] {
            let (settings, faults) = parse(&format!("[site.prod]\nurl = \"https://x\"\n{wrong}\n"));
            assert_eq!(faults.len(), 1, "{wrong}");
            assert!(settings.sites["prod"].readonly, "{wrong}");
            assert!(!settings.sites["prod"].is_trust_unclear, "{wrong}");
        }
        let (settings, _) = parse("[site.prod]\nurl = \"https://x\"\npin = \"SHA256:5f\"\n");
        assert!(settings.sites["prod"].is_trust_unclear);
    }

    #[test]
    fn two_sources_of_one_secret_are_a_fault() {
        let (_, faults) =
            parse("[site.prod]\nurl = \"https://x\"\ntoken_env = \"T\"\ntoken_file = \"t\"\n");
        assert_eq!(faults.len(), 1);
        assert!(
            faults[0].contains("`token_env` and `token_file`"),
            "{faults:?}"
        );
    }

    #[test]
    fn the_example_says_the_defaults_and_names_no_key_that_is_not_known() {
        let example = include_str!("../../assets/examples/settings.toml");
        let (settings, faults) = parse(example);
        assert_eq!(faults, Vec::<String>::new());
        assert_eq!(settings.limits, Limits::default());
        // What stands there as a comment is read as well: without its mark, and with a real fingerprint.
        let all: String = example
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.starts_with('[') || rest.contains(" = ") => format!("{rest}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let (settings, faults) = parse(&all.replace("SHA256:...", PIN));
        assert_eq!(faults, Vec::<String>::new());
        let training = &settings.sites["training"];
        assert!(training.readonly && training.pin.is_some());
        assert_eq!(training.limits.confirm_members, 20);
    }

    #[test]
    fn each_fault_is_located_and_the_rest_counts() {
        let (settings, faults) = parse(
            "default_site = 7\n\
             colour = true\n\
             [limits]\n\
             warn_member = 5\n\
             max_members = -1\n\
             servers = \"maybe\"\n\
             confirm_members = 30\n\
             [site.prod]\n\
             url = \"http://x\"\n\
             pin = \"abc\"\n\
             [site.\"a b\"]\n\
             ca_file = \"x\"\n",
        );
        assert_eq!(
            faults,
            [
                "/c/settings.toml:1: `default_site` must be a text; write it as default_site = \"...\"",
                "/c/settings.toml:2: unknown key `colour`; known here: limits, default_site, site",
                "/c/settings.toml:4: unknown key `warn_member` in [limits]; did you mean `warn_members`?",
                "/c/settings.toml:5: `max_members` must be a number that is not negative; write it as max_members = 100",
                "/c/settings.toml:6: `servers` is \"maybe\"; say one of allow, confirm, block",
                "/c/settings.toml:9: `url` must begin with https:// and name a server; write it as url = \"https://server.name\"",
                "/c/settings.toml:10: `pin` is not a SHA-256 fingerprint of 64 hexadecimal digits; copy the fingerprint as `consign serve` prints it",
                "/c/settings.toml:11: `a b` cannot name a site; use up to 32 letters, digits, `-` and `_`",
                "/c/settings.toml:11: this site has no `url`; add url = \"https://server.name\"",
            ]
        );
        assert_eq!(settings.limits.confirm_members, 30);
        assert_eq!(settings.limits.warn_members, 100, "the default holds");
    }

    #[test]
    fn the_rules_of_the_house_are_limits_too() {
        let (settings, faults) = parse(
            "[limits]\nreason_required = true\nreason_like = \"CHG####\"\nnew_packages = false\n\
             package_names_like = \"  \"\nnew_collections = \"no\"\n",
        );
        let house = settings.limits.house;
        assert!(
            house.reason_required && house.reason_like.is_some_and(|like| like.fits("CHG0042"))
        );
        assert!(!house.new_packages && house.new_collections);
        assert_eq!(
            faults,
            [
                "/c/settings.toml:5: `package_names_like` is empty; write package_names_like = \"CHG####\": # is a digit, * is anything",
                "/c/settings.toml:6: `new_collections` must be true or false; write it as new_collections = true",
            ]
        );
    }

    #[test]
    fn a_profile_is_the_base_of_the_limits_and_what_is_written_goes_over_it() {
        let (settings, faults) = parse(
            "[limits]\nmax_members = 50\n\
             [site.desk]\nprofile = \"helpdesk\"\n\
             [site.desk.limits]\nnew_collections = true\n\
             [site.all]\nreadonly = true\n",
        );
        assert_eq!(faults, Vec::<String>::new());
        let desk = &settings.sites["desk"].limits;
        assert_eq!(
            desk.max_members, 50,
            "the general limit goes over the profile's"
        );
        assert_eq!((desk.builtin, desk.override_mw), (Rule::Block, Rule::Block));
        assert_eq!(desk.unknown_impact, Rule::Block);
        assert_eq!(desk.pilot_first, PilotFirst::Require);
        assert!(!desk.house.new_packages, "the profile's own");
        assert!(desk.house.new_collections, "the site's own goes over all");
        let all = &settings.sites["all"].limits;
        assert_eq!(all.max_members, 50);
        assert!(all.house.new_packages && all.builtin == Rule::Confirm);
        let (alone, _) = parse("[site.desk]\nprofile = \"helpdesk\"\n");
        assert_eq!(alone.sites["desk"].limits.max_members, 500);
    }

    #[test]
    fn a_broken_line_does_not_take_the_others_with_it() {
        let (settings, faults) =
            parse("default_site = \"lab\"\nthis is no toml\n[limits]\nwarn_members = 7\n");
        assert!(!faults.is_empty());
        assert!(
            faults.iter().all(|fault| fault.contains("toml:2:")),
            "{faults:?}"
        );
        assert_eq!(settings.default_site.as_deref(), Some("lab"));
        assert_eq!(settings.limits.warn_members, 7);
    }

    #[test]
    fn a_missing_file_is_no_fault_and_an_unreadable_one_is() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.toml");
        assert_eq!(Settings::read(&path), Default::default());
        std::fs::write(&path, b"\xff\xfe").unwrap();
        let (settings, faults) = Settings::read(&path);
        assert_eq!(settings, Settings::default());
        assert_eq!(faults.len(), 1);
    }

    #[test]
    fn pins_are_read_in_every_usual_writing() {
        let bare = PIN.trim_start_matches("SHA256:").replace(':', "");
        assert_eq!(bare.parse::<Pin>(), PIN.parse());
        assert_eq!(bare.to_uppercase().parse::<Pin>(), PIN.parse());
        assert_eq!("sha256:00".parse::<Pin>(), Err(NotAPin));
        assert_eq!("é".repeat(32).parse::<Pin>(), Err(NotAPin));
    }

    #[test]
    fn site_names_are_safe_as_folder_names() {
        for good in ["lab", "prod-1", "A_b"] {
            assert!(is_site_name(good), "{good}");
        }
        for bad in ["", "..", "a/b", "a b", "-x", "é"] {
            assert!(!is_site_name(bad), "{bad}");
        }
    }
}
