//! One lab for all of these tests: started by the first, and removed when this process ends, however it does.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::OnceLock;

use portable_pty::CommandBuilder;

use crate::support::shell::{Outcome, Shell, outcome};
use crate::support::terminal::Terminal;

/// A running lab.
pub struct Lab {
    said: BTreeMap<String, String>,
    /// The lab stops itself when this input ends.
    _held: Child,
}

/// The lab, where this machine has its packages.
pub fn lab() -> Option<&'static Lab> {
    static LAB: OnceLock<Option<Lab>> = OnceLock::new();
    LAB.get_or_init(|| {
        let missing = script().arg("ready").output().unwrap();
        if missing.status.success() {
            return Some(Lab::started());
        }
        // Straight to the terminal: the harness keeps what a passing test prints to itself.
        let _ = writeln!(
            std::io::stderr(),
            "sign-in tests skipped: {}; tests/negotiate-lab/setup.sh install",
            String::from_utf8_lossy(&missing.stdout).trim()
        );
        None
    })
    .as_ref()
}

fn script() -> Command {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    Command::new(root.join("tests/negotiate-lab/setup.sh"))
}

impl Lab {
    fn started() -> Self {
        const PORTS: [&str; 7] = ["HTTPS", "HTTP", "KDC", "EPA", "EACH", "RELAY", "UNBOUND"];
        let folder = std::env::temp_dir().join(format!("consign-lab-{}", std::process::id()));
        // All are taken at once, so that no two are the same.
        let listeners: Vec<TcpListener> = PORTS
            .iter()
            .map(|_| TcpListener::bind("127.0.0.1:0").unwrap())
            .collect();
        let mut script = script();
        script.arg("hold").env("LAB_DIR", folder);
        script.env("LAB_CONSIGN", env!("CARGO_BIN_EXE_consign"));
        for (name, listener) in PORTS.iter().zip(&listeners) {
            let port = listener.local_addr().unwrap().port().to_string();
            script.env(format!("LAB_{name}_PORT"), port);
        }
        drop(listeners);
        let mut held = script
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(held.stdout.take().unwrap()).lines();
        let mut lines = lines.map_while(Result::ok);
        let assigned = |line: String| {
            let (key, value) = line.strip_prefix("export ")?.split_once('=')?;
            Some((key.to_owned(), value.to_owned()))
        };
        let before = lines.by_ref().take_while(|line| line != "ready");
        let said: BTreeMap<_, _> = before.filter_map(assigned).collect();
        if !said.contains_key("KRB5CCNAME") {
            let ended = held.wait();
            panic!("the lab did not start ({ended:?}): tests/negotiate-lab/setup.sh up says why");
        }
        Self { said, _held: held }
    }

    /// What the lab says of itself, without its first three letters: `URL`, `PIN`, ...
    pub fn said(&self, key: &str) -> &str {
        &self.said[&format!("LAB_{key}")]
    }

    /// Server and port of one of its addresses.
    pub fn server(&self, key: &str) -> &str {
        let url = self.said(key);
        url.strip_suffix("/AdminService/wmi/SMS_Site")
            .unwrap_or(url)
    }

    pub fn file(&self, name: &str) -> PathBuf {
        PathBuf::from(self.said("DIR")).join(name)
    }

    /// Everything a part of it has logged so far.
    pub fn log(&self, name: &str) -> String {
        std::fs::read_to_string(self.file("log").join(name)).unwrap()
    }

    /// Somebody on another machine with no ticket yet.
    pub fn person(&'static self) -> Person {
        Person {
            lab: self,
            shell: Shell::bare(),
            kerberos: self.said["KRB5_CONFIG"].clone().into(),
            libraries: None,
        }
    }
}

/// Somebody with a home and a ticket cache of their own.
pub struct Person {
    pub lab: &'static Lab,
    pub shell: Shell,
    kerberos: PathBuf,
    /// Where libraries are looked for first.
    libraries: Option<PathBuf>,
}

