//! The app and the loop at work: keys go in, a scripted site answers, nothing sleeps.

mod looping;
mod panes;
mod reaching;
mod requests;
mod sites;
mod standing;
