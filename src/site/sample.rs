//! A fleet to play with, from a seed: the same seed makes the same devices, software and outcomes, dated from today.
//!
//! What people would have made (packages, collections, advertisements) stands in `assets/sample/` and goes through the
//! provider's rules like anybody's request; devices and what became of advertisements on them are rolled here.

mod advertisements;
mod applications;
mod collections;
mod dice;
mod fleet;
mod outcome;
mod placement;
mod points;
mod software;

use std::path::Path;

use jiff::Timestamp;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::collections::{evaluate_waiting, request_all};
use super::context::Context;
use super::refusal::Refusal;
use super::status_summarizer;
use super::store::{Object, StoreError};

/// How large a fleet, and which one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sample {
    pub devices: u32,
    pub seed: u64,
}

impl Default for Sample {
    fn default() -> Self {
        Self {
            devices: 500,
            seed: 1,
        }
    }
}

/// How far the filling has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// What is being made, as a sentence says it.
    pub of: &'static str,
    pub done: u32,
    pub all: u32,
}

/// Told how far the filling has come, a hundred times a part at most.
pub type Told<'t> = &'t dyn Fn(Progress);

/// Tells of one part of the filling.
struct Teller<'t> {
    told: Told<'t>,
    of: &'static str,
    all: u32,
}

impl<'t> Teller<'t> {
    fn new(told: Told<'t>, of: &'static str, all: usize) -> Self {
        let all = u32::try_from(all).unwrap_or(u32::MAX);
        let teller = Self { told, of, all };
        teller.tell(0);
        teller
    }

    /// Tells, if that is worth it, that so many are done.
    fn tell(&self, done: usize) {
        let done = u32::try_from(done).unwrap_or(u32::MAX);
        if done % (self.all / 100).max(1) == 0 || done == self.all {
            (self.told)(Progress {
                of: self.of,
                done,
                all: self.all,
            });
        }
    }
}

/// Puts the whole fleet in. Collections are evaluated on the way; content is left for the distribution manager to
/// copy, so that a sample site shows real copies of real files.
pub fn fill(
    context: &Context<'_>,
    folder: &Path,
    sample: Sample,
    told: Told<'_>,
) -> Result<(), StoreError> {
    let now = Timestamp::now();
    let code = context.site.code.as_str();
    fleet::fill(context.db, code, sample, now, told)?;
    placement::fill(context)?;
    let points = points::fill(context)?;
    let packages = software::fill(
        context,
        &points,
        &folder.join("sample-sources"),
        sample.seed,
    )?;
    let collections = collections::fill(context)?;
    request_all(context)?;
    Teller::new(told, "collections", collections.len());
    evaluate_waiting(context)?;
    advertisements::fill(context, &packages, &collections, sample.seed, now, told)?;
    status_summarizer::summarize_all(context)?;
    applications::fill(context, &collections, now)
}

/// One of the files in `assets/sample/`.
fn read<T: DeserializeOwned>(name: &str, text: &str) -> Result<T, StoreError> {
    Ok(toml::from_str(text)
        .map_err(|error| Refusal::invalid(format!("assets/sample/{name}: {error}")))?)
}

/// The object a JSON object describes.
fn object(values: Value) -> Object {
    let mut object = Object::new();
    if let Value::Object(values) = values {
        for (name, value) in values {
            object.set(&name, value);
        }
    }
    object
}

#[cfg(test)]
mod tests;
