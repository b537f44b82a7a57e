//! The certificates a person trusted when a site was first met, as ssh keeps its known hosts.
//!
//! One line for each server: host and port, fingerprint, and when it was trusted.
//!
//! ```text
//! sccm01.corp.example:443 SHA256:5f:... 2026-11-22T19:47:55Z
//! ```
//! A line that cannot be read is told with its number and trusts nobody; the rest counts, and every line stays as it
//! is when another one changes.

use std::io;
use std::path::Path;

use jiff::Timestamp;

use super::fault::Fault;
use super::pin::Pin;
use super::private;

/// Written into a new file, for whoever opens it.
const HEAD: &str = "# Certificates trusted by their fingerprint: host:port, SHA-256, when. `consign site trust` writes \
                    this file.";

/// What the file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownSites {
    lines: Vec<Line>,
}

/// One line of the file, kept as it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Line {
    text: String,
    /// The server it is about, where it can be read.
    server: Option<String>,
    /// What is known of it; nothing where another line counts.
    known: Option<Known>,
}

/// A certificate that was trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    pub pin: Pin,
    pub since: Timestamp,
}

/// The name of a server in the file: host and port, an IPv6 address in brackets.
pub fn server(host: &str, port: u16) -> String {
    let host = host.trim_end_matches('.').to_ascii_lowercase();
    if host.contains(':') {
        format!("[{host}]:{port}")
    } else {
        format!("{host}:{port}")
    }
}

impl KnownSites {
    /// Reads the file; a missing one knows nobody, and what is wrong in it comes beside what is right.
    pub fn read(path: &Path) -> (Self, Vec<Fault>) {
        match std::fs::read_to_string(path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Default::default(),
            Err(error) => {
                let fault = Fault {
                    file: path.to_owned(),
                    line: None,
                    what: error.to_string(),
                    way_out: "until it can be read, no certificate is known".to_owned(),
                };
                (Self::default(), vec![fault])
            }
        }
    }

    /// Reads a text as that file.
    pub fn parse(path: &Path, text: &str) -> (Self, Vec<Fault>) {
        let mut sites = Self::default();
        let mut faults = Vec::new();
        for (number, text) in text.lines().enumerate() {
            let mut fault = |what: String| {
                faults.push(Fault {
                    file: path.to_owned(),
                    line: Some(number + 1),
                    what,
                    way_out: "remove this line; `consign site trust` writes a right one".to_owned(),
                });
            };
            let mut line = Line::other(text);
            match parse_line(text) {
                Ok(None) => {}
                Ok(Some((server, known))) => {
                    if sites.get(&server).is_some() {
                        fault(
                            "this server stands further up too, and the first line counts".into(),
                        );
                    } else {
                        line.known = Some(known);
                    }
                    line.server = Some(server);
                }
                Err(what) => fault(what),
            }
            sites.lines.push(line);
        }
        (sites, faults)
    }

    /// The certificate a server is known by.
    pub fn get(&self, server: &str) -> Option<Known> {
        let mut lines = self.lines.iter().filter(|line| line.is_about(server));
        lines.find_map(|line| line.known)
    }

    /// Knows a server by this certificate from now on, whatever it was known by.
    fn set(&mut self, server: &str, known: Known) {
        let new = Line {
            text: format!("{server} {} {}", known.pin, known.since),
            server: Some(server.to_owned()),
            known: Some(known),
        };
        match self.lines.iter_mut().find(|line| line.is_about(server)) {
            Some(line) => *line = new,
            None => self.lines.push(new),
        }
    }

    /// The whole file.
    fn text(&self) -> String {
        let lines = self.lines.iter();
        lines.flat_map(|line| [line.text.as_str(), "\n"]).collect()
    }
}

impl Line {
    /// A line that names no server.
    fn other(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            server: None,
            known: None,
        }
    }

    fn is_about(&self, server: &str) -> bool {
        self.server.as_deref() == Some(server)
    }
}

fn parse_line(text: &str) -> Result<Option<(String, Known)>, String> {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Ok(None);
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    let [server, pin, since] = words.as_slice() else {
        return Err("a line is host:port, a fingerprint and a moment".to_owned());
    };
    let has_port = |server: &str| {
        let (_, port) = server.rsplit_once(':')?;
        port.parse::<u16>().ok()
    };
    if has_port(server).is_none() {
        return Err(format!("`{server}` is not host:port"));
    }
    let pin = pin
        .parse()
        .map_err(|_| "the fingerprint is none".to_owned())?;
    let since = since.parse();
    let since = since.map_err(|_| "the moment is none".to_owned())?;
    Ok(Some((server.to_ascii_lowercase(), Known { pin, since })))
}

/// Knows a server by this certificate from now on. What others write at the same time stays.
pub fn learn(path: &Path, server: &str, pin: Pin) -> io::Result<()> {
    change(path, |sites| {
        // Whole seconds: nobody compares anything finer.
        let now = Timestamp::now();
        let since = Timestamp::from_second(now.as_second()).unwrap_or(now);
        if sites.lines.is_empty() {
            sites.lines.push(Line::other(HEAD));
        }
        sites.set(server, Known { pin, since });
    })
}

