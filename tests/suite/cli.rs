//! The command line: the real program with its exit codes, its data and its words.

mod applying;
mod bad_days;
mod checking;
mod connecting;
mod drafting;
pub mod files;
mod linear;
mod lists;
mod neighbours;
mod saved;
mod served;
mod sites;
