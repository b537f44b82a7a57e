//! The embedded site: stands in for a Windows site server on one machine, and answers as the AdminService does.
