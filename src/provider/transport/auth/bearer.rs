//! A token that names its holder and travels with every request.
//!
//! Tokens live for an hour or so, and a console is open for longer. When a site refuses one, it is read again from where
//! it came from: once for all the requests that were refused over it, however many they are. A command may sign in somewhere
//! to get one, with a password that has expired since, and an account is locked over too many of those: so it rests after each
//! time, and longer while nothing new comes of it.
//!
//! What is held is wiped when it is let go. What hyper and TLS copy into buffers of their own to send it, they free as it is.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request};
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use tokio::sync::Mutex;
use tokio::time::{Instant, timeout};
use zeroize::Zeroizing;

use crate::error::SignInCause;

/// How long it may take to read a token again: commands ask servers of their own.
const READING: Duration = Duration::from_secs(30);

/// How long a command rests after it was run: at first, and at most.
const REST: (Duration, Duration) = (Duration::from_mins(1), Duration::from_mins(15));

/// Where a token is read again when a site refuses it.
pub trait TokenSource: Send + Sync {
    /// What the person calls it: the key of the settings that names it.
    fn name(&self) -> String;

    /// Whether to read it is to run a command. A look at a file costs nothing and locks nothing.
    fn is_command(&self) -> bool;

    /// The token as it is there now; an error is words without the token.
    fn read(&self) -> BoxFuture<'_, Result<SecretString, String>>;
}

/// A token. Clones share it, so that one which was renewed is new for all.
#[derive(Clone)]
pub struct Token {
    /// Without one, the token stays what it was at the start.
    source: Option<Arc<dyn TokenSource>>,
    held: Arc<Mutex<Held>>,
}

struct Held {
    header: HeaderValue,
    /// How often it was read again.
    readings: u64,
    /// Why the last reading came to nothing.
    fault: Option<String>,
    /// The last readings that brought nothing new, one after the other.
    in_vain: u32,
    /// Until when it is not read again.
    rests_until: Option<Instant>,
}

/// The token as one request shows it.
pub(in crate::provider::transport) struct Shown {
    header: HeaderValue,
    /// The readings before it was shown: a later one is news for whoever was refused with it.
    readings: u64,
}

/// Why something is no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NoToken {
    #[error("it is empty")]
    Empty,
    #[error("it holds characters that no token has")]
    Characters,
}

impl Token {
    /// A token nobody renews.
    pub fn fixed(token: &SecretString) -> Result<Self, NoToken> {
        Self::of(token, None)
    }

    /// A token that its source may have a newer one of.
    pub fn renewable(token: &SecretString, source: Arc<dyn TokenSource>) -> Result<Self, NoToken> {
        Self::of(token, Some(source))
    }

    fn of(token: &SecretString, source: Option<Arc<dyn TokenSource>>) -> Result<Self, NoToken> {
        let held = Held {
            header: header(token)?,
            readings: 0,
            fault: None,
            in_vain: 0,
            rests_until: None,
        };
        Ok(Self {
            source,
            held: Arc::new(Mutex::new(held)),
        })
    }

    /// What a refusal of it means.
    pub(in crate::provider::transport) fn cause(&self) -> SignInCause {
        match self.source {
            Some(_) => SignInCause::Token,
            None => SignInCause::FixedToken,
        }
    }

    /// The token to show; while it is being read again, the one that comes of it.
    pub(in crate::provider::transport) async fn at_hand(&self) -> Shown {
        self.held.lock().await.shown()
    }

    /// Another token than the one that was refused, or why there is none.
    ///
    /// On a task of its own: who was refused may stop waiting, and the others go on with what was begun for it.
    pub(in crate::provider::transport) async fn after(
        &self,
        refused: Shown,
    ) -> Result<Shown, String> {
        let Some(source) = self.source.clone() else {
            return Err("it is still the one that was there at the start".to_owned());
        };
        let held = Arc::clone(&self.held);
        let read = tokio::spawn(async move {
            let mut held = held.lock().await;
            if held.readings == refused.readings && held.rest().is_zero() {
                held.read_again(source.as_ref()).await;
            }
            held.other_than(&refused, source.as_ref())
        });
        read.await.unwrap_or_else(|error| Err(error.to_string()))
    }
}

impl Held {
    fn shown(&self) -> Shown {
        Shown {
            header: self.header.clone(),
            readings: self.readings,
        }
    }

    async fn read_again(&mut self, source: &dyn TokenSource) {
        let name = source.name();
        tracing::info!(from = name, "the token was refused and is read again");
        let read = timeout(READING, source.read()).await;
        let read = read
            .unwrap_or_else(|_| Err(format!("{name} gave none within {} s", READING.as_secs())));
        let read = read
            .and_then(|token| header(&token).map_err(|none| format!("no token in {name}: {none}")));
        self.readings += 1;
        self.fault = match read {
            Ok(header) if header != self.header => {
                self.header = header;
                None
            }
            Ok(_) => Some(format!("{name} still gives the same token")),
            Err(fault) => Some(fault),
        };
        self.in_vain = self.fault.as_ref().map_or(0, |_| self.in_vain + 1);
        self.rests_until = source
            .is_command()
            .then(|| Instant::now() + rest_after(self.in_vain));
    }

