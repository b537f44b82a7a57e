//! A site behind TLS: `consign serve` on one side, a `[site.NAME]` of the settings on the other.

use std::os::unix::fs::PermissionsExt;

use nix::sys::signal::Signal;
use portable_pty::CommandBuilder;

use super::files::{OFFER, block, made, offer, sources, unblock};
use crate::support::relay::{Line, Relay};
use crate::support::shell::{Running, Shell};
use crate::support::terminal::Terminal;

/// A served site, and somebody on another machine who knows how to reach it.
struct Served {
    here: Shell,
    there: Shell,
    server: Running,
    settings: String,
}

impl Served {
    fn new() -> Self {
        let here = Shell::with_fleet();
        let there = Shell::bare();
        let mut server = here.start(&["serve", "--listen", "127.0.0.1:0"]);
        let settings = server.lines(4);
        there.settings(&settings);
        Self {
            here,
            there,
            server,
            settings,
        }
    }

    /// The value of one line of the settings.
    fn said(&self, key: &str) -> &str {
        let line = self.settings.lines().find(|line| line.starts_with(key));
        line.unwrap().split('"').nth(1).unwrap()
    }

    /// Settings with one line said otherwise.
    fn with(&self, key: &str, value: &str) {
        let old = format!("{key} = \"{}\"", self.said(key));
        let new = format!("{key} = \"{value}\"");
        self.there.settings(&self.settings.replace(&old, &new));
    }

    /// The server again, where it was.
    fn again(&mut self) {
        let address = self.said("url").trim_start_matches("https://").to_owned();
        self.server = self.here.start(&["serve", "--listen", &address]);
        self.server.lines(4);
    }
}

const SITE: [&str; 2] = ["--site", "lab-served"];

fn line<'a>(arguments: &[&'a str]) -> Vec<&'a str> {
    SITE.iter().chain(arguments).copied().collect()
}

#[test]
fn how_to_connect_is_printed_and_the_token_is_for_its_owner_alone() {
    let served = Served::new();
    let url = served.said("url");
    assert!(
        url.starts_with("https://127.0.0.1:") && !url.ends_with(":0"),
        "{url}"
    );
    assert!(served.said("pin").starts_with("SHA256:"));
    let token = std::path::Path::new(served.said("token_file"));
    let mode = token.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    served.server.signal(Signal::SIGINT);
    let Served { server, .. } = served;
    server.end().ends(0).says(&["serving lab on", "stopped"]);
}

#[test]
fn a_whole_distribution_goes_over_the_line() {
    let served = Served::new();
    let there = &served.there;
    let local = served.here.run(&["get", "prog", "-o", "json"]).ends(0);
    let remote = there.run(&line(&["get", "prog", "-o", "json"])).ends(0);
    assert_eq!(local.out, remote.out);
    let shown = there.run(&line(&["show", "coll", "Pilot PCs"])).ends(0);
    assert!(shown.out.contains("37 devices"), "{}", shown.out);
    sources(there);
    let source = there.work().join("line-tool");
    let whole = OFFER.replace("./line-tool", source.to_str().unwrap());
    there.write("offer.toml", &whole);
    let planned = there.run(&line(&["plan", "offer.toml", "-o", "plan.json"]));
    planned.ends(0);
    let applied = there.run(&line(&["apply", "plan.json", "--yes"])).ends(0);
    assert_eq!(applied.ids().len(), 5, "{}", applied.out);
    assert_eq!(made(&served.here), (1, 1));
}

