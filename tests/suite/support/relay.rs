//! A slow line: a relay on loopback that carries bytes late and few at a time, and can be cut or go mute.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// What a line is like.
#[derive(Clone, Copy)]
pub struct Line {
    /// How long a byte is under way, each way.
    pub delay: Duration,
    pub bytes_per_second: u32,
}

impl Line {
    /// A tenth of a second each way, 64 kB a second.
    pub const SLOW: Self = Self {
        delay: Duration::from_millis(100),
        bytes_per_second: 64 * 1024,
    };
}

/// A relay to one server. It goes on in the background for as long as the test runs.
pub struct Relay {
    at: SocketAddr,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    is_cut: AtomicBool,
    is_mute: AtomicBool,
    /// How often it went mute: what is carried on a connection from before is swallowed.
    era: AtomicUsize,
    carried: AtomicUsize,
    open: Mutex<Vec<TcpStream>>,
}

impl Relay {
    /// A relay before the server of these settings, and the settings that lead through it.
    pub fn before(settings: &str, line: Line) -> (Self, String) {
        let url = settings.split('"').nth(1).unwrap();
        let relay = Self::to(url.trim_start_matches("https://").parse().unwrap(), line);
        let through = settings.replace(url, &format!("https://{}", relay.at));
        (relay, through)
    }

    fn to(server: SocketAddr, line: Line) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let at = listener.local_addr().unwrap();
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                if own.is_cut.load(Ordering::SeqCst) {
                    continue;
                }
                if own.is_mute.load(Ordering::SeqCst) {
                    own.open.lock().unwrap().push(client);
                    continue;
                }
                if let Ok(server) = TcpStream::connect(server) {
                    own.join(client, server, line);
                }
            }
        });
        Self { at, shared }
    }

    /// Cuts every connection and takes no new one.
    pub fn cut(&self) {
        self.shared.is_cut.store(true, Ordering::SeqCst);
        for stream in self.shared.open.lock().unwrap().drain(..) {
            // It may have ended by itself.
            let _ = stream.shutdown(Shutdown::Both);
        }
    }

    /// Swallows all bytes without a word, as a firewall does that has forgotten its connections: no connection there is will
    /// ever carry any again, and until it is mended no new one does either.
    pub fn go_mute(&self) {
        self.shared.is_mute.store(true, Ordering::SeqCst);
        self.shared.era.fetch_add(1, Ordering::SeqCst);
    }

    pub fn mend(&self) {
        self.shared.is_cut.store(false, Ordering::SeqCst);
        self.shared.is_mute.store(false, Ordering::SeqCst);
    }

    /// Bytes that were carried, both ways.
    pub fn carried(&self) -> usize {
        self.shared.carried.load(Ordering::SeqCst)
    }
}

impl Shared {
    fn join(self: &Arc<Self>, client: TcpStream, server: TcpStream, line: Line) {
        let mut open = self.open.lock().unwrap();
        open.push(client.try_clone().unwrap());
        open.push(server.try_clone().unwrap());
        for (from, to) in [
            (client.try_clone().unwrap(), server.try_clone().unwrap()),
            (server, client),
        ] {
            let own = Arc::clone(self);
            thread::spawn(move || own.carry(from, to, line));
        }
    }

    /// Carries one way until an end closes: every byte arrives a delay after it left, and no faster than the line.
    fn carry(self: &Arc<Self>, mut from: TcpStream, mut to: TcpStream, line: Line) {
        let (leave, arrive) = channel::<(Instant, Vec<u8>)>();
        let own = Arc::clone(self);
        let era = self.era.load(Ordering::SeqCst);
        let writer = thread::spawn(move || {
            let mut free = Instant::now();
            for (left, bytes) in arrive {
                if own.era.load(Ordering::SeqCst) != era {
                    continue;
                }
                let length = u32::try_from(bytes.len()).unwrap();
                free = free.max(left) + Duration::from_secs(1) * length / line.bytes_per_second;
                thread::sleep((free + line.delay).saturating_duration_since(Instant::now()));
                if to.write_all(&bytes).is_err() {
                    break;
                }
            }
            if own.era.load(Ordering::SeqCst) == era {
                // The other end may be gone already.
                let _ = to.shutdown(Shutdown::Write);
            }
        });
        let mut buffer = [0; 4096];
        loop {
            match from.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => {
                    self.carried.fetch_add(length, Ordering::SeqCst);
                    if leave
                        .send((Instant::now(), buffer[..length].to_vec()))
                        .is_err()
                    {
                        break;
                    }
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        drop(leave);
        writer.join().unwrap();
    }
}
