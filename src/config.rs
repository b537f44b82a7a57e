//! Where files live, and the settings file with every error located.
