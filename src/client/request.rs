//! What the app can ask the client task for.

use super::listing::{DeviceLine, FilterWords, MemberLine, StatusLine};
use super::runs::RunAsk;
use super::window::{Scope, WindowAsk};
use crate::distribution::facts::Question;
use crate::distribution::impact::Reached;
use crate::sms::ids::{
    AdvertisementId, CollectionId, DeploymentId, GroupId, PackageId, ProgramId, ResourceId,
};
use crate::sms::nal::NalPath;

/// One thing to do. Each is answered once, with the ticket it was asked under.
#[derive(Debug, Clone, PartialEq)]
pub enum Request {
    /// Opens the site; until then all else waits. Asked again after a failure.
    Open,
    /// How much there is on the site.
    Greeting,
    /// How much of it this account sees.
    Sight,

    Packages,
    Programs,
    Collections,
    Points,
    Groups,
    Advertisements,

    Devices(WindowAsk<DeviceLine>),
    Members(CollectionId, WindowAsk<MemberLine>),
    Statuses(AdvertisementId, WindowAsk<StatusLine>),
    /// The devices behind a number that was counted one by one.
    Reached(Box<Reached>),
    /// How many rows a window has under these words.
    Total(Scope, FilterWords),

    Package(PackageId),
    Program(ProgramId),
    Collection(CollectionId),
    Point(NalPath),
    Group(GroupId),
    Advertisement(AdvertisementId),
    /// A deployment that is no advertisement.
    Deployment(DeploymentId),
    Device(ResourceId),

    /// What a draft needs to know.
    Facts(Vec<Question>),
    /// Source folders whose path begins like this.
    Folders(String),
    /// Asks the site to work a collection out now; it changes nothing but when that happens.
    Evaluate(CollectionId),

    /// Carries out a plan, goes on with it, takes it back or keeps it.
    Run(RunAsk),
    /// Runs that were cut, found at the start.
    OpenRuns,
    /// Fills an empty embedded site with a sample fleet.
    Fill,
}

impl Request {
    /// Whether it changes something. What changes something is never aborted, whatever is asked after it.
    pub const fn is_write(&self) -> bool {
        matches!(self, Self::Run(_) | Self::Fill)
    }
}