#[test]
fn another_certificate_than_the_pinned_one_is_refused_with_both_fingerprints() {
    let served = Served::new();
    let wrong = format!("SHA256:{}", vec!["00"; 32].join(":"));
    served.with("pin", &wrong);
    let refused = served
        .there
        .run(&line(&["get", "pkg"]))
        .ends(6)
        .without_data();
    refused.says(&[&wrong, served.said("pin"), "`pin` of [site.lab-served]"]);
    offer(&served.there);
    let plan = served.there.run(&line(&["plan", "offer.toml"])).ends(6);
    plan.says(&["not trusted"]).without_data();
    let pinned = format!("pin = \"{}\"\n", served.said("pin"));
    served.there.settings(&served.settings.replace(&pinned, ""));
    let unknown = served.there.run(&line(&["get", "pkg"])).ends(6);
    unknown.says(&[
        "not known here",
        "CN=consign lab",
        served.said("pin"),
        "`consign site trust lab-served`",
    ]);
}

#[test]
fn a_wrong_token_is_told_and_never_shown() {
    let served = Served::new();
    let secret = "not-the-token-1234567890";
    let token = served.there.write("token", secret);
    std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o600)).unwrap();
    served.with("token_file", token.to_str().unwrap());
    offer(&served.there);
    for arguments in [
        &["get", "pkg"][..],
        &["show", "coll", "Pilot PCs"],
        &["plan", "offer.toml"],
        &["apply", "offer.toml", "--yes"],
    ] {
        let refused = served.there.run(&line(arguments)).ends(5);
        refused
            .says(&["did not accept the sign-in", "token_file"])
            .never_says(secret);
    }
    assert!(!served.there.log().contains(secret));
    assert!(!served.here.log().contains(secret));
    std::fs::set_permissions(&token, std::fs::Permissions::from_mode(0o644)).unwrap();
    let open = served.there.run(&line(&["get", "pkg"])).ends(5);
    open.says(&["can be read by others"]).never_says(secret);
    std::fs::remove_file(&token).unwrap();
    let missing = served.there.run(&line(&["get", "pkg"])).ends(1);
    missing.says(&["No such file", "token_file of [site.lab-served]"]);
}

#[test]
fn the_right_token_stays_out_of_logs_too() {
    let served = Served::new();
    let token = std::fs::read_to_string(served.said("token_file")).unwrap();
    let mut asking = served.there.command(&line(&["get", "pkg"]));
    asking.env("CONSIGN_LOG", "trace");
    crate::support::shell::outcome(asking, "").ends(0);
    let log = served.there.log();
    assert!(log.contains("asked"), "nothing was logged");
    assert!(!log.contains(token.trim()));
}

#[test]
fn what_a_token_command_complains_of_at_the_start_is_for_the_terminal_alone() {
    let there = Shell::bare();
    there.settings(
        "[site.prod]\nurl = \"https://127.0.0.1:1\"\ntoken_command = \"set -x; : half-a-secret; exit 3\"\n",
    );
    let mut asking = there.command(&["get", "pkg", "--site", "prod"]);
    asking.env("CONSIGN_LOG", "trace");
    let failed = crate::support::shell::outcome(asking, "").ends(1);
    failed.says(&["the command says: + : half-a-secret", "exit status: 3"]);
    assert!(there.log().contains("exit status: 3"), "nothing was logged");
    assert!(!there.log().contains("half-a-secret"));
}

#[test]
fn requests_are_logged_when_asked_for_and_never_with_the_token() {
    let served = Served::new();
    let token = std::fs::read_to_string(served.said("token_file")).unwrap();
    let there = &served.there;
    there.run(&line(&["get", "pkg"])).ends(0);
    let asked = format!("GET {}/AdminService/wmi/SMS_Package?", served.said("url"));
    assert!(!there.log().contains(&asked), "{}", there.log());
    there.run(&line(&["get", "pkg", "--log-requests"])).ends(0);
    let log = there.log();
    let told = log.lines().find(|line| line.contains(&asked));
    let told = told.unwrap_or_else(|| panic!("{log}"));
    assert!(
        told.contains(" 200 ") && told.contains(" B received"),
        "{told}"
    );
    assert!(!log.contains(token.trim()));
}

