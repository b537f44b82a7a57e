//! The loop: something happens, the app changes, effects are carried out, one frame is drawn.
//!
//! Keys come first, so that no flood of answers delays a quit. Everything that has queued up is taken before one frame
//! is drawn. Nothing ticks: a timer runs only while something is awaited. Files are written on other threads; what came
//! of it is an event.

mod line;
mod press;

use std::collections::BTreeMap;
use std::fs::File;
use std::future::Future;
use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use jiff::Zoned;
use ratatui::Frame;
use ratatui::layout::Size;
use tokio::task::{AbortHandle, JoinError, JoinSet};
use tokio::time::Instant;

use crate::distribution::Draft;

use super::app::{App, Start};
use super::drafts::Drafts;
use super::event::{Effect, Event, Timer};
use super::sites::{Place, Sites};
use super::terminal::{Press, Signal};
use super::theme::Theme;
use super::view::{self, Screen};

pub use line::{Line, News, ToClient};

/// So many presses at most are taken before a frame is drawn, so that a stuck key still shows something.
const DRAINED: usize = 1_000;

/// The terminal, as the loop needs it. Tests have one without a terminal.
pub trait Rim {
    /// Draws one frame.
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()>;
    fn size(&self) -> io::Result<Size>;
    /// The next thing the person or the system did. Dropping the wait loses nothing.
    fn next(&mut self) -> impl Future<Output = Input>;
    /// What has queued up by now.
    fn queued(&mut self) -> Option<Input>;
    fn copy(&mut self, text: &str) -> io::Result<()>;
    fn set_mouse(&mut self, on: bool) -> io::Result<()>;
    /// Forgets what the terminal shows: the next frame draws all of it.
    fn forget(&mut self) -> io::Result<()>;
    /// Back to the shell until it continues us; false where there is no shell to go to. `whole_group`: as Ctrl-Z does.
    fn suspend(&mut self, whole_group: bool) -> impl Future<Output = io::Result<bool>>;
    /// Lets the person edit a text in an editor of their own.
    fn edit(&mut self, text: &str) -> impl Future<Output = Result<String, String>>;
}

/// What comes in from the terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Input {
    Press(Press),
    Signal(Signal),
    /// The terminal is gone.
    Closed,
}

/// The console at work.
pub struct Console<R, L> {
    pub app: App,
    pub rim: R,
    line: L,
    theme: Theme,
    screen: Screen,
    timers: BTreeMap<Timer, Instant>,
    clock: Box<dyn Fn() -> Zoned>,
    /// The client task has ended; nothing more comes from it.
    line_is_cut: bool,
    drafts: Arc<dyn Drafts>,
    /// What becomes of the draft next, while it is being written.
    draft_wish: Option<Wish>,
    is_draft_written: bool,
    /// Work beside the loop, each ending in what it came to.
    jobs: JoinSet<Done>,
    sites: Arc<dyn Sites>,
    /// The opening of another site that is under way.
    going: Option<AbortHandle>,
    /// The site to go to when this console has ended.
    next: Option<Box<Place>>,
}

/// What a job came to.
enum Done {
    Events(Vec<Event>),
    /// Another site was opened, or why not.
    Opened(String, Box<Result<Place, String>>),
}

/// What is to become of the draft on disk.
enum Wish {
    Keep(Box<Draft>),
    Discard,
}

impl<R: Rim, L: Line> Console<R, L> {
    pub async fn begin(
        start: Start,
        theme: Theme,
        rim: R,
        line: L,
        drafts: Arc<dyn Drafts>,
        sites: Arc<dyn Sites>,
        clock: impl Fn() -> Zoned + 'static,
    ) -> io::Result<Self> {
        let (app, effects) = App::begin(start, rim.size()?, &clock());
        let mut console = Self {
            app,
            rim,
            line,
            theme,
            screen: Screen::default(),
            timers: BTreeMap::new(),
            clock: Box::new(clock),
            line_is_cut: false,
            drafts,
            draft_wish: None,
            is_draft_written: false,
            jobs: JoinSet::new(),
            sites,
            going: None,
            next: None,
        };
        // The screen stands before anything is asked for.
        console.draw()?;
        for effect in effects {
            console.carry_out(effect).await?;
        }
        console.find_draft();
        Ok(console)
    }

    /// Runs until the person leaves or the terminal is gone. What is being written is written to its end.
    pub async fn run(&mut self) -> io::Result<()> {
        let ended = loop {
            if self.app.is_done() {
                break Ok(());
            }
            if let Err(error) = self.turn().await {
                // Nothing can be shown any more; what was said is still kept.
                let kept = self.update(Event::HangUp).await;
                break if is_gone(&error) { kept } else { Err(error) };
            }
        };
        if let Some(going) = self.going.take() {
            going.abort();
        }
        while self.jobs.join_next().await.is_some() {
            self.is_draft_written = false;
            self.write_draft();
        }
        ended
    }

