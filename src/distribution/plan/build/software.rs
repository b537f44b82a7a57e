//! The package and the program: used as they are, or made with every property decided.

use super::{Builder, Built};
use crate::distribution::check::Finding;
use crate::distribution::draft::{DriveMode, Origin, Priority, RunTime};
use crate::distribution::facts::{PackageFact, SourceFact};
use crate::distribution::field::FieldId;
use crate::distribution::operation::already::What;
use crate::distribution::operation::package::{Share, Source};
use crate::distribution::operation::{Already, MakePackage, MakeProgram, Operation};
use crate::distribution::plan::{OpNumber, Program, Ref, Version};
use crate::sms;
use crate::sms::ids::{PackageId, ProgramId};
use crate::sms::package::PkgFlags;
use crate::sms::program::dependent_program;
use crate::sms::program_flags::ProgramFlags;

/// The software of a plan, for the parts that follow.
pub(super) struct Software {
    pub package: Ref<PackageId>,
    /// `7-Zip 24.08`.
    pub title: String,
    pub program: String,
    pub program_op: OpNumber,
    pub program_flags: ProgramFlags,
    /// The program as it was found, where it exists.
    pub existing_program: Option<Program>,
    /// Whether devices need a distribution point before they can run it.
    pub has_files: bool,
    pub version: Option<Version>,
    pub size: Option<u64>,
}

/// The package alone.
struct Chosen<'f> {
    reference: Ref<PackageId>,
    title: String,
    has_files: bool,
    fact: Option<&'f PackageFact>,
    size: Option<u64>,
}

impl<'a> Builder<'a> {
    pub(super) fn software(&mut self) -> Built<Software> {
        let package = match self.draft.package_origin() {
            Origin::Existing => self.existing_package()?,
            Origin::New => self.new_package()?,
        };
        let (program, program_op, program_flags) = match (self.draft.program_origin(), package.fact)
        {
            (Origin::Existing, Some(fact)) => self.existing_program(fact)?,
            (Origin::Existing, None) => {
                return self
                    .stop(Finding::stops("PRG-E01", "Choose a program.").at(FieldId::ProgramUse));
            }
            (Origin::New, _) => self.new_program(&package.reference),
        };
        let existing_program = self.found_program(package.fact);
        Ok(Software {
            package: package.reference,
            title: package.title,
            existing_program,
            program,
            program_op,
            program_flags,
            has_files: package.has_files,
            version: package.fact.map(|fact| Version {
                package: fact.id().clone(),
                source_version: fact.row.source_version.unwrap_or_default(),
            }),
            size: package.size,
        })
    }