#[test]
fn a_server_that_is_gone_is_told_as_unreachable() {
    let served = Served::new();
    served.server.signal(Signal::SIGTERM);
    let Served { there, server, .. } = served;
    server.end().ends(0);
    let gone = there.run(&line(&["get", "pkg"])).ends(6).without_data();
    gone.says(&["cannot reach lab-served", "refused"]);
    offer(&there);
    there
        .run(&line(&["apply", "offer.toml", "--yes"]))
        .ends(6)
        .without_data();
}

/// The offer by the whole path of its files, as the server sees them.
fn offer_from(served: &Served, change: impl Fn(&str) -> String) {
    sources(&served.here);
    let source = served.here.work().join("line-tool");
    let offer = OFFER.replace("./line-tool", source.to_str().unwrap());
    served.there.write("offer.toml", &change(&offer));
}

#[test]
fn a_server_killed_under_a_run_is_waited_for_and_nothing_is_made_twice() {
    let mut served = Served::new();
    offer_from(&served, |offer| {
        offer.replace("[advert", "wait = \"none\"\n[advert")
    });
    let mut run = served.there.start(&line(&["apply", "offer.toml", "--yes"]));
    run.until_it_says("[1/5] Package Line Tool X 9.1: running");
    served.server.signal(Signal::SIGKILL);
    run.until_it_says("trying again");
    served.again();
    let mut ended = run.end();
    if ended.code != 0 {
        // What was under way when it died is not there: a person says that it is sent again.
        ended.ends(6).says(&["lab-served", "consign resume"]);
        ended = served.there.run(&line(&["resume", "--continue"])).ends(0);
    }
    assert_eq!(ended.ids().len(), 5, "{}", ended.out);
    assert_eq!(made(&served.here), (1, 1));
}

#[test]
fn a_run_that_waits_outlasts_its_server() {
    let mut served = Served::new();
    block(&served.here);
    offer_from(&served, |offer| offer.replace("dp01", "dp02"));
    let mut run = served.there.start(&line(&["apply", "offer.toml", "--yes"]));
    run.until_it_says("checking (0 of 1 points");
    served.server.signal(Signal::SIGKILL);
    run.until_it_says("the site does not answer (");
    unblock(&served.here);
    served.again();
    run.end().ends(0);
    assert_eq!(made(&served.here), (1, 1));
}

#[test]
fn two_processes_on_one_site_share_its_background() {
    let served = Served::new();
    offer(&served.here);
    served.here.run(&["apply", "offer.toml", "--yes"]).ends(0);
    let found = ["get", "pkg", "--filter", "\"Line Tool X\"", "-o", "name"];
    let remote = served.there.run(&line(&found));
    assert_eq!(remote.ends(0).ids().len(), 1);
}

#[test]
fn what_cannot_be_served_says_why() {
    let served = Served::new();
    let address = served.said("url").trim_start_matches("https://");
    let taken = served.here.run(&["serve", "--listen", address]).ends(1);
    taken.says(&["cannot listen on", "--listen"]).without_data();
    let remote = served.there.run(&line(&["serve"])).ends(2);
    remote.says(&["only an embedded one is served"]);
    let open = served.here.write("open-token", "secret-in-the-open");
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o644)).unwrap();
    let mut line = vec!["serve", "--listen", "127.0.0.1:0", "--token-file"];
    line.push(open.to_str().unwrap());
    let refused = served.here.run(&line).ends(1);
    refused
        .says(&["can be read by others", "chmod 600"])
        .never_says("secret-in-the-open");
}

