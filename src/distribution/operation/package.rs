//! Making a package, and taking it back once nothing but this plan uses it.

use serde::{Deserialize, Serialize};

use super::stamped::{self, Differences, Own, Stamped};
use super::{Kind, Look, Made, Mark, Right, Unmade, Written, written};
use crate::distribution::plan::OpNumber;
use crate::distribution::run::{Hand, Sending, Trouble};
use crate::odata::filter::Filter;
use crate::sms::ids::PackageId;
use crate::sms::package::{
    ActionInProgress, Package, PackageChanges, PkgFlags, Priority, ShareType, SourceFlag,
};
use crate::sms::stamped::{StampedPackageRow, StampedProgramRow};

/// Characters a description may have.
const LONGEST_DESCRIPTION: usize = 128;

/// A package to be made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MakePackage {
    pub name: String,
    pub version: String,
    pub manufacturer: String,
    pub language: String,
    pub description: String,
    pub source: Source,
    pub flags: PkgFlags,
    pub priority: Priority,
    pub share: Share,
}

/// Where its files come from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// It has none, and needs no distribution point.
    None,
    /// A folder the site server reads.
    Folder(String),
}

/// The share its files lie in on distribution points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    Common,
    Named(String),
}

impl Stamped for StampedPackageRow {
    const COMMENT: Option<&str> = Some("Description");

    fn isv_string(&self) -> &str {
        &self.isv_string
    }

    fn comment(&self) -> Option<&str> {
        Some(&self.description)
    }

    fn id_text(&self) -> String {
        self.package_id.to_string()
    }

    fn is_going(&self) -> bool {
        self.action_in_progress == ActionInProgress::Delete
    }
}

impl Source {
    fn flag(&self) -> SourceFlag {
        match self {
            Self::None => SourceFlag::NoSource,
            Self::Folder(_) => SourceFlag::Direct,
        }
    }

    fn path(&self) -> &str {
        match self {
            Self::None => "",
            Self::Folder(path) => path,
        }
    }
}

impl MakePackage {
    /// Name and version, as people say it.
    pub fn full_name(&self) -> String {
        format!("{} {}", self.name, self.version).trim().to_owned()
    }

    fn changes(&self) -> PackageChanges {
        let share_name = match &self.share {
            Share::Common => None,
            Share::Named(name) => Some(name.clone()),
        };
        PackageChanges {
            name: Some(self.name.clone()),
            version: Some(self.version.clone()),
            manufacturer: Some(self.manufacturer.clone()),
            language: Some(self.language.clone()),
            description: Some(self.description.clone()),
            pkg_source_flag: Some(self.source.flag()),
            pkg_source_path: Some(self.source.path().to_owned()).filter(|path| !path.is_empty()),
            pkg_flags: Some(self.flags),
            priority: Some(self.priority),
            share_type: Some(if share_name.is_some() {
                ShareType::Specific
            } else {
                ShareType::Common
            }),
            share_name,
            ..PackageChanges::default()
        }
    }

    fn differs(&self, there: &StampedPackageRow) -> Vec<String> {
        Differences::default()
            .compare("Version", &there.version, &self.version)
            .compare("Manufacturer", &there.manufacturer, &self.manufacturer)
            .compare("Language", &there.language, &self.language)
            .compare("Description", &there.description, &self.description)
            .compare("PkgSourceFlag", &there.pkg_source_flag, &self.source.flag())
            .compare(
                "PkgSourcePath",
                there.pkg_source_path.as_str(),
                self.source.path(),
            )
            .compare("PkgFlags", &there.pkg_flags, &self.flags)
            .into_names()
    }
}

impl Kind for MakePackage {
    fn title(&self) -> &'static str {
        "Package"
    }

    fn subject(&self) -> String {
        self.full_name()
    }

    fn detail(&self) -> String {
        match &self.source {
            Source::None => "no files".into(),
            Source::Folder(path) => path.clone(),
        }
    }

    fn mark(&self) -> Mark {
        Mark::Create
    }

    fn right(&self) -> Right {
        Right::CreatePackages
    }

    fn needs(&self) -> Vec<OpNumber> {
        Vec::new()
    }

    fn request(&self) -> String {
        "create SMS_Package".into()
    }

    fn written(&self) -> Vec<Written> {
        written(&self.changes())
    }

    async fn look(&self, hand: &mut Hand<'_>) -> Result<Look, Trouble> {
        let found = stamped::find(hand, Filter::eq("Name", self.name.clone())).await?;
        Ok(found.shared(|there: &StampedPackageRow| self.differs(there)))
    }

    async fn make(&self, hand: &mut Hand<'_>) -> Result<Made, Trouble> {
        let made = stamped::make(hand, self.request(), |place| PackageChanges {
            isv_string: place.property(),
            description: Some(place.comment(&self.description, LONGEST_DESCRIPTION)),
            ..self.changes()
        })
        .await?;
        Ok(Made {
            id: Some(made.package_id.to_string()),
            words: String::new(),
        })
    }

    async fn unmake(&self, hand: &mut Hand<'_>) -> Result<Unmade, Trouble> {
        let at = stamped::at_id(hand, "PackageID");
        let found: StampedPackageRow = match stamped::own(hand, at).await? {
            Own::Mine(found) => found,
            Own::No(unmade) => return Ok(unmade),
        };
        if let Some(user) = user(hand, &found.package_id).await? {
            return Ok(Unmade::Left(user));
        }
        let provider = hand.provider.clone();
        let id = found.package_id.clone();
        hand.send(
            Sending::unmake("delete SMS_Package", &id).with_before(&found),
            provider.delete::<Package>(&id),
        )
        .await?;
        Ok(Unmade::Going)
    }
}

/// Who else uses a package of this plan: a program or an advertisement that does not carry its stamp.
async fn user(hand: &Hand<'_>, package: &PackageId) -> Result<Option<String>, Trouble> {
    let of_package = Filter::eq("PackageID", package.to_string());
    let programs: Vec<StampedProgramRow> = stamped::rows(hand, of_package.clone()).await?;
    let program = programs
        .iter()
        .find(|program| !program.is_going() && !hand.is_of_plan(program.stamp()));
    if let Some(program) = program {
        return Ok(Some(format!(
            "it also has the program {}",
            program.program_name
        )));
    }
    let advertisement = super::advertisement::of_others(hand, of_package).await?;
    Ok(advertisement.map(|name| format!("it is advertised by {name}")))
}
