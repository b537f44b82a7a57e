//! Programs that a person names and consign starts: an editor, a command that prints a password.
//!
//! They inherit consign's environment but for the variables that the settings name as holding a secret: those are for
//! consign alone.

use std::process::Command;
use std::sync::Arc;

/// How foreign programs are started. Clones are cheap.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Foreign {
    /// Variables they do not see.
    withheld: Arc<[String]>,
}

impl Foreign {
    pub fn without<'a>(variables: impl IntoIterator<Item = &'a str>) -> Self {
        Self {
            withheld: variables.into_iter().map(str::to_owned).collect(),
        }
    }

    /// A line for the shell, because people name programs with their arguments.
    pub fn shell(&self, line: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", line]);
        for variable in self.withheld.iter() {
            command.env_remove(variable);
        }
        command
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_variables_that_hold_secrets_are_withheld() {
        // Cargo sets both for every test.
        let line = "echo ${CARGO_PKG_NAME-none} ${CARGO_MANIFEST_DIR-none}";
        let printed = |foreign: Foreign| {
            let output = foreign.shell(line).output().unwrap();
            String::from_utf8(output.stdout).unwrap()
        };
        let folder = env!("CARGO_MANIFEST_DIR");
        assert_eq!(printed(Foreign::default()), format!("consign {folder}\n"));
        let withheld = Foreign::without(["CARGO_PKG_NAME", "NO_SUCH_THING"]);
        assert_eq!(printed(withheld), format!("none {folder}\n"));
    }
}