    fn existing_package(&mut self) -> Built<Chosen<'a>> {
        let named = self.draft.text(FieldId::PackageUse);
        let facts = self.facts;
        let found = self.known(facts.packages(&named), FieldId::PackageUse, "The package")?;
        let by_id = found
            .iter()
            .find(|package| *package.id() == PackageId::new(&named));
        let fact = match (by_id, found.as_slice()) {
            (Some(package), _) | (None, [package]) => package,
            (None, []) => {
                return self
                    .stop(Finding::stops("PKG-E02", "Choose a package.").at(FieldId::PackageUse));
            }
            (None, several) => {
                let ids: Vec<&str> = several
                    .iter()
                    .map(|package| package.id().as_str())
                    .collect();
                let what = format!("Several packages are called {named}: {}.", ids.join(", "));
                let finding = Finding::stops("PKG-E02", what).because("Choose one by its id.");
                return self.stop(finding.at(FieldId::PackageUse));
            }
        };
        self.push(
            Operation::Already(Already {
                what: What::Package,
                id: fact.id().to_string(),
                name: fact.title(),
                words: fact.id().to_string(),
            }),
            &[],
        );
        let size = facts
            .content(&named)
            .value()
            .and_then(|content| content.size_kb)
            .map(|kilobytes| kilobytes.saturating_mul(1024));
        Ok(Chosen {
            reference: Ref::Id(fact.id().clone()),
            title: fact.title(),
            has_files: fact.row.needs_distribution_points(),
            fact: Some(fact),
            size,
        })
    }

    fn new_package(&mut self) -> Built<Chosen<'a>> {
        let source = self.source();
        let has_files = source != Source::None;
        let size = match self
            .facts
            .source(&self.draft.text(FieldId::PackageSource))
            .value()
        {
            Some(SourceFact::Folder { bytes, .. }) if has_files => Some(*bytes),
            _ => None,
        };
        let share_name = self.text(FieldId::PackageShareName);
        let package = MakePackage {
            name: self.draft.text(FieldId::PackageName),
            version: self.draft.text(FieldId::PackageVersion),
            manufacturer: self.draft.text(FieldId::PackageManufacturer),
            language: self.draft.text(FieldId::PackageLanguage),
            description: self.draft.text(FieldId::PackageDescription),
            source,
            flags: self.package_flags(),
            priority: match self.draft.priority() {
                Priority::High => sms::package::Priority::High,
                Priority::Normal => sms::package::Priority::Normal,
                Priority::Low => sms::package::Priority::Low,
            },
            share: if share_name.is_empty() {
                Share::Common
            } else {
                Share::Named(share_name)
            },
        };
        let title = package.full_name();
        let reference = Ref::MadeBy(self.push(Operation::Package(package), &[]));
        self.place_package(&reference)?;
        Ok(Chosen {
            reference,
            title,
            has_files,
            fact: None,
            size,
        })
    }

    /// The folder: on a site of this machine as it was found, on any other as it was typed.
    fn source(&self) -> Source {
        if !self.draft.has_source() {
            return Source::None;
        }
        let typed = self.draft.text(FieldId::PackageSource);
        match self.facts.source(&typed).value() {
            Some(SourceFact::Folder { full_path, .. }) => Source::Folder(full_path.clone()),
            _ => Source::Folder(typed),
        }
    }

    fn package_flags(&self) -> PkgFlags {
        let switches = [
            (FieldId::PackagePersistCache, PkgFlags::PERSIST_IN_CACHE),
            (FieldId::PackageCopyToShare, PkgFlags::COPY_TO_SHARE),
            (FieldId::PackageBinaryDelta, PkgFlags::USE_BINARY_DELTA_REP),
            (FieldId::PackageOnDemand, PkgFlags::DISTRIBUTE_ON_DEMAND),
        ];
        let on = switches.into_iter().filter(|(field, _)| self.is_on(*field));
        on.map(|(_, flag)| flag).collect()
    }

    fn existing_program(
        &mut self,
        package: &PackageFact,
    ) -> Built<(String, OpNumber, ProgramFlags)> {
        let named = self.draft.text(FieldId::ProgramUse);
        let Some(program) = package.program(&named) else {
            let what = if named.is_empty() {
                "Choose a program.".to_owned()
            } else {
                format!("{} has no program called {named}.", package.title())
            };
            return self.stop(Finding::stops("PRG-E01", what).at(FieldId::ProgramUse));
        };
        let number = self.push(
            Operation::Already(Already {
                what: What::Program,
                id: program.id().to_string(),
                name: program.program_name.clone(),
                words: program.command_line.clone(),
            }),
            &[],
        );
        Ok((program.program_name.clone(), number, program.program_flags))
    }

    fn found_program(&self, package: Option<&PackageFact>) -> Option<Program> {
        let exists = self.draft.program_origin() == Origin::Existing;
        let named = self.draft.text(FieldId::ProgramUse);
        let program = package.filter(|_| exists)?.program(&named)?;
        Some(Program {
            name: program.program_name.clone(),
            command: program.command_line.clone(),
        })
    }

    fn new_program(&mut self, package: &Ref<PackageId>) -> (String, OpNumber, ProgramFlags) {
        let (flags, drive_letter) = self.program_flags();
        let program = MakeProgram {
            package: package.clone(),
            name: self.draft.text(FieldId::ProgramName),
            command: self.draft.text(FieldId::ProgramCommand),
            start_in: self.draft.text(FieldId::ProgramStartIn),
            comment: self.draft.text(FieldId::ProgramComment),
            flags,
            duration: match self.draft.max_minutes() {
                RunTime::Unknown => 0,
                RunTime::Minutes(minutes) => minutes,
            },
            drive_letter,
            disk: self.draft.text(FieldId::ProgramDisk),
            requirements: self.draft.text(FieldId::ProgramRequirementsText),
            depends_on: self.depends_on(package),
            removal_key: self.text(FieldId::ProgramRemovalKey),
        };
        let name = program.name.clone();
        let number = self.push(Operation::Program(program), &[]);
        (name, number, flags)
    }

    /// The whole word from the answers: the class's own defaults contradict each other and are never relied on.
    fn program_flags(&self) -> (ProgramFlags, String) {
        let mut flags = ProgramFlags::ANY_PLATFORM;
        self.draft.window().write_into(&mut flags);
        self.draft.run_when().write_into(&mut flags);
        self.draft.rights().write_into(&mut flags);
        self.draft.after().write_into(&mut flags);
        flags.set(ProgramFlags::UNATTENDED, !self.draft.interact());
        let switches = [
            (FieldId::ProgramEveryUser, ProgramFlags::EVERYUSER),
            (FieldId::ProgramReconnect, ProgramFlags::PERSISTCONNECTION),
            (FieldId::ProgramSuppressNotify, ProgramFlags::COUNTDOWN),
            (
                FieldId::ProgramTsAllowed,
                ProgramFlags::AUTHORIZED_DYNAMIC_INSTALL,
            ),
            (FieldId::ProgramDisabled, ProgramFlags::DISABLED),
            (
                FieldId::ProgramUninstallOnExpiry,
                ProgramFlags::SUPPORT_UNINSTALL,
            ),
            (
                FieldId::ProgramDependsAlways,
                ProgramFlags::RUN_DEPENDANT_ALWAYS,
            ),
        ];
        for (field, flag) in switches {
            flags.set(flag, self.is_on(field));
        }
        // Last, because a network path takes the reconnect bit away again.
        let letter = self.drive().write_into(&mut flags);
        (flags, letter)
    }

    fn drive(&self) -> sms::choices::DriveMode {
        let letter = self.text(FieldId::ProgramDriveLetter).chars().next();
        match (self.draft.drive_mode(), letter) {
            (DriveMode::Unc, _) => sms::choices::DriveMode::Unc,
            (DriveMode::Letter, Some(letter)) => sms::choices::DriveMode::Letter(letter),
            (DriveMode::AnyLetter | DriveMode::Letter, _) => sms::choices::DriveMode::AnyLetter,
        }
    }

    /// `LAB00012;;Install`, or `;;Install` within the package.
    fn depends_on(&self, own: &Ref<PackageId>) -> String {
        let text = self.text(FieldId::ProgramDependsOn);
        if text.is_empty() {
            return String::new();
        }
        let Some((package, program)) = text.split_once('/') else {
            return format!(";;{text}");
        };
        let named = self.draft.dependency();
        let first = named
            .and_then(|named| {
                self.facts
                    .dependency(&named)
                    .value()
                    .and_then(|fact| fact.links.first().cloned())
            })
            .map_or_else(
                || ProgramId::new(package, program.trim()),
                |link| link.program,
            );
        match own {
            Ref::Id(own) => dependent_program(own, &first),
            Ref::MadeBy(_) => format!("{};;{}", first.package, first.name),
        }
    }
}
