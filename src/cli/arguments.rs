//! Every command and option, as `--help` shows them.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use strum::IntoEnumIterator;

use super::exit::Exit;
use crate::client::listing::Kind;
use crate::config::{NotAPin, Pin};
use crate::site::strict::{Quirk, Script, Trouble, TroubleKind};

/// What works with every command stands apart from the options of the command at hand.
const EVERYWHERE: &str = "Options of every command";

/// A terminal console for Configuration Manager software distribution.
///
/// Without a command the console opens.
#[derive(Debug, Parser)]
#[command(name = "consign", version, after_help = exits())]
pub struct Arguments {
    /// The site: a [site.NAME] of the settings file, or an embedded one [default: the one the settings name, else the
    /// embedded site `lab`]
    #[arg(long, global = true, value_name = "NAME", help_heading = EVERYWHERE)]
    pub site: Option<String>,
    /// Write method, URL, status, time and size of each request to the log
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub log_requests: bool,
    /// Allow changes this once on a site whose settings say `readonly = true`
    #[arg(long, global = true, help_heading = EVERYWHERE)]
    pub write: bool,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Open the console on a throw-away site with a sample fleet
    Demo(Demo),
    /// Go straight into the wizard
    Wizard(Wizard),
    /// Connect real sites, make embedded ones, and see which sites there are
    #[command(subcommand)]
    Site(Site),
    /// List objects
    Get(Get),
    /// Show one object, or what a plan would do
    Show(Show),
    /// Make a plan from a distribution file; nothing is changed
    Plan(Plan),
    /// Carry out a plan, or a distribution file
    Apply(Apply),
    /// Continue a run that was cut, roll it back, or keep what it made
    Resume(Resume),
    /// Serve an embedded site over TLS
    Serve(Serve),
    /// Print what a shell needs to complete this command line
    Completions(Completions),
}

#[derive(Debug, Clone, Copy, Args)]
pub struct Demo {
    /// How many devices the sample fleet has
    #[arg(long, value_name = "N", default_value_t = 500)]
    pub devices: u32,
    /// The same seed makes the same fleet
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct Wizard {
    /// Ask plain questions instead, a line each: for screen readers, braille displays and logs
    #[arg(long)]
    pub linear: bool,
}

#[derive(Debug, Clone, Copy, Args)]
pub struct Completions {
    /// The shell that is to complete
    pub shell: clap_complete::Shell,
}

#[derive(Debug, Subcommand)]
pub enum Site {
    /// Connect a real site: tries the way to it, and writes it into the settings file for looking only
    Add(Box<Add>),
    /// Look at the certificate of a site, and trust it if it is the right one
    Trust(Trust),
    /// Check every step of the way to a site, and say what is in the way
    Check(Check),
    /// Make an embedded site
    Init(Init),
    /// List the sites of the settings file and the embedded ones
    List,
    /// Choose the site that is meant where no --site is named
    Default {
        /// Its name; `consign site list` shows them all
        name: String,
    },
    /// Take a site out of the settings file
    Remove(Remove),
}

#[derive(Debug, Args)]
pub struct Add {
    /// What the site is called here; asked for if it is left out
    pub name: Option<String>,
    /// The server of the SMS Provider, by its full name, for example sccm01.corp.example; a whole url will do
    pub url: Option<String>,
    /// How to sign in [default: a token where one is named, else Kerberos]
    #[arg(long, value_name = "WAY", value_parser = ["auto", "kerberos", "ntlm", "bearer"])]
    pub auth: Option<String>,
    /// As whom: ada@CORP.EXAMPLE or CORP\ada [default: whoever has a Kerberos ticket]
    #[arg(long, value_name = "USER")]
    pub user: Option<String>,
    #[command(flatten)]
    pub token: TokenFrom,
    /// Authorities that are trusted beside the system's own, as a PEM file
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,
    /// Whom the console is for [default: admin]
    #[arg(long, value_name = "PROFILE", value_parser = ["admin", "helpdesk", "viewer"])]
    pub profile: Option<String>,
    /// Words that stand on every screen, such as PRODUCTION
    #[arg(long, value_name = "WORDS")]
    pub banner: Option<String>,
    /// From now on it is meant where no --site is named
    #[arg(long)]
    pub default: bool,
    /// The certificate's SHA-256, known beforehand: trusted without asking if the server shows it
    #[arg(long, value_name = "SHA256", value_parser = pin)]
    pub fingerprint: Option<Pin>,
    /// Write the entry even if the site cannot be reached or does not let you in
    #[arg(long)]
    pub anyway: bool,
}

/// Where the bearer token comes from.
#[derive(Debug, Args)]
#[group(id = "token", multiple = false)]
pub struct TokenFrom {
    /// The file with the bearer token
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<String>,
    /// The environment variable with the bearer token
    #[arg(long, value_name = "VARIABLE")]
    pub token_env: Option<String>,
    /// The command that prints the bearer token
    #[arg(long, value_name = "COMMAND")]
    pub token_command: Option<String>,
}

#[derive(Debug, Args)]
pub struct Trust {
    /// Its name; `consign site list` shows them all
    pub name: String,
    /// Take a new certificate in place of the known one
    #[arg(long)]
    pub replace: bool,
    /// The certificate's SHA-256, known beforehand: trusted without asking if the server shows it
    #[arg(long, value_name = "SHA256", value_parser = pin)]
    pub fingerprint: Option<Pin>,
}

#[derive(Debug, Args)]
pub struct Check {
    /// Its name; `consign site list` shows them all
    pub name: String,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = ShowForm::Text, value_name = "FORM")]
    pub output: ShowForm,
}

