//! The way to a real site: `consign site add`, `trust`, `default` and `remove`, against `consign serve` and servers whose
//! certificates are odd.

use nix::sys::signal::Signal;
use portable_pty::CommandBuilder;

use crate::support::shell::{Running, Shell};
use crate::support::terminal::Terminal;

/// A served site, and somebody on another machine who has its token and nothing else.
struct Far {
    here: Shell,
    there: Shell,
    server: Running,
    address: String,
    pin: String,
    token: String,
}

impl Far {
    fn new() -> Self {
        let (here, there) = (Shell::with_site(), Shell::bare());
        let mut server = here.start(&["serve", "--listen", "127.0.0.1:0"]);
        let settings = server.lines(4);
        let said = |key: &str| {
            let line = settings.lines().find(|line| line.starts_with(key));
            line.unwrap().split('"').nth(1).unwrap().to_owned()
        };
        Self {
            address: said("url").trim_start_matches("https://").to_owned(),
            pin: said("pin"),
            token: said("token_file"),
            here,
            there,
            server,
        }
    }

    /// Adds the site without being asked.
    fn added() -> Self {
        let far = Self::new();
        let pin = far.pin.clone();
        far.add(&["--fingerprint", &pin]).ends(0);
        far
    }

    fn add(&self, more: &[&str]) -> crate::support::shell::Outcome {
        let line = [
            "site",
            "add",
            "prod",
            &self.address,
            "--token-file",
            &self.token,
        ];
        self.there.run(&[&line, more].concat())
    }

    /// The same site with another certificate, at the same address.
    fn with_another_certificate(&mut self) {
        self.server.signal(Signal::SIGKILL);
        for file in ["certificate.pem", "key.pem"] {
            std::fs::remove_file(self.here.site("lab").join("serve").join(file)).unwrap();
        }
        self.server = self.here.start(&["serve", "--listen", &self.address]);
        let settings = self.server.lines(4);
        let line = settings.lines().find(|line| line.starts_with("pin"));
        let new = line.unwrap().split('"').nth(1).unwrap().to_owned();
        assert_ne!(new, self.pin);
        self.pin = new;
    }

    fn file(&self, path: &str) -> String {
        std::fs::read_to_string(self.there.home().join(path)).unwrap_or_default()
    }

    fn settings(&self) -> String {
        self.file("config/settings.toml")
    }

    fn known(&self) -> String {
        self.file("state/known_sites")
    }
}

/// A command with somebody at the keyboard.
fn at_terminal(shell: &Shell, arguments: &[&str]) -> Terminal {
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_consign"));
    command.args(arguments);
    command.cwd(shell.work());
    command.env("CONSIGN_HOME", shell.home());
    Terminal::run(command, (140, 40))
}

#[test]
fn an_unknown_certificate_is_shown_and_trusted_by_a_typed_yes() {
    let far = Far::new();
    let mut terminal = at_terminal(&far.there, &["site", "add"]);
    terminal.wait_for("called here").type_text("prod\r");
    terminal
        .wait_for("SMS Provider")
        .type_text(&far.address)
        .press("enter");
    terminal.wait_for("Type yes:");
    for shown in [
        "CN=consign lab",
        "itself",
        "localhost, 127.0.0.1",
        "1975-01-01",
        &far.pin,
    ] {
        terminal.wait_for(shown);
    }
    terminal.type_text("yes\r").wait_for("is known from now on");
    terminal.wait_for("Sign in to prod as").type_text("\r");
    // Nobody signs in without a token, so nothing is written; the answer about the certificate is kept.
    terminal.wait_for("the settings were not changed");
    assert_eq!(terminal.ended().exit_code(), 5);
    assert_eq!(far.settings(), "");
    assert!(
        far.known()
            .contains(&format!("{} {}", far.address, far.pin))
    );
    far.add(&["--banner", "PRODUCTION"])
        .ends(0)
        .says(&["site LAB"]);
    far.there.run(&["--site", "prod", "get", "dp"]).ends(0);
}

