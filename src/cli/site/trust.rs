//! `consign site trust`: a certificate nobody vouches for is shown, and a person says whether it is the right one.
//!
//! As with ssh: the first time a typed `yes` is enough; a certificate that has changed takes more than that.

use super::super::arguments::Trust as Command;
use super::super::compose::{self, Chosen, Place};
use super::super::exit::Exit;
use super::super::failure::{Failure, doubted};
use super::super::surroundings::Surroundings;
use super::super::{out, prompt};
use crate::config::{Home, Pin, known_sites};
use crate::error::{Doubt, SiteError};
use crate::provider::transport::certificate::Certificate;
use crate::provider::transport::greeting::{Endpoint, Greeting};
use crate::provider::transport::trust::{Distrust, Trust};

/// Digits of a fingerprint that say as much as a name.
const BEGINNING: usize = 8;

pub async fn run(command: Command, surroundings: &Surroundings) -> Result<Exit, Failure> {
    let chosen = compose::choose(surroundings, Some(&command.name))?;
    let meeting = Meeting::with(&chosen)?;
    let greeting = meeting.greet().await?;
    let home = &surroundings.home;
    match &greeting.verdict {
        Ok(()) if command.fingerprint.is_none() => meeting.tell_believed(&greeting),
        Err(distrust) if distrust.doubt == Doubt::Changed && command.replace => {
            meeting.replace(distrust, command.fingerprint, home).await?;
        }
        _ => {
            if let Some(pin) = meeting.settled(&greeting, command.fingerprint).await? {
                meeting.learn(pin, home)?;
            }
        }
    }
    Ok(Exit::Done)
}

/// A site that is being met.
pub struct Meeting<'c> {
    chosen: &'c Chosen,
    endpoint: Endpoint,
    server: String,
    trust: Trust,
}

impl<'c> Meeting<'c> {
    /// Only a site with a url shows a certificate.
    pub fn with(chosen: &'c Chosen) -> Result<Self, Failure> {
        let Place::Remote(url, settings) = &chosen.place else {
            let what = format!(
                "{} is an embedded site; nobody shows a certificate",
                chosen.name
            );
            return Err(Failure::usage(what));
        };
        let nobody = || Failure::usage(format!("{url} names no server"));
        let endpoint = Endpoint::of(url).ok_or_else(nobody)?;
        Ok(Self {
            server: known_sites::server(&endpoint.host, endpoint.port),
            endpoint,
            trust: chosen.trust(settings)?,
            chosen,
        })
    }

    /// What the server shows of itself.
    pub async fn greet(&self) -> Result<Greeting, Failure> {
        let lost = |reason: String| {
            Failure::from(SiteError::Unreachable {
                site: self.chosen.name.clone(),
                reason: format!("{}: {reason}", self.server),
                after_sending: false,
            })
        };
        let addresses = self.endpoint.resolve().await.map_err(lost)?;
        let stream = self.endpoint.reach(&addresses).await.map_err(lost)?;
        let greeted = self.endpoint.greet(stream, &self.trust).await;
        greeted.map_err(|reason| lost(format!("TLS: {reason}")))
    }

    /// Who is the reason that nothing has to be asked.
    fn tell_believed(&self, greeting: &Greeting) {
        let fingerprint = greeting.certificate.fingerprint;
        let by = match self.trust {
            Trust::Pinned(_) => "the settings pin it",
            Trust::Known(_) => "it is known",
            Trust::Authorities(_) | Trust::Nobody => "authorities vouch for it, nothing is kept",
        };
        out::say(format_args!(
            "{} shows {fingerprint} and is trusted: {by}",
            self.server
        ));
    }

    /// The certificate the server is to be known by, where authorities alone do not settle it.
    ///
    /// A fingerprint that was said is compared whoever vouches for the certificate: who says one wants that and no other.
    pub async fn settled(
        &self,
        greeting: &Greeting,
        said: Option<Pin>,
    ) -> Result<Option<Pin>, Failure> {
        match (&greeting.verdict, said) {
            (Ok(()), None) => Ok(None),
            (Ok(()), Some(said)) => self.compared(said, &greeting.certificate).map(Some),
            (Err(distrust), said) => self.agreed(distrust, said).await.map(Some),
        }
    }

    /// The certificate a person takes for the right one, at the first meeting.
    ///
    /// `said` is the fingerprint where it is known beforehand; then nobody is asked.
    async fn agreed(&self, distrust: &Distrust, said: Option<Pin>) -> Result<Pin, Failure> {
        let shown = distrust.shown.fingerprint;
        if distrust.doubt != Doubt::Unproven {
            return Err(self.refused(distrust));
        }
        if let Some(said) = said {
            return self.compared(said, &distrust.shown);
        }
        if !prompt::is_somebody_there() {
            return Err(self.refused(distrust).with(format!(
                "without a terminal: --fingerprint {shown}, once it was compared"
            )));
        }
        let (name, server) = (&self.chosen.name, &self.server);
        out::say(format_args!(
            "The certificate of {name} ({server}) is not trusted: {}.",
            distrust.reason
        ));
        show(&distrust.shown);
        let question = "Compare the fingerprint with what the site's administrator sees. Trust it from now on? Type yes:";
        let typed = prompt::ask(question).await?.unwrap_or_default();
        if typed.eq_ignore_ascii_case("yes") || typed.parse() == Ok(shown) {
            return Ok(shown);
        }
        let what = format!("{name} is not trusted, and nothing was sent to it");
        Err(Failure::new(Exit::Unreachable, what))
    }

