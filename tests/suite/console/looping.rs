//! The loop itself, with a test's terminal and a scripted site behind a channel, on a paused clock.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::rc::Rc;
use std::sync::Arc;

use consign::client::{Answer, Request, Ticket};
use consign::tui::app::Start;
use consign::tui::console::{Console, Input, Line, News, Rim};
use consign::tui::drafts::Forgetful;
use consign::tui::sites::Nowhere;
use consign::tui::terminal::{Press, Signal};
use consign::tui::theme::Theme;
use ratatui::backend::TestBackend;
use ratatui::layout::Size;
use ratatui::{Frame, Terminal};

use crate::support::fleet::now;
use crate::support::scripted::Scripted;

/// What a test and its terminal share.
#[derive(Default)]
struct Shared {
    inputs: VecDeque<Input>,
    frames: usize,
    forgotten: usize,
    copied: Vec<String>,
}

struct TestRim {
    terminal: Terminal<TestBackend>,
    shared: Rc<RefCell<Shared>>,
}

impl Rim for TestRim {
    fn draw(&mut self, view: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.shared.borrow_mut().frames += 1;
        self.terminal.draw(view).unwrap();
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok(self.terminal.size().unwrap())
    }

    async fn next(&mut self) -> Input {
        let next = self.shared.borrow_mut().inputs.pop_front();
        match next {
            Some(input) => input,
            None => std::future::pending().await,
        }
    }

    fn queued(&mut self) -> Option<Input> {
        self.shared.borrow_mut().inputs.pop_front()
    }

    fn copy(&mut self, text: &str) -> io::Result<()> {
        self.shared.borrow_mut().copied.push(text.to_owned());
        Ok(())
    }

    fn set_mouse(&mut self, _on: bool) -> io::Result<()> {
        Ok(())
    }

    fn forget(&mut self) -> io::Result<()> {
        self.shared.borrow_mut().forgotten += 1;
        Ok(())
    }

    async fn suspend(&mut self, _whole_group: bool) -> io::Result<bool> {
        Ok(false)
    }

    async fn edit(&mut self, text: &str) -> Result<String, String> {
        Ok(text.to_owned())
    }
}

/// The scripted site behind the loop: answers wait until they are let through.
struct TestLine {
    script: Scripted,
    asked: VecDeque<(Ticket, Request)>,
    open: Rc<RefCell<usize>>,
}

impl Line for TestLine {
    fn ask(&mut self, ticket: Ticket, request: Request) {
        *self.open.borrow_mut() += 1;
        self.asked.push_back((ticket, request));
    }

    fn stop_run(&mut self) {}

    fn follow_requests(&mut self, _on: bool) {}

    async fn next(&mut self) -> Option<News> {
        match self.queued() {
            Some(news) => Some(news),
            None => std::future::pending().await,
        }
    }

    fn queued(&mut self) -> Option<News> {
        let (ticket, request) = self.asked.pop_front()?;
        *self.open.borrow_mut() -= 1;
        Some(News::Answered(Box::new(Answer {
            ticket,
            read_at: now().timestamp(),
            result: self.script.answer(&request),
        })))
    }
}

struct Played {
    console: Console<TestRim, TestLine>,
    shared: Rc<RefCell<Shared>>,
    open: Rc<RefCell<usize>>,
}

impl Played {
    async fn begin() -> Self {
        let shared = Rc::new(RefCell::new(Shared::default()));
        let open = Rc::new(RefCell::new(0));
        let rim = TestRim {
            terminal: Terminal::new(TestBackend::new(80, 24)).unwrap(),
            shared: Rc::clone(&shared),
        };
        let line = TestLine {
            script: Scripted::default(),
            asked: VecDeque::new(),
            open: Rc::clone(&open),
        };
        let start = Start {
            site_name: "lab".to_owned(),
            ..Start::default()
        };
        let drafts = Arc::new(Forgetful);
        let theme = Theme::default();
        let console = Console::begin(start, theme, rim, line, drafts, Arc::new(Nowhere), now)
            .await
            .unwrap();
        Self {
            console,
            shared,
            open,
        }
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        let presses = keys
            .split(' ')
            .map(|key| Input::Press(Press::Key(key.parse().unwrap())));
        self.shared.borrow_mut().inputs.extend(presses);
        self
    }