#[test]
fn a_difficult_site_says_what_it_plays_and_help_lists_the_parts() {
    let here = Shell::with_site();
    let line = ["serve", "--listen", "127.0.0.1:0", "--strict"];
    let more = ["--quirk", "no-put", "--trouble", "html=3"];
    let mut server = here.start(&[&line[..], &more].concat());
    server.until_it_says(
        "playing a difficult site: windows, no-schedules, no-backslash, plain-value, next-link, no-put, html=3",
    );
    let help = here.run(&["serve", "--help"]).ends(0);
    for part in ["shifted-clock", "viewer", "cut-before", "failed-after"] {
        assert!(help.out.contains(part), "{part} is not in\n{}", help.out);
    }
    let wrong = ["serve", "--trouble", "flood"];
    here.run(&wrong)
        .ends(2)
        .says(&["there is no trouble flood"]);
}

/// A served site that shows half of itself.
fn half_seen() -> (Shell, Shell, Running) {
    let here = Shell::with_fleet();
    let there = Shell::bare();
    let mut server = here.start(&[
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--strict",
        "--quirk",
        "viewer",
    ]);
    there.settings(&server.lines(4));
    (here, there, server)
}

/// A list with somebody at the terminal; everything that was shown until it ended.
fn looked_at(shell: &Shell, arguments: &[&str]) -> String {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_consign"));
    command.args(arguments);
    command.cwd(shell.work());
    command.env("CONSIGN_HOME", shell.home());
    let mut terminal = Terminal::run(command, (140, 100));
    assert!(terminal.ended().success());
    terminal.screen()
}

#[test]
fn a_person_is_told_beside_the_data_that_the_account_sees_a_part() {
    const TOLD: &str = "these are those you can see";
    let (_here, there, _server) = half_seen();
    let part = looked_at(&there, &line(&["get", "pkg", "-o", "name"]));
    assert!(part.contains(TOLD), "{part}");
    let served = Served::new();
    for (shell, arguments) in [
        (&served.there, &line(&["get", "pkg"])[..]),
        (&served.here, &["get", "pkg"]),
    ] {
        let all = looked_at(shell, arguments);
        assert!(all.contains("7-Zip") && !all.contains(TOLD), "{all}");
    }
}

#[test]
fn a_script_asks_for_its_rows_and_nothing_else() {
    let (_here, there, _server) = half_seen();
    let asking = line(&["get", "pkg", "-o", "name", "--log-requests"]);
    let part = there.run(&asking).ends(0).never_says("you can see");
    assert!((1..22).contains(&part.ids().len()), "{}", part.out);
    let log = there.log();
    assert!(log.contains("wmi/SMS_Package"), "{log}");
    assert!(
        !log.contains("GetCurrentUser") && !log.contains("SMS_Admin"),
        "{log}"
    );
    let collection = there.list(&["coll", "Pilot laptops", "--site", "lab-served"]);
    let members = there.run(&line(&["get", "members", "Pilot laptops", "-o", "name"]));
    let counted = collection[0]["MemberCount"].as_u64().unwrap();
    assert!((members.ends(0).ids().len() as u64) < counted);
}

#[test]
fn a_plan_says_whom_the_account_does_not_see() {
    let (_here, there, _server) = half_seen();
    let plan = |collection: &str| {
        let file = format!(
            "[package]\nuse = \"Chrome\"\n[program]\nuse = \"Install\"\n[collection]\n{collection}\n\
             [advertisement]\npurpose = \"required\"\ndeadline = \"2031-12-01T20:00\"\n"
        );
        there.write("plan.toml", &file);
        there.run(&line(&["plan", "plan.toml"]))
    };
    let existing = plan("use = \"Pilot laptops\"");
    existing.says(&["6 of the 12 devices are hidden from you and get it too"]);
    let new = "name = \"Ours\"\nlimit_to = \"All Laptops\"\nquery = \"select * from SMS_R_System\"";
    plan(new).says(&["confirm  SAF-W06", "the site may find more"]);
    let of_others = "name = \"Ours\"\nlimit_to = \"All Laptops\"\ninclude = [\"Pilot laptops\"]";
    plan(of_others).says(&["Counted are the 6 devices you can see and up to 6 hidden from you"]);
}