    /// Whether work on files is under way.
    pub fn is_writing(&self) -> bool {
        !self.jobs.is_empty()
    }

    /// One turn: waits for something to happen, takes all that has happened by then, draws one frame.
    pub async fn turn(&mut self) -> io::Result<()> {
        let happened = self.wait().await;
        self.heed(happened).await?;
        self.drain().await?;
        if self.app.is_done() {
            return Ok(());
        }
        self.draw()
    }

    async fn wait(&mut self) -> Happened {
        let due = self.timers.values().min().copied();
        tokio::select! {
            biased;
            input = self.rim.next() => Happened::Input(input),
            Some(done) = self.jobs.join_next(), if !self.jobs.is_empty() => Happened::Done(done),
            news = self.line.next(), if !self.line_is_cut => Happened::News(news),
            () = sleep_until(due), if due.is_some() => Happened::Due,
        }
    }

    async fn heed(&mut self, happened: Happened) -> io::Result<()> {
        match happened {
            Happened::Input(input) => self.take(input).await,
            Happened::News(Some(news)) => self.hear(news).await,
            Happened::News(None) => {
                self.line_is_cut = true;
                Ok(())
            }
            Happened::Done(Ok(Done::Opened(name, opened))) => self.arrive(name, *opened).await,
            Happened::Done(Ok(Done::Events(events))) => self.tell(events).await,
            // A job that fell over has written its panic to the log.
            Happened::Done(Err(_)) => Ok(()),
            Happened::Due => self.ring().await,
        }
    }

    /// What a job came to.
    async fn tell(&mut self, events: Vec<Event>) -> io::Result<()> {
        for event in events {
            if matches!(event, Event::DraftKept(_)) {
                self.is_draft_written = false;
                self.write_draft();
            }
            self.update(event).await?;
        }
        Ok(())
    }

    /// Takes what has come in the meantime, so that a burst of keys is one frame.
    async fn drain(&mut self) -> io::Result<()> {
        for _ in 0..DRAINED {
            if self.app.is_done() {
                break;
            }
            if let Some(input) = self.rim.queued() {
                self.take(input).await?;
            } else if let Some(news) = self.line.queued() {
                self.hear(news).await?;
            } else {
                break;
            }
        }
        Ok(())
    }

    fn draw(&mut self) -> io::Result<()> {
        let Self {
            app,
            rim,
            theme,
            screen,
            ..
        } = self;
        rim.draw(|frame| view::draw(app, theme, screen, frame))
    }

    async fn take(&mut self, input: Input) -> io::Result<()> {
        match input {
            Input::Press(Press::Resized) => {
                let size = self.rim.size()?;
                self.update(Event::Resized(size)).await
            }
            Input::Press(press) => {
                for event in press::events(&self.app, &self.screen, press) {
                    self.update(event).await?;
                }
                Ok(())
            }
            Input::Signal(Signal::Leave) | Input::Closed => self.update(Event::HangUp).await,
            Input::Signal(Signal::Stop) => self.suspend(false).await,
            Input::Signal(Signal::Continue) => self.rim.forget(),
        }
    }

    async fn hear(&mut self, news: News) -> io::Result<()> {
        self.update(match news {
            News::Answered(answer) => Event::Answered(answer),
            News::Reading(reading) => Event::Reading(reading),
            News::Progressed(progress) => Event::Progressed(progress),
            News::Worked(role) => Event::Worked(role),
            News::Requested(latest) => Event::Requested(latest),
        })
        .await
    }

    /// Tells the app of every timer that is due.
    async fn ring(&mut self) -> io::Result<()> {
        let now = Instant::now();
        while let Some(timer) = self
            .timers
            .iter()
            .find(|(_, at)| **at <= now)
            .map(|(timer, _)| *timer)
        {
            self.timers.remove(&timer);
            self.update(Event::Due(timer)).await?;
        }
        Ok(())
    }

    async fn update(&mut self, event: Event) -> io::Result<()> {
        let mut effects = self.app.update(event, &(self.clock)());
        while !effects.is_empty() {
            let mut more = Vec::new();
            for effect in effects {
                if let Some(event) = self.carry_out(effect).await? {
                    more.extend(self.app.update(event, &(self.clock)()));
                }
            }
            effects = more;
        }
        Ok(())
    }