    /// A fingerprint that was said beforehand must be the one that is shown.
    fn compared(&self, said: Pin, shown: &Certificate) -> Result<Pin, Failure> {
        if said == shown.fingerprint {
            return Ok(said);
        }
        let what = format!(
            "{} shows another certificate than the one with the fingerprint {said}",
            self.chosen.name
        );
        let failure = Failure::new(Exit::Unreachable, what);
        Err(lines(shown).into_iter().fold(failure, Failure::with))
    }

    /// As every other command tells it, with what was shown.
    fn refused(&self, distrust: &Distrust) -> Failure {
        let what = format!(
            "the certificate of {} is not trusted: {}",
            self.chosen.name, distrust.reason
        );
        let failure = Failure::new(Exit::Unreachable, what);
        let failure = lines(&distrust.shown)
            .into_iter()
            .fold(failure, Failure::with);
        match distrust.doubt {
            Doubt::Unproven => failure,
            doubt => failure.with(doubted(&self.chosen.name, doubt)),
        }
    }

    /// Another certificate than the known one: both are shown, and a plain yes does not do. Answers what it is known by
    /// then; nothing where authorities vouch for the new one.
    pub async fn replace(
        &self,
        distrust: &Distrust,
        said: Option<Pin>,
        home: &Home,
    ) -> Result<Option<Pin>, Failure> {
        let pin = match said {
            Some(said) => self.compared(said, &distrust.shown)?,
            None => self.typed(distrust).await?,
        };
        if self.is_vouched_for().await? {
            known_sites::forget(&home.known_sites_file(), &self.server)
                .map_err(|error| unwritten(home, &error))?;
            out::say(
                "authorities vouch for the new certificate: the old one is forgotten, and no pin is needed",
            );
            return Ok(None);
        }
        self.learn(pin, home)?;
        Ok(Some(pin))
    }

    async fn typed(&self, distrust: &Distrust) -> Result<Pin, Failure> {
        let shown = distrust.shown.fingerprint;
        if !prompt::is_somebody_there() {
            return Err(self.refused(distrust).with(format!(
                "without a terminal: --replace --fingerprint {shown}, once it was compared"
            )));
        }
        let name = &self.chosen.name;
        out::say(format_args!(
            "{} shows another certificate than before. Either the site got a new one, or somebody stands in between.",
            self.server
        ));
        if let Some(known) = self.chosen.known {
            out::say(format_args!("  known        {known}"));
        }
        show(&distrust.shown);
        let question = format!(
            "Ask the site's administrator. To take the new one, type {name} or the first {BEGINNING} digits of its \
             fingerprint:"
        );
        let typed = prompt::ask(&question).await?.unwrap_or_default();
        if typed == *name || is_beginning(&typed, shown) {
            return Ok(shown);
        }
        let what = format!("{name} stays known by its old certificate");
        Err(Failure::new(Exit::Unreachable, what))
    }

    /// Whether the server would be believed if it were met for the first time.
    async fn is_vouched_for(&self) -> Result<bool, Failure> {
        let Place::Remote(_, settings) = &self.chosen.place else {
            return Ok(false);
        };
        let stranger = Chosen {
            known: None,
            ..self.chosen.clone()
        };
        let trust = stranger.trust(settings)?;
        let again = Meeting {
            chosen: &stranger,
            endpoint: self.endpoint.clone(),
            server: self.server.clone(),
            trust,
        };
        Ok(again.greet().await?.verdict.is_ok())
    }

    /// Writes down that the server is known by this certificate.
    pub fn learn(&self, pin: Pin, home: &Home) -> Result<(), Failure> {
        let file = home.known_sites_file();
        known_sites::learn(&file, &self.server, pin).map_err(|error| unwritten(home, &error))?;
        out::say(format_args!(
            "{} is known from now on, in {}",
            self.server,
            file.display()
        ));
        Ok(())
    }
}

fn unwritten(home: &Home, error: &std::io::Error) -> Failure {
    Failure::failed(format!("{}: {error}", home.known_sites_file().display()))
        .with("the certificate is not known before this can be written")
}

fn show(certificate: &Certificate) {
    for line in lines(certificate) {
        out::say(format_args!("  {line}"));
    }
}

fn lines(certificate: &Certificate) -> Vec<String> {
    let lines = certificate.lines().into_iter();
    lines
        .map(|(name, value)| format!("{name:11}  {value}"))
        .collect()
}

/// Whether enough of a fingerprint was typed, and right.
fn is_beginning(typed: &str, shown: Pin) -> bool {
    let digits = |text: &str| -> String {
        let text = text.to_ascii_lowercase();
        let text = text.strip_prefix("sha256:").unwrap_or(&text);
        text.chars().filter(char::is_ascii_hexdigit).collect()
    };
    let typed = digits(typed);
    typed.len() >= BEGINNING && digits(&shown.to_string()).starts_with(&typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_is_known_by_its_first_eight_digits() {
        let pin = Pin([0xab; 32]);
        for (typed, is_enough) in [
            ("abababab", true),
            ("AB:AB:AB:AB:AB", true),
            ("SHA256:ab:ab:ab:ab", true),
            ("ababab", false),
            ("yes", false),
            ("", false),
            ("abababac", false),
        ] {
            assert_eq!(is_beginning(typed, pin), is_enough, "{typed}");
        }
        assert!(is_beginning(&pin.to_string(), pin));
    }
}
