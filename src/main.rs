//! Arguments, log, panic hook and runtime.

fn main() {}
