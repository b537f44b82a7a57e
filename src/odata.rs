//! The language on the wire, said once and used by both ends: filters, query options, paths, envelopes, error bodies.
