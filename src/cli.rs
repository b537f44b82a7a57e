//! The command line: one file a subcommand; the composition root that joins a transport to a provider.
