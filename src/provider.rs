//! The SMS Provider as a typed interface: builds AdminService requests and reads its answers over a transport.
