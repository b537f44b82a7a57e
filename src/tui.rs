//! The full-screen console: a pure middle (`app`, `keymap`, `wizard`) and a thin rim (`console`, `terminal`).

pub mod keymap;
pub mod terminal;
pub mod theme;
