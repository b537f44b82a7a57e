//! What details are about: an object by its key, and what people call it.

use crate::client::listing::deployment::Deployed;
use crate::client::listing::{
    AssignmentLine, CollectionLine, DeploymentLine, DeviceLine, GroupLine, Kind, Line, MemberLine,
    PackageLine, PointLine, ProgramLine, RequestLine, StatusLine,
};
use crate::client::{Request, Slot};
use crate::sms::ids::{
    AdvertisementId, CollectionId, DeploymentId, GroupId, PackageId, ProgramId, ResourceId,
};
use crate::sms::nal::NalPath;

use super::pane::PaneId;

/// An object, and its name for the path on top.
#[derive(Debug, Clone, PartialEq)]
pub struct Subject {
    pub key: SubjectKey,
    pub name: String,
    /// What the list said of it, shown until the details are here.
    pub words: String,
    /// Why nothing can be begun with it here.
    pub lock: Option<String>,
}

/// The key of an object of any kind.
#[derive(Debug, Clone, PartialEq)]
pub enum SubjectKey {
    Package(PackageId),
    Program(ProgramId),
    Collection(CollectionId),
    Point(NalPath),
    Group(GroupId),
    Advertisement(AdvertisementId),
    /// A deployment that is no advertisement.
    Deployment(DeploymentId),
    Device(ResourceId),
    /// A request to the site: no object there, and all there is to know of it is here.
    Request(Box<RequestLine>),
}

impl SubjectKey {
    /// What it is an object of, if it is one of the site.
    pub fn kind(&self) -> Option<Kind> {
        Some(match self {
            Self::Package(_) => Kind::Packages,
            Self::Program(_) => Kind::Programs,
            Self::Collection(_) => Kind::Collections,
            Self::Point(_) => Kind::Points,
            Self::Group(_) => Kind::Groups,
            Self::Advertisement(_) | Self::Deployment(_) => Kind::Advertisements,
            Self::Device(_) => Kind::Devices,
            Self::Request(_) => return None,
        })
    }

    /// What one of its kind is called.
    pub fn called(&self) -> &'static str {
        self.kind()
            .map_or(RequestLine::CALLED.one, |kind| kind.called().one)
    }

    /// The pane it is listed in.
    pub fn pane(&self) -> PaneId {
        self.kind().map_or(PaneId::Requests, PaneId::of_kind)
    }

    /// The id its line has in a list.
    pub fn line_id(&self) -> String {
        match self {
            Self::Package(id) => id.to_string(),
            Self::Program(id) => id.to_string(),
            Self::Collection(id) => id.to_string(),
            Self::Point(path) => path.server().to_owned(),
            Self::Group(id) => id.to_string(),
            Self::Advertisement(id) => id.to_string(),
            Self::Deployment(id) => id.to_string(),
            Self::Device(id) => id.to_string(),
            Self::Request(line) => line.id(),
        }
    }

    /// What the site is asked to show it, and where the answer belongs; nothing, where all is known.
    pub fn question(&self) -> Option<(Slot, Request)> {
        let request = match self.clone() {
            Self::Package(id) => Request::Package(id),
            Self::Program(id) => Request::Program(id),
            Self::Collection(id) => Request::Collection(id),
            Self::Point(id) => Request::Point(id),
            Self::Group(id) => Request::Group(id),
            Self::Advertisement(id) => Request::Advertisement(id),
            Self::Deployment(id) => Request::Deployment(id),
            Self::Device(id) => Request::Device(id),
            Self::Request(_) => return None,
        };
        Some((Slot::Detail(self.kind()?), request))
    }
}

impl Subject {
    fn of<L: Line>(key: SubjectKey, line: &L) -> Self {
        Self {
            key,
            name: line.name().to_owned(),
            words: line.in_words(),
            lock: None,
        }
    }

    pub fn package(line: &PackageLine) -> Self {
        let key = SubjectKey::Package(line.package_id().clone());
        let name = line.full_name.clone();
        Self {
            name,
            lock: line.lock(),
            ..Self::of(key, line)
        }
    }

    pub fn program(line: &ProgramLine) -> Self {
        Self::of(SubjectKey::Program(line.program_id()), line)
    }

    pub fn collection(line: &CollectionLine) -> Self {
        Self::of(SubjectKey::Collection(line.collection_id().clone()), line)
    }

    pub fn point(line: &PointLine) -> Self {
        Self::of(SubjectKey::Point(line.row.nal_path.clone()), line)
    }

    pub fn group(line: &GroupLine) -> Self {
        Self::of(SubjectKey::Group(line.row.group_id.clone()), line)
    }

    /// An assignment opens the package it assigns.
    pub fn assigned_package(line: &AssignmentLine) -> Self {
        let key = SubjectKey::Package(line.row.package_id.clone());
        let name = line.package.clone();
        Self {
            name,
            ..Self::of(key, line)
        }
    }

    pub fn advertisement(line: &DeploymentLine) -> Self {
        let key = match &line.what {
            Deployed::Advertisement(row) => SubjectKey::Advertisement(row.advertisement_id.clone()),
            Deployed::Other(row) => SubjectKey::Deployment(row.deployment_id.clone()),
        };
        Self::of(key, line)
    }

    pub fn device(line: &DeviceLine) -> Self {
        Self::of(SubjectKey::Device(line.resource_id()), line)
    }

    /// A member opens as the device it is.
    pub fn member(line: &MemberLine) -> Self {
        Self::of(SubjectKey::Device(line.resource_id()), line)
    }

    pub fn request(line: &RequestLine) -> Self {
        Self::of(SubjectKey::Request(Box::new(line.clone())), line)
    }

    /// A status opens the device it is about.
    pub fn status(line: &StatusLine) -> Self {
        let name = line.device.clone();
        Self {
            name,
            ..Self::of(SubjectKey::Device(line.resource_id()), line)
        }
    }
}
