//! One test binary: the wire, the views, the loop, the command line and a few journeys in a real terminal.

mod wire;
