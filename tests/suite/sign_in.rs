//! Signing in to servers no one here wrote: MIT Kerberos, Apache with `mod_auth_gssapi` and gss-ntlmssp in front
//! of a served site, and an acceptor that checks channel bindings. A machine without them skips this and says so.

mod console;
mod faults;
mod journeys;
mod lab;