#[derive(Debug, Args)]
pub struct Remove {
    /// Its name; `consign site list` shows them all
    pub name: String,
    /// Remove it without asking
    #[arg(long)]
    pub yes: bool,
}

#[derive(Debug, Args)]
pub struct Init {
    /// What the site is called here
    pub name: String,
    /// Its site code: three letters or digits
    #[arg(long, default_value = "LAB")]
    pub code: String,
    #[command(flatten)]
    pub fleet: Fleet,
}

/// A fleet to play with.
#[derive(Debug, Args)]
pub struct Fleet {
    /// Fill it with a sample fleet of N devices
    #[arg(long, value_name = "N")]
    pub sample: Option<u32>,
    /// The same seed makes the same fleet
    #[arg(long, value_name = "S", default_value_t = 1, requires = "sample")]
    pub seed: u64,
}

#[derive(Debug, Args)]
pub struct Get {
    /// What to list: packages, programs, collections, members, distribution-points, groups, assignments,
    /// advertisements, deployments, statuses, devices; also in the singular and as pkg, prog, coll, dp, adv
    #[arg(value_parser = kind)]
    pub kind: Kind,
    /// Only these; for members the collection
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
    /// Words to filter by, as with `/` in the panes: part of a name, field:value, field>number, !word
    #[arg(long, value_name = "WORDS")]
    pub filter: Option<String>,
    /// Sort by a column, `name` or `name:desc`
    #[arg(long, value_name = "COL[:desc]")]
    pub sort: Option<String>,
    /// At most so many
    #[arg(long, value_name = "N")]
    pub limit: Option<usize>,
    /// How to write them
    #[arg(short, long, value_enum, default_value_t = Form::Table)]
    pub output: Form,
}

#[derive(Debug, Args)]
pub struct Show {
    /// What it is: package, program, collection, distribution-point, group, advertisement, device; or the file of a plan
    /// that was kept, or a distribution file
    #[arg(value_name = "KIND|PLAN.json|FILE.toml", value_parser = shown)]
    pub what: Shown,
    /// Its id or name, for a program LAB00012/Install; not for a file
    #[arg(value_name = "ID")]
    pub id: Option<String>,
    /// How to write it
    #[arg(short, long, value_enum, default_value_t = ShowForm::Text)]
    pub output: ShowForm,
}

