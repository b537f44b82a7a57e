//! What is known of a deployment that is no advertisement: the site's summary of it, and nothing that could be saved.

use super::{Counts, Deployed, DeploymentLine, State};
use crate::client::listing::beside::Beside;
use crate::client::listing::clock::Clock;
use crate::client::listing::collection::members_in_words;
use crate::client::listing::content::Content;
use crate::client::listing::say::Say;
use crate::sms::advertisement::Purpose;
use crate::sms::collection::CollectionType;
use crate::sms::status::{DeploymentIntent, DeploymentSummaryRow, FeatureType};
use crate::sms::time::WireTime;

/// The kinds of deployment that stand beside advertisements: those that install software of their own.
pub const BESIDE: [FeatureType; 2] = [FeatureType::Application, FeatureType::TaskSequence];

impl DeploymentLine {
    /// Joins a summary with the collection it names.
    pub fn other(row: DeploymentSummaryRow, beside: &Beside, clock: &Clock) -> Self {
        let collection = row.collection_id.as_ref();
        let collection = collection.and_then(|id| beside.collection(id));
        // Which clock an application's times are told in is in its own settings, which nobody reads here: the digits
        // are shown as they are.
        let time = |time: Option<WireTime>| time.and_then(|time| time.moment(false));
        let (available, deadline) = (time(row.deployment_time), time(row.enforcement_deadline));
        let told = |moment| clock.told(moment);
        let mut line = Self {
            package: String::new(),
            collection: row.collection_name.clone(),
            members: collection.map(|it| u32::try_from(it.member_count).unwrap_or_default()),
            member_type: collection.map_or(CollectionType::Device, |it| it.collection_type),
            purpose: match row.deployment_intent {
                Some(DeploymentIntent::Required) => Purpose::Required,
                _ => Purpose::Available,
            },
            state: State::Open,
            counts: Some(Counts::of(&row)),
            content: Content::Unknown,
            available,
            deadline,
            expires: None,
            available_at: available.map(told),
            deadline_at: deadline.map(told),
            expires_at: None,
            summarised: clock.utc(row.summarization_time),
            runs: String::new(),
            outlook: String::new(),
            words: String::new(),
            what: Deployed::Other(row),
        };
        line.state = State::derive(&line, None, clock);
        line.runs = line.tell_runs(clock);
        line.outlook = line.tell_outlook();
        line.words = line.tell_other();
        line
    }

    /// `task sequence`, `application`; an advertisement is of a program.
    pub fn type_words(&self) -> &'static str {
        match &self.what {
            Deployed::Advertisement(_) => "program",
            Deployed::Other(row) => row.feature_type.words().unwrap_or("other"),
        }
    }

    /// `required`, `available`; what the site only simulates is neither.
    pub(super) fn purpose_words(&self) -> &'static str {
        match &self.what {
            Deployed::Other(row) if row.deployment_intent == Some(DeploymentIntent::Simulate) => {
                "simulate"
            }
            _ => self.purpose.as_str(),
        }
    }

    /// The two lines under the list.
    fn tell_other(&self) -> String {
        let whom = match self.members {
            Some(count) => members_in_words(count, self.member_type),
            None => "an unknown number of devices".to_owned(),
        };
        let what = match self.type_words() {
            "task sequence" => "A task sequence",
            _ => "An application",
        };
        let purpose = match self.purpose_words() {
            "simulate" => "simulated",
            purpose => purpose,
        };
        let mut words = format!("{what}, {purpose} for {whom} of {}", self.collection);
        if let Some(counts) = self.counts {
            words.say(format_args!(": {}", counts.in_words()));
        }
        words.say(". Shown only: it is not changed from here.");
        words
    }
}