    /// Does what the app wants done; answers what came of it, where the app is to know.
    async fn carry_out(&mut self, effect: Effect) -> io::Result<Option<Event>> {
        match effect {
            Effect::Ask(ticket, request) => self.line.ask(ticket, *request),
            Effect::Wake(timer, after) => {
                self.timers.insert(timer, Instant::now() + after);
            }
            Effect::Sleep(timer) => {
                self.timers.remove(&timer);
            }
            Effect::Copy(text) => self.rim.copy(&text)?,
            Effect::Mouse(on) => self.rim.set_mouse(on)?,
            Effect::Redraw => self.rim.forget()?,
            Effect::Suspend => {
                if !self.rim.suspend(true).await? {
                    return Ok(Some(Event::NotSuspended));
                }
            }
            Effect::Edit(text) => {
                let edited = self.rim.edit(&text).await;
                return Ok(Some(Event::Edited(edited)));
            }
            Effect::Write(path, text) => {
                self.jobs.spawn_blocking(move || {
                    let result = write_new(&path, &text);
                    Done::Events(vec![Event::Written(path, result)])
                });
            }
            Effect::KeepDraft(draft) => {
                self.draft_wish = Some(Wish::Keep(draft));
                self.write_draft();
            }
            Effect::DropDraft => {
                self.draft_wish = Some(Wish::Discard);
                self.write_draft();
            }
            Effect::StopRun => self.line.stop_run(),
            Effect::FollowRequests(on) => self.line.follow_requests(on),
            Effect::FindSites => {
                let sites = Arc::clone(&self.sites);
                let found = move || Done::Events(vec![Event::SitesFound(sites.known())]);
                self.jobs.spawn_blocking(found);
            }
            Effect::GoTo(name) => self.go_to(name),
            Effect::Quit => {}
        }
        Ok(None)
    }

    /// Opens another site beside this one; a newer wish takes the place of an older.
    fn go_to(&mut self, name: String) {
        let opening = self.sites.open(name.clone());
        let going = async move { Done::Opened(name, Box::new(opening.await)) };
        let older = self.going.replace(self.jobs.spawn(going));
        if let Some(older) = older {
            older.abort();
        }
    }

    /// Another site is open, or is not: this console ends for it, or stays.
    async fn arrive(&mut self, name: String, opened: Result<Place, String>) -> io::Result<()> {
        self.going = None;
        let (next, result) = match opened {
            Ok(place) => (Some(Box::new(place)), Ok(())),
            Err(reason) => (None, Err(reason)),
        };
        self.update(Event::SiteOpened(name, result)).await?;
        self.next = next.filter(|_| self.app.is_done());
        Ok(())
    }

    /// The terminal, and the site to go to if there is one.
    pub fn into_parts(self) -> (R, Option<Box<Place>>) {
        (self.rim, self.next)
    }

    /// One write at a time, and always of the latest draft.
    fn write_draft(&mut self) {
        if self.is_draft_written {
            return;
        }
        let Some(wish) = self.draft_wish.take() else {
            return;
        };
        self.is_draft_written = true;
        let drafts = Arc::clone(&self.drafts);
        self.jobs.spawn_blocking(move || {
            Done::Events(vec![Event::DraftKept(match wish {
                Wish::Keep(draft) => drafts.keep(&draft),
                Wish::Discard => drafts.discard(),
            })])
        });
    }

    /// Looks for a draft that was kept; the screen does not wait for it.
    fn find_draft(&mut self) {
        let drafts = Arc::clone(&self.drafts);
        self.jobs.spawn_blocking(move || {
            Done::Events(match drafts.find() {
                Ok(found) => {
                    let draft = found
                        .draft
                        .map(|(draft, at)| Event::DraftFound(Box::new(draft), at));
                    let complaints = found.complaints.into_iter().map(Event::Complained);
                    draft.into_iter().chain(complaints).collect()
                }
                Err(fault) => vec![Event::Complained(fault)],
            })
        });
    }

    async fn suspend(&mut self, whole_group: bool) -> io::Result<()> {
        if self.rim.suspend(whole_group).await? {
            return Ok(());
        }
        self.update(Event::NotSuspended).await
    }
}

enum Happened {
    Input(Input),
    News(Option<News>),
    Done(Result<Done, JoinError>),
    Due,
}

/// Whether an error says that the terminal is gone, as when its window is closed: an end like any other.
fn is_gone(error: &io::Error) -> bool {
    error.raw_os_error() == Some(nix::errno::Errno::EIO as i32)
}

async fn sleep_until(due: Option<Instant>) {
    if let Some(due) = due {
        tokio::time::sleep_until(due).await;
    }
}

/// Writes an exported file; one that is there already is never written over.
fn write_new(path: &Path, text: &str) -> Result<(), String> {
    let written = File::create_new(path).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists => "it is there already; choose another name".to_owned(),
        _ => error.to_string(),
    })
}
