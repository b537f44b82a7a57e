//! One test binary: the wire, the views, the loop, the command line and a few journeys in a real terminal.

// `cfg(test)` always holds here; clippy takes it as the mark of test code, where unwrapping is allowed.
#[cfg(test)]
mod cli;
#[cfg(test)]
mod console;
#[cfg(test)]
mod journeys;
#[cfg(test)]
mod printed;
#[cfg(test)]
mod reading;
#[cfg(test)]
mod runs;
#[cfg(test)]
mod sign_in;
#[cfg(test)]
mod support;
#[cfg(test)]
mod views;
#[cfg(test)]
mod wire;