#[test]
fn anything_but_yes_trusts_nobody() {
    let far = Far::new();
    let line = ["site", "add", "prod", &far.address];
    let mut terminal = at_terminal(&far.there, &line);
    terminal.wait_for("Type yes:").type_text("y\r");
    terminal.wait_for("prod is not trusted, and nothing was sent");
    assert_eq!(terminal.ended().exit_code(), 6);
    assert_eq!(
        (far.settings(), far.known()),
        (String::new(), String::new())
    );
}

#[test]
fn without_a_terminal_the_fingerprint_says_yes() {
    let far = Far::new();
    let unknown = far.add(&[]).ends(6).without_data();
    unknown.says(&[
        "signed by itself",
        &far.pin,
        "--fingerprint",
        "the settings were not changed",
    ]);
    let wrong = format!("SHA256:{}", vec!["00"; 32].join(":"));
    let other = far.add(&["--fingerprint", &wrong]).ends(6);
    other.says(&["another certificate", &wrong, &far.pin]);
    assert_eq!(
        (far.settings(), far.known()),
        (String::new(), String::new())
    );
    far.add(&["--fingerprint", "yes"]).ends(2);
    let pin = far.pin.to_uppercase();
    let added = far.add(&["--fingerprint", &pin, "--default"]).ends(0);
    added.says(&["site LAB (lab)", "readonly = true"]);
    let expected = format!(
        "default_site = \"prod\"\n[site.prod]\nurl = \"https://{}\"\ntoken_file = \"{}\"\nreadonly = true\n",
        far.address, far.token
    );
    assert_eq!(far.settings(), expected);
    let listed = far.there.run(&["site", "list"]).ends(0);
    let line = format!(
        "* prod  remote  https://{}  read-only  admin  known\n",
        far.address
    );
    assert_eq!(listed.out, line);
    let trusted = far.there.run(&["site", "trust", "prod"]).ends(0);
    trusted.says(&["is trusted: it is known"]);
}

#[test]
fn a_changed_certificate_is_refused_until_it_is_replaced_on_purpose() {
    let mut far = Far::added();
    let old = far.pin.clone();
    far.with_another_certificate();
    let there = &far.there;
    let refused = there
        .run(&["--site", "prod", "get", "dp"])
        .ends(6)
        .without_data();
    refused.says(&[
        "it has changed",
        &old,
        &far.pin,
        "consign site trust prod --replace",
    ]);
    let plain = there.run(&["site", "trust", "prod"]).ends(6);
    plain.says(&[&old, &far.pin, "consign site trust prod --replace"]);
    let alone = there.run(&["site", "trust", "prod", "--replace"]).ends(6);
    alone.says(&["without a terminal: --replace --fingerprint"]);
    let line = ["site", "trust", "prod", "--replace"];
    let mut yes = at_terminal(there, &line);
    yes.wait_for("digits of its fingerprint:")
        .type_text("yes\r");
    assert_eq!(yes.ended().exit_code(), 6);
    assert!(far.known().contains(&old));
    let mut named = at_terminal(there, &line);
    named.wait_for(&old).wait_for(&far.pin);
    named
        .wait_for("digits of its fingerprint:")
        .type_text("prod\r");
    assert_eq!(named.ended().exit_code(), 0);
    there.run(&["--site", "prod", "get", "dp"]).ends(0);
    assert!(!far.known().contains(&old));
}

#[test]
fn a_broken_line_of_the_known_sites_is_told_and_the_rest_counts() {
    let far = Far::added();
    let known = format!("{}nonsense\n", far.known());
    far.there
        .write(far.there.home().join("state/known_sites"), &known);
    let listed = far.there.run(&["--site", "prod", "get", "dp"]).ends(0);
    listed.says(&["known_sites:3: ", "remove this line"]);
}

