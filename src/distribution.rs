//! The process itself: draft → facts → findings → plan → run → journal.
