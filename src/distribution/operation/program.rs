//! Making a program of a package: one command line and how it runs.

use serde::{Deserialize, Serialize};

use super::stamped::{self, Differences, Own, Stamped};
use super::{Kind, Look, Made, Mark, Right, Unmade, Written, written};
use crate::distribution::plan::{OpNumber, Ref};
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::odata::filter::Filter;
use crate::sms::ids::{PackageId, ProgramId};
use crate::sms::package::ActionInProgress;
use crate::sms::program::{Program, ProgramChanges};
use crate::sms::program_flags::ProgramFlags;
use crate::sms::stamped::StampedProgramRow;

/// Characters a comment may have.
const LONGEST_COMMENT: usize = 127;

/// A program to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakeProgram {
    pub package: Ref<PackageId>,
    pub name: String,
    pub command: String,
    pub start_in: String,
    pub comment: String,
    /// The whole flag word: the class's own defaults contradict each other and are never relied on.
    pub flags: ProgramFlags,
    /// Minutes; 0 is unknown.
    pub duration: u32,
    /// One letter, or empty.
    pub drive_letter: String,
    /// For example `300 MB`; empty when unknown.
    pub disk: String,
    pub requirements: String,
    /// `LAB00012;;Install`, or empty.
    pub depends_on: String,
    pub removal_key: String,
}

impl Stamped for StampedProgramRow {
    const COMMENT: Option<&str> = Some("Comment");

    fn isv_string(&self) -> &str {
        &self.isv_string
    }

    fn comment(&self) -> Option<&str> {
        Some(&self.comment)
    }

    fn id_text(&self) -> String {
        self.id().to_string()
    }

    fn is_going(&self) -> bool {
        self.action_in_progress == ActionInProgress::Delete
    }
}

impl MakeProgram {
    fn changes(&self, package: Option<PackageId>) -> ProgramChanges {
        ProgramChanges {
            package_id: package,
            program_name: Some(self.name.clone()),
            command_line: Some(self.command.clone()),
            working_directory: Some(self.start_in.clone()),
            comment: Some(self.comment.clone()),
            program_flags: Some(self.flags),
            duration: Some(self.duration),
            drive_letter: Some(self.drive_letter.clone()),
            disk_space_req: Some(self.disk.clone()),
            requirements: Some(self.requirements.clone()),
            dependent_program: Some(self.depends_on.clone()),
            removal_key: Some(self.removal_key.clone()),
            ..ProgramChanges::default()
        }
    }

    fn differs(&self, there: &StampedProgramRow) -> Vec<String> {
        Differences::default()
            .compare("CommandLine", &there.command_line, &self.command)
            .compare("WorkingDirectory", &there.working_directory, &self.start_in)
            .compare("Comment", &there.comment, &self.comment)
            .compare("ProgramFlags", &there.program_flags, &self.flags)
            .compare("Duration", &there.duration, &self.duration)
            .compare("DriveLetter", &there.drive_letter, &self.drive_letter)
            .compare(
                "DependentProgram",
                &there.dependent_program,
                &self.depends_on,
            )
            .into_names()
    }

    fn natural_key(&self, package: &PackageId) -> Filter {
        Filter::eq("PackageID", package.to_string())
            .and(Filter::eq("ProgramName", self.name.clone()))
    }
}

impl Kind for MakeProgram {
    fn title(&self) -> &'static str {
        "Program"
    }

    fn subject(&self) -> String {
        self.name.clone()
    }

    fn detail(&self) -> String {
        self.command.clone()
    }

    fn mark(&self) -> Mark {
        Mark::Create
    }

    fn right(&self) -> Right {
        if self.package.maker().is_some() {
            Right::CreatePackages
        } else {
            Right::ModifyPackages
        }
    }

    fn needs(&self) -> Vec<OpNumber> {
        self.package.maker().into_iter().collect()
    }

    fn request(&self) -> String {
        "create SMS_Program".into()
    }

    fn written(&self) -> Vec<Written> {
        written(&self.changes(self.package.id().cloned()))
    }

    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        let package = hand.resolve(&self.package)?;
        let found = stamped::find(hand, self.natural_key(&package)).await?;
        Ok(found.exclusive(|there: &StampedProgramRow| self.differs(there)))
    }

    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let package = hand.resolve(&self.package)?;
        stamped::make(hand, self.request(), |place| ProgramChanges {
            isv_string: place.property(),
            comment: Some(place.comment(&self.comment, LONGEST_COMMENT)),
            ..self.changes(Some(package.clone()))
        })
        .await?;
        Ok(Made {
            id: Some(ProgramId::new(package, self.name.clone()).to_string()),
            words: String::new(),
        })
    }

    async fn unmake(&self, hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        let Some(package) = hand.known(&self.package) else {
            return Ok(Unmade::Nothing);
        };
        let at = Some(self.natural_key(&package));
        let found: StampedProgramRow = match stamped::own(hand, at).await? {
            Own::Mine(found) => found,
            Own::No(unmade) => return Ok(unmade),
        };
        let uses = self.natural_key(&package);
        if let Some(name) = super::advertisement::of_others(hand, uses).await? {
            return Ok(Unmade::Left(format!("it is advertised by {name}")));
        }
        let id = ProgramId::new(package, found.program_name.clone());
        let provider = hand.provider.clone();
        hand.send(
            Sending::unmake("delete SMS_Program", &id.to_string()).with_before(&found),
            provider.delete::<Program>(&id),
        )
        .await?;
        Ok(Unmade::Going)
    }
}
