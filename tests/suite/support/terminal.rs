//! The built program in a real terminal: keys go in as bytes, what comes out is a screen.
//!
//! Nothing here sleeps: every wait is for something on the screen, or for the program's end, with a deadline that a slow
//! and busy machine keeps too.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, mpsc};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use portable_pty::{Child, CommandBuilder, ExitStatus, MasterPty, PtySize, native_pty_system};
use vt100::{MouseProtocolMode, Parser, Screen};

use super::home::Home;

/// How long anything may take before it counts as not coming.
pub const DEADLINE: Duration = Duration::from_secs(90);

/// A terminal with a program in it. Dropping it ends the program.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    keys: Box<dyn Write + Send>,
    program: Program,
    shared: Arc<Shared>,
    reader: JoinHandle<()>,
    /// The line's settings before the program began, as the debug form prints them: their type is another crate's.
    before: String,
}

/// What the reader writes and the waits read.
struct Shared {
    output: Mutex<Output>,
    news: Condvar,
}

struct Output {
    parser: Parser,
    bytes: Vec<u8>,
    /// Nothing comes any more: the program has ended.
    is_closed: bool,
    /// The reader is to let go of the line at the next byte.
    lets_go: bool,
}

impl Terminal {
    /// The console at home, with these arguments.
    pub fn start(home: &Home, size: (u16, u16), arguments: &[&str]) -> Self {
        Self::run(home.terminal_command(Home::program(), arguments), size)
    }

    /// A shell with job control at home, at its prompt.
    pub fn shell(home: &Home, size: (u16, u16)) -> Self {
        let mut command = home.terminal_command(Path::new("/bin/sh"), &["-i"]);
        command.env("PS1", "at the prompt> ");
        let mut shell = Self::run(command, size);
        shell.wait_for("at the prompt>");
        shell
    }

    /// Any program, on a terminal of columns and rows.
    pub fn run(command: CommandBuilder, (columns, rows): (u16, u16)) -> Self {
        let pair = native_pty_system()
            .openpty(pty_size(columns, rows))
            .unwrap();
        let before = format!("{:?}", pair.master.get_termios());
        let child = pair.slave.spawn_command(command).unwrap();
        // As long as a slave is open here, the end of the program is not the end of the line.
        drop(pair.slave);
        let shared = Arc::new(Shared {
            output: Mutex::new(Output {
                parser: Parser::new(cells(rows), cells(columns), 0),
                bytes: Vec::new(),
                is_closed: false,
                lets_go: false,
            }),
            news: Condvar::new(),
        });
        let line = pair.master.try_clone_reader().unwrap();
        let reader = std::thread::spawn({
            let shared = Arc::clone(&shared);
            move || shared.read_all(line)
        });
        Self {
            keys: pair.master.take_writer().unwrap(),
            master: pair.master,
            program: Program(Some(child)),
            shared,
            reader,
            before,
        }
    }

