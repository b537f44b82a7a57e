//! Where files live, and the settings file with every error located.
//!
//! A broken settings file never stops anything: each fault is reported with its line and a way out, the default of the
//! setting holds, and the rest of the file counts. Nothing secret stands in it: a token is a path to a private file.

pub mod fault;
pub mod home;
pub mod house;
pub mod limits;
pub mod private;
mod settings;
pub mod toml_file;

pub use fault::Fault;
pub use home::{Home, HomeError};
pub use house::{House, Pattern};
pub use limits::{FreezeWindow, Limits, PilotFirst, Rule};
pub use settings::{Pin, Settings, SiteSettings, is_site_name};
