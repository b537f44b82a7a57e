//! What tests of the screen share: a fleet, a site that answers from it, a console played without a terminal, and the
//! built program in a real one.

pub mod facts;
pub mod fleet;
pub mod home;
pub mod picture;
pub mod played;
pub mod relay;
pub mod requests;
pub mod runs;
pub mod scripted;
pub mod shell;
pub mod shots;
pub mod terminal;
pub mod wizard_ways;
