//! What tests of the screen share: a fleet, a site that answers from it, a console played without a terminal.

pub mod fleet;
pub mod picture;
pub mod played;
pub mod scripted;
pub mod shots;
