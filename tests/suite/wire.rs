//! The wire, from the outside: requests go through the site's router as a client would send them.

mod asking;
mod fixtures;
mod methods;
mod reads;
mod refusals;
mod urls;
mod writes;