    /// How long it is not read again.
    fn rest(&self) -> Duration {
        let until = self.rests_until;
        until.map_or(Duration::ZERO, |until| {
            until.saturating_duration_since(Instant::now())
        })
    }

    fn other_than(&self, refused: &Shown, source: &dyn TokenSource) -> Result<Shown, String> {
        if self.header != refused.header {
            return Ok(self.shown());
        }
        let fresh = || format!("{} gave it only now", source.name());
        let why = self.fault.clone().unwrap_or_else(fresh);
        Err(match self.rest().as_secs().div_ceil(60) {
            0 => why,
            minutes => format!("{why}; not run again for {minutes} min"),
        })
    }
}

/// Doubled by each reading in vain but the first.
fn rest_after(in_vain: u32) -> Duration {
    let (first, longest) = REST;
    let doubled = 2_u32.saturating_pow(in_vain.saturating_sub(1));
    first.saturating_mul(doubled).min(longest)
}

impl Shown {
    /// Puts the token on a request.
    pub fn on<B>(&self, mut request: Request<B>) -> Request<B> {
        let headers = request.headers_mut();
        headers.insert(AUTHORIZATION, self.header.clone());
        request
    }
}

/// The header that carries a token as it stands in a file, with white space around it; it is never printed.
fn header(token: &SecretString) -> Result<HeaderValue, NoToken> {
    const SCHEME: &str = "Bearer ";
    let token = token.expose_secret().trim();
    if token.is_empty() {
        return Err(NoToken::Empty);
    }
    // With all the room it needs: a text that grows leaves its beginning behind.
    let mut text = Zeroizing::new(String::with_capacity(SCHEME.len() + token.len()));
    text.push_str(SCHEME);
    text.push_str(token);
    wiped(text)
}