/// Knows a server no more: no line about it stays, so that none that did not count begins to.
pub fn forget(path: &Path, server: &str) -> io::Result<()> {
    change(path, |sites| {
        sites.lines.retain(|line| !line.is_about(server));
    })
}

fn change(path: &Path, change: impl FnOnce(&mut KnownSites)) -> io::Result<()> {
    let _turn = private::Turn::at(path)?;
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(error),
    };
    let (mut sites, _) = KnownSites::parse(path, &text);
    change(&mut sites);
    private::replace(path, sites.text().as_bytes())
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::thread;

    use proptest::prelude::*;

    use super::*;

    fn parse(text: &str) -> (KnownSites, Vec<String>) {
        let (sites, faults) = KnownSites::parse(Path::new("/s/known_sites"), text);
        (sites, faults.iter().map(Fault::to_string).collect())
    }

    fn pin(byte: u8) -> Pin {
        Pin([byte; 32])
    }

    #[test]
    fn servers_are_named_as_they_are_asked_for() {
        assert_eq!(
            server("SCCM01.corp.example.", 443),
            "sccm01.corp.example:443"
        );
        assert_eq!(server("::1", 8443), "[::1]:8443");
    }

    #[test]
    fn a_broken_line_is_told_and_the_rest_counts() {
        let good = format!("a:443 {} 2026-11-22T19:47:55Z", pin(1));
        let second = format!("a:443 {} 2026-11-22T19:47:55Z", pin(2));
        let text = format!(
            "# mine\nnonsense\n\nb {}  now\n{good}\nc:1 SHA256:00 x\n{second}\n",
            pin(3)
        );
        let (sites, faults) = parse(&text);
        assert_eq!(sites.get("a:443").unwrap().pin, pin(1));
        let told: Vec<&str> = faults.iter().map(|fault| &fault[..20]).collect();
        let lines = [2, 4, 6, 7].map(|line| format!("/s/known_sites:{line}: "));
        for (told, line) in told.iter().zip(&lines) {
            assert!(told.starts_with(line.as_str()), "{faults:?}");
        }
        assert_eq!(told.len(), 4);
        assert_eq!(sites.text(), text, "what cannot be read stays");
    }

    #[test]
    fn a_new_file_is_for_its_owner_alone_and_one_line_replaces_another() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state/known_sites");
        learn(&path, "a:443", pin(1)).unwrap();
        learn(&path, "b:443", pin(2)).unwrap();
        learn(&path, "a:443", pin(3)).unwrap();
        assert!(!private::is_open_to_others(&path).unwrap());
        let (sites, faults) = KnownSites::read(&path);
        assert_eq!(faults, []);
        assert_eq!(sites.get("a:443").unwrap().pin, pin(3));
        assert_eq!(sites.get("b:443").unwrap().pin, pin(2));
        forget(&path, "a:443").unwrap();
        assert_eq!(KnownSites::read(&path).0.get("a:443"), None);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("# Certificates trusted"), "{text}");
    }

    #[test]
    fn nothing_is_lost_where_several_learn_in_the_same_instant() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known_sites");
        let instant = Barrier::new(4);
        let names = |by: u8| (0..8).map(move |at| server(&format!("s{at}-{by}"), 443));
        thread::scope(|scope| {
            for by in 0..4 {
                let (path, instant) = (&path, &instant);
                scope.spawn(move || {
                    for name in names(by) {
                        instant.wait();
                        learn(path, &name, pin(by)).unwrap();
                    }
                });
            }
        });
        let (sites, faults) = KnownSites::read(&path);
        assert_eq!(faults, []);
        for by in 0..4 {
            for name in names(by) {
                assert_eq!(sites.get(&name).map(|known| known.pin), Some(pin(by)));
            }
        }
    }

    #[test]
    fn who_is_forgotten_is_not_known_by_an_older_line() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("known_sites");
        let line = |byte| format!("a:443 {} 2026-11-22T19:47:55Z\n", pin(byte));
        std::fs::write(&path, line(1) + &line(2)).unwrap();
        forget(&path, "a:443").unwrap();
        assert_eq!(KnownSites::read(&path).0.get("a:443"), None);
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(
            rest in "([ -~]{0,40}\n){0,4}",
            host in "[a-z0-9][a-z0-9.-]{0,20}",
            port: u16,
            bytes: [u8; 32],
            second in 0_i64..4_000_000_000,
        ) {
            let (mut sites, faults) = parse(&rest);
            let known = Known { pin: Pin(bytes), since: Timestamp::from_second(second).unwrap() };
            let name = server(&host, port);
            sites.set(&name, known);
            let (read, faults_after) = parse(&sites.text());
            prop_assert_eq!(read.get(&name), Some(known));
            prop_assert_eq!(faults_after, faults);
            for line in rest.lines() {
                prop_assert!(sites.text().contains(line));
            }
        }
    }
}
