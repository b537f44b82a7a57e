//! consign: a terminal console for Microsoft Configuration Manager software distribution.
//!
//! A package holds source files and programs; an advertisement offers one program to the members of one collection;
//! clients fetch the files from distribution points. The rooms of this crate stand on floors, and a room uses only
//! what stands below it:
//!
//! | floor | rooms | what they are for |
//! |---|---|---|
//! | faces | [`tui`], [`cli`] | the full-screen console; one file a subcommand |
//! | work | [`client`] | the async client task, and what lists show |
//! | | [`distribution`] | draft → facts → findings → plan → run → journal |
//! | wire | [`provider`], [`site`] | asks over a transport; answers as the embedded site. They never see each other |
//! | words | [`sms`], [`odata`], [`config`], [`error`], [`foreign`] | classes of the field, the language on the wire, settings, errors, programs of others |

pub mod cli;
pub mod client;
pub mod config;
pub mod distribution;
pub mod error;
pub mod foreign;
pub mod odata;
pub mod provider;
pub mod site;
pub mod sms;
pub mod tui;