/// A header that is this very text, and so are its clones: with the last of them it is wiped.
fn wiped(text: Zeroizing<String>) -> Result<HeaderValue, NoToken> {
    let text = Bytes::from_owner(text);
    let mut header = HeaderValue::from_maybe_shared(text).map_err(|_| NoToken::Characters)?;
    header.set_sensitive(true);
    Ok(header)
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(f, "Token of {}", source.name()),
            None => f.write_str("Token"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use futures_util::future::join_all;
    use tokio::sync::Semaphore;

    use super::*;

    /// Gives one token after the other, an error for each empty one, and the last one for ever; each when it may.
    struct Renewed {
        is_command: bool,
        tokens: Vec<&'static str>,
        readings: AtomicUsize,
        allowed: Semaphore,
    }

    impl Renewed {
        fn to(tokens: &[&'static str]) -> Arc<Self> {
            Self::of(false, tokens)
        }

        fn by_command(tokens: &[&'static str]) -> Arc<Self> {
            Self::of(true, tokens)
        }

        fn of(is_command: bool, tokens: &[&'static str]) -> Arc<Self> {
            Arc::new(Self {
                is_command,
                tokens: tokens.to_vec(),
                readings: AtomicUsize::default(),
                allowed: Semaphore::new(100),
            })
        }

        fn readings(&self) -> usize {
            self.readings.load(Ordering::SeqCst)
        }
    }

    impl TokenSource for Renewed {
        fn name(&self) -> String {
            "token_file of [site.prod]".to_owned()
        }

        fn is_command(&self) -> bool {
            self.is_command
        }

        fn read(&self) -> BoxFuture<'_, Result<SecretString, String>> {
            Box::pin(async {
                let at = self.readings.fetch_add(1, Ordering::SeqCst);
                self.allowed.acquire().await.unwrap().forget();
                match self.tokens[at.min(self.tokens.len() - 1)] {
                    "" => Err("the file is locked".to_owned()),
                    token => Ok(token.into()),
                }
            })
        }
    }

    fn first(source: &Arc<Renewed>) -> Token {
        let source = Arc::clone(source);
        Token::renewable(&"first\n".into(), source).unwrap()
    }

    async fn refused(token: &Token) -> Result<HeaderValue, String> {
        let shown = token.at_hand().await;
        token.after(shown).await.map(|newer| newer.header)
    }

    #[tokio::test]
    async fn it_is_read_again_once_for_all_who_were_refused_with_it() {
        for (tokens, is_newer) in [(&["second", "third"], true), (&["first", "third"], false)] {
            let source = Renewed::to(tokens);
            let token = first(&source);
            let shown = join_all((0..8).map(|_| token.at_hand())).await;
            let after = join_all(shown.into_iter().map(|shown| token.after(shown))).await;
            assert_eq!(source.readings(), 1);
            for after in after {
                let after = after.map(|newer| newer.header);
                let said = "token_file of [site.prod] still gives the same token".to_owned();
                let second = HeaderValue::from_static("Bearer second");
                assert_eq!(after, if is_newer { Ok(second) } else { Err(said) });
            }
        }
    }

    #[tokio::test]
    async fn a_file_that_could_not_be_read_is_tried_again_at_the_next_refusal() {
        let source = Renewed::to(&["", "two\u{1}words", "first", "fresh"]);
        let token = first(&source);
        let mut told = Vec::new();
        for _ in 0..3 {
            told.push(refused(&token).await.unwrap_err());
        }
        assert_eq!(told[0], "the file is locked");
        assert!(told[1].ends_with("it holds characters that no token has"));
        assert!(told[2].ends_with("still gives the same token"));
        assert_eq!(refused(&token).await.unwrap(), "Bearer fresh");
        let shown = token.at_hand().await;
        assert_eq!(shown.header, "Bearer fresh");
    }

    /// The minutes after which a command is run again, by a console that tries every few seconds.
    async fn rests(token: &Token, source: &Renewed, times: usize) -> Vec<u64> {
        let mut rests = Vec::new();
        for _ in 0..times {
            let (began, before) = (Instant::now(), source.readings());
            while source.readings() == before {
                tokio::time::advance(Duration::from_secs(5)).await;
                let _ = refused(token).await;
            }
            rests.push(began.elapsed().as_secs() / 60);
        }
        rests
    }

    #[tokio::test(start_paused = true)]
    async fn a_command_that_brings_nothing_new_rests_longer_each_time() {
        for given in ["", "first"] {
            let source = Renewed::by_command(&[given]);
            let token = first(&source);
            refused(&token).await.unwrap_err();
            assert_eq!(rests(&token, &source, 6).await, [1, 2, 4, 8, 15, 15]);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn while_a_command_rests_its_fault_is_told_and_for_how_long() {
        let source = Renewed::by_command(&["", "second"]);
        let token = first(&source);
        for seconds in [0, 59] {
            tokio::time::advance(Duration::from_secs(seconds)).await;
            let told = refused(&token).await.unwrap_err();
            assert_eq!(told, "the file is locked; not run again for 1 min");
        }
        assert_eq!(source.readings(), 1);
        tokio::time::advance(Duration::from_secs(1)).await;
        assert_eq!(refused(&token).await.unwrap(), "Bearer second");
    }

    #[tokio::test(start_paused = true)]
    async fn a_new_token_that_is_refused_too_makes_no_command_run_without_bound() {
        let tokens = ["second", "third", "fourth", "", "", "fifth", "", ""];
        let source = Renewed::by_command(&tokens);
        let token = first(&source);
        assert_eq!(refused(&token).await.unwrap(), "Bearer second");
        assert_eq!(
            refused(&token).await.unwrap_err(),
            "token_file of [site.prod] gave it only now; not run again for 1 min"
        );
        assert_eq!(rests(&token, &source, 7).await, [1, 1, 1, 1, 2, 1, 1]);
    }

    #[tokio::test]
    async fn a_reading_goes_on_when_who_began_it_stops_waiting() {
        let source = Renewed::to(&["second", "third"]);
        source.allowed.forget_permits(100);
        let token = first(&source);
        let (one, other) = (token.at_hand().await, token.at_hand().await);
        {
            let began = token.after(one);
            tokio::pin!(began);
            while source.readings() == 0 {
                tokio::select! {
                    biased;
                    _ = &mut began => panic!("it was not read yet"),
                    () = tokio::task::yield_now() => {}
                }
            }
        }
        source.allowed.add_permits(100);
        let newer = token.after(other).await.unwrap();
        assert_eq!(newer.header, "Bearer second");
        assert_eq!(source.readings(), 1);
    }

    #[test]
    fn there_is_one_copy_of_it_and_that_is_wiped() {
        let text = Zeroizing::new("Bearer first".to_owned());
        let place = text.as_ptr();
        let header = wiped(text).unwrap();
        let request = Shown {
            header: header.clone(),
            readings: 0,
        }
        .on(Request::new(()));
        for copy in [&header, &request.headers()[AUTHORIZATION]] {
            assert_eq!(copy.as_bytes().as_ptr(), place);
        }
    }

    #[test]
    fn it_is_never_printed() {
        let source = Renewed::to(&["x"]);
        let secret = "first";
        let shown = Shown {
            header: header(&secret.into()).unwrap(),
            readings: 0,
        };
        let request = shown.on(Request::new(()));
        assert_eq!(request.headers()[AUTHORIZATION], "Bearer first");
        for printed in [
            format!("{request:?}"),
            format!("{:?}", first(&source)),
            format!("{:?}", Token::fixed(&secret.into())),
        ] {
            assert!(!printed.contains(secret), "{printed}");
        }
    }
}