#[test]
fn a_run_outlasts_a_slow_line_that_is_cut_while_it_waits() {
    let served = Served::new();
    let (relay, through) = Relay::before(&served.settings, Line::SLOW);
    served.there.settings(&through);
    block(&served.here);
    offer_from(&served, |offer| offer.replace("dp01", "dp02"));
    let mut run = served.there.start(&line(&["apply", "offer.toml", "--yes"]));
    run.until_it_says("checking (0 of 1 points");
    relay.cut();
    run.until_it_says("the site does not answer (");
    unblock(&served.here);
    relay.mend();
    run.end().ends(0);
    assert_eq!(made(&served.here), (1, 1));
}

#[test]
fn a_plan_is_applied_to_a_strict_site() {
    let here = Shell::with_fleet();
    let there = Shell::bare();
    let serve = [
        "serve",
        "--listen",
        "127.0.0.1:0",
        "--strict",
        "--quirk",
        "no-put",
    ];
    let mut server = here.start(&serve);
    there.settings(&server.lines(4));
    sources(&here);
    let source = here.work().join("line-tool");
    let source = source.to_str().unwrap();
    let required = OFFER.replace(
        "\"available\"",
        "\"required\"\ndeadline = \"2031-12-01T20:00\"",
    );
    there.write("offer.toml", &required.replace("./line-tool", source));
    let of_this_machine = there.run(&line(&["apply", "offer.toml", "--yes"]));
    of_this_machine.ends(3).says(&["PKG-E18"]).without_data();
    let shared = format!(r"\\files{}", source.replace('/', "\\"));
    let shared = required.replace("\"./line-tool\"", &format!("'{shared}'"));
    there.write("offer.toml", &shared);
    // As with any real site (wizard.md 1.4, 1.5): told before anything is made, not by the run.
    let planned = there.run(&line(&["plan", "offer.toml"])).ends(0);
    planned.says(&["PLN-I03", "becomes available and required at once"]);
    let applied = there.run(&line(&["apply", "offer.toml", "--yes"])).ends(0);
    assert_eq!(applied.ids().len(), 5, "{}", applied.out);
    assert_eq!(made(&here), (1, 1));
}

#[test]
fn a_plan_that_could_not_be_held_against_the_site_is_not_called_outdated() {
    let mut served = Served::new();
    offer_from(&served, str::to_owned);
    let planned = line(&["plan", "offer.toml", "-o", "plan.json"]);
    served.there.run(&planned).ends(0);
    let address = served.said("url").trim_start_matches("https://").to_owned();
    served.server.signal(Signal::SIGTERM);
    let breaking = ["serve", "--listen", &address, "--trouble", "failed-after=1"];
    served.server = served.here.start(&breaking);
    served.server.lines(4);
    let apply = line(&["apply", "plan.json", "--yes"]);
    let unread = served.there.run(&apply).ends(1).without_data();
    unread
        .says(&["could not be looked up", "apply it again"])
        .never_says("have changed");
    assert_eq!(made(&served.here), (0, 0));
}

#[test]
fn a_site_that_asks_who_is_there_at_every_fifth_request_gets_the_whole_plan_once() {
    for trouble in ["signed-out=5", "busy=5"] {
        let here = Shell::with_fleet();
        let there = Shell::bare();
        let mut server = here.start(&["serve", "--listen", "127.0.0.1:0", "--trouble", trouble]);
        there.settings(&server.lines(4));
        sources(&there);
        let source = there.work().join("line-tool");
        let offer = OFFER.replace("./line-tool", source.to_str().unwrap());
        there.write("offer.toml", &offer);
        let planned = line(&["plan", "offer.toml", "-o", "plan.json"]);
        there.run(&planned).ends(0);
        let applied = there.run(&line(&["apply", "plan.json", "--yes"])).ends(0);
        assert_eq!(applied.ids().len(), 5, "{trouble}: {}", applied.out);
        assert_eq!(made(&here), (1, 1), "{trouble}");
    }
}
