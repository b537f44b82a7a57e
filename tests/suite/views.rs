//! How every view looks at three sizes, and that none panics at any.

mod modes;
mod pictures;
mod places;
mod sweep;
mod unseen;
mod wizard;
mod wizard_keys;