#[test]
fn a_broken_settings_file_is_told_and_left_alone() {
    let far = Far::new();
    far.there.settings("# mine\n[site.x\n");
    let refused = far.add(&["--fingerprint", &far.pin]).ends(1);
    refused.says(&["settings.toml:2: ", "nothing was changed"]);
    assert_eq!(far.settings(), "# mine\n[site.x\n");
}

#[test]
fn names_and_urls_that_cannot_be_are_refused_before_anything_is_asked() {
    let far = Far::added();
    far.there.run(&["site", "init", "mine"]).ends(0);
    for (name, reason) in [
        ("prod", "there is a [site.prod]"),
        ("lab", "lab is an embedded site"),
        ("mine", "mine is an embedded site"),
        ("a/b", "cannot name a site"),
    ] {
        let line = ["site", "add", name, &far.address];
        far.there.run(&line).ends(2).says(&[reason]);
    }
    let plain = [
        "site",
        "add",
        "new",
        "http://sccm01.corp.example/AdminService",
    ];
    let refused = far.there.run(&plain).ends(2);
    refused.says(&["over https, not http", "https://sccm01.corp.example"]);
    far.there
        .run(&["site", "add"])
        .ends(2)
        .says(&["the name is missing"]);
    far.there
        .run(&["site", "add", "new"])
        .ends(2)
        .says(&["the url is missing"]);
}

#[test]
fn a_site_that_does_not_answer_is_not_written_unless_one_insists() {
    let Far {
        there,
        server,
        address,
        token,
        ..
    } = Far::new();
    server.signal(Signal::SIGTERM);
    server.end().ends(0);
    let line = ["site", "add", "prod", &address, "--token-file", &token];
    let gone = there.run(&line).ends(6);
    gone.says(&[
        "cannot reach prod",
        "refused",
        "the settings were not changed",
        "--anyway",
    ]);
    let insisted = there.run(&[&line[..], &["--anyway"]].concat()).ends(0);
    insisted.says(&["cannot reach prod", "[site.prod] is in"]);
    let listed = there.run(&["site", "list"]).ends(0);
    assert!(
        listed.out.contains("read-only  admin  authorities"),
        "{}",
        listed.out
    );
}

#[test]
fn a_wrong_token_is_told_and_nothing_is_written() {
    let far = Far::new();
    let wrong = far.there.write("token", "not-the-token");
    let wrong = wrong.to_str().unwrap();
    let line = [
        "site",
        "add",
        "prod",
        &far.address,
        "--fingerprint",
        &far.pin,
        "--token-file",
        wrong,
    ];
    let refused = far.there.run(&line).ends(5).never_says("not-the-token");
    refused.says(&[
        "did not accept the sign-in",
        "the settings were not changed",
    ]);
    assert_eq!(far.settings(), "");
}

#[test]
fn a_site_leaves_the_settings_and_everything_else_stays() {
    let far = Far::added();
    let there = &far.there;
    let mine = format!(
        "# mine\n[limits] # all\nwarn_members = 3\n\n{}",
        far.settings()
    );
    there.settings(&mine);
    there.run(&["site", "default", "prod"]).ends(0);
    there.run(&["site", "default", "nobody"]).ends(2);
    let alone = there.run(&["site", "remove", "prod"]).ends(4);
    alone.says(&["--yes agrees beforehand"]);
    let removed = there.run(&["site", "remove", "prod", "--yes"]).ends(0);
    removed.says(&["prod was the default", "known certificates stay"]);
    assert_eq!(far.settings(), "# mine\n[limits] # all\nwarn_members = 3\n");
    assert!(far.known().contains(&far.pin));
    there
        .run(&["site", "remove", "lab", "--yes"])
        .ends(2)
        .says(&["embedded"]);
    there
        .run(&["site", "trust", "lab"])
        .ends(2)
        .says(&["embedded"]);
}
