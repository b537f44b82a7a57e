//! A program: summary, its flags bit by bit, advertisements.

use serde_json::Value;

use super::{Detail, Entries, Entry, Part};
use crate::client::answer::Gap;
use crate::client::listing::program::{drive, run_when};
use crate::client::listing::{DeploymentLine, Kind, Line, ProgramLine};
use crate::sms::choices::{After, Rights, RunWhen, Window, interacts};
use crate::sms::program::Program;
use crate::sms::program_flags::ProgramFlags;

#[derive(Debug, Clone, PartialEq)]
pub struct ProgramDetail {
    pub program: Program,
    pub line: ProgramLine,
    pub advertisements: Part<DeploymentLine>,
    pub raw: Value,
    pub gaps: Vec<Gap>,
}

impl Detail for ProgramDetail {
    const KIND: Kind = Kind::Programs;

    fn id(&self) -> String {
        self.line.id()
    }

    fn name(&self) -> &str {
        self.line.name()
    }

    fn summary(&self) -> Vec<Entry> {
        let program = &self.program;
        let flags = program.program_flags;
        let mut entries = Entries::default();
        entries.say(
            "Program",
            format!(
                "{} of {} ({})",
                program.program_name, self.line.package, program.package_id
            ),
        );
        entries.say("Command", program.command_line.as_str());
        entries.say("Start in", program.working_directory.as_str());
        entries.say("Runs", self.runs());
        entries.say(
            "Window",
            Window::from_flags(flags).map_or("contradicting flags", Window::as_str),
        );
        entries.say("After", after_in_words(flags));
        entries.say(
            "At most",
            match program.max_minutes() {
                Some(minutes) => format!("{minutes} minutes"),
                None => "unknown; a device allows 720 minutes".to_owned(),
            },
        );
        entries.say("Needs", program.disk_space_req.as_str());
        entries.say("Also needs", program.requirements.as_str());
        entries.say(
            "First",
            program
                .depends_on()
                .map(|first| format!("{first} runs before it"))
                .unwrap_or_default(),
        );
        entries.say("Platforms", self.platforms());
        entries.say("Drive", drive(flags, &program.drive_letter));
        entries.say("Comment", program.comment.as_str());
        if flags.contains(ProgramFlags::DISABLED) {
            entries.say("State", "switched off: no device is offered it");
        }
        entries.0
    }

    fn raw(&self) -> &Value {
        &self.raw
    }

    fn gaps(&self) -> &[Gap] {
        &self.gaps
    }
}

impl ProgramDetail {
    /// Every bit that is set, by number, in words.
    pub fn flags(&self) -> Vec<(u32, String)> {
        let bits = self.program.program_flags.bits();
        let set = (0..u32::BITS).filter(|bit| bits & (1 << bit) != 0);
        let words = self.program.program_flags.words();
        set.zip(words)
            .map(|(bit, words)| (bit, words.into_owned()))
            .collect()
    }

    fn runs(&self) -> String {
        let flags = self.program.program_flags;
        let when = match RunWhen::from_flags(flags) {
            Some(RunWhen::Any) => "whether or not anyone is signed in",
            Some(RunWhen::User) => "while a user is signed in",
            Some(RunWhen::NoUser) => "while nobody is signed in",
            None => run_when(flags),
        };
        let rights = match Rights::from_flags(flags) {
            Some(Rights::User) => "the user's rights",
            _ => "administrative rights",
        };
        let input = if interacts(flags) {
            ", may ask the user"
        } else {
            ""
        };
        format!("{when}, with {rights}{input}")
    }

    fn platforms(&self) -> String {
        if self
            .program
            .program_flags
            .contains(ProgramFlags::ANY_PLATFORM)
        {
            return "any".to_owned();
        }
        let systems = &self.program.supported_operating_systems;
        if systems.is_empty() {
            return "none listed: no device runs it".to_owned();
        }
        let named = systems
            .iter()
            .map(|os| format!("{} {} {}", os.name, os.platform, os.min_version));
        named.collect::<Vec<_>>().join(", ")
    }
}

fn after_in_words(flags: ProgramFlags) -> &'static str {
    match After::from_flags(flags) {
        Some(After::Nothing) => "nothing",
        Some(After::Restart) => "the client restarts the device",
        Some(After::ProgramRestarts) => "the program restarts the device itself",
        Some(After::SignOut) => "the user is signed out",
        None => "contradicting flags",
    }
}
