//! Where files live, and the settings file with every error located.
//!
//! A broken settings file never stops anything: each fault is reported with its line and a way out, the default of the
//! setting holds, and the rest of the file counts. Nothing secret stands in it, only where a secret is.

mod access;
pub mod fault;
pub mod home;
pub mod house;
pub mod known_sites;
pub mod limits;
mod pin;
mod placement;
pub mod private;
mod profile;
mod settings;
pub mod settings_edit;
pub mod sign_in;
mod site;
pub mod toml_file;

pub use access::Access;
pub use fault::Fault;
pub use home::{Home, HomeError};
pub use house::{House, Pattern};
pub use known_sites::KnownSites;
pub use limits::{FreezeWindow, Limits, PilotFirst, Rule};
pub use pin::{NotAPin, Pin};
pub use placement::Placement;
pub use profile::Profile;
pub use settings::Settings;
pub use settings_edit::SettingsEdit;
pub use site::{SiteSettings, is_site_name, site_url};
