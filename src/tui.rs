//! The full-screen console: a pure middle (`app`, `keymap`, `wizard`) and a thin rim (`console`, `terminal`).

pub mod app;
pub mod event;
pub mod keymap;
pub mod shape;
pub mod terminal;
pub mod text;
pub mod theme;
pub mod view;
pub mod wizard;