#[derive(Debug, Args)]
pub struct Plan {
    /// The distribution file
    #[arg(value_name = "FILE.toml")]
    pub file: PathBuf,
    /// Keep the plan in this file, for `consign apply`; `-` writes it to standard output
    #[arg(short, long, value_name = "PLAN.json")]
    pub output: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Apply {
    /// A plan that was kept, or a distribution file
    #[arg(value_name = "PLAN.json|FILE.toml")]
    pub file: PathBuf,
    /// Accept the plan and every finding that asks for a confirmation; a name that must be typed needs
    /// --confirm-collection as well
    #[arg(long)]
    pub yes: bool,
    /// Type the name of the collection, where the plan demands it
    #[arg(long, value_name = "NAME")]
    pub confirm_collection: Option<String>,
}

#[derive(Debug, Args)]
#[group(id = "way", multiple = false)]
pub struct Way {
    /// Carry out what is left of it
    #[arg(long = "continue")]
    pub go_on: bool,
    /// Remove what the plan made, and nothing else
    #[arg(long)]
    pub roll_back: bool,
    /// Leave what was made and close the run
    #[arg(long)]
    pub keep: bool,
}

#[derive(Debug, Args)]
pub struct Resume {
    /// The run, by the beginning of its plan's id; not needed where there is only one
    #[arg(value_name = "PLAN")]
    pub plan: Option<String>,
    #[command(flatten)]
    pub way: Way,
}

#[derive(Debug, Args)]
pub struct Serve {
    /// Address and port to listen on
    #[arg(long, value_name = "ADDRESS:PORT", default_value = "127.0.0.1:8443")]
    pub listen: SocketAddr,
    /// The file with the token that opens the site; made if it is not there [default: beside the site]
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
    #[command(flatten)]
    pub playing: Playing,
}

/// A served site playing a difficult real one, for training and for tests.
#[derive(Debug, Args)]
#[command(next_help_heading = "Playing a difficult site, for training")]
pub struct Playing {
    /// Do what real sites are expected to do: windows, no-schedules, no-backslash, plain-value and next-link
    #[arg(long)]
    pub strict: bool,
    /// One habit more; --help lists them
    #[arg(long = "quirk", value_name = "KIND", value_parser = quirk, long_help = quirks())]
    pub quirks: Vec<Quirk>,
    /// A fault now and then; --help lists them
    #[arg(long = "trouble", value_name = "KIND[=N]", long_help = troubles())]
    pub troubles: Vec<Trouble>,
}

impl Playing {
    /// What the served site plays.
    pub fn script(&self) -> Script {
        let mut script = if self.strict {
            Script::strict()
        } else {
            Script::default()
        };
        script.quirks.extend(&self.quirks);
        script.troubles.clone_from(&self.troubles);
        script
    }
}

/// What is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shown {
    /// An object of the site.
    Object(Kind),
    /// A plan, or a distribution file.
    File(PathBuf),
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Form {
    /// The columns of the pane
    Table,
    /// All columns
    Wide,
    /// An array of objects with the class's own property names
    Json,
    /// All columns and times, comma-separated; times in ISO 8601, without an offset where each device's own clock is meant
    Csv,
    /// Ids, one a line
    Name,
}

/// How one object is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ShowForm {
    /// In words
    Text,
    /// As data: an object as the site has it
    Json,
}

fn kind(word: &str) -> Result<Kind, String> {
    word.parse::<Kind>().map_err(|unknown| unknown.to_string())
}

/// A kind, else a file by the ending of its name: no kind has one.
fn shown(word: &str) -> Result<Shown, String> {
    let path = PathBuf::from(word);
    let is_file = path.extension().is_some() || path.is_file();
    match word.parse() {
        Ok(kind) => Ok(Shown::Object(kind)),
        Err(_) if is_file => Ok(Shown::File(path)),
        Err(unknown) => Err(format!(
            "{unknown}; a plan is named by its file, such as plan.json"
        )),
    }
}

fn quirk(word: &str) -> Result<Quirk, String> {
    let unknown = |_| format!("there is no quirk {word}");
    word.parse().map_err(unknown)
}

fn quirks() -> String {
    let lines =
        Quirk::iter().map(|quirk| format!("\n  {:<14} {}", quirk.to_string(), quirk.words()));
    format!(
        "One habit more. May be given several times.{}",
        lines.collect::<String>()
    )
}

fn troubles() -> String {
    let lines =
        TroubleKind::iter().map(|kind| format!("\n  {:<14} {}", kind.to_string(), kind.words()));
    format!(
        "A fault now and then. May be given several times.{}",
        lines.collect::<String>()
    )
}

fn pin(text: &str) -> Result<Pin, NotAPin> {
    text.parse()
}

/// The exit codes, for the end of `--help`.
fn exits() -> String {
    let lines = Exit::iter().map(|exit| format!("  {}  {}\n", exit as u8, exit.meaning()));
    format!("Exit codes:\n{}", lines.collect::<String>())
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_site_may_be_named_anywhere() {
        for line in [
            ["consign", "--site", "prod", "get", "pkg"],
            ["consign", "get", "pkg", "--site", "prod"],
        ] {
            let arguments = Arguments::try_parse_from(line).unwrap();
            assert_eq!(arguments.site.as_deref(), Some("prod"));
        }
    }
}
