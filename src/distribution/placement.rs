//! Where a site's settings want what is made: names and paths become ids, or a finding says why they cannot.

use crate::distribution::check::Finding;
use crate::distribution::facts::{Fact, Facts};
use crate::sms::folder::{self, FolderRow};
use crate::sms::scope::ScopeRow;

/// The scopes of these names, whatever their case, each once.
pub(super) fn scopes(names: &[String], facts: &Facts) -> Result<Vec<ScopeRow>, Box<Finding>> {
    let there = known(facts.scopes(), "security scopes")?;
    let mut found: Vec<ScopeRow> = Vec::new();
    for name in names {
        let scope = there
            .iter()
            .find(|scope| scope.category_name.eq_ignore_ascii_case(name.trim()))
            .ok_or_else(|| {
                let what =
                    format!("There is no security scope called '{name}', or you may not see it.");
                Box::new(Finding::stops("HSE-E01", what).because(WANTED))
            })?;
        if !found.contains(scope) {
            found.push(scope.clone());
        }
    }
    Ok(found)
}

/// The folder at the end of this path of names joined by `/`, for objects of this type.
pub(super) fn folder(path: &str, object_type: u32, facts: &Facts) -> Result<u32, Box<Finding>> {
    let there = known(facts.folders(), "console folders")?;
    let names = path
        .split('/')
        .map(str::trim)
        .filter(|name| !name.is_empty());
    let mut parent = folder::ROOT;
    for name in names {
        parent = within(there, parent, object_type, name).ok_or_else(|| {
            let what = format!(
                "There is no console folder '{path}', or you may not see it: '{name}' is missing."
            );
            Box::new(Finding::stops("HSE-E02", what).because(WANTED))
        })?;
    }
    Ok(parent)
}

fn within(there: &[FolderRow], parent: u32, object_type: u32, name: &str) -> Option<u32> {
    let is_it = |folder: &&FolderRow| {
        folder.parent_container_node_id == parent
            && folder.object_type == object_type
            && folder.name.eq_ignore_ascii_case(name)
    };
    there
        .iter()
        .find(is_it)
        .map(|folder| folder.container_node_id)
}

/// Whose wish it is.
const WANTED: &str = "The settings of this site want new objects there; make it in the vendor's console, or correct the settings.";

fn known<'f, T>(fact: Fact<&'f Vec<T>>, what: &str) -> Result<&'f Vec<T>, Box<Finding>> {
    match fact {
        Fact::Known { value, .. } => Ok(value),
        unread => {
            let reason = unread.doubt().unwrap_or_default();
            let text = format!("The {what} of the site could not be read: {reason}.");
            Err(Box::new(Finding::stops("HSE-E03", text).because(WANTED)))
        }
    }
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::distribution::facts::{Answer, Question};

    fn folders(rows: &[(u32, u32, u32, &str)]) -> Facts {
        let rows = rows.iter().map(|(id, parent, kind, name)| FolderRow {
            container_node_id: *id,
            name: (*name).to_owned(),
            object_type: *kind,
            parent_container_node_id: *parent,
        });
        let mut facts = Facts::default();
        let answer = Answer::Folders(rows.collect());
        facts.learn(
            Question::Folders,
            Fact::known(answer, Timestamp::UNIX_EPOCH),
        );
        facts
    }

    #[test]
    fn a_folder_is_found_by_its_path_and_type() {
        let facts = folders(&[
            (1, 0, folder::DEVICE_COLLECTIONS, "Software"),
            (2, 0, folder::PACKAGES, "Software"),
            (3, 2, folder::PACKAGES, "Tools"),
            (4, 1, folder::DEVICE_COLLECTIONS, "Tools"),
        ]);
        let found = |path| folder(path, folder::PACKAGES, &facts).map_err(|finding| finding.code);
        assert_eq!(found("software/TOOLS"), Ok(3));
        assert_eq!(found("/Software/"), Ok(2));
        assert_eq!(found("Tools"), Err("HSE-E02".into()));
    }

    #[test]
    fn what_was_not_read_is_not_taken_for_missing() {
        let unread = folder("Software", folder::PACKAGES, &Facts::default());
        assert_eq!(unread.unwrap_err().code, "HSE-E03");
        let unread = scopes(&["Berlin".into()], &Facts::default());
        assert_eq!(unread.unwrap_err().code, "HSE-E03");
    }
}
