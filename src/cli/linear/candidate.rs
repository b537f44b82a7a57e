//! Objects of the site that can be chosen, and which of them fit what was typed.

use std::cmp::Reverse;

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32String};

use crate::client::Reader;
use crate::client::listing::{
    CollectionLine, GroupLine, Line, PackageLine, PointLine, ProgramLine,
};
use crate::config::Limits;
use crate::distribution::field::Pick;
use crate::distribution::guard;
use crate::error::SiteError;
use crate::provider::Provider;

/// One object that can be chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the draft keeps.
    pub id: String,
    pub name: String,
    /// The object in a sentence, with its name.
    pub words: String,
    /// Large or built in: not listed until asked for.
    pub is_hidden: bool,
}

impl Candidate {
    fn new(id: impl Into<String>, name: impl Into<String>, words: String) -> Self {
        Self {
            id: id.into(),
            name: name.into(),
            words,
            is_hidden: false,
        }
    }

    fn is_called(&self, typed: &str) -> bool {
        let typed = typed.to_lowercase();
        self.id.to_lowercase() == typed || self.name.to_lowercase() == typed
    }
}

/// The one object of that id or name; `None` where there is none, or more than one.
pub fn exactly<'c>(typed: &str, candidates: &'c [Candidate]) -> Option<&'c Candidate> {
    let by_id = candidates
        .iter()
        .find(|candidate| candidate.id.eq_ignore_ascii_case(typed));
    let mut called = candidates
        .iter()
        .filter(|candidate| candidate.is_called(typed));
    by_id.or_else(|| called.next().filter(|_| called.next().is_none()))
}

/// Objects that fit what was typed, the closest first; among equals the shortest name.
pub fn fitting<'c>(typed: &str, candidates: &'c [Candidate]) -> Vec<&'c Candidate> {
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut matcher = Matcher::new(Config::DEFAULT);
    let mut ranked: Vec<(u32, &Candidate)> = candidates
        .iter()
        .filter_map(|candidate| {
            let text = Utf32String::from(format!("{} {}", candidate.name, candidate.id));
            Some((pattern.score(text.slice(..), &mut matcher)?, candidate))
        })
        .collect();
    ranked.sort_by_key(|(score, candidate)| (Reverse(*score), candidate.name.len()));
    ranked.into_iter().map(|(_, candidate)| candidate).collect()
}

/// Reads what a field chooses from. Programs are those of every package, as `LAB00012/Install`.
pub async fn read(
    pick: Pick,
    provider: &Provider,
    limits: &Limits,
) -> Result<Vec<Candidate>, SiteError> {
    let reader = Reader::new(provider);
    Ok(match pick {
        Pick::Package => all(&reader.packages().await?.lines, package),
        Pick::Program | Pick::AnyProgram => all(&reader.programs().await?.lines, program),
        Pick::Collection => all(&reader.collections().await?.lines, |line| {
            Some(collection(line, limits))
        }),
        Pick::DistributionPoint => all(&reader.points().await?.lines, |line| Some(point(line))),
        Pick::PointGroup => all(&reader.groups().await?.lines, |line| Some(group(line))),
    })
}

fn all<L>(lines: &[L], candidate: impl Fn(&L) -> Option<Candidate>) -> Vec<Candidate> {
    lines.iter().filter_map(candidate).collect()
}

/// The programs of one package, by their names.
pub fn of_package(package: &str, programs: &[Candidate]) -> Vec<Candidate> {
    programs
        .iter()
        .filter_map(|program| {
            let (owner, name) = program.id.split_once('/')?;
            let own = owner.eq_ignore_ascii_case(package);
            own.then(|| Candidate::new(name, name, program.words.clone()))
        })
        .collect()
}

fn package(line: &PackageLine) -> Option<Candidate> {
    let words = format!("{} {}", line.in_words(), line.id());
    line.is_offered()
        .then(|| Candidate::new(line.id(), &line.full_name, words))
}

fn program(line: &ProgramLine) -> Option<Candidate> {
    let name = format!("{} {}", line.package, line.row.program_name);
    let words = format!("{} {}", line.in_words(), line.id());
    (!line.row.is_being_deleted()).then(|| Candidate::new(line.id(), name, words))
}

fn collection(line: &CollectionLine, limits: &Limits) -> Candidate {
    let words = format!("{}, {}: {}", line.name(), line.id(), line.in_words());
    Candidate {
        is_hidden: guard::is_hidden_from_pickers(&line.row, limits),
        ..Candidate::new(line.id(), line.name(), words)
    }
}

fn point(line: &PointLine) -> Candidate {
    let server = line.row.server();
    Candidate::new(server, server, format!("{server}: {}", line.in_words()))
}

fn group(line: &GroupLine) -> Candidate {
    let name = &line.row.name;
    Candidate::new(name, name, format!("{name}: {}", line.in_words()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn candidates() -> Vec<Candidate> {
        [
            ("LAB00015", "Pilot laptops"),
            ("LAB00014", "Pilot PCs"),
            ("LAB00020", "Finance PCs"),
            ("LAB00021", "Finance PCs"),
        ]
        .map(|(id, name)| Candidate::new(id, name, String::new()))
        .to_vec()
    }

    #[test]
    fn an_id_or_the_only_object_of_a_name_is_meant_exactly() {
        let all = candidates();
        let id = |typed| exactly(typed, &all).map(|candidate| candidate.id.as_str());
        assert_eq!(id("lab00020"), Some("LAB00020"));
        assert_eq!(id("pilot pcs"), Some("LAB00014"));
        assert_eq!(id("Finance PCs"), None, "two are called so");
        assert_eq!(id("pilot"), None);
    }

    #[test]
    fn the_closest_comes_first() {
        let all = candidates();
        let names: Vec<&str> = fitting("pilot", &all)
            .into_iter()
            .map(|candidate| candidate.name.as_str())
            .collect();
        assert_eq!(names, ["Pilot PCs", "Pilot laptops"]);
        assert!(fitting("zzz", &all).is_empty());
    }

    #[test]
    fn the_programs_of_a_package_go_by_their_names() {
        let programs = [
            Candidate::new("LAB00001/Install", "7-Zip Install", "words".into()),
            Candidate::new("LAB00002/Install", "Tool Install", String::new()),
        ];
        let own = of_package("lab00001", &programs);
        assert_eq!(own.len(), 1);
        assert_eq!(
            (own[0].id.as_str(), own[0].words.as_str()),
            ("Install", "words")
        );
    }
}