    /// Presses keys as a keymap spells them, with blanks between. After `esc` wait for what it does: a key behind it at
    /// once is Alt with that key.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        for key in keys.split(' ') {
            let bytes = bytes_of(key);
            self.send(&bytes);
        }
        self
    }

    pub fn type_text(&mut self, text: &str) -> &mut Self {
        self.send(text.as_bytes());
        self
    }

    /// As a terminal with bracketed paste hands pasted text on.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.send(format!("\x1b[200~{text}\x1b[201~").as_bytes());
        self
    }

    pub fn send(&mut self, bytes: &[u8]) {
        self.keys.write_all(bytes).unwrap();
        self.keys.flush().unwrap();
    }

    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.output()
            .parser
            .screen_mut()
            .set_size(cells(rows), cells(columns));
        self.master.resize(pty_size(columns, rows)).unwrap();
    }

    /// Waits until the screen shows a text.
    #[track_caller]
    pub fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("{text:?}"), |screen| screen.contains(text))
    }

    /// Waits until the screen shows a text no more.
    #[track_caller]
    pub fn wait_gone(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("no {text:?}"), |screen| !screen.contains(text))
    }

    /// Waits until the screen's text is as it should be.
    #[track_caller]
    pub fn wait_until(&mut self, what: &str, is_so: impl Fn(&str) -> bool) -> &mut Self {
        self.wait(what, |output| is_so(&output.parser.screen().contents()));
        self
    }

    /// Waits until these bytes have come out.
    #[track_caller]
    pub fn wait_for_bytes(&mut self, bytes: &[u8]) {
        let what = format!("the bytes {:?}", String::from_utf8_lossy(bytes));
        self.wait(&what, |output| {
            output
                .bytes
                .windows(bytes.len())
                .any(|found| found == bytes)
        });
    }

    #[track_caller]
    fn wait(&self, what: &str, is_so: impl Fn(&Output) -> bool) {
        let until = Instant::now() + DEADLINE;
        let mut output = self.output();
        while !is_so(&output) {
            let left = until.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero() && !output.is_closed,
                "{what} never came{}; the screen:\n{}",
                if output.is_closed {
                    ", the program ended"
                } else {
                    ""
                },
                output.parser.screen().contents()
            );
            output = self.shared.news.wait_timeout(output, left).unwrap().0;
        }
    }

    /// How many bytes come within a while in which nothing is pressed.
    pub fn bytes_within(&self, while_: Duration) -> usize {
        let until = Instant::now() + while_;
        let mut output = self.output();
        let before = output.bytes.len();
        loop {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return output.bytes.len() - before;
            }
            output = self.shared.news.wait_timeout(output, left).unwrap().0;
        }
    }

    /// The text on the screen.
    pub fn screen(&self) -> String {
        self.output().parser.screen().contents()
    }

    /// Everything that has come out so far.
    pub fn bytes(&self) -> Vec<u8> {
        self.output().bytes.clone()
    }

    /// The process whose keys these are: the program itself, or what the shell has in the foreground.
    pub fn foreground(&self) -> Pid {
        let leader = self.master.process_group_leader().unwrap();
        Pid::from_raw(leader)
    }

    pub fn signal(&self, signal: Signal) {
        kill(self.foreground(), signal).unwrap();
    }

    /// Waits for the end of the program.
    #[track_caller]
    pub fn ended(&mut self) -> ExitStatus {
        let until = Instant::now() + DEADLINE;
        let mut output = self.output();
        while !output.is_closed {
            let left = until.saturating_duration_since(Instant::now());
            let screen = output.parser.screen().contents();
            assert!(!left.is_zero(), "it never ended; the screen:\n{screen}");
            output = self.shared.news.wait_timeout(output, left).unwrap().0;
        }
        drop(output);
        self.program.end()
    }

    /// The line is cut, as when a window is closed or a connection drops. Answers once the program has ended.
    ///
    /// The writer says good-bye with Enter and Ctrl-D, which the program may take for keys before the line is gone.
    #[track_caller]
    pub fn hang_up(mut self) -> ExitStatus {
        self.output().lets_go = true;
        // Anything that makes the program write wakes the reader, which then lets go.
        self.master.resize(pty_size(81, 25)).unwrap();
        self.reader.join().unwrap();
        drop(self.keys);
        drop(self.master);
        self.program.end()
    }

    /// The shell has its terminal back as it was.
    #[track_caller]
    pub fn assert_given_back(&self) {
        self.assert_screen_given_back();
        assert_eq!(format!("{:?}", self.master.get_termios()), self.before);
    }

    /// The same as far as the terminal itself goes; a shell sets its line as it likes.
    #[track_caller]
    pub fn assert_screen_given_back(&self) {
        let output = self.output();
        assert!(
            is_given_back(output.parser.screen()),
            "{}",
            output.parser.screen().contents()
        );
    }

    fn output(&self) -> MutexGuard<'_, Output> {
        self.shared.output.lock().unwrap()
    }
}

/// The process in the terminal, until its end was seen.
struct Program(Option<Box<dyn Child + Send + Sync>>);

impl Program {
    /// Waits for its end.
    #[track_caller]
    fn end(&mut self) -> ExitStatus {
        let mut child = self.0.take().expect("it ends once");
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || tell.send(child.wait()));
        let status = told.recv_timeout(DEADLINE);
        status.expect("it ends in time").unwrap()
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        if let Some(child) = &mut self.0 {
            // It may have ended by itself.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

impl Shared {
    fn read_all(&self, mut line: Box<dyn Read + Send>) {
        let mut bytes = [0; 16 * 1024];
        loop {
            // A line whose other end is closed reads as an error, not as an end.
            let count = line.read(&mut bytes).unwrap_or(0);
            let mut output = self.output.lock().unwrap();
            output.parser.process(&bytes[..count]);
            output.bytes.extend_from_slice(&bytes[..count]);
            output.is_closed = count == 0;
            let is_over = output.is_closed || output.lets_go;
            drop(output);
            self.news.notify_all();
            if is_over {
                return;
            }
        }
    }
}

fn is_given_back(screen: &Screen) -> bool {
    !screen.alternate_screen()
        && !screen.hide_cursor()
        && !screen.bracketed_paste()
        && screen.mouse_protocol_mode() == MouseProtocolMode::None
}

fn pty_size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        ..PtySize::default()
    }
}

fn cells(count: u16) -> NonZeroU16 {
    NonZeroU16::new(count).unwrap()
}

/// What a terminal sends for a key.
fn bytes_of(key: &str) -> Vec<u8> {
    let named = match key {
        "enter" => "\r",
        "esc" => "\x1b",
        "tab" => "\t",
        "shift-tab" => "\x1b[Z",
        "space" => " ",
        "backspace" => "\x7f",
        "up" => "\x1b[A",
        "down" => "\x1b[B",
        "right" => "\x1b[C",
        "left" => "\x1b[D",
        "home" => "\x1b[H",
        "end" => "\x1b[F",
        "pageup" => "\x1b[5~",
        "pagedown" => "\x1b[6~",
        other => match (other.strip_prefix("ctrl-"), other.strip_prefix("alt-")) {
            (Some(letter), _) => return vec![letter.as_bytes()[0] & 0x1f],
            (_, Some(letter)) => return format!("\x1b{letter}").into_bytes(),
            _ => {
                assert_eq!(other.chars().count(), 1, "no key is called {other}");
                other
            }
        },
    };
    named.as_bytes().to_vec()
}