    /// Turns the loop until no key waits, no ask is open and no file is being written.
    async fn settle(&mut self) {
        while !self.console.app.is_done()
            && (!self.shared.borrow().inputs.is_empty()
                || *self.open.borrow() > 0
                || self.console.is_writing())
        {
            self.console.turn().await.unwrap();
        }
    }

    fn frames(&self) -> usize {
        self.shared.borrow().frames
    }
}

#[tokio::test(start_paused = true)]
async fn the_screen_is_drawn_before_anything_has_arrived() {
    let played = Played::begin().await;
    assert_eq!(played.frames(), 1);
    assert!(*played.open.borrow() > 0);
    let shown = played.console.rim.terminal.backend().to_string();
    assert!(shown.contains("Opening lab"), "{shown}");
}

#[tokio::test(start_paused = true)]
async fn a_burst_of_a_hundred_pages_draws_a_handful_of_frames() {
    let mut played = Played::begin().await;
    played.press("6").settle().await;
    let before = played.frames();
    let keys = vec!["pagedown"; 100].join(" ");
    played.press(&keys).settle().await;
    assert!(
        played.frames() - before <= 5,
        "{} frames",
        played.frames() - before
    );
    assert_eq!(played.console.app.pane().sheet.table.count().0, Some(400));
}

#[tokio::test(start_paused = true)]
async fn a_settled_console_has_nothing_to_do() {
    let mut played = Played::begin().await;
    played.settle().await;
    let before = played.frames();
    let hour = std::time::Duration::from_hours(1);
    assert!(
        tokio::time::timeout(hour, played.console.turn())
            .await
            .is_err()
    );
    assert_eq!(played.frames(), before);
}

#[tokio::test(start_paused = true)]
async fn rows_on_their_way_wake_the_console_by_themselves() {
    let mut played = Played::begin().await;
    played.press("3").settle().await;
    let before = played.frames();
    let minute = std::time::Duration::from_mins(1);
    let woken = tokio::time::timeout(minute, played.console.turn()).await;
    assert!(woken.is_ok());
    assert_eq!(played.frames(), before + 1);
}

#[tokio::test(start_paused = true)]
async fn a_quit_is_not_delayed_by_answers() {
    let mut played = Played::begin().await;
    played.press("q");
    played.console.turn().await.unwrap();
    assert!(played.console.app.is_done());
    assert!(*played.open.borrow() > 0);
}

#[tokio::test(start_paused = true)]
async fn copying_reaches_the_terminal() {
    let mut played = Played::begin().await;
    played.settle().await;
    played.press("c").settle().await;
    assert!(played.shared.borrow().copied[0].starts_with("7-Zip\t24.08"));
}

#[tokio::test(start_paused = true)]
async fn a_lost_terminal_and_a_signal_to_leave_end_the_loop() {
    for input in [Input::Closed, Input::Signal(Signal::Leave)] {
        let mut played = Played::begin().await;
        played.shared.borrow_mut().inputs.push_back(input);
        played.console.run().await.unwrap();
        assert!(played.console.app.is_done());
    }
}

#[tokio::test(start_paused = true)]
async fn back_in_the_foreground_all_is_drawn_anew() {
    let mut played = Played::begin().await;
    played
        .shared
        .borrow_mut()
        .inputs
        .push_back(Input::Signal(Signal::Continue));
    played.console.turn().await.unwrap();
    assert_eq!(played.shared.borrow().forgotten, 1);
}

#[tokio::test(start_paused = true)]
async fn where_no_shell_is_above_a_stop_says_so() {
    let mut played = Played::begin().await;
    played.press("ctrl-z").settle().await;
    let shown = played.console.rim.terminal.backend().to_string();
    assert!(shown.contains("no shell"), "{shown}");
}
