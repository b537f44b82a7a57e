//! What comes back from the client task.

use jiff::Timestamp;

use super::details::{
    AdvertisementDetail, CollectionDetail, DeploymentDetail, DeviceDetail, GroupDetail,
    PackageDetail, PointDetail, ProgramDetail,
};
use super::listing::{
    CollectionLine, DeploymentLine, DeviceLine, GroupLine, MemberLine, PackageLine, PointLine,
    ProgramLine, StatusLine,
};
use super::runs::{OpenRuns, RunEnd};
use super::slot::Ticket;
use super::window::Page;
use crate::distribution::facts::Facts;
use crate::error::SiteError;
use crate::sms::rights::Sight;

/// The answer to one request.
#[derive(Debug, Clone)]
pub struct Answer {
    pub ticket: Ticket,
    /// When it was read: what is shown says so.
    pub read_at: Timestamp,
    pub result: Result<Payload, SiteError>,
}

/// What was asked for, one variant a kind of request.
#[derive(Debug, Clone)]
pub enum Payload {
    Opened(SiteWords),
    Greeting(Greeting),
    Sight(Sight),

    Packages(Listed<PackageLine>),
    Programs(Listed<ProgramLine>),
    Collections(Listed<CollectionLine>),
    Points(Listed<PointLine>),
    Groups(Listed<GroupLine>),
    Advertisements(Listed<DeploymentLine>),

    Devices(Page<DeviceLine>),
    Members(Page<MemberLine>),
    Statuses(Page<StatusLine>),
    Reached(Listed<DeviceLine>),
    Total(u64),

    Package(Box<PackageDetail>),
    Program(Box<ProgramDetail>),
    Collection(Box<CollectionDetail>),
    Point(Box<PointDetail>),
    Group(Box<GroupDetail>),
    Advertisement(Box<AdvertisementDetail>),
    Deployment(Box<DeploymentDetail>),
    Device(Box<DeviceDetail>),

    Facts(Box<Facts>),
    Folders(Vec<String>),
    /// The site took the request to work a collection out.
    Evaluating,

    Run(RunEnd),
    OpenRuns(OpenRuns),
    /// The sample fleet is there.
    Filled,
}

/// What there is to say of the site that was opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SiteWords {
    /// As the settings call it: `lab`.
    pub name: String,
    /// Its three characters.
    pub code: String,
    /// `embedded`, or the address.
    pub about: String,
    pub is_embedded: bool,
    /// Whether it can be filled with a sample fleet.
    pub can_fill: bool,
}

/// A list read whole, and what is missing beside it.
#[derive(Debug, Clone, PartialEq)]
pub struct Listed<L> {
    pub lines: Vec<L>,
    /// Parts that could not be read: what they would have told is unknown in the lines.
    pub gaps: Vec<Gap>,
}

/// A part that could not be read beside the rest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Gap {
    /// What is missing, in words: `content counts`.
    pub what: &'static str,
    pub fault: SiteError,
}

/// How much there is on the site; `None` where it could not be counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Greeting {
    pub packages: Option<u64>,
    pub collections: Option<u64>,
    pub points: Option<u64>,
    pub advertisements: Option<u64>,
    pub devices: Option<u64>,
}

impl Greeting {
    /// Whether nobody has made anything yet. Built-in collections and the first distribution point are always there.
    pub fn is_empty(&self) -> bool {
        [self.packages, self.advertisements, self.devices]
            .iter()
            .all(|count| *count == Some(0))
    }
}

/// How far a long list has come. Latest only: nobody reads every step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    pub ticket: Ticket,
    pub so_far: usize,
}