impl Person {
    /// Knows one site, `prod`, at one of the lab's addresses; `keys` are further lines of its settings.
    pub fn knowing(self, server: &str, keys: &str) -> Self {
        let pin = match server {
            "SERVED_URL" => "SERVED_PIN",
            "RELAY_URL" => "RELAY_PIN",
            "UNBOUND_URL" => "UNBOUND_PIN",
            _ => "PIN",
        };
        let (url, pin) = (self.lab.server(server).to_owned(), self.lab.said(pin));
        self.knowing_at(&url, pin, keys)
    }

    pub fn knowing_at(self, url: &str, pin: &str, keys: &str) -> Self {
        let site = format!("[site.prod]\nurl = \"{url}\"\npin = \"{pin}\"\n{keys}\n");
        self.shell
            .settings(&format!("default_site = \"prod\"\n{site}"));
        self
    }

    /// With other words in krb5.conf.
    pub fn with_kerberos(mut self, old: &str, new: &str) -> Self {
        let config = std::fs::read_to_string(&self.kerberos).unwrap();
        assert!(config.contains(old), "{config}");
        let changed = config.replace(old, new);
        self.kerberos = self.shell.write("krb5.conf", &changed);
        self
    }

    /// On a machine whose Kerberos library cannot be loaded: an empty file is found in its place.
    pub fn without_library(mut self) -> Self {
        let empty = self.shell.write("lib/libgssapi_krb5.so.2", "");
        self.libraries = empty.parent().map(PathBuf::from);
        self
    }

    /// Gets a ticket that holds so long.
    pub fn with_ticket(self, holds: &str) -> Self {
        let user = format!("{}@{}", self.lab.said("USER"), self.lab.said("REALM"));
        let password = format!("{}\n", self.lab.said("PASSWORD"));
        let kinit = self.in_its_surroundings(Command::new("kinit"), &["-l", holds, &user]);
        outcome(kinit, &password).ends(0);
        self
    }

    /// Waits until the ticket has expired.
    pub fn until_it_expires(self) -> Self {
        while outcome(self.in_its_surroundings(Command::new("klist"), &["-s"]), "").code == 0 {
            std::thread::yield_now();
        }
        self
    }

    /// The program in a terminal, with this person at it.
    pub fn at_a_terminal(&self, arguments: &[&str]) -> Terminal {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_consign"));
        command.args(arguments);
        command.cwd(self.shell.work());
        command.env("CONSIGN_HOME", self.shell.home());
        command.env("TERM", "xterm-256color");
        command.env("LANG", "C.UTF-8");
        command.env("TZ", "UTC");
        command.env("KRB5_CONFIG", &self.kerberos);
        command.env("KRB5CCNAME", self.cache());
        Terminal::run(command, (100, 30))
    }

    pub fn run(&self, arguments: &[&str]) -> Outcome {
        outcome(
            self.in_its_surroundings(self.shell.command(arguments), &[]),
            "",
        )
    }

    /// With a clock that runs ahead by so much.
    pub fn run_ahead(&self, by: &str, arguments: &[&str]) -> Outcome {
        let mut faketime = self.in_its_surroundings(Command::new("faketime"), &["-f", by]);
        faketime.arg(env!("CARGO_BIN_EXE_consign")).args(arguments);
        faketime.env("DONT_FAKE_MONOTONIC", "1");
        faketime.env("CONSIGN_HOME", self.shell.home());
        outcome(faketime, "")
    }

    fn cache(&self) -> String {
        format!("FILE:{}", self.shell.work().join("ccache").display())
    }

    fn in_its_surroundings(&self, mut command: Command, arguments: &[&str]) -> Command {
        command
            .args(arguments)
            .env("KRB5_CONFIG", &self.kerberos)
            .env("KRB5CCNAME", self.cache())
            .env("LAB_PASSWORD", self.lab.said("PASSWORD"));
        if let Some(libraries) = &self.libraries {
            command.env("LD_LIBRARY_PATH", libraries);
        }
        command
    }
}
