//! The async client task, which owns the provider, and what lists of each kind show.
//!
//! ```text
//! app ── Request with its Ticket ──▶ Client ─▶ task ─▶ provider
//! app ◀── Answer with the Ticket ─── Inbox ◀── reads: at most one live in a slot; an older one is aborted
//!                                              writes: never aborted, however long the screen has moved on
//! app ◀── latest only ────────────── Inbox ◀── how far a long list and a run have come
//! ```
//!
//! The site is opened inside the task, so that the screen is drawn first; what is asked before waits for it. Nothing
//! here decides anything: what to ask is the app's business, what a plan does is `distribution`'s.

pub mod answer;
pub mod details;
pub mod listing;
pub mod read;
pub mod request;
pub mod slot;
pub mod window;

pub use answer::{Answer, Gap, Greeting, Listed, Payload, Reading, SiteWords};
pub use read::Reader;
pub use request::Request;
pub use slot::{Slot, Ticket};
pub use window::{Page, Reach, Scope, WindowAsk};
